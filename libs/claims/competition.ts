import { compareInstants } from './instants.js';

/** Steps of the order in which rivals are decided (domain.md 10, rule 4). */
export const rivalrySteps = ['customer_choice', 'newest_evidence', 'holder', 'earliest_submission'] as const;
export type RivalryStep = (typeof rivalrySteps)[number];

/** One claim's line that wants, or holds, a target. */
export interface Candidate {
  claimId: string;
  line: number;
  partnerAccountId: string;
  isHolder: boolean;
  /** First submission of the claim. */
  submittedAt: string;
  /** ISO date of the newest customer-signed evidence that counts, or null. */
  evidenceOn: string | null;
}

/** The decision record of domain.md 10, rule 6; each side is shown its own part of it. */
export interface RivalsRecord {
  recordId: string;
  target: string;
  candidates: Candidate[];
  /** Claim of the candidate that prevails. */
  winner: string;
  step: RivalryStep;
  /** Subject of the reviewer, who decides no dispute of it. */
  decidedBy: string;
}

/**
 * Decides by the order of domain.md 10, rule 4: the customer's choice, the newest customer-signed evidence, the holder, the earliest
 * submission. A tie passes on to the next step; time alone never decides before the others.
 */
export function settleRivals(candidates: Candidate[], chosen: string | null): { winner: string; step: RivalryStep } {
  if (chosen !== null && candidates.some(({ claimId }) => claimId === chosen)) return { winner: chosen, step: 'customer_choice' };
  const [first, second] = candidates.toSorted(byNewestEvidence);
  if (first!.evidenceOn !== null && first!.evidenceOn !== second?.evidenceOn) return { winner: first!.claimId, step: 'newest_evidence' };
  // Among those whose evidence is equally new; older evidence has lost already.
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
