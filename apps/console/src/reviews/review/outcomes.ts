import type { Claim, ClaimLine } from '../../client/index.js';

/** What a reviewer can decide. */
export type Outcome = 'approve' | 'ask' | 'reject' | 'dispute_approve' | 'dispute_ask' | 'dispute_final';

const outcomes: { name: Outcome; action: string; concerns(line: ClaimLine): boolean }[] = [
  { name: 'approve', action: 'approveClaim', concerns: isInReview },
  { name: 'ask', action: 'requestInformation', concerns: isInReview },
  { name: 'reject', action: 'rejectClaim', concerns: (line) => isInReview(line) || isHeld(line) },
  { name: 'dispute_approve', action: 'decideDispute', concerns: isDisputed },
  { name: 'dispute_ask', action: 'decideDispute', concerns: isDisputed },
  { name: 'dispute_final', action: 'decideDispute', concerns: isDisputed },
];

function isInReview({ phase }: ClaimLine): boolean {
  return phase === 'submitted' || phase === 'under_review';
}

/** The window has closed, but the last check before the association failed. */
export function isHeld({ phase, holds }: ClaimLine): boolean {
  return phase === 'consent_pending' && holds.length > 0;
}

function isDisputed({ phase }: ClaimLine): boolean {
  return phase === 'disputed';
}

/** The outcomes that the API allows this reviewer now. */
export const offeredOutcomes = (claim: Claim): Outcome[] =>
  outcomes.filter(({ action, concerns }) => claim.allowedActions.includes(action) && claim.lines.some(concerns)).map(({ name }) => name);

/** The lines that an outcome can concern. */
export const linesFor = (claim: Claim, outcome: Outcome): ClaimLine[] =>
  claim.lines.filter(outcomes.find(({ name }) => name === outcome)!.concerns);

export const asksPartner = (outcome: Outcome): boolean => outcome === 'ask' || outcome === 'dispute_ask';
export const approves = (outcome: Outcome): boolean => outcome === 'approve' || outcome === 'dispute_approve';
