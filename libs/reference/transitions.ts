import type { ClockName, CommandType, clockRules, Phase } from '#libs/claims/index.js';

/** Where a line may get by a command (domain.md 3.2); nothing for commands that leave it where it is. */
export const leadsTo: Record<CommandType, Phase[]> = {
  draftClaim: ['draft'],
  // A product that is dropped after the submission.
  editClaim: ['canceled'],
  discardDraft: ['canceled'],
  addEvidence: [],
  addComment: [],
  // Right on by a rule of automatic approval.
  submitClaim: ['submitted', 'consent_pending'],
  startReview: ['under_review'],
  requestInformation: ['action_required'],
  // Official at once where the customer was told before and its window has passed.
  approveClaim: ['consent_pending', 'official'],
  rejectClaim: ['rejected', 'rejected_final'],
  withdrawClaim: ['canceled'],
  recordNoticeDelivery: [],
  reportBounce: [],
  // With a block, whatever else of the claim is open is rejected for good.
  optOut: ['rejected', 'ended', 'rejected_final'],
  recordRefusal: ['rejected_final'],
  acceptClaim: ['official'],
  liftBlock: [],
  resendNotice: [],
  extendDeadline: [],
  clearHold: ['official', 'rejected_final'],
  openDispute: ['disputed'],
  decideDispute: ['consent_pending', 'official', 'action_required', 'rejected_final'],
  warnHolder: [],
  askCustomerToChoose: [],
  chooseRival: [],
  decideRivals: ['under_review', 'rejected', 'rejected_final'],
  recordRivals: ['rejected', 'rejected_final'],
  supersedeAssociation: ['ended'],
  endAssociation: ['ended'],
  transferAssociation: [],
  // A renewed subscription adds a line that is consent pending.
  checkAssociation: ['ended', 'consent_pending'],
};

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
