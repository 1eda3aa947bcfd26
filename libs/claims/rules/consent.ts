import type { CommandBodies, CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { lineTarget } from '../evolve.js';
import { openPhases, undecidedPhases } from '../phases.js';
import { type ClaimState, isHeldBack, type LineState, linesIn, noticesTo } from '../state.js';
import { blockPartner } from './block.js';
import { officialNow } from './official.js';
import { noticeOf } from './notice.js';
import { linesToActOn, numbers } from './phase-guard.js';
import { settledByRefusal, settledWith } from './refusal.js';
import { refuseSelfReview } from './self-review.js';

/**
 * The customer refuses. Before official the line is declined; after it, the association ends at the instant of the refusal (K6).
 * By the time this runs, a window whose deadline lies before that instant has closed already, so the phase alone tells which.
 */
export function optOut(state: ClaimState, { body }: CommandOf<'optOut'>, context: DecisionContext): DecidedEvent[] {
  const named = linesOf(state, body);
  const declined = linesIn(state, undecidedPhases, named).filter(isAwaitingCustomer);
  const official = linesIn(state, ['official'], named);
  if (declined.length === 0 && official.length === 0) {
    const isUntold = linesIn(state, undecidedPhases, named).length > 0;
    if (isUntold) refuse('customer_not_told', 'The customer has not been told of this claim yet, so there is nothing to decline.');
    refuse('nothing_to_decline', 'No line of this claim is open or official any more.');
  }
  const days = context.policyInForce.clocks.coolDownCalendarDays;
  const coolDown = days === 0 ? undefined : context.deadline(context.now, days, 'calendar_day');
  const from = {
    noticeId: body.noticeId ?? null,
    recipientId: body.recipientId ?? null,
    textId: body.textId ?? null,
    ...(coolDown && { coolDown }),
  };
  const saidOf = (lines: LineState[]) => {
    const targets = lines.map((line) => lineTarget(state, line));
    return { lines: numbers(lines), ...from, ...settledWith(context, targets) };
  };
  return [
    ...(declined.length === 0 ? [] : [event('CustomerDeclined', context.now, saidOf(declined))]),
    ...(official.length === 0 ? [] : [event('AssociationEnded', context.now, { reason: 'customer_revoked', ...saidOf(official) })]),
    ...(body.blockPartner ? block(state, declined, from.recipientId, context) : []),
  ];
}

/** Whoever bars a company refuses whatever else it has open on the tenant, in this claim and in others. */
function block(state: ClaimState, declined: LineState[], recipientId: string | null, context: DecisionContext): DecidedEvent[] {
  const open = linesIn(state, openPhases).filter((line) => !declined.includes(line));
  return [...blockPartner(state, recipientId, context), ...(open.length === 0 ? [] : [settledByRefusal(open, context)])];
}

/**
 * The customer accepts. An administrator of the tenant who is signed in ends the window early, or, before the approval, lets it take
 * effect with it; a contact's word is recorded and closes nothing, and neither bars a later refusal (R4, R5).
 */
export function acceptClaim(state: ClaimState, { body }: CommandOf<'acceptClaim'>, context: DecisionContext): DecidedEvent[] {
  const named = linesOf(state, body);
  const open = linesIn(state, undecidedPhases, named).filter(isAwaitingCustomer);
  if (open.length === 0) {
    const isUntold = linesIn(state, undecidedPhases, named).length > 0;
    if (isUntold) refuse('customer_not_told', 'The customer has not been told of this claim yet, so there is nothing to accept.');
    refuse('nothing_to_accept', 'No line of this claim waits for the customer any more.');
  }
  const { noticeId = null, recipientId = null, isTenantAdmin } = body;
  const accepted = event('CustomerAccepted', context.now, { lines: numbers(open), noticeId, recipientId, isTenantAdmin });
  const effective = isTenantAdmin ? open.filter((line) => line.phase === 'consent_pending' && !isHeldBack(line)) : [];
  return [accepted, ...(effective.length === 0 ? [] : officialNow(state, effective, context.now, context))];
}

/**
 * The lines that an answer is about. Whoever answers a notice speaks about what it was told of, by this notice or another of the claim:
 * the link of a first mail reaches a renewal too, and never a line of which the person was not told.
 */
function linesOf(state: ClaimState, { lines, noticeId, recipientId }: CommandBodies['optOut' | 'acceptClaim']): number[] {
  const isNamed = (line: number) => lines?.includes(line) ?? true;
  if (!noticeId) return numbers(state.lines).filter(isNamed);
  const notice = noticeOf(state, noticeId);
  const recipient = notice.recipients.find((one) => one.recipientId === recipientId);
  const notices = recipient === undefined ? [notice] : noticesTo(state, recipient.personId);
  return [...new Set(notices.flatMap((one) => one.lines))].filter(isNamed);
}

/** Whether the customer has been notified of an undecided line and can still answer. */
export const isAwaitingCustomer = ({ phase, noticeId }: LineState): boolean => undecidedPhases.includes(phase) && noticeId !== null;

/** A reviewer lets held lines go on; what held them must be in order by now. */
export function clearHold(state: ClaimState, { actor, body }: CommandOf<'clearHold'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const lines = linesToActOn(state, ['consent_pending'], body.lines, 'clear its hold').filter(isHeldBack);
  if (lines.length === 0) refuse('nothing_held', 'No line of this claim is held.');
  const events = officialNow(state, lines, context.now, context);
  const held = events.find((one) => one.type === 'LinesHeld');
  if (held !== undefined) {
    const [finding] = held.data.findings;
    refuse('hold_not_cleared', `Still held: ${finding?.message}`, finding?.line ? { line: finding.line } : {});
  }
  return events;
}
