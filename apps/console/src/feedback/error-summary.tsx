import { useEffect, useRef } from 'react';
import type { ApiProblem } from '../api/index.js';
import { Banner } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/**
 * All refusals of a form in one place, which takes focus when it appears. Each leads to its field: the control named by its pointer. A form whose
 * fields are not all on the page at once opens and focuses the field itself, by `onOpen`.
 */
export function ErrorSummary({ problem, onOpen }: { problem: ApiProblem | null; onOpen?: (name: string) => void }) {
  const t = useTexts(texts);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem !== null) box.current?.focus();
  }, [problem]);
  if (problem === null) return null;
  const errors = problem.body.errors ?? [];
  return (
    <div ref={box} tabIndex={-1}>
      <Banner tone="danger" isAlert title={errors.length === 0 ? problem.body.title : t('summaryTitle', { count: errors.length })}>
        {errors.length === 0 ? (
          <p>{problem.body.detail}</p>
        ) : (
          <ul>
            {errors.map(({ pointer, field, message }, index) => (
              <li key={index}>
                <FieldLink name={pointer ?? field ?? ''} onOpen={onOpen ?? focusControl}>
                  {message}
                </FieldLink>
              </li>
            ))}
          </ul>
        )}
        {errors.length === 0 && problem.body.remedy !== '' && <p>{problem.body.remedy}</p>}
      </Banner>
    </div>
  );
}

function focusControl(name: string): void {
  const control = document.getElementsByName(name)[0];
  control?.focus();
  control?.scrollIntoView({ block: 'center' });
}

function FieldLink({ name, onOpen, children }: { name: string; onOpen: (name: string) => void; children: string }) {
  if (name === '') return children;
  return (
    <button type="button" className="link" onClick={() => onOpen(name)}>
      {children}
    </button>
  );
}
