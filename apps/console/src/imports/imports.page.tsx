import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { call } from '../api/index.js';
import { type Import, type ImportList, importsColumns, importsList } from '../client/index.js';
import { EmptyState } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { useImportTexts } from './file-zone.js';
import { ImportState } from './import-state.js';
import './imports.css';
import { NewImport } from './new-import.js';

/** Claims sent as files: a new one, and those before. */
export function Component() {
  const t = useImportTexts();
  const columns = useQuery({
    queryKey: ['imports', 'columns'],
    queryFn: () => call(() => importsColumns()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('what')}</p>
      {columns.error && columns.data === undefined ? (
        <ProblemNotice error={columns.error} onRetry={() => void columns.refetch()} />
      ) : columns.data === undefined ? (
        <Loading />
      ) : (
        <>
          <NewImport known={columns.data} />
          <EarlierImports />
        </>
      )}
    </>
  );
}

function EarlierImports() {
  const t = useImportTexts();
  const format = useFormat();
  const pages = usePages<Import, ImportList>(
    ['imports', 'list'],
    (cursor) => call(() => importsList({ query: { ...(cursor && { cursor }) } })),
    { staleTime: 0 },
  );
  return (
    <section className="stack-tight">
      <h2>{t('earlier')}</h2>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <EmptyState title={t('noImports')}>
          <p>{t('noImportsWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('earlier')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('import')}</th>
                  <th scope="col">{t('sentBy')}</th>
                  <th scope="col">{t('state')}</th>
                  <th scope="col" className="number">
                    {t('rows')}
                  </th>
                  <th scope="col" className="number">
                    {t('refusedRows')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {pages.items.map(({ importId, createdAt, sentBy, state, rows }) => (
                  <tr key={importId}>
                    <th scope="row" className="nowrap">
                      <Link to={`/imports/${importId}`}>{format.instant(createdAt)}</Link>
                    </th>
                    <td>{sentBy}</td>
                    <td>
                      <ImportState state={state} />
                    </td>
                    <td className="number">{format.number(rows.total)}</td>
                    <td className="number">{format.number(rows.refused)}</td>
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
