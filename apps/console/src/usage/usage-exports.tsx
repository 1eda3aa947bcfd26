import { call } from '../api/index.js';
import { type UsageExport, type UsageExports as Page, usageExports } from '../client/index.js';
import { LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './texts.js';

/** What was exported, which stays on record after an association has ended (R18). */
export function UsageExports() {
  const t = useTexts(texts);
  const format = useFormat();
  const pages = usePages<UsageExport, Page>(['usage-exports'], (cursor) =>
    call(() => usageExports({ query: { limit: 20, ...(cursor && { cursor }) } })),
  );
  if (pages.error) return <ProblemNotice error={pages.error} />;
  if (pages.items === undefined) return null;
  return (
    <section className="stack-tight">
      <h2>{t('exports')}</h2>
      {pages.items.length === 0 ? (
        <p className="muted">{t('noExports')}</p>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('exports')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('exportedAt')}</th>
                  <th scope="col">{t('set')}</th>
                  <th scope="col" className="number">
                    {t('exportedAssociations')}
                  </th>
                  <th scope="col" className="number">
                    {t('exportedRows')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {pages.items.map((item) => (
                  <tr key={item.accessId}>
                    <th scope="row">{format.instant(item.at)}</th>
                    <td>{item.set}</td>
                    <td className="number">{format.number(item.associations)}</td>
                    <td className="number">{format.number(item.rows)}</td>
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
