import type { ClockStart } from '../clocks.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { versionReference } from '../policy.js';
import type { ClaimState, LineState } from '../state.js';
import { fillSubscriptions } from '../validation/subscriptions.js';
import { refuseErrors, validate } from '../validation/validate.js';
import { requestNotice } from './notice.js';
import { linesToActOn, numbers } from './phase-guard.js';

/** Submits a draft, or resubmits what the partner was asked to mend (domain 3.2). */
export function submitClaim(state: ClaimState, command: CommandOf<'submitClaim'>, context: DecisionContext): DecidedEvent[] {
  // A draft without products has no lines yet; the rules below say what it lacks.
  const lines = state.lines.length === 0 ? [] : linesToActOn(state, ['draft', 'action_required'], undefined, command.type);
  if (lines.some((line) => line.phase === 'action_required')) refuseUnanswered(state);

  const filled = fillSubscriptions(state.details, context);
  const details = { ...state.details, lines: filled.lines };
  const findings = refuseErrors(validate('submit', { ...state, details }, context));
  const submitted = event('ClaimSubmitted', context.now, {
    submission: state.submission + 1,
    lines: numbers(lines),
    policy: versionReference(context.policy),
    acknowledgementVersion: details.acknowledgementVersion!,
    filled: filled.filled,
    findings,
    clocks: reviewClocks(state, numbers(lines), context),
  });
  const untold = lines.filter((line: LineState) => line.noticeId === null);
  if (context.policy.noticeTiming === 'on_approval' || untold.length === 0) return [submitted];
  return [submitted, requestNotice({ ...state, details }, untold, context)];
}

/** The partner must supply something and resubmit: a comment alone is no answer (domain 3.2, 7). */
function refuseUnanswered(state: ClaimState): void {
  const asked = state.requests.at(-1);
  if (asked === undefined || state.suppliedAtVersion >= asked.version) return;
  const message = 'Nothing was supplied since the request. Add evidence or change the claim first; a comment alone is no answer.';
  refuse('answer_required', message, { field: 'evidence' });
}

function reviewClocks(state: ClaimState, lines: number[], context: DecisionContext): ClockStart[] {
  const { reviewStartBusinessDays, reviewDecisionBusinessDays } = context.policy.clocks;
  const overall = state.paused.find(({ clock, lines: paused }) => clock === 'K3' && paused.some((line) => lines.includes(line)));
  const overallDays = overall?.remainingDays ?? reviewStartBusinessDays + reviewDecisionBusinessDays;
  const start = (clock: 'K1' | 'K3', days: number): ClockStart => ({
    clock,
    lines,
    startedAt: context.now,
    deadline: context.deadline(context.now, days, 'business_day'),
  });
  return [start('K1', reviewStartBusinessDays), start('K3', overallDays)];
}
