import { call } from '../api/index.js';
import { type UsageImportError, type UsageImportErrors, usageImportsErrors } from '../client/index.js';
import { download, toCsv } from '../charts/index.js';
import { Button } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './texts.js';

/** The rows of a file that were refused, each with how to mend it. */
export function RefusedRows({ importId }: { importId: string }) {
  const t = useTexts(texts);
  const pages = usePages<UsageImportError, UsageImportErrors>(['usage-import', importId, 'errors'], (cursor) =>
    call(() => usageImportsErrors({ path: { importId }, query: { limit: 100, ...(cursor && { cursor }) } })),
  );
  const { items } = pages;
  if (pages.error) return <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />;
  if (items === undefined) return <Loading />;
  const head = [t('line'), t('column'), t('code'), t('message')];
  const save = () =>
    download(
      'refused-rows.csv',
      toCsv([head, ...items.map(({ line, column, code, message }) => [String(line), column ?? '', code, message])]),
    );
  return (
    <>
      <h3>{t('refusedRows')}</h3>
      <div className="table-frame" tabIndex={0} role="region" aria-label={t('refusedRows')}>
        <table className="table">
          <thead>
            <tr>
              {head.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(({ line, column, code, message }, index) => (
              <tr key={index}>
                <th scope="row" className="number">
                  {line}
                </th>
                <td>{column}</td>
                <td>
                  <code>{code}</code>
                </td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <LoadMore pages={pages} />
        <Button onClick={save}>{t('csv')}</Button>
      </div>
    </>
  );
}
