import type { Deadline as CalendarDeadline } from '#libs/calendar/index.js';
import type { DeadlineUnit } from './policy.js';
import type { Phase } from './phases.js';

/** The clocks that run inside a claim (domain.md 4.2). */
export const clockNames = ['K1', 'K2', 'K3', 'K4', 'K5', 'K7', 'K8', 'K9', 'K13', 'K15'] as const;
export type ClockName = (typeof clockNames)[number];

/** Clocks that a reviewer may extend on record: the answer once per request, window and hearing as needed (domain.md 4.1, 4.2). */
export const extendableClocks = ['K4', 'K5', 'K9'] as const;
export type ExtendableClock = (typeof extendableClocks)[number];

/** A deadline as computed by the calendar; it is never recomputed. */
export type Deadline = Omit<CalendarDeadline, 'unit'> & { unit: DeadlineUnit };

export interface ClockStart {
  clock: ClockName;
  lines: number[];
  startedAt: string;
  deadline: Deadline;
  /** The policy version that gave the clock its length: the one in force when it started (D5). */
  policy: string;
}

export interface RunningClock extends ClockStart {
  /** Set when a review clock has run out; the clock stays on the claim, visible to everyone. */
  isBreached: boolean;
}

/** A review clock pauses while the partner owes an answer and resumes with the business days that were left. */
export interface PausedClock {
  clock: 'K2' | 'K3';
  lines: number[];
  remainingDays: number;
}

interface ClockRule {
  title: string;
  /** The clock stops for a line that leaves these phases. */
  phases: Phase[];
  /** Set when the clock belongs to the claim as a whole: it has no lines, and stops when no line is in its phases. */
  isOfClaim?: true;
  /** `breach` only records the delay; the others act. */
  onExpiry: 'breach' | 'reject' | 'close_window' | 'close_dispute' | 'close_hearing' | 'check_association' | 'close_signature';
  mover: 'reviewer' | 'partner' | 'customer' | 'system';
}

export const clockRules: Record<ClockName, ClockRule> = {
  K1: { title: 'review begins', phases: ['submitted'], onExpiry: 'breach', mover: 'reviewer' },
  K2: { title: 'review decided', phases: ['under_review'], onExpiry: 'breach', mover: 'reviewer' },
  K3: { title: 'overall decision', phases: ['submitted', 'under_review'], onExpiry: 'breach', mover: 'reviewer' },
  K4: { title: "partner's answer", phases: ['action_required'], onExpiry: 'reject', mover: 'partner' },
  K5: {
    title: "customer's window",
    phases: ['submitted', 'under_review', 'action_required', 'consent_pending'],
    onExpiry: 'close_window',
    mover: 'customer',
  },
  K7: { title: 'dispute', phases: ['rejected'], onExpiry: 'close_dispute', mover: 'partner' },
  K8: { title: 'answer to dispute', phases: ['disputed'], onExpiry: 'breach', mover: 'reviewer' },
  K9: { title: "holder's hearing", phases: ['official'], onExpiry: 'close_hearing', mover: 'partner' },
  K13: { title: 'term, subscription end', phases: ['official'], onExpiry: 'check_association', mover: 'system' },
  K15: {
    title: 'signature of the statement of work',
    phases: ['draft', 'submitted', 'under_review', 'action_required', 'consent_pending', 'official', 'rejected', 'disputed'],
    isOfClaim: true,
    onExpiry: 'close_signature',
    mover: 'customer',
  },
};

/** What the clocks are called outside: in answers, requests and events. The store keeps the numbers of the domain. */
export const publicClockNames = {
  K1: 'review_start',
  K2: 'review_decision',
  K3: 'overall_decision',
  K4: 'partner_answer',
  K5: 'customer_window',
  K7: 'dispute_window',
  K8: 'dispute_decision',
  K9: 'holder_hearing',
  K13: 'association_term',
  K15: 'signature_request',
} as const satisfies Record<ClockName, string>;
export type PublicClockName = (typeof publicClockNames)[ClockName];

const clocksByName = new Map<string, ClockName>(clockNames.map((clock) => [publicClockNames[clock], clock]));
type ClockCalled<Name extends PublicClockName> = {
  [Clock in ClockName]: (typeof publicClockNames)[Clock] extends Name ? Clock : never;
}[ClockName];
export const clockCalled = <Name extends PublicClockName>(name: Name) => clocksByName.get(name) as ClockCalled<Name>;

/** Clocks of official lines: the association's workflow waits for them, not the claim's. */
export const isAssociationClock = (name: ClockName): boolean =>
  clockRules[name].isOfClaim !== true && clockRules[name].phases.includes('official');
