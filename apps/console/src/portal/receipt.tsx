import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Banner, Facts } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { mailWords } from './mail-words.js';
import { texts } from './texts.js';
import type { Receipt } from './use-answer.js';

/** The answer's receipt, in the words of the one that comes by mail. Takes focus when it appears. */
export function ReceiptBanner({ receipt, partner, zone }: { receipt: Receipt; partner: string; zone?: string | undefined }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const { reference, receivedAt, effects } = receipt;
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: 'start' });
  }, [reference]);
  const [first] = effects;
  const title = () => {
    switch (first?.kind) {
      case 'refused':
      case 'ended':
      case 'accepted':
        return mail(`receipt_${first.kind}`);
      case 'chose':
        return mail('chosen', { partner: first.partner.legalName });
      case 'blocked':
        return t('blockedNow', { partner });
      case 'unblocked':
        return t('unblocked', { partner });
      default:
        return mail('receipt_recorded');
    }
  };
  return (
    <div ref={box} tabIndex={-1} className="portal-receipt">
      <Banner tone="success" isAlert title={title()}>
        <ul className="bullets">
          {effects.map((effect) => (
            <Effect key={`${effect.kind} ${effect.version}`} effect={effect} />
          ))}
        </ul>
        <Facts
          items={[
            [t('about'), partner],
            [mail('receivedAt'), format.instant(receivedAt, zone)],
            [mail('reference'), <span className="mono">{reference}</span>],
          ]}
        />
        {first && (
          <p>
            <Link to={`/portal/claims/${first.claimId}`}>{t('history')}</Link>
          </p>
        )}
      </Banner>
    </div>
  );
}

function Effect({ effect: { kind, lines, partner } }: { effect: Receipt['effects'][number] }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const products = format.list(lines.map(({ product }) => product));
  if (kind === 'blocked') return <li>{t('outcome_blocked', { partner: partner.legalName })}</li>;
  if (kind === 'chose') return <li>{mail('choiceFinality')}</li>;
  if (kind === 'unblocked') return <li>{t('unblockMeans_2')}</li>;
  return (
    <li>
      {products}: {kind === 'refused' ? mail('outcome_refused') : t(`outcome_${kind}`)}
    </li>
  );
}
