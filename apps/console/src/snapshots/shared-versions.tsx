import { useState } from 'react';
import type { Claim, Snapshot } from '../client/index.js';
import { Badge, Button } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { LinkDialog, ShareDialog } from './share-dialog.js';
import { OpeningsDialog, RevokeDialog, useRevokeTitle } from './snapshot-dialogs.js';
import { texts } from './texts.js';
import { useSnapshots } from './use-snapshots.js';

type Open = { dialog: 'share' } | { dialog: 'link'; url: string } | { dialog: 'revoke' | 'openings'; snapshot: Snapshot };

/** The links that show submitted versions of a claim to others. Absent for a draft, and for readers who may not share and have nothing to see. */
export function SharedVersions({ claim }: { claim: Claim }) {
  return claim.submissions === 0 ? null : <Shared claim={claim} />;
}

function Shared({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const mayShare = useSession().can('snapshots.share');
  const pages = useSnapshots(claim.claimId);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  if (!mayShare && (pages.items ?? []).length === 0) return null;
  return (
    <section className="stack-tight">
      <h2 id="shared-versions">{t('title')}</h2>
      <p className="muted">{t('what')}</p>
      {pages.error && <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.items === undefined && !pages.error && <Loading />}
      {pages.items?.length === 0 && <p className="muted">{t('none')}</p>}
      {pages.items !== undefined && pages.items.length > 0 && (
        <Links snapshots={pages.items} mayRevoke={mayShare} onOpen={(dialog, snapshot) => setOpen({ dialog, snapshot })} />
      )}
      {pages.hasNextPage && <LoadMore pages={pages} />}
      {mayShare && (
        <div>
          <Button onClick={() => setOpen({ dialog: 'share' })}>{t('share')}</Button>
        </div>
      )}
      {open?.dialog === 'share' && <ShareDialog claim={claim} onMade={({ url }) => setOpen({ dialog: 'link', url })} onClose={close} />}
      {open?.dialog === 'link' && <LinkDialog url={open.url} onClose={close} />}
      {open?.dialog === 'revoke' && <RevokeDialog snapshot={open.snapshot} onClose={close} />}
      {open?.dialog === 'openings' && <OpeningsDialog snapshot={open.snapshot} onClose={close} />}
    </section>
  );
}

interface LinksProps {
  snapshots: Snapshot[];
  mayRevoke: boolean;
  onOpen(dialog: 'revoke' | 'openings', snapshot: Snapshot): void;
}

function Links({ snapshots, mayRevoke, onOpen }: LinksProps) {
  const t = useTexts(texts);
  const format = useFormat();
  const revokeTitle = useRevokeTitle();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('tableTitle')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('label')}</th>
            <th scope="col">{t('version')}</th>
            <th scope="col">{t('shows')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('openings')}</th>
            {mayRevoke && <th scope="col">{t('act')}</th>}
          </tr>
        </thead>
        <tbody>
          {snapshots.map((snapshot) => {
            const { snapshotId, submission, label, fields, side, openings } = snapshot;
            return (
              <tr key={snapshotId}>
                <th scope="row">
                  {label ?? <span className="muted">{t('unlabelled')}</span>}
                  {side === 'vendor' && <div className="small muted">{t('byVendor')}</div>}
                </th>
                <td className="number">{submission}</td>
                <td>{fields.map((field) => t(`short_${field}`)).join(', ')}</td>
                <td>
                  <State snapshot={snapshot} />
                </td>
                <td>
                  {openings.lastAt === null ? (
                    t('never')
                  ) : (
                    <>
                      <Button kind="quiet" onClick={() => onOpen('openings', snapshot)}>
                        {t('openedTimes', { count: openings.count })}
                      </Button>
                      <div className="small muted">{t('lastOpened', { at: format.instant(openings.lastAt) })}</div>
                    </>
                  )}
                </td>
                {mayRevoke && (
                  <td>
                    {snapshot.state === 'open' && (
                      <Button aria-label={revokeTitle(snapshot)} onClick={() => onOpen('revoke', snapshot)}>
                        {t('revoke')}
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function State({ snapshot: { state, expiresAt, revocation } }: { snapshot: Snapshot }) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <>
      <Badge tone={state === 'open' ? 'success' : 'neutral'}>{t(`state_${state}`)}</Badge>
      <div className="small muted">
        {state === 'open' && t('until', { at: format.instant(expiresAt) })}
        {revocation !== null && format.instant(revocation.at)}
      </div>
    </>
  );
}
