import { clockRules, extendableClocks, type RunningClock } from '../clocks.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import type { ClaimState } from '../state.js';
import { linesToActOn } from './phase-guard.js';
import { refuseSelfReview } from './self-review.js';

/**
 * Extends a deadline on record: once per request for an answer, as often as needed for the customer's window or a holder's hearing
 * (domain.md 4.1, 4.2). The clock's full length is added to its deadline, so a deadline never moves back.
 */
export function extendDeadline(state: ClaimState, { actor, body }: CommandOf<'extendDeadline'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const { clock } = body;
  const lines = linesToActOn(state, clockRules[clock].phases, body.lines, `extend ${clock} (${clockRules[clock].title})`).map(
    ({ line }) => line,
  );
  const running = state.clocks.filter((candidate) => candidate.clock === clock && candidate.lines.some((line) => lines.includes(line)));
  if (running.length === 0)
    refuse('clock_not_running', `The clock ${clock} (${clockRules[clock].title}) is not running for any of these lines.`, {
      field: 'clock',
    });
  const asked = (line: number) => state.requests.findLast((request) => request.lines.includes(line));
  if (clock === 'K4' && lines.some((line) => asked(line)?.isExtended)) {
    refuse('already_extended', 'The partner has already been given more time for this request. A request can be extended only once.', {
      field: 'clock',
    });
  }
  return running.map(({ deadline: { dueAt }, lines: covered }) =>
    event('DeadlineExtended', context.now, {
      clock,
      lines: covered,
      from: dueAt,
      deadline: longer(clock, dueAt, context),
      textId: body.textId ?? null,
    }),
  );
}

export const isExtendable = ({ clock }: RunningClock): boolean => extendableClocks.some((extendable) => extendable === clock);

function longer(clock: CommandOf<'extendDeadline'>['body']['clock'], dueAt: string, context: DecisionContext) {
  const { answerBusinessDays, consentWindow, hearingBusinessDays } = context.policyInForce.clocks;
  switch (clock) {
    case 'K4':
      return context.deadline(dueAt, answerBusinessDays, 'business_day');
    case 'K5':
      return context.deadline(dueAt, consentWindow.days, consentWindow.unit);
    case 'K9':
      return context.deadline(dueAt, hearingBusinessDays, 'business_day');
  }
}
