import type { Claim, ProgrammeDocument } from '../../client/index.js';
import { useTexts } from '../../i18n/index.js';
import { programmeWords } from '../../programme-labels/index.js';
import { texts } from '../texts.js';
import type { Decision } from './decision.js';
import { approves, asksPartner, type Outcome } from './outcomes.js';

interface Props {
  claim: Claim;
  programme: ProgrammeDocument | undefined;
  outcome: Outcome;
  decision: Decision;
}

/** Who will be told what, before anything is sent. Reasons stand in the programme's language, as the partner will read them. */
export function DecisionPreview({ claim, programme, outcome, decision }: Props) {
  const t = useTexts(texts);
  if (programme === undefined) return null;
  const { partner, customer } = claim.contacts;
  const partnerName = partner === null ? t('partner') : `${partner.name} (${partner.email})`;
  const customerName = customer === null ? t('customer') : `${customer.name} (${customer.email})`;
  const { clocks } = programme;
  const words = programmeWords(programme, programme.language);
  const reads = asksPartner(outcome)
    ? decision.reasons.map((code) => words.requestReason(code))
    : outcome === 'reject' && decision.reason !== ''
      ? [words.rejectionReason(decision.reason)]
      : [];
  const comment = decision.comment.trim();
  return (
    <section className="stack-tight preview" aria-labelledby="preview">
      <h3 id="preview">{t('preview')}</h3>
      <dl className="facts">
        <div className="fact">
          <dt>{t('toPartner')}</dt>
          <dd>
            {approves(outcome)
              ? t('partnerApproved')
              : asksPartner(outcome)
                ? t('partnerAsked', { to: partnerName, days: clocks.answerBusinessDays })
                : outcome === 'reject'
                  ? t('partnerRejected', { to: partnerName, days: clocks.disputeCalendarDays })
                  : t('partnerFinal', { to: partnerName })}
            {reads.length > 0 && (
              <ul className="said" lang={programme.language}>
                {reads.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            )}
            {comment !== '' && <p className="said">{comment}</p>}
          </dd>
        </div>
        <div className="fact">
          <dt>{t('toCustomer')}</dt>
          <dd>
            {approves(outcome)
              ? t('customerAsked', { to: customerName, count: clocks.consentWindow.days, unit: clocks.consentWindow.unit })
              : t('customerNothing')}
          </dd>
        </div>
      </dl>
    </section>
  );
}
