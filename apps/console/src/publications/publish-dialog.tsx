import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { isProblem } from '../api/index.js';
import type { PublicationReport } from '../client/index.js';
import { Banner, Button, Dialog } from '../design/index.js';
import { ErrorSummary, Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { changesBetween } from './changes.js';
import { ChangesTable } from './changes-table.js';
import type { Fields } from './json.js';
import type { PublicationKind } from './publication-kind.js';
import { texts } from './texts.js';

interface Props {
  kind: PublicationKind;
  name: string;
  seen: number | undefined;
  document: Fields;
  report: PublicationReport | undefined;
  isChecking: boolean;
  inForce: { version: number; document: Fields } | undefined;
  today: string;
  effects: ((report: PublicationReport) => ReactNode) | undefined;
  onPublished(report: PublicationReport): Promise<void>;
  onClose(): void;
}

/** What publishing would do, before it is done. */
export function PublishDialog({ kind, name, seen, document, report, isChecking, inForce, today, effects, onPublished, onClose }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  const changes = useMemo(() => changesBetween(inForce?.document ?? {}, document), [inForce?.document, document]);
  const publish = useMutation({
    mutationFn: () => kind.send(name, document, { seen, isDryRun: false }),
    onSuccess: onPublished,
    onError: async (error) => {
      if (!isProblem(error, 'version_conflict')) return;
      await client.invalidateQueries({ queryKey: [kind.key, name, 'versions'] });
      onClose();
    },
  });
  const { effectiveFrom } = document;
  const day = typeof effectiveFrom === 'string' ? effectiveFrom : '';
  const isScheduled = day > today;
  const canPublish = report?.result === 'would_publish' && !isChecking;
  const problem = isProblem(publish.error) ? publish.error : null;
  return (
    <Dialog title={t('reviewTitle', { name, version: report?.version ?? 0 })} isOpen onClose={onClose}>
      {isChecking || report === undefined ? (
        <Loading />
      ) : (
        <>
          {report.result === 'would_be_refused' && <Banner tone="danger" title={t('statusFaults', { count: report.faults.length })} />}
          {report.result === 'unchanged' && <Banner title={t('statusUnchanged', { version: report.version })} />}
          {canPublish && <p>{isScheduled ? t('scheduledWhat', { date: format.date(day) }) : t('atOnceWhat')}</p>}
          {report.warnings.map(({ code, message }) => (
            <Banner key={code} tone="warning" title={message} />
          ))}
          {canPublish && effects?.(report)}
          <h3>{inForce === undefined ? t('changesOfNew') : t('changesFrom', { version: inForce.version })}</h3>
          {inForce !== undefined && <ChangesTable changes={changes} label={t('changesFrom', { version: inForce.version })} />}
        </>
      )}
      {problem !== null && (problem.body.errors === undefined ? <ProblemNotice error={problem} /> : <ErrorSummary problem={problem} />)}
      <div className="row">
        <Button kind="primary" disabled={!canPublish} isPending={publish.isPending} onClick={() => publish.mutate()}>
          {isScheduled ? t('schedule', { date: format.date(day) }) : t('publishNow')}
        </Button>
        <Button onClick={onClose}>{t('goOnWriting')}</Button>
      </div>
    </Dialog>
  );
}
