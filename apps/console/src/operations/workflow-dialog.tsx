import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { PhaseBadge } from '../claim-words/index.js';
import { type ClaimProcess, processGet } from '../client/index.js';
import { Button, Dialog, Facts } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

export interface AskedClaim {
  claimId: string;
  /** What the claim is called here. */
  number: string;
}

/** What a claim's workflow does, and the way to it in Temporal. */
export function WorkflowDialog({ asked: { claimId, number }, onClose }: { asked: AskedClaim; onClose(): void }) {
  const t = useTexts(texts);
  const process = useQuery({
    queryKey: ['operations', 'process', claimId],
    queryFn: () => call(() => processGet({ path: { claimId } })),
    retry: false,
  });
  return (
    <Dialog title={t('workflowOf', { number })} isOpen onClose={onClose}>
      {process.error ? (
        <ProblemNotice error={process.error} onRetry={() => void process.refetch()} />
      ) : process.data === undefined ? (
        <Loading />
      ) : (
        <Answer process={process.data} />
      )}
      <div>
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </Dialog>
  );
}

function Answer({ process: { phase, workflowId, workflowUrl, workflow } }: { process: ClaimProcess }) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <>
      <Facts
        items={[
          [t('phase'), <PhaseBadge key="phase" phase={phase} />],
          [t('workflow'), <code key="id">{workflowId}</code>],
          [t('runStatus'), workflow?.runStatus],
          [t('historyEvents'), workflow && format.number(workflow.historyEvents)],
          [t('retrying'), workflow && <Retries key="retries" retrying={workflow.retrying} />],
        ]}
      />
      {workflow === null && <p>{t('noWorkflow')}</p>}
      {workflowUrl === null ? (
        <p className="small muted">{t('noTemporalUrl')}</p>
      ) : (
        <p>
          <a className="button" data-kind="primary" href={workflowUrl} target="_blank" rel="noreferrer">
            {t('openTemporal')}
          </a>
        </p>
      )}
    </>
  );
}

function Retries({ retrying }: { retrying: NonNullable<ClaimProcess['workflow']>['retrying'] }) {
  const t = useTexts(texts);
  if (retrying.length === 0) return t('noRetries');
  return (
    <ul className="operations-faults">
      {retrying.map(({ step, attempt, error }) => (
        <li key={step}>{t('retryingStep', { step, attempt, error: error ?? '' })}</li>
      ))}
    </ul>
  );
}
