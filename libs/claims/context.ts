import type { Deadline } from './clocks.js';
import type { DirectoryFacts } from './facts.js';
import type { ClaimPolicy, DeadlineUnit } from './policy.js';

/** A live association on one of the claim's targets. */
export interface Holder {
  target: string;
  partnerAccountId: string;
  activities: string[];
  claimId: string;
}

/** Everything a rule needs from outside, loaded beforehand. */
export interface DecisionContext {
  /** The instant that decides: the command's `receivedAt`, or a clock's deadline. */
  now: string;
  policy: ClaimPolicy;
  /** Counts from an instant by the calendar version in force. */
  deadline: (startsAt: string, days: number, unit: DeadlineUnit) => Deadline;
  /** The local date of an instant in the calendar's zone. */
  localDate: (instant: string) => string;
  facts: DirectoryFacts | null;
  holders: Holder[];
  /** Identifiers for what the events create; the same command always gets the same ones. */
  newId: () => string;
}
