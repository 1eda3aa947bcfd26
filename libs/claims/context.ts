import type { Deadline } from './clocks.js';
import type { DirectoryFacts } from './facts.js';
import type { Phase } from './phases.js';
import type { ClaimPolicy, DeadlineUnit } from './policy.js';

/** Another claim's live association on a target of this claim. */
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
  /** The holder's hearing about a competing claim; null when it was never warned of one. */
  hearing: { dueAt: string; isOver: boolean } | null;
}

export interface SignedEvidence {
  evidenceId: string;
  signedOn: string | null;
}

/** Another partner's undecided line on a target of this claim. */
export interface Rival {
  target: string;
  partnerAccountId: string;
  claimId: string;
  line: number;
  phase: Phase;
  submittedAt: string;
  evidence: SignedEvidence[];
  /** Of a disputed line: the reviewers whose decision the dispute is about. */
  disputedDeciders?: string[] | undefined;
}

/** An undecided line of another claim of the same company. */
export interface OwnLine {
  target: string;
  claimId: string;
  activities: string[];
}

/** Other claims on this claim's targets, and what the customer has said about those targets. */
export interface RelatedClaims {
  holders: Holder[];
  rivals: Rival[];
  /** The same company's open lines on the targets; when the customer blocks the company, on the whole tenant. */
  own: OwnLine[];
  /** When the customer refused this partner account a target or ended its association there; `until` is the end of the cool-down (K10). */
  refusals: { target: string; at: string; until: string | null }[];
  /** Whether the customer has blocked this partner account. */
  isBlocked: boolean;
  /** When the last association on a target ended: the next begins no earlier. */
  vacantSince: { target: string; at: string }[];
  /** The claim that the customer chose on a target, whichever claim asked. */
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

/** What the checks of a claim's content read. */
export interface CheckContext extends RelatedClaims {
  claimId: string;
  /** The instant that counts: the command's `receivedAt`, or a clock's deadline. */
  now: string;
  /** The version pinned on the claim; for a draft, the version in force. */
  policy: ClaimPolicy;
  /** The customer directory's answer; null while it is silent. */
  facts: DirectoryFacts | null;
  /** Returns an instant's ISO date in the calendar's zone. */
  localDate: (instant: string) => string;
}

/** Everything that a rule reads besides the claim and the command, loaded beforehand. */
export interface DecisionContext extends CheckContext {
  /** The version in force: it gives the clocks that start now their length. */
  policyInForce: ClaimPolicy;
  /** Counts days from an instant by the calendar version in force. */
  deadline: (startsAt: string, days: number, unit: DeadlineUnit) => Deadline;
  /** Returns the end of an ISO date in the calendar's zone, as a deadline. */
  endOf: (date: string) => Deadline;
  /** Returns ids for new records; the same command always gets the same ids. */
  newId: () => string;
}
