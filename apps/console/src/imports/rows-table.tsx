import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import type { BatchRow, FileKind, Outcome, SentBatch } from './file-kinds.js';
import { useImportTexts } from './file-zone.js';
import { ImportState, outcomeText } from './import-state.js';

const actionTexts = { submit: 'didSubmit', withdraw: 'didWithdraw', disassociate: 'didDisassociate' } as const;

/** The rows of a file in their order, filtered by outcome. It follows the file's counts. */
export function RowsTable({ kind, found: { id, isTrial, rows: counts } }: { kind: FileKind; found: SentBatch }) {
  const t = useImportTexts();
  const format = useFormat();
  const filters = useFilters();
  const client = useQueryClient();
  const outcome = kind.outcomes.find((each) => each === filters.get('outcome'));
  const pages = usePages<BatchRow, Awaited<ReturnType<FileKind['rows']>>>(['imports', kind.name, id, 'rows', outcome ?? ''], (cursor) =>
    kind.rows(id, { ...(outcome && { outcome }), ...(cursor && { cursor }) }),
  );
  const progress = JSON.stringify(counts);
  const seen = useRef(progress);
  useEffect(() => {
    if (seen.current === progress) return;
    seen.current = progress;
    void client.invalidateQueries({ queryKey: ['imports', kind.name, id, 'rows'] });
  }, [progress, kind, id, client]);
  const columns = useQuery({
    queryKey: ['imports', kind.name, 'columns'],
    queryFn: () => kind.columns(),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: kind.name === 'change',
  }).data?.columns;
  /** A field by the name of its column, which is what the file says. */
  const columnOf = (place: string) => columns?.find(({ pointer }) => pointer === place)?.name ?? place.slice(1);
  const actionText = (action: string) => (action in actionTexts ? t(actionTexts[action as keyof typeof actionTexts]) : action);
  const choices: (Outcome | undefined)[] = [undefined, ...kind.outcomes.filter((each) => (counts[each] ?? 0) > 0 || each === outcome)];
  return (
    <section className="stack-tight">
      <h2>{t('rows')}</h2>
      <div className="row-between">
        <div className="row" role="group" aria-label={t('outcomes')}>
          {choices.map((choice) => (
            <button
              key={choice ?? ''}
              type="button"
              className="button"
              aria-pressed={choice === outcome}
              data-kind={choice === outcome ? 'secondary' : 'quiet'}
              onClick={() => filters.set({ outcome: choice ?? '' })}
            >
              {t(choice === undefined ? 'all' : outcomeText(choice, isTrial))}{' '}
              {format.number(choice === undefined ? counts.total : (counts[choice] ?? 0))}
            </button>
          ))}
        </div>
        <a className="button" href={kind.rowsAddress(id, outcome)} download>
          {t('csv')}
        </a>
      </div>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <p className="muted">{t('noneWith')}</p>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('rows')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col" className="number">
                    {t('row')}
                  </th>
                  <th scope="col">{t('outcome')}</th>
                  <th scope="col">{t('claim')}</th>
                  <th scope="col">{t('named')}</th>
                  {kind.name === 'change' && <th scope="col">{t('changes')}</th>}
                  <th scope="col">{t('findings')}</th>
                </tr>
              </thead>
              <tbody>
                {pages.items.map((row) => (
                  <tr key={row.row}>
                    <th scope="row" className="number">
                      {format.number(row.row)}
                    </th>
                    <td>
                      <ImportState state={outcomeText(row.outcome, isTrial)} />
                    </td>
                    <td className="nowrap">
                      {row.claimId !== null && <Link to={`/claims/${row.claimId}`}>{row.number ?? row.claimId}</Link>}
                    </td>
                    <td>{[row.name, row.externalReference].filter((part) => part !== null).join(' · ')}</td>
                    {kind.name === 'change' && (
                      <td>
                        {format.list([
                          ...(row.changes ?? []).map((field) => columnOf(`/${field.replaceAll('.', '/')}`)),
                          ...(row.action == null ? [] : [actionText(row.action)]),
                        ])}
                      </td>
                    )}
                    <td>
                      <ul className="import-faults">
                        {row.findings.map(({ field, line, message }, index) => (
                          <li key={index}>
                            {field !== null && <strong>{[field, line].filter((part) => part !== null).join(', ')}: </strong>}
                            {message}
                          </li>
                        ))}
                      </ul>
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
