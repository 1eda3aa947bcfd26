import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { undecidedPhases } from '../phases.js';
import type { ClaimState } from '../state.js';
import { linesToActOn, numbers } from './phase-guard.js';

/** Withdraws the claim, or lines of it, before they are official; open notices become void (domain.md 3.2). */
export function withdrawClaim(state: ClaimState, { body }: CommandOf<'withdrawClaim'>, context: DecisionContext): DecidedEvent[] {
  const lines = linesToActOn(state, undecidedPhases, body.lines, 'withdraw it');
  return [event('ClaimWithdrawn', context.now, { lines: numbers(lines), textId: body.textId ?? null })];
}
