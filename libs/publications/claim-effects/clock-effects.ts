import type { ClockName, Phase } from '#libs/claims/index.js';
import type { Clocks } from '#libs/programmes/index.js';

/** Claims of a programme that stand alike: in one phase, with the same clocks running. */
export interface ClaimGroup {
  phase: Phase;
  /** Names of the clocks that run or are paused, such as `K5`. */
  running: string[];
  /** Whether the customer's window has passed for every line. */
  isWindowPassed: boolean;
  claims: number;
}

export interface ClockEffect {
  /** Path of the length in the document. */
  field: string;
  from: unknown;
  to: unknown;
  /** Claims that have yet to reach the clock: it has the new length if it starts. */
  ahead: number;
  /** Claims in which it runs or is paused: they keep the deadline, or the days that were left. */
  running: number;
}

interface ClockField {
  field: keyof Clocks;
  /** Null for a time that runs in no claim. */
  clock: ClockName | null;
  /** Phases from which a claim has yet to reach the clock. */
  before: Phase[];
}

const undecided: Phase[] = ['draft', 'submitted', 'under_review', 'action_required'];
/** A dispute reopens a rejected claim. */
const approvable: Phase[] = [...undecided, 'rejected', 'disputed'];
const untilOfficial: Phase[] = [...approvable, 'consent_pending'];

/** When each clock starts (domain.md 4.2), told by the phases that come before. An answered request submits the claim again. */
const clockFields: ClockField[] = [
  { field: 'reviewStartBusinessDays', clock: 'K1', before: ['draft', 'action_required'] },
  { field: 'reviewDecisionBusinessDays', clock: 'K2', before: ['draft', 'submitted'] },
  { field: 'answerBusinessDays', clock: 'K4', before: approvable },
  { field: 'consentWindow', clock: 'K5', before: approvable },
  { field: 'disputeCalendarDays', clock: 'K7', before: undecided },
  { field: 'disputeAnswerBusinessDays', clock: 'K8', before: [...undecided, 'rejected'] },
  { field: 'hearingBusinessDays', clock: 'K9', before: [...untilOfficial, 'official'] },
  { field: 'coolDownCalendarDays', clock: null, before: [...untilOfficial, 'official'] },
  { field: 'expiryNoticeDays', clock: 'K13', before: [...untilOfficial, 'official'] },
];

/** Counts the claims that each changed clock would reach. A clock takes the length that is in force when it starts. */
export function clockEffects(groups: ClaimGroup[], from: Clocks, to: Clocks): ClockEffect[] {
  const count = (isCounted: (group: ClaimGroup) => boolean) => groups.filter(isCounted).reduce((sum, { claims }) => sum + claims, 0);
  return clockFields
    .filter(({ field }) => JSON.stringify(from[field]) !== JSON.stringify(to[field]))
    .map(({ field, clock, before }) => {
      const runs = ({ running }: ClaimGroup) => clock !== null && running.includes(clock);
      return {
        field: `clocks.${field}`,
        from: from[field],
        to: to[field],
        ahead: count((group) => before.includes(group.phase) && !runs(group) && !isOver(group, clock)),
        running: count(runs),
      };
    });
}

/** A window that has passed does not open again, and a rejection that can no longer be disputed is the end. */
const isOver = ({ phase, running, isWindowPassed }: ClaimGroup, clock: ClockName | null): boolean =>
  (clock === 'K5' && isWindowPassed) || (phase === 'rejected' && !running.includes('K7'));
