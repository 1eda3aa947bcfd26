import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../../api/index.js';
import { claimKey } from '../../claim/use-claim.js';
import { type Claim, claimsHistory } from '../../client/index.js';
import { Banner, Button } from '../../design/index.js';
import { useFormat, useLanguage, useTexts } from '../../i18n/index.js';
import { useSession } from '../../session/index.js';
import { texts } from '../texts.js';

const most = 20;

/** Says that somebody has changed the claim while the reviewer was reading, and what: they decide on what they have seen. */
export function StaleNotice({ claim, seenVersion, onSeen }: { claim: Claim; seenVersion: number; onSeen(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { language } = useLanguage();
  const { me } = useSession();
  const { claimId, version } = claim;
  const isStale = version > seenVersion;
  const changes = useQuery({
    queryKey: [...claimKey(claimId), 'changes-since', seenVersion, version, language],
    queryFn: () => call(() => claimsHistory({ path: { claimId }, query: { language, order: 'newest', limit: most } })),
    enabled: isStale,
  });
  const byOthers = changes.data?.items.filter((entry) => entry.version > seenVersion && entry.by.subject !== me.subject) ?? [];
  // What they did themselves on this page, such as a comment, is no news.
  const isOwnWork = isStale && changes.data !== undefined && byOthers.length === 0;
  useEffect(() => {
    if (isOwnWork) onSeen();
  }, [isOwnWork, onSeen]);
  if (!isStale || changes.isPending || isOwnWork) return null;
  return (
    <Banner tone="warning" isAlert title={t('staleTitle', { from: seenVersion, to: version })}>
      <ul>
        {byOthers.map(({ version: of, title, type, detail, comment, at }) => (
          <li key={of}>
            {format.instant(at)}: {title ?? type}. {detail} {comment !== null && <q>{comment}</q>}
          </li>
        ))}
      </ul>
      <p>{t('staleWhat')}</p>
      <div>
        <Button onClick={onSeen}>{t('staleSeen')}</Button>
      </div>
    </Banner>
  );
}
