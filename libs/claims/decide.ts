import { applyRule, commandTable } from './command-table.js';
import type { ClaimCommand } from './commands.js';
import type { DecisionContext } from './context.js';
import type { ClaimEvent } from './events.js';
import { type Finding, Refusal, refuse } from './findings.js';
import type { ClaimState } from './state.js';

/** What the rules made of a command: facts, or everything that was wrong. */
export type Decision = { events: ClaimEvent[] } | { refused: Finding[] };

/** Decides a command. Pure: the same state, command and context always give the same decision. */
export function decide(state: ClaimState, command: ClaimCommand, context: DecisionContext): Decision {
  try {
    refuseUndecidable(state, command, context);
    const by = { kind: command.actor.kind, subject: command.actor.subject };
    return { events: applyRule(state, command, context).map((event) => ({ by, ...event })) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.findings };
    throw error;
  }
}

function refuseUndecidable(state: ClaimState, { type }: ClaimCommand, { facts }: DecisionContext): void {
  if (state.version === 0 && type !== 'draftClaim') refuse('not_found', 'There is no such claim.');
  // A draft is saved while the directory is silent: its submission asks again. What is submitted is never decided unchecked.
  const isChecked = commandTable[type].needsDirectory && (type === 'submitClaim' || state.submission > 0);
  if (isChecked && facts === null) refuse('service_unavailable', 'The customer directory has not answered. Try again later.');
}
