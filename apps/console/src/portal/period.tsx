import { useNow } from '../claim/use-now.js';
import type { PendingClaim } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { daysLeftOf } from './days-left.js';
import { mailWords } from './mail-words.js';
import { texts } from './texts.js';

/** Until when the customer may answer, in the zone in which that was counted, and what silence means. */
export function Period({ claim }: { claim: PendingClaim }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const now = useNow();
  const { closesAt, consent, countedDays, zone, window, legalName: partner, isBeyondCoverage } = claim;
  if (closesAt === null) {
    const length = mail(`window_${window.unit}`, { days: window.days });
    return (
      <>
        <p>{mail(`silence_${consent}`, { partner })}</p>
        <p>{mail(`notBegun_${consent}`, { window: length })}</p>
      </>
    );
  }
  if (Date.parse(closesAt) < Date.parse(now)) {
    return (
      <>
        <p>
          <strong>{mail('over')}</strong>
        </p>
        <p>{mail(`over_${consent}`, { partner })}</p>
      </>
    );
  }
  const days = daysLeftOf({ countedDays, closesAt, zone }, now);
  const left = days === null ? t('ends', { distance: format.distance(closesAt, now) }) : t('daysLeft', { days });
  return (
    <>
      <p className="prose">{mail(`silence_${consent}`, { partner })}</p>
      <p className="row">
        <span>
          {mail(`openUntil_${consent}`)}: <strong>{format.instant(closesAt, zone)}</strong>
        </span>
        <Badge tone={days !== null && days > 0 ? 'info' : 'warning'}>{left}</Badge>
      </p>
      {isBeyondCoverage && <p className="small muted">{t('beyondCoverage')}</p>}
    </>
  );
}
