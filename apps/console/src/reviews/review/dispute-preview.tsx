import type { Claim, ProgrammeDocument } from '../../client/index.js';
import { useTexts } from '../../i18n/index.js';
import { programmeWords } from '../../programme-labels/index.js';
import { texts } from '../texts.js';
import type { Decision } from './decision.js';
import type { Outcome } from './outcomes.js';

interface Props {
  claim: Claim;
  programme: ProgrammeDocument | undefined;
  outcome: Extract<Outcome, `dispute_${string}`>;
  decision: Decision;
}

/** Who will be told what about a dispute. Reasons stand in the programme's language, as the partner will read them. */
export function DisputePreview({ claim, programme, outcome, decision }: Props) {
  const t = useTexts(texts);
  if (programme === undefined) return null;
  const { partner, customer } = claim.contacts;
  const partnerName = partner === null ? t('partner') : `${partner.name} (${partner.email})`;
  const customerName = customer === null ? t('customer') : `${customer.name} (${customer.email})`;
  const { consentWindow, answerBusinessDays } = programme.clocks;
  const words = programmeWords(programme, programme.language);
  const told = {
    dispute_approve: t('partnerApproved'),
    dispute_ask: t('partnerAsked', { to: partnerName, days: answerBusinessDays }),
    dispute_final: t('partnerFinal'),
  };
  return (
    <section className="stack-tight preview" aria-labelledby="preview">
      <h3 id="preview">{t('preview')}</h3>
      <dl className="facts">
        <div className="fact">
          <dt>{t('toPartner')}</dt>
          <dd>
            {told[outcome]}
            {outcome === 'dispute_ask' && decision.reasons.length > 0 && (
              <ul className="said" lang={programme.language}>
                {decision.reasons.map((code) => (
                  <li key={code}>{words.requestReason(code)}</li>
                ))}
              </ul>
            )}
          </dd>
        </div>
        <div className="fact">
          <dt>{t('toCustomer')}</dt>
          <dd>
            {outcome === 'dispute_approve'
              ? t('customerAsked', { to: customerName, count: consentWindow.days, unit: consentWindow.unit })
              : t('customerNothing')}
          </dd>
        </div>
      </dl>
      {decision.comment.trim() !== '' && <p className="small muted">{t('commentRead')}</p>}
    </section>
  );
}
