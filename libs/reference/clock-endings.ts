import type { ClockName, clockRules, Phase } from '#libs/claims/index.js';

/** What the end of a clock brings about. */
export const endings: Record<(typeof clockRules)[ClockName]['onExpiry'], { text: string; leadsTo: Phase[] }> = {
  breach: { text: 'stands as late for everyone to see, and the vendor is written to; nothing is decided', leadsTo: [] },
  reject: { text: 'rejected, `no_partner_response`', leadsTo: ['rejected', 'rejected_final'] },
  close_window: {
    text: 'silence accepts what is approved; under opt-in, rejected with `consent_expired`; refused meanwhile by another claim, rejected with `customer_refused_target`',
    leadsTo: ['official', 'rejected', 'rejected_final'],
  },
  close_dispute: { text: 'can be disputed no more', leadsTo: [] },
  close_hearing: { text: 'the decision is made on what is on file', leadsTo: [] },
  check_association: {
    text: 'the directory is asked: a notice is due, the subscription was renewed, or the association ends',
    leadsTo: ['ended', 'consent_pending'],
  },
};
