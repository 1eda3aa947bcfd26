import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/index.js';
import { processGet } from '../client/index.js';
import { Facts } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';
import { claimKey } from './use-claim.js';

/** What the claim's workflow itself answers; asked only when somebody unfolds it. */
export function ProcessDetails({ claimId }: { claimId: string }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('process')}</summary>
      {isOpen && <ProcessAnswer claimId={claimId} />}
    </details>
  );
}

function ProcessAnswer({ claimId }: { claimId: string }) {
  const t = useTexts(texts);
  const process = useQuery({
    queryKey: [...claimKey(claimId), 'process'],
    queryFn: () => call(() => processGet({ path: { claimId } })),
    retry: false,
  });
  if (process.error) return <ProblemNotice error={process.error} onRetry={() => void process.refetch()} />;
  if (process.data === undefined) return <Loading />;
  const { workflow } = process.data;
  if (workflow === null) return <p className="small">{t('noWorkflow')}</p>;
  return (
    <div className="stack-tight small">
      <Facts
        items={[
          [t('runStatus'), workflow.runStatus],
          [t('historyEvents'), String(workflow.historyEvents)],
        ]}
      />
      {workflow.retrying.length === 0 ? (
        <p>{t('noRetries')}</p>
      ) : (
        <ul>
          {workflow.retrying.map(({ step, attempt, error }) => (
            <li key={step}>
              {t('retrying', { step, attempt })} {error !== null && <code>{error}</code>}
            </li>
          ))}
        </ul>
      )}
      <pre className="answer" tabIndex={0} aria-label={t('process')}>
        {JSON.stringify(workflow.view, null, 2)}
      </pre>
    </div>
  );
}
