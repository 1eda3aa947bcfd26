import { useState } from 'react';
import { ProblemNotice } from '../feedback/index.js';
import { isProblem } from '../api/index.js';
import { Banner } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { Counts } from './counts.js';
import { Deliveries } from './deliveries.js';
import { faultsOf } from './faults.js';
import { FindWorkflow } from './find-workflow.js';
import './operations.css';
import { Parts } from './parts.js';
import { PendingTable } from './pending-table.js';
import { PersonSessions } from './person-sessions.js';
import { texts } from './texts.js';
import { useOperations } from './use-operations.js';
import { type AskedClaim, WorkflowDialog } from './workflow-dialog.js';

/** What is wrong, first and with what to do; below it, what waits for what. */
export function Component() {
  const t = useTexts(texts);
  const { can } = useSession();
  const { readiness, report } = useOperations();
  const [asked, setAsked] = useState<AskedClaim | null>(null);
  const forbidden = [report.error].find((error) => isProblem(error, 'forbidden'));
  if (forbidden)
    return (
      <>
        <h1>{t('title')}</h1>
        <ProblemNotice error={forbidden} />
      </>
    );
  return (
    <>
      <div className="row-between">
        <h1>{t('title')}</h1>
        <Freshness at={Math.min(readiness.dataUpdatedAt, report.dataUpdatedAt)} error={report.error ?? readiness.error} />
      </div>
      <Verdict readiness={readiness.data} report={report.data} error={readiness.error ?? report.error} />
      <PendingTable onAsk={setAsked} />
      <Deliveries onAsk={setAsked} />
      <div className="halves">
        <Parts readiness={readiness.data} />
        <FindWorkflow onAsk={setAsked} />
      </div>
      {report.data && <Counts report={report.data} />}
      {can('sessions.end') && <PersonSessions />}
      {asked && <WorkflowDialog asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function Freshness({ at, error }: { at: number; error: unknown }) {
  const t = useTexts(texts);
  const format = useFormat();
  if (at === 0) return null;
  const shown = format.instant(new Date(at).toISOString());
  if (isProblem(error)) return <p className="field-error">{t('stale', { at: shown, detail: error.body.detail })}</p>;
  return <p className="small muted">{t('refreshed', { at: shown })}</p>;
}

function Verdict({
  readiness,
  report,
  error,
}: {
  readiness: Parameters<typeof faultsOf>[0];
  report: Parameters<typeof faultsOf>[1];
  error: unknown;
}) {
  const t = useTexts(texts);
  const format = useFormat();
  const faults = faultsOf(readiness, report, format.instant);
  if (faults.length === 0) {
    // What could not be read may be what is wrong.
    if (error) return <ProblemNotice error={error} />;
    if (readiness === undefined || report === undefined) return <Banner title={t('checking')} />;
    return (
      <Banner tone="success" title={t('well')}>
        <p>{t('wellWhat')}</p>
      </Banner>
    );
  }
  return (['danger', 'warning'] as const).map((tone) => {
    const found = faults.filter((fault) => fault.tone === tone);
    if (found.length === 0) return null;
    return (
      <Banner key={tone} tone={tone} isAlert={tone === 'danger'} title={t(tone === 'danger' ? 'wrong' : 'attend', { count: found.length })}>
        <ul className="operations-faults">
          {found.map(({ text }) => {
            const words = 'words' in text ? text.words : t(text.key, text.values);
            return <li key={words}>{words}</li>;
          })}
        </ul>
      </Banner>
    );
  });
}
