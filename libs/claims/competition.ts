import { compareInstants } from './instants.js';

/** The steps of a decision between rivals, in order (domain.md 10, rule 4). */
export const rivalrySteps = ['customer_choice', 'newest_evidence', 'holder', 'earliest_submission'] as const;
export type RivalryStep = (typeof rivalrySteps)[number];

/** A claim's line that wants or holds a target. */
export interface Candidate {
  claimId: string;
  line: number;
  partnerAccountId: string;
  isHolder: boolean;
  /** First submission of the claim. */
  submittedAt: string;
  /** ISO date of the newest evidence signed by the customer that counts, or null. */
  evidenceOn: string | null;
}

/** The decision record (domain.md 10, rule 6). Each side sees only its own part. */
export interface RivalsRecord {
  recordId: string;
  target: string;
  candidates: Candidate[];
  /** The claim that prevails. */
  winner: string;
  step: RivalryStep;
  /** Subject of the reviewer, who may not decide a dispute about this record. */
  decidedBy: string;
}

/**
 * Picks the winner by customer's choice, newest evidence signed by the customer, holder, and earliest submission (domain.md 10, rule 4). A
 * tie passes to the next step, so time decides only when nothing else does.
 */
export function settleRivals(candidates: Candidate[], chosen: string | null): { winner: string; step: RivalryStep } {
  if (chosen !== null && candidates.some(({ claimId }) => claimId === chosen)) return { winner: chosen, step: 'customer_choice' };
  const [first, second] = candidates.toSorted(byNewestEvidence);
  if (first!.evidenceOn !== null && first!.evidenceOn !== second?.evidenceOn) return { winner: first!.claimId, step: 'newest_evidence' };
  // Only candidates with equally new evidence are left.
  const tied = candidates.filter(({ evidenceOn }) => evidenceOn === first!.evidenceOn);
  const holder = tied.find(({ isHolder }) => isHolder);
  if (holder !== undefined) return { winner: holder.claimId, step: 'holder' };
  const [earliest] = tied.toSorted((a, b) => compareInstants(a.submittedAt, b.submittedAt) || a.claimId.localeCompare(b.claimId, 'en'));
  return { winner: earliest!.claimId, step: 'earliest_submission' };
}

function byNewestEvidence({ evidenceOn: a }: Candidate, { evidenceOn: b }: Candidate): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareInstants(b, a);
}
