import { call } from '../api/index.js';
import { membersChanges, type RoleChange, type RoleChangeList } from '../client/index.js';
import { LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './texts.js';

/** The record of every change, which nobody can edit. */
export function MemberChanges() {
  const t = useTexts(texts);
  const format = useFormat();
  const pages = usePages<RoleChange, RoleChangeList>(['members', 'changes'], (cursor) =>
    call(() => membersChanges({ query: { ...(cursor && { cursor }) } })),
  );
  const words = (held: RoleChange['from']) => {
    if (held === null) return t('nothing');
    const where = held.locations.includes('*') ? t('allLocations') : format.list(held.locations);
    return `${format.list(held.roles.map((role) => t(role)))}; ${where}`;
  };
  return (
    <section className="stack-tight">
      <h2>{t('changes')}</h2>
      {pages.error ? (
        <ProblemNotice error={pages.error} />
      ) : pages.items === undefined || pages.items.length === 0 ? (
        <p className="muted">{t('noChanges')}</p>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('changes')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('changedAt')}</th>
                  <th scope="col">{t('person')}</th>
                  <th scope="col">{t('from')}</th>
                  <th scope="col">{t('to')}</th>
                  <th scope="col">{t('changedBy')}</th>
                </tr>
              </thead>
              <tbody>
                {pages.items.map((change) => (
                  <tr key={change.changeId}>
                    <td className="nowrap">{format.instant(change.changedAt)}</td>
                    <td>{change.subject}</td>
                    <td>{words(change.from)}</td>
                    <td>{words(change.to)}</td>
                    <td>{change.changedBy}</td>
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
