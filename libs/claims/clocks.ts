import type { DeadlineUnit } from './policy.js';
import type { Phase } from './phases.js';

/** The clocks of domain 4.2 that run inside a claim. */
export const clockNames = ['K1', 'K2', 'K3', 'K4', 'K5', 'K7', 'K8'] as const;
export type ClockName = (typeof clockNames)[number];

/** A deadline as it was computed, once, with how it came about; never computed again. */
export interface Deadline {
  dueAt: string;
  dueAtLocal: string;
  day0: string;
  countedDays: string[];
  /** `ru@1`: name and version of the calendar. */
  calendar: string;
  zone: string;
  unit: DeadlineUnit;
  days: number;
  /** True if a date was judged for which the calendar holds no holidays yet. */
  isBeyondCoverage: boolean;
}

export interface ClockStart {
  clock: ClockName;
  lines: number[];
  startedAt: string;
  deadline: Deadline;
}

export interface RunningClock extends ClockStart {
  /** Set when a review clock has run out: it stays on the claim for everyone to see. */
  isBreached: boolean;
}

/** A review clock stands still while the partner owes an answer; it goes on with the business days that were left. */
export interface PausedClock {
  clock: 'K2' | 'K3';
  lines: number[];
  remainingDays: number;
}

interface ClockRule {
  title: string;
  /** A line in any other phase has left the clock. */
  phases: Phase[];
  /** Breach clocks only tell; the others act. */
  onExpiry: 'breach' | 'reject' | 'close_window' | 'close_dispute';
  mover: 'reviewer' | 'partner' | 'customer';
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
};

/** Instants are RFC 3339 in UTC with milliseconds throughout, so their order is that of their text. */
export const isBefore = (a: string, b: string): boolean => a < b;
export const instantAfter = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString();
