import type { Claim } from '../../client/index.js';
import { Banner } from '../../design/index.js';
import { useTexts } from '../../i18n/index.js';
import { useSession } from '../../session/index.js';
import { texts } from '../texts.js';

/** Why this reviewer has nothing to decide here: their own partner's claim, or a claim that waits for somebody else. */
export function ClosedReview({ claim, isOpen }: { claim: Claim; isOpen: boolean }) {
  const t = useTexts(texts);
  const { me } = useSession();
  if (isOpen) return null;
  const isOwn = me.actsFor.includes(claim.partnerAccountId);
  const isForReviewer = claim.waiting.some(({ mover }) => mover === 'reviewer');
  if (isOwn) {
    return (
      <Banner tone="warning" title={t('ownTitle')}>
        <p>{t('ownWhat')}</p>
      </Banner>
    );
  }
  return (
    <Banner title={t('closedTitle')}>
      <p>{t(isForReviewer ? 'closedSecond' : 'closedWaiting')}</p>
    </Banner>
  );
}
