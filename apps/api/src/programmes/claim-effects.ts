import type { Clocks } from '#libs/programmes/index.js';
import type { Phase } from '#libs/claims/index.js';

/** Claims of a programme that stand alike: in one phase, with the same clocks running. */
export interface ClaimGroup {
  phase: Phase;
  /** Names of the clocks that run, such as `K5`. */
  running: string[];
  claims: number;
}

export interface ClockEffect {
  /** Path of the length in the document. */
  field: string;
  from: unknown;
  to: unknown;
  /** Claims in which the clock may still start: it then has the new length. */
  ahead: number;
  /** Claims in which it runs: their deadline stays. */
  running: number;
}

interface ClockField {
  field: keyof Clocks;
  /** Null for a clock that never runs by itself. */
  clock: string | null;
  /** Phases from which the clock may still start. */
  before: Phase[];
}

const undecided: Phase[] = ['draft', 'submitted', 'under_review', 'action_required'];
const untilOfficial: Phase[] = [...undecided, 'consent_pending'];

/** When each clock starts (domain.md 4.2), told by the phases in which it may still do so. */
const clockFields: ClockField[] = [
  { field: 'reviewStartBusinessDays', clock: 'K1', before: ['draft'] },
  { field: 'reviewDecisionBusinessDays', clock: 'K2', before: ['draft', 'submitted'] },
  { field: 'answerBusinessDays', clock: 'K4', before: undecided },
  { field: 'consentWindow', clock: 'K5', before: undecided },
  { field: 'disputeCalendarDays', clock: 'K7', before: untilOfficial },
  { field: 'disputeAnswerBusinessDays', clock: 'K8', before: [...untilOfficial, 'rejected'] },
  { field: 'hearingBusinessDays', clock: 'K9', before: [...untilOfficial, 'official'] },
  { field: 'coolDownCalendarDays', clock: null, before: untilOfficial },
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
        ahead: count((group) => before.includes(group.phase) && !runs(group)),
        running: count(runs),
      };
    });
}
