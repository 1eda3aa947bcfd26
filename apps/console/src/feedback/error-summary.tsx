import { useEffect, useRef } from 'react';
import type { ApiProblem } from '../api/index.js';
import { Banner } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** All refusals of a form in one place, which takes focus when it appears. Each leads to its field: the control named by its pointer. */
export function ErrorSummary({ problem }: { problem: ApiProblem | null }) {
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
                <FieldLink name={pointer ?? field ?? ''}>{message}</FieldLink>
              </li>
            ))}
          </ul>
        )}
        {problem.body.remedy !== '' && <p>{problem.body.remedy}</p>}
      </Banner>
    </div>
  );
}

function FieldLink({ name, children }: { name: string; children: string }) {
  const focus = () => {
    const control = document.getElementsByName(name)[0];
    control?.focus();
    control?.scrollIntoView({ block: 'center' });
  };
  if (name === '') return children;
  return (
    <button type="button" className="link" onClick={focus}>
      {children}
    </button>
  );
}
