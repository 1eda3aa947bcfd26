import type { Claim } from '../client/index.js';
import { Badge, type Tone } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const tones: Record<string, Tone> = { pending: 'info', accepted: 'success', failed: 'danger', bounced: 'danger' };

/** Whom of the customer the notices reached. Addresses are not shown: they belong to the customer. */
export function Notices({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const format = useFormat();
  if (claim.notices.length === 0) return null;
  return (
    <section className="stack-tight" aria-labelledby="notices">
      <h2 id="notices">{t('notices')}</h2>
      {claim.notices.map(({ noticeId, requestedAt, language, recipients }) => (
        <article key={noticeId} className="stack-tight small">
          <h3 className="small">{t('notice', { at: format.instant(requestedAt), language: t(`language_${language}`) })}</h3>
          <ul className="plain stack-tight">
            {recipients.map(({ recipientId, kind, state, at }) => (
              <li key={recipientId}>
                {t(`recipient_${kind}`)} <Badge tone={tones[state] ?? 'neutral'}>{t(`delivery_${state}`)}</Badge>
                {at !== null && <div className="muted">{format.instant(at)}</div>}
              </li>
            ))}
          </ul>
        </article>
      ))}
    </section>
  );
}
