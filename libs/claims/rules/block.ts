import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { openPhases } from '../phases.js';
import { type ClaimState, type LineState, linesIn } from '../state.js';
import { settledByRefusal, settledWith } from './refusal.js';

/** Blocks the partner without refusing a claim. What is official stays, because the customer ends an association by itself. */
export function blockPartner(state: ClaimState, { body }: CommandOf<'blockPartner'>, context: DecisionContext): DecidedEvent[] {
  if (!isCustomerTold(state))
    refuse('customer_not_told', 'The customer has not been told of this claim, so it cannot block the partner through it.');
  return block(state, [], { recipientId: null, textId: body.textId ?? null }, context);
}

/** Whether the customer knows of the claim: it was notified of a line, or asked to choose between partners. */
export const isCustomerTold = ({ notices, choices }: ClaimState): boolean => notices.length > 0 || choices.length > 0;

/**
 * Bars the partner from claiming on the tenant again, and refuses everything that the company has open there, in this claim and others (R6, R29).
 * `declined`: lines that the same answer has refused already.
 */
export function block(
  state: ClaimState,
  declined: LineState[],
  from: { recipientId: string | null; textId?: string | null },
  context: DecisionContext,
): DecidedEvent[] {
  const open = linesIn(state, openPhases).filter((line) => !declined.includes(line));
  return [...blocked(state, from, context), ...(open.length === 0 ? [] : [settledByRefusal(open, context)])];
}

function blocked(
  state: ClaimState,
  from: { recipientId: string | null; textId?: string | null },
  context: DecisionContext,
): DecidedEvent[] {
  const { partnerAccountId, details, isPartnerBlocked } = state;
  if (isPartnerBlocked) return [];
  return [event('PartnerBlocked', context.now, { tenantId: details.tenantId, partnerAccountId, ...from, ...settledWith(context, 'all') })];
}

/** Lets the partner claim on the tenant again. */
export function liftBlock(state: ClaimState, _command: CommandOf<'liftBlock'>, context: DecisionContext): DecidedEvent[] {
  if (!state.isPartnerBlocked) refuse('nothing_blocked', 'The customer has not blocked the partner through this claim.');
  const { partnerAccountId, details } = state;
  return [event('PartnerUnblocked', context.now, { tenantId: details.tenantId, partnerAccountId })];
}
