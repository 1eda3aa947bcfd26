import type { Deadline } from './clocks.js';
import type { DirectoryFacts } from './facts.js';
import type { Phase } from './phases.js';
import type { ClaimPolicy, DeadlineUnit } from './policy.js';

/** A live association of another claim on one of the claim's targets. */
export interface Holder {
  target: string;
  partnerAccountId: string;
  activities: string[];
  claimId: string;
  line: number;
  associationId: string;
  officialAt: string;
  submittedAt: string;
  evidence: SignedEvidence[];
  /** Whether its partner was heard about the competition; null when it was never told of any. */
  hearing: { dueAt: string; isOver: boolean } | null;
}

export interface SignedEvidence {
  evidenceId: string;
  signedOn: string | null;
}

/** A line of another partner's claim that wants one of the claim's targets and is not decided yet. */
export interface Rival {
  target: string;
  partnerAccountId: string;
  claimId: string;
  line: number;
  phase: Phase;
  submittedAt: string;
  evidence: SignedEvidence[];
  /** While it is disputed: whose decision that is about. */
  disputedDeciders?: string[] | undefined;
}

/** A line of another claim of the same company that is not decided yet. */
export interface OwnLine {
  target: string;
  claimId: string;
  activities: string[];
}

/** What other claims have to do with this one's targets. */
export interface RelatedClaims {
  holders: Holder[];
  rivals: Rival[];
  /** What the same company has open on the targets, or, for a customer who blocks it, on the whole tenant. */
  own: OwnLine[];
  /** When the customer refused this partner account a target, or ended its association there, and until when a new claim must wait (K10). */
  refusals: { target: string; at: string; until: string | null }[];
  /** Whether the customer has blocked this partner account. */
  isBlocked: boolean;
  /** When the last association on a target ended; the next one begins no earlier. */
  vacantSince: { target: string; at: string }[];
  /** The claim that the customer chose on a target, whoever asked. */
  choices: { target: string; claimId: string; chosenAt: string }[];
}

export const noRelatedClaims: RelatedClaims = {
  holders: [],
  rivals: [],
  own: [],
  refusals: [],
  isBlocked: false,
  vacantSince: [],
  choices: [],
};

/** Everything a rule needs from outside, loaded beforehand. */
export interface DecisionContext extends RelatedClaims {
  /** Id of the claim that is decided. */
  claimId: string;
  /** The instant that decides: the command's `receivedAt`, or a clock's deadline. */
  now: string;
  /** The version the claim has pinned; for a draft the one in force. */
  policy: ClaimPolicy;
  /** The version in force: clocks that start now have its lengths. */
  policyInForce: ClaimPolicy;
  /** Counts from an instant by the calendar version in force. */
  deadline: (startsAt: string, days: number, unit: DeadlineUnit) => Deadline;
  /** The end of a local date in the calendar's zone, as a deadline. */
  endOf: (date: string) => Deadline;
  /** The local date of an instant in the calendar's zone. */
  localDate: (instant: string) => string;
  facts: DirectoryFacts | null;
  /** Identifiers for what the events create; the same command always gets the same ones. */
  newId: () => string;
}
