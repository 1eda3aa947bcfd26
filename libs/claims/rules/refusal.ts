import { isBefore } from '../instants.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event, type SettledClaim } from '../events.js';
import { lineTarget } from '../evolve.js';
import { refuse } from '../findings.js';
import type { LineDetails } from '../details.js';
import { openPhases } from '../phases.js';
import { type ClaimState, type LineState, linesIn, targetOf } from '../state.js';
import { barsOf, refuseErrors } from '../validation/validate.js';
import { numbers } from './phase-guard.js';

/** Settles this claim's open lines on targets that the customer refused through another of the company's claims (R29). */
export function recordRefusal(state: ClaimState, { body }: CommandOf<'recordRefusal'>, context: DecisionContext): DecidedEvent[] {
  const lines = linesIn(state, openPhases).filter((line) => body.targets.includes(lineTarget(state, line)));
  return lines.length === 0 ? [] : [settledByRefusal(lines, context)];
}

/** Rejects lines finally, because a customer's refusal cannot be disputed (R13), regardless of the claim it was about. */
export const settledByRefusal = (lines: LineState[], { now }: DecisionContext): DecidedEvent =>
  event('LinesRejected', now, { lines: numbers(lines), reason: 'customer_refused_target', textId: null, isFinal: true, clocks: [] });

/** Returns the company's other claims that are open on these targets, or on any related target. */
export function settledWith({ own }: DecisionContext, targets: string[] | 'all'): { settles?: SettledClaim[] } {
  const settled = own.filter(({ target }) => targets === 'all' || targets.includes(target));
  const settles = [...Map.groupBy(settled, ({ claimId }) => claimId)].map(([claimId, lines]) => ({
    claimId,
    targets: [...new Set(lines.map(({ target }) => target))].sort(),
  }));
  return settles.length === 0 ? {} : { settles };
}

/** Whether the customer refused the company the line's target after being notified of the line and no later than an instant. */
export function isRefusedSince(state: ClaimState, line: LineState, upTo: string, { refusals }: DecisionContext): boolean {
  const target = lineTarget(state, line);
  const notices = state.notices.filter((notice) => notice.lines.includes(line.line));
  const isOvertaken = (refusedAt: string) => notices.some(({ requestedAt }) => isBefore(refusedAt, requestedAt));
  return refusals.some((refusal) => refusal.target === target && !isBefore(upTo, refusal.at) && !isOvertaken(refusal.at));
}

/** Refuses to proceed on a notice that a later refusal by the customer has overtaken. */
export function refuseRefused(state: ClaimState, lines: LineState[], context: DecisionContext): void {
  const refused = lines.find((line) => isRefusedSince(state, line, context.now, context));
  if (refused === undefined) return;
  const message = 'The customer has refused this target since being notified of this line. Only a new claim with a new notice can proceed.';
  refuse('customer_refused_target', message, { field: 'lines', line: refused.line });
}

/** Whether the company may not gain a target without a claim: it has been refused there, or the target is held. */
export function isBarred(state: ClaimState, line: LineDetails, context: DecisionContext): boolean {
  const target = targetOf(state.details, line, state.exclusivityKey);
  return context.holders.some((holder) => holder.target === target) || barsOf(state, context, [line.line]).length > 0;
}

/** Checks the company's duplicates, the customer's block and the cool-down again at every step towards official (R29). */
export const refuseBarred = (state: ClaimState, lines: LineState[], context: DecisionContext): void => {
  refuseErrors(barsOf(state, context, numbers(lines)));
};
