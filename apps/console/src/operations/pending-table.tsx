import { call } from '../api/index.js';
import { oversightList, type PendingOperation, type PendingOperationList } from '../client/index.js';
import { Button } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './texts.js';
import { pendingKey, pendingOptions } from './use-operations.js';
import type { AskedClaim } from './workflow-dialog.js';

/** Commands that were accepted and are not done, oldest first, with the step that keeps failing. */
export function PendingTable({ onAsk }: { onAsk: (claim: AskedClaim) => void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const pages = usePages<PendingOperation, PendingOperationList>(
    pendingKey,
    (cursor) => call(() => oversightList({ query: { ...(cursor && { cursor }) } })),
    pendingOptions,
  );
  return (
    <section className="stack-tight">
      <h2>{t('pending')}</h2>
      {pages.items === undefined ? (
        pages.error ? (
          <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
        ) : (
          <Loading />
        )
      ) : pages.items.length === 0 ? (
        <p className="muted">{t('noPending')}</p>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('pending')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('age')}</th>
                  <th scope="col">{t('claim')}</th>
                  <th scope="col">{t('command')}</th>
                  <th scope="col">{t('failing')}</th>
                  <th scope="col">
                    <span className="visually-hidden">{t('workflow')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {pages.items.map(({ operationId, claimId, number, type, receivedAt, ageSeconds, failing }) => (
                  <tr key={operationId}>
                    <td className="nowrap" title={format.instant(receivedAt)}>
                      {format.distance(receivedAt, new Date(Date.parse(receivedAt) + ageSeconds * 1000).toISOString())}
                    </td>
                    <th scope="row" className="nowrap">
                      {number}
                    </th>
                    <td>
                      <code>{type}</code>
                    </td>
                    <td>
                      {failing === null ? (
                        <span className="muted">{t('nothingFails')}</span>
                      ) : (
                        <div className="stack-tight">
                          <strong className="operations-error">{failing.fault}</strong>
                          <span className="small">
                            {t('attempt', { step: failing.step, attempts: failing.attempts, since: format.instant(failing.since) })}
                          </span>
                        </div>
                      )}
                    </td>
                    <td>
                      <Button kind="quiet" aria-label={t('workflowOf', { number })} onClick={() => onAsk({ claimId, number })}>
                        {t('workflow')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <LoadMore pages={pages} />
        </>
      )}
    </section>
  );
}
