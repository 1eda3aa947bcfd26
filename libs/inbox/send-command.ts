import type { EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { Actor, ClaimCommand, CommandBodies, CommandType, DirectoryFacts } from '#libs/claims/index.js';
import { type Acceptance, acceptCommand, type PersonalItem } from './accept-command.js';
import { fingerprintOf } from './command-id.js';

/** What a command says: its body, and the words that are stored apart from it. */
export interface CommandContent<Type extends CommandType> {
  body: CommandBodies[Type];
  personal?: PersonalItem[] | undefined;
}

export interface SentCommand<Type extends CommandType> extends CommandContent<Type> {
  /** Made by `commandIdOf` of the sender and its key. */
  commandId: string;
  claimId: string;
  type: Type;
  actor: Actor;
  /** What the sender asked for: under one id, the same request is a repeat, and any other a conflict. */
  request: unknown;
  /** The version that the sender has read, if the command depends on it. */
  expectedVersion?: number | undefined;
  /** The directory's answer, where the command needs one and it came in time. */
  facts?: DirectoryFacts | null | undefined;
}

/**
 * Stores a command in its claim's inbox: the one way in from outside, for the API, the customer's page, raw signals, mail results and imports.
 * The sender executes it at once (`sendAndExecute`), or wakes the claim's workflow, which does. What follows for other claims is stored by `consequences.ts`, and a claim
 * that is submitted as it is created by one statement of `libs/new-claims`. The path of an opt-out, from HTTP to event:
 *
 *   1. customer-page.service.ts (the link), opt-outs.controller.ts (the API) or accept-signal.activity.ts (a signal) reads what was sent.
 *   2. `sendCommand` builds the command; `acceptCommand` stamps `receivedAt` and stores it in `claim_commands`. The customer has its answer.
 *   3. `WorkflowWaker` (apps/api) signals `claimWorkflow`, whose mailbox runs the step `executeCommands`.
 *   4. `executeCommands` locks the claim and drains its inbox: `InboxPass` hands each command to `decide` (libs/claims).
 *   5. The rule of opt-outs in libs/claims returns the event `LinesDeclined`, or another that `receivedAt` calls for.
 *   6. `writeClaim` appends the event, updates the read rows and stores the command's outcome, all in one transaction.
 */
export function sendCommand<Type extends CommandType>(manager: EntityManager, sent: SentCommand<Type>): Promise<Acceptance> {
  const { type, actor, body, request, ...rest } = sent;
  // The compiler cannot see that a generic type and its body belong together.
  const command = { type, actor, body } as ClaimCommand;
  return acceptCommand(manager, { ...rest, command, fingerprint: fingerprintOf(request) });
}

/** Sets apart what a person typed: the command carries its id, so the words can be erased without touching an event. */
export const textItem = (commandId: string, words: string): PersonalItem => ({
  personId: uuidV5('text', commandId),
  kind: 'text',
  content: { text: words },
});

/** Builds the content of a command around words that a person may have typed; blank ones count as none. */
export function contentWithText<Body>(
  commandId: string,
  words: string | undefined,
  build: (textId: string | null) => Body,
): { body: Body; personal: PersonalItem[] } {
  if (words === undefined || words.trim() === '') return { body: build(null), personal: [] };
  const item = textItem(commandId, words);
  return { body: build(item.personId), personal: [item] };
}
