import type { CommandBodies, CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { lineTarget } from '../evolve.js';
import { undecidedPhases } from '../phases.js';
import { type ClaimState, isHeldBack, type LineState, linesIn, noticesTo } from '../state.js';
import { block } from './block.js';
import { officialNow } from './official.js';
import { noticeOf } from './notice.js';
import { linesToActOn, numbers } from './phase-guard.js';
import { settledWith } from './refusal.js';
import { refuseSelfReview } from './self-review.js';

/**
 * Records the customer's refusal: an undecided line is declined, and an official line's association ends at that instant (K6). Every window
 * whose deadline lies before that instant has already closed, so the phase alone decides which.
 */
export function optOut(state: ClaimState, { body }: CommandOf<'optOut'>, context: DecisionContext): DecidedEvent[] {
  const named = linesOf(state, body);
  const declined = linesIn(state, undecidedPhases, named).filter(isAwaitingCustomer);
  const official = linesIn(state, ['official'], named);
  if (declined.length === 0 && official.length === 0) {
    const isUnnotified = linesIn(state, undecidedPhases, named).length > 0;
    if (isUnnotified) refuse('customer_not_told', 'The customer has not been notified of this claim yet, so there is nothing to decline.');
    refuse('nothing_to_decline', 'No line of this claim is still open or official.');
  }
  const days = context.policyInForce.clocks.coolDownCalendarDays;
  const coolDown = days === 0 ? undefined : context.deadline(context.now, days, 'calendar_day');
  const from = {
    noticeId: body.noticeId ?? null,
    recipientId: body.recipientId ?? null,
    textId: body.textId ?? null,
    ...(coolDown && { coolDown }),
  };
  const dataFor = (lines: LineState[]) => {
    const targets = lines.map((line) => lineTarget(state, line));
    return { lines: numbers(lines), ...from, ...settledWith(context, targets) };
  };
  return [
    ...(declined.length === 0 ? [] : [event('CustomerDeclined', context.now, dataFor(declined))]),
    ...(official.length === 0 ? [] : [event('AssociationEnded', context.now, { reason: 'customer_revoked', ...dataFor(official) })]),
    ...(body.blockPartner ? block(state, declined, { recipientId: from.recipientId }, context) : []),
  ];
}

/**
 * Records the customer's acceptance. A signed-in tenant administrator closes the window early or, before the approval, makes the line
 * official on approval. A contact's acceptance is only recorded. Neither prevents a later refusal (R4, R5).
 */
export function acceptClaim(state: ClaimState, { body }: CommandOf<'acceptClaim'>, context: DecisionContext): DecidedEvent[] {
  const named = linesOf(state, body);
  const open = linesIn(state, undecidedPhases, named).filter(isAwaitingCustomer);
  if (open.length === 0) {
    const isUnnotified = linesIn(state, undecidedPhases, named).length > 0;
    if (isUnnotified) refuse('customer_not_told', 'The customer has not been notified of this claim yet, so there is nothing to accept.');
    refuse('nothing_to_accept', 'No line of this claim is still waiting for the customer.');
  }
  const { noticeId = null, recipientId = null, isTenantAdmin } = body;
  const accepted = event('CustomerAccepted', context.now, { lines: numbers(open), noticeId, recipientId, isTenantAdmin });
  const effective = isTenantAdmin ? open.filter((line) => line.phase === 'consent_pending' && !isHeldBack(line)) : [];
  return [accepted, ...(effective.length === 0 ? [] : officialNow(state, effective, context.now, context))];
}

/**
 * Returns the lines that an answer covers: those of which the person was notified, by this notice or another of the claim. The link in a
 * first mail thus covers a renewal too, but never a line of which the person was not notified.
 */
function linesOf(state: ClaimState, { lines, noticeId, recipientId }: CommandBodies['optOut' | 'acceptClaim']): number[] {
  const isNamed = (line: number) => lines?.includes(line) ?? true;
  if (!noticeId) return numbers(state.lines).filter(isNamed);
  const notice = noticeOf(state, noticeId);
  const recipient = notice.recipients.find((candidate) => candidate.recipientId === recipientId);
  const notices = recipient === undefined ? [notice] : noticesTo(state, recipient.personId);
  return [...new Set(notices.flatMap((answered) => answered.lines))].filter(isNamed);
}

/** Whether the customer has been notified of an undecided line and can still answer. */
export const isAwaitingCustomer = ({ phase, noticeId }: LineState): boolean => undecidedPhases.includes(phase) && noticeId !== null;

/** Releases held lines, provided the checks that held them now pass. */
export function clearHold(state: ClaimState, { actor, body }: CommandOf<'clearHold'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const lines = linesToActOn(state, ['consent_pending'], body.lines, 'clear its hold').filter(isHeldBack);
  if (lines.length === 0) refuse('nothing_held', 'No line of this claim is on hold.');
  const events = officialNow(state, lines, context.now, context);
  const held = events.find((decided) => decided.type === 'LinesHeld');
  if (held !== undefined) {
    const [finding] = held.data.findings;
    refuse('hold_not_cleared', `Still on hold: ${finding?.message}`, finding?.line ? { line: finding.line } : {});
  }
  return events;
}
