import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import type { ClaimState } from '../state.js';
import { settledWith } from './refusal.js';

/** Bars the partner from claiming on the tenant again; the customer may ask for this with its refusal (R6). */
export function blockPartner(state: ClaimState, recipientId: string | null, context: DecisionContext): DecidedEvent[] {
  const { partnerAccountId, details } = state;
  return state.isPartnerBlocked
    ? []
    : [event('PartnerBlocked', context.now, { tenantId: details.tenantId, partnerAccountId, recipientId, ...settledWith(context, 'all') })];
}

/** Lets the partner claim on the tenant again. */
export function liftBlock(state: ClaimState, _command: CommandOf<'liftBlock'>, context: DecisionContext): DecidedEvent[] {
  if (!state.isPartnerBlocked) refuse('nothing_blocked', 'The customer has not blocked the partner through this claim.');
  const { partnerAccountId, details } = state;
  return [event('PartnerUnblocked', context.now, { tenantId: details.tenantId, partnerAccountId })];
}
