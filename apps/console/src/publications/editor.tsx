import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { isProblem } from '../api/index.js';
import type { PublicationReport } from '../client/index.js';
import { Banner, Button } from '../design/index.js';
import { LeaveGuard, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { Base } from './base.js';
import { Conflict } from './conflict.js';
import { changesBetween } from './changes.js';
import { DocumentPane, showLine } from './document-pane.js';
import { linesOf } from './document-text.js';
import { byPointer, faultsOf } from './faults.js';
import { focusPointer } from './focus-pointer.js';
import { FormProvider } from './form-context.js';
import { type Fields, pathOf } from './json.js';
import { contentOf, type Effects, type PublicationKind } from './publication-kind.js';
import { PublishDialog } from './publish-dialog.js';
import './publications.css';
import { texts } from './texts.js';
import { useDraft } from './use-draft.js';
import { useDryRun } from './use-dry-run.js';
import { useVersions } from './use-versions.js';

interface Props {
  kind: PublicationKind;
  name: string;
  base: Base;
  /** The document in force, which the changes are shown against; undefined if there is none. */
  inForce: { version: number; document: Fields } | undefined;
  today: string;
  effects: Effects | undefined;
  onPublished(report: PublicationReport): void;
  children: ReactNode;
}

/** A form and the document beside it, checked by the API whenever the typing pauses. `children` is the form. */
export function PublicationEditor({ kind, name, base: start, inForce, today, effects, onPublished, children }: Props) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [base, setBase] = useState(start);
  const draft = useDraft(start.document);
  const area = useRef<HTMLTextAreaElement>(null);
  const [isReviewing, setReviewing] = useState(false);
  const run = useDryRun(kind, name, draft.value, base.seen);
  const { latest } = useVersions(kind, name);
  const hasMovedOn = isProblem(run.error, 'version_conflict') || (latest?.version ?? 0) !== (base.seen ?? 0);
  const report = run.error === null ? run.data : undefined;
  const faults = useMemo(() => faultsOf(report), [report]);
  const errors = useMemo(() => byPointer(faults), [faults]);
  // Comparing whole documents must not hold up the typing.
  const compared = useDeferredValue(draft.value);
  const own = useMemo(() => changesBetween(base.document, compared), [base.document, compared]);
  const [isPublished, setPublished] = useState(false);
  const isDone = useRef(false);
  const isDirty = useCallback(() => !isDone.current && own.length > 0, [own.length]);

  const show = async (pointer: string) => {
    if (draft.fault === null && pointer !== '' && (await focusPointer(pointer))) return;
    showLine(area.current, linesOf(draft.text, [pathOf(pointer)])[0] ?? 1);
  };
  const published = async (result: PublicationReport) => {
    isDone.current = true;
    setPublished(true);
    await client.invalidateQueries({ predicate: ({ queryKey: [first, , third] }) => first === kind.key && third !== 'dry-run' });
    onPublished(result);
  };
  return (
    <FormProvider value={{ value: draft.value, errors, change: draft.change }}>
      <div className="publication-bar">
        <p role="status">{statusText()}</p>
        <div className="row">
          <Button disabled={own.length === 0} onClick={() => draft.replace(base.document)}>
            {t('undoAll')}
          </Button>
          <Button kind="primary" disabled={draft.fault !== null} onClick={() => setReviewing(true)}>
            {t('review')}
          </Button>
        </div>
      </div>
      {hasMovedOn && !isPublished && (
        <Conflict
          kind={kind}
          name={name}
          base={base}
          mine={draft.value}
          onMerge={(document, now) => {
            setBase(now);
            draft.replace(document);
          }}
        />
      )}
      {run.error !== null && !isProblem(run.error, 'version_conflict') && (
        <ProblemNotice error={run.error} onRetry={() => void run.refetch()} />
      )}
      {faults.length > 0 && draft.fault === null && (
        <Banner tone="danger" title={t('faultCount', { count: faults.length })}>
          <ul>
            {faults.map(({ pointer, message }, index) => (
              <li key={index}>
                <button type="button" className="link" onClick={() => void show(pointer)}>
                  <code>{pointer}</code>
                </button>{' '}
                {message}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      <div className="publication-halves">
        <section aria-labelledby="form-title">
          <h2 id="form-title" className="visually-hidden">
            {t('form')}
          </h2>
          {draft.fault !== null && <Banner tone="warning" title={t('formWaits')} />}
          <fieldset className="stack" disabled={draft.fault !== null}>
            {children}
          </fieldset>
        </section>
        <DocumentPane draft={draft} faults={faults} area={area} />
      </div>
      {isReviewing && (
        <PublishDialog
          kind={kind}
          name={name}
          seen={base.seen}
          document={draft.value}
          report={report}
          isChecking={run.isChecking}
          inForce={inForce === undefined ? undefined : { ...inForce, document: contentOf(inForce.document) }}
          today={today}
          effects={effects}
          onPublished={published}
          onClose={() => setReviewing(false)}
        />
      )}
      <LeaveGuard
        isDirty={isDirty}
        words={{ title: t('leaveTitle'), what: t('leaveWhat'), stay: t('stay'), leave: t('leave') }}
        isLostByQuery
      />
    </FormProvider>
  );

  function statusText(): string {
    if (draft.fault !== null) return t('statusUnreadable', { line: draft.fault.line });
    if (hasMovedOn && !isPublished) return t('movedOnTitle');
    if (run.isChecking || report === undefined) return t('statusChecking');
    if (faults.length > 0) return t('statusFaults', { count: faults.length });
    if (report.result === 'unchanged') return t('statusUnchanged', { version: report.version });
    return t('statusReady', { version: report.version, count: own.length });
  }
}
