import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Position } from '#libs/claims/index.js';
import type { Execution } from '#libs/inbox/index.js';

/** What a message about a command carries: the command itself is stored in the claim's inbox. */
export interface CommandReference {
  commandId: string;
}

export interface ClaimReference {
  claimId: string;
}

export interface AssociationReference extends ClaimReference {
  associationId: string;
}

/** The query's answer: what the claim waits for, who moves next, and what the workflow is doing. */
export interface ClaimProcessView extends ClaimReference {
  step: 'waiting' | 'draining_inbox' | 'querying_directory' | 'notifying_others';
  noticesUnderWay: string[];
  position: Position | null;
}

/** What the API signals under a command's name once it has executed the command. */
export interface ExecutedCommand extends CommandReference {
  execution: Execution;
}

/** What a Temporal client may signal: an executed command, a stored one, or the message itself. */
export type SignalBody = ExecutedCommand | CommandReference | Record<string, unknown> | undefined;

/** Distinguishes an executed command from whatever else a client may send. */
export function isExecuted(body: unknown): body is ExecutedCommand {
  const { execution } = (body ?? {}) as Partial<ExecutedCommand>;
  return typeof execution?.position?.version === 'number';
}

/** A signal that names a command. The step that executes the inbox checks whether the command is stored. */
export interface NamingSignal {
  name: SignalCommand;
  commandId: string;
  /** Identical for every delivery of this signal. */
  key: string;
  body: object;
}

const signalCommands = ['optOut', 'requestInformation'] as const;
export type SignalCommand = (typeof signalCommands)[number];
export const commandSignals = signalCommands.map((name) => defineSignal<[SignalBody], SignalCommand>(name));

/** Wakes a workflow without a message: the reconciliation found unprocessed work. */
export const wakeSignal = defineSignal('wake');

/** Notifies an association's workflow that the association has changed. */
export const changedSignal = defineSignal('changed');

export const claimProcessQuery = defineQuery<ClaimProcessView>('claimProcess');
