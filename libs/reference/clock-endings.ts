import type { ClockName, clockRules, Phase } from '#libs/claims/index.js';

/** What happens at the end of a clock. */
export const endings: Record<(typeof clockRules)[ClockName]['onExpiry'], { text: string; leadsTo: Phase[] }> = {
  breach: { text: 'recorded as late, visible to everyone, and the vendor gets a letter; nothing is decided', leadsTo: [] },
  reject: { text: 'rejected, `no_partner_response`', leadsTo: ['rejected', 'rejected_final'] },
  close_window: {
    text: 'silence accepts what is approved; under opt-in, rejected with `consent_expired`; refused in the meantime through another claim, rejected with `customer_refused_target`',
    leadsTo: ['official', 'rejected', 'rejected_final'],
  },
  close_dispute: { text: 'can no longer be disputed', leadsTo: [] },
  close_hearing: { text: 'the decision is made on what is on file', leadsTo: [] },
  close_signature: { text: 'the request ends unsigned; the partner gets a letter and may ask again', leadsTo: [] },
  check_association: {
    text: 'the directory is asked: an expiry notice is due, the subscription was renewed, or the association ends',
    leadsTo: ['ended', 'consent_pending'],
  },
};
