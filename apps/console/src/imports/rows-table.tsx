import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { type Import, type ImportRow, type ImportRowList, importsRows } from '../client/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { useImportTexts } from './file-zone.js';
import { ImportState } from './import-state.js';

const outcomes = ['refused', 'waiting', 'accepted', 'submitted', 'drafted', 'cancelled'] as const;
type Outcome = ImportRow['outcome'];

/** The rows of an import in file order, filtered by outcome. It follows the import's counts. */
export function RowsTable({ found: { importId, rows: counts } }: { found: Import }) {
  const t = useImportTexts();
  const format = useFormat();
  const filters = useFilters();
  const client = useQueryClient();
  const outcome = outcomes.find((each) => each === filters.get('outcome'));
  const pages = usePages<ImportRow, ImportRowList>(['imports', importId, 'rows', outcome ?? ''], (cursor) =>
    call(() => importsRows({ path: { importId }, query: { ...(outcome && { outcome }), ...(cursor && { cursor }) } })),
  );
  const progress = JSON.stringify(counts);
  const seen = useRef(progress);
  useEffect(() => {
    if (seen.current === progress) return;
    seen.current = progress;
    void client.invalidateQueries({ queryKey: ['imports', importId, 'rows'] });
  }, [progress, importId, client]);
  const choices: (Outcome | undefined)[] = [undefined, ...outcomes.filter((each) => counts[each] > 0 || each === outcome)];
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
              {t(choice ?? 'all')} {format.number(choice === undefined ? counts.total : counts[choice])}
            </button>
          ))}
        </div>
        <a
          className="button"
          href={`/v1/claims/imports/${importId}/rows.csv${outcome === undefined ? '' : `?outcome=${outcome}`}`}
          download
        >
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
                      <ImportState state={row.outcome} />
                    </td>
                    <td className="nowrap">
                      {row.claimId !== null && <Link to={`/claims/${row.claimId}`}>{row.number ?? row.claimId}</Link>}
                    </td>
                    <td>{[row.name, row.externalReference].filter((part) => part !== null).join(' · ')}</td>
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
