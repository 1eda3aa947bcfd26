import type { ClockName, ClockStart, PausedClock } from '../clocks.js';
import type { DecisionContext } from '../context.js';
import { isBefore } from '../instants.js';
import { versionReference } from '../policy.js';
import type { ClaimState } from '../state.js';

/** Starts a clock that counts business days. */
export function businessClock(clock: ClockName, lines: number[], days: number, context: DecisionContext): ClockStart {
  const deadline = context.deadline(context.now, days, 'business_day');
  return { clock, lines, startedAt: context.now, deadline, policy: versionReference(context.policyInForce) };
}

/** Starts a review clock with the business days that each line has left, or all of them if the line was not paused. */
export function reviewClock(
  state: ClaimState,
  clock: PausedClock['clock'],
  lines: number[],
  days: number,
  context: DecisionContext,
): ClockStart[] {
  const left = (line: number) => state.paused.find((pause) => pause.clock === clock && pause.lines.includes(line))?.remainingDays ?? days;
  return [...new Set(lines.map(left))].map((daysLeft) =>
    businessClock(
      clock,
      lines.filter((line) => left(line) === daysLeft),
      daysLeft,
      context,
    ),
  );
}

/** Records the business days left on running review clocks; at least one, so that a resumed clock never ends immediately. */
export function pause(running: ClockStart[], lines: number[], context: DecisionContext): PausedClock[] {
  const today = context.localDate(context.now);
  return (['K2', 'K3'] as const).flatMap((name) =>
    running.flatMap(({ clock, lines: covered, deadline }) => {
      const paused = covered.filter((line) => lines.includes(line));
      if (clock !== name || paused.length === 0) return [];
      return [
        { clock: name, lines: paused, remainingDays: Math.max(1, deadline.countedDays.filter((day) => isBefore(today, day)).length) },
      ];
    }),
  );
}
