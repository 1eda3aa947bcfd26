import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { call } from '../api/index.js';
import { claimKey } from '../claim/use-claim.js';
import { type Claim, claimsHistory } from '../client/index.js';
import { Banner, Button } from '../design/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const most = 20;

interface Props {
  claim: Claim;
  seenVersion: number;
  isPending: boolean;
  onAgain: () => void;
}

/** Says that somebody has changed the claim since the form was opened, and what: the person decides whether to send on the new version. */
export function ChangedMeanwhile({ claim: { claimId, version }, seenVersion, isPending, onAgain }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const { language } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [version]);
  const changes = useQuery({
    queryKey: [...claimKey(claimId), 'changes-since', seenVersion, version, language],
    queryFn: () => call(() => claimsHistory({ path: { claimId }, query: { language, order: 'newest', limit: most } })),
  });
  const since = changes.data?.items.filter((entry) => entry.version > seenVersion);
  return (
    <div ref={box} tabIndex={-1}>
      <Banner tone="warning" isAlert title={t('changedTitle')}>
        {since !== undefined && (
          <ul>
            {since.map(({ version: of, title, type, detail, at }) => (
              <li key={of}>
                {format.instant(at)}: {title ?? type}. {detail}
              </li>
            ))}
          </ul>
        )}
        <p>{t('changedWhat')}</p>
        <div>
          <Button isPending={isPending} onClick={onAgain}>
            {t('sendAgain')}
          </Button>
        </div>
      </Banner>
    </div>
  );
}
