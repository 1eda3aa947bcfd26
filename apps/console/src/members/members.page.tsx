import { useState } from 'react';
import { call } from '../api/index.js';
import { type Member, type MemberList, membersList } from '../client/index.js';
import { Button, EmptyState } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { MemberChanges } from './member-changes.js';
import { MemberForm } from './member-form.js';
import { RemoveMember } from './remove-member.js';
import { texts } from './texts.js';

/** Roles that the company assigns itself (domain.md 1.2). */
export function Component() {
  const t = useTexts(texts);
  const pages = usePages<Member, MemberList>(['members'], (cursor) => call(() => membersList({ query: { ...(cursor && { cursor }) } })));
  const [edited, setEdited] = useState<Member | 'new' | null>(null);
  const [removed, setRemoved] = useState<Member | null>(null);
  return (
    <>
      <div className="row-between">
        <h1>{t('title')}</h1>
        <Button kind="primary" onClick={() => setEdited('new')}>
          {t('give')}
        </Button>
      </div>
      <p className="muted">{t('what')}</p>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <EmptyState title={t('noneTitle')}>
          <p>{t('noneWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <MembersTable members={pages.items} onChange={setEdited} onRemove={setRemoved} />
          <LoadMore pages={pages} />
        </>
      )}
      <MemberChanges />
      {edited !== null && <MemberForm member={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      {removed !== null && <RemoveMember member={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}

function MembersTable({
  members,
  onChange,
  onRemove,
}: {
  members: Member[];
  onChange(member: Member): void;
  onRemove(member: Member): void;
}) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            <th scope="col">{t('roles')}</th>
            <th scope="col">{t('locations')}</th>
            <th scope="col">{t('given')}</th>
            <th scope="col">{t('seen')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.subject}>
              <th scope="row">{member.subject}</th>
              <td>{format.list(member.roles.map((role) => t(role)))}</td>
              <td>{member.locations.includes('*') ? t('allLocations') : format.list(member.locations)}</td>
              <td>{t('by', { at: format.day(member.assignedAt), by: member.assignedBy })}</td>
              <td>{member.lastSeenAt === null ? t('never') : format.day(member.lastSeenAt)}</td>
              <td>
                <div className="row">
                  <Button kind="quiet" aria-label={t('changeOf', { subject: member.subject })} onClick={() => onChange(member)}>
                    {t('change')}
                  </Button>
                  <Button kind="quiet" aria-label={t('takeAwayOf', { subject: member.subject })} onClick={() => onRemove(member)}>
                    {t('takeAway')}
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
