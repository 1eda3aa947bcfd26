import { type RefObject, useMemo, useRef } from 'react';
import { Radio } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { linesOf } from './document-text.js';
import type { Fault } from './faults.js';
import { pathOf } from './json.js';
import { texts } from './texts.js';
import type { Draft } from './use-draft.js';

/** The document as text, with the lines at fault marked and named. */
export function DocumentPane({ draft, faults, area }: { draft: Draft; faults: Fault[]; area: RefObject<HTMLTextAreaElement | null> }) {
  const t = useTexts(texts);
  const gutter = useRef<HTMLDivElement>(null);
  const { text, fault } = draft;
  const marks = useMemo(() => {
    if (fault !== null) return new Map([[fault.line, [fault.message]]]);
    const lines = linesOf(
      text,
      faults.map(({ pointer }) => pathOf(pointer)),
    );
    return new Map(lines.map((line) => [line, faults.filter((_, index) => lines[index] === line).map(({ message }) => message)]));
  }, [text, fault, faults]);
  const count = text.split('\n').length;
  return (
    <section className="publication-document" aria-labelledby="document-title">
      <div className="row-between">
        <h2 id="document-title">{t('document')}</h2>
        <fieldset className="row" disabled={fault !== null}>
          <legend className="visually-hidden">{t('textForm')}</legend>
          <Radio name="text-form" label="YAML" checked={draft.form === 'yaml'} onChange={() => draft.setForm('yaml')} />
          <Radio name="text-form" label="JSON" checked={draft.form === 'json'} onChange={() => draft.setForm('json')} />
        </fieldset>
      </div>
      <div className="publication-text">
        <div ref={gutter} className="publication-gutter" aria-hidden="true">
          {Array.from({ length: count }, (_, index) => (
            <div key={index} data-fault={marks.has(index + 1) || undefined} title={marks.get(index + 1)?.join('\n')}>
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          aria-labelledby="document-title"
          aria-invalid={marks.size > 0 || undefined}
          aria-describedby="document-faults"
          spellCheck={false}
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={({ target }) => draft.setText(target.value)}
          onScroll={({ currentTarget }) => {
            if (gutter.current) gutter.current.scrollTop = currentTarget.scrollTop;
          }}
        />
      </div>
      <div id="document-faults" role="status" className="stack-tight">
        {[...marks].map(([line, messages]) => (
          <p key={line} className="field-error">
            <button type="button" className="link" onClick={() => showLine(area.current, line)}>
              {t('line', { line })}
            </button>{' '}
            {messages.join(' ')}
          </p>
        ))}
        {fault !== null && <p className="small">{t('unreadable')}</p>}
      </div>
    </section>
  );
}

/** Selects a line of the text and brings it into view. */
export function showLine(area: HTMLTextAreaElement | null, line: number): void {
  if (area === null) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 5);
}
