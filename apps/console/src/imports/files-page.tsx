import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { EmptyState } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { type FileKind, fileKinds, type SentBatch } from './file-kinds.js';
import { useImportTexts } from './file-zone.js';
import { ImportState } from './import-state.js';
import './imports.css';
import { NewImport } from './new-import.js';

/** Files of one kind: a new one, and those before. */
export function FilesPage({ kind }: { kind: FileKind }) {
  const t = useImportTexts();
  const columns = useQuery({
    queryKey: ['imports', kind.name, 'columns'],
    queryFn: () => kind.columns(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <h1>{t('title')}</h1>
      <nav className="row" aria-label={t('kinds')}>
        {Object.values(fileKinds).map(({ name, path, texts }) => (
          <Link
            key={name}
            className="button"
            to={path}
            data-kind={name === kind.name ? 'secondary' : 'quiet'}
            aria-current={name === kind.name ? 'page' : undefined}
          >
            {t(texts.tab)}
          </Link>
        ))}
      </nav>
      <p className="muted">{t(kind.texts.what)}</p>
      {columns.error && columns.data === undefined ? (
        <ProblemNotice error={columns.error} onRetry={() => void columns.refetch()} />
      ) : columns.data === undefined ? (
        <Loading />
      ) : (
        <>
          <NewImport key={kind.name} kind={kind} known={columns.data} />
          <EarlierFiles key={kind.path} kind={kind} />
        </>
      )}
    </>
  );
}

function EarlierFiles({ kind }: { kind: FileKind }) {
  const t = useImportTexts();
  const format = useFormat();
  const pages = usePages<SentBatch, Awaited<ReturnType<FileKind['list']>>>(['imports', kind.name, 'list'], (cursor) => kind.list(cursor), {
    staleTime: 0,
  });
  return (
    <section className="stack-tight">
      <h2>{t(kind.texts.earlier)}</h2>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <EmptyState title={t(kind.texts.none)}>
          <p>{t(kind.texts.noneWhat)}</p>
        </EmptyState>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t(kind.texts.earlier)}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('sentAt')}</th>
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
                {pages.items.map(({ id, createdAt, sentBy, state, isTrial, rows }) => (
                  <tr key={id}>
                    <th scope="row" className="nowrap">
                      <Link to={`${kind.path}/${id}`}>{format.instant(createdAt)}</Link>{' '}
                      {isTrial && <span className="small muted">{t('isTrial')}</span>}
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
