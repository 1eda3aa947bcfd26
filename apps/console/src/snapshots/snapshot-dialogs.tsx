import { call } from '../api/index.js';
import { claimKey } from '../claim/use-claim.js';
import { type Snapshot, type SnapshotOpening, snapshotsOpenings, snapshotsRevoke } from '../client/index.js';
import { Button, Dialog } from '../design/index.js';
import { ErrorSummary, Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { usePages } from '../lists/index.js';
import { texts } from './texts.js';
import { useSnapshotChange } from './use-snapshots.js';

interface Props {
  snapshot: Snapshot;
  onClose(): void;
}

/** Names the act so that it differs from that of other links. */
export function useRevokeTitle(): (snapshot: Snapshot) => string {
  const t = useTexts(texts);
  return ({ submission, label }) => (label === null ? t('revokeOfUnlabelled', { submission }) : t('revokeOf', { label }));
}

/** Says what revoking means, and does it. */
export function RevokeDialog({ snapshot, onClose }: Props) {
  const t = useTexts(texts);
  const titleOf = useRevokeTitle();
  const { claimId, snapshotId } = snapshot;
  const { mutate, problem, isPending } = useSnapshotChange(
    claimId,
    (_: void, headers) => call(() => snapshotsRevoke({ path: { claimId, snapshotId }, headers, body: {} })),
    onClose,
  );
  return (
    <Dialog title={titleOf(snapshot)} role="alertdialog" isOpen onClose={onClose}>
      <ErrorSummary problem={problem} />
      <p>{t('revokeWhat')}</p>
      <div className="row">
        <Button kind="danger" isPending={isPending} onClick={() => mutate()}>
          {t('revoke')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}

/** When a link was opened, newest first. */
export function OpeningsDialog({ snapshot: { claimId, snapshotId }, onClose }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const pages = usePages<SnapshotOpening, { items: SnapshotOpening[]; next: string | null }>(
    [...claimKey(claimId), 'snapshots', snapshotId, 'openings'],
    (cursor) => call(() => snapshotsOpenings({ path: { claimId, snapshotId }, query: { limit: 50, ...(cursor && { cursor }) } })),
  );
  return (
    <Dialog title={t('showOpenings')} isOpen onClose={onClose}>
      <p>{t('openingsNote')}</p>
      {pages.error && <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.items === undefined ? (
        !pages.error && <Loading />
      ) : (
        <>
          <ul>
            {pages.items.map(({ sequence, at }) => (
              <li key={sequence}>
                <time dateTime={at}>{format.instant(at)}</time>
              </li>
            ))}
          </ul>
          {pages.hasNextPage && <LoadMore pages={pages} />}
        </>
      )}
      <div className="row">
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </Dialog>
  );
}
