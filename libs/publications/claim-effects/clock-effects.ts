import { type ClockName, evidencePhases, type Phase } from '#libs/claims/index.js';
import type { Clocks, Policy } from '#libs/programmes/index.js';

/** What a programme says of its clocks. */
export type ClockLengths = Pick<Policy, 'clocks' | 'statementOfWork'>;

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
  field: `clocks.${keyof Clocks}` | 'statementOfWork.signing';
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
  { field: 'clocks.reviewStartBusinessDays', clock: 'K1', before: ['draft', 'action_required'] },
  { field: 'clocks.reviewDecisionBusinessDays', clock: 'K2', before: ['draft', 'submitted'] },
  { field: 'clocks.answerBusinessDays', clock: 'K4', before: approvable },
  { field: 'clocks.consentWindow', clock: 'K5', before: approvable },
  { field: 'clocks.disputeCalendarDays', clock: 'K7', before: undecided },
  { field: 'clocks.disputeAnswerBusinessDays', clock: 'K8', before: [...undecided, 'rejected'] },
  { field: 'clocks.hearingBusinessDays', clock: 'K9', before: [...untilOfficial, 'official'] },
  { field: 'clocks.coolDownCalendarDays', clock: null, before: [...untilOfficial, 'official'] },
  { field: 'clocks.expiryNoticeDays', clock: 'K13', before: [...untilOfficial, 'official'] },
  { field: 'statementOfWork.signing', clock: 'K15', before: evidencePhases },
];

function lengthAt({ clocks, statementOfWork }: ClockLengths, field: ClockField['field']): unknown {
  return field === 'statementOfWork.signing' ? statementOfWork?.signing : clocks[field.slice('clocks.'.length) as keyof Clocks];
}

/**
 * Counts the claims that each changed clock would reach. A clock takes the length that is in force when it starts. A clock that only one of
 * the versions has is not compared.
 */
export function clockEffects(groups: ClaimGroup[], from: ClockLengths, to: ClockLengths): ClockEffect[] {
  const count = (isCounted: (group: ClaimGroup) => boolean) => groups.filter(isCounted).reduce((sum, { claims }) => sum + claims, 0);
  return clockFields.flatMap(({ field, clock, before }) => {
    const lengths = { from: lengthAt(from, field), to: lengthAt(to, field) };
    const isCompared = lengths.from !== undefined && lengths.to !== undefined;
    if (!isCompared || JSON.stringify(lengths.from) === JSON.stringify(lengths.to)) return [];
    const runs = ({ running }: ClaimGroup) => clock !== null && running.includes(clock);
    const ahead = count((group) => before.includes(group.phase) && !runs(group) && !isOver(group, clock));
    return [{ field, ...lengths, ahead, running: count(runs) }];
  });
}

/** A window that has passed does not open again, and a rejection that can no longer be disputed is the end. */
const isOver = ({ phase, running, isWindowPassed }: ClaimGroup, clock: ClockName | null): boolean =>
  (clock === 'K5' && isWindowPassed) || (phase === 'rejected' && !running.includes('K7'));
