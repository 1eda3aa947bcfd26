import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CommandType, Position } from '#libs/claims/index.js';

/** A waker: the command itself lies in the claim's inbox. */
export interface CommandReference {
  commandId: string;
}

export interface ClaimReference {
  claimId: string;
}

export interface AssociationReference extends ClaimReference {
  associationId: string;
}

/** Answers of the query: what the claim waits for, who moves next, and what the workflow itself is doing. */
export interface ClaimProcessView extends ClaimReference {
  step: 'waiting' | 'draining_inbox' | 'querying_directory' | 'notifying_others';
  noticesUnderWay: string[];
  position: Position | null;
}

/** A draft is made in the API's process. Whatever else a caller may send can meet a claim that has a workflow, if only to be refused. */
type WorkflowCommand = Exclude<CommandType, 'draftClaim'>;

// A record, so that the compiler asks for every command.
const commandNames: Record<WorkflowCommand, true> = {
  submitClaim: true,
  editClaim: true,
  discardDraft: true,
  addEvidence: true,
  addComment: true,
  startReview: true,
  requestInformation: true,
  approveClaim: true,
  rejectClaim: true,
  withdrawClaim: true,
  recordNoticeDelivery: true,
  reportBounce: true,
  optOut: true,
  recordRefusal: true,
  clearHold: true,
  openDispute: true,
  decideDispute: true,
  acceptClaim: true,
  liftBlock: true,
  resendNotice: true,
  extendDeadline: true,
  warnHolder: true,
  askCustomerToChoose: true,
  chooseRival: true,
  decideRivals: true,
  recordRivals: true,
  supersedeAssociation: true,
  endAssociation: true,
  transferAssociation: true,
  checkAssociation: true,
};

/** One Update per command, named after it; each answers once the command has its outcome. */
export const commandUpdates = Object.keys(commandNames).map((name) => defineUpdate<CommandReference, [CommandReference]>(name));

/** What a signal from any Temporal client may carry: a stored command, or the message itself. */
export type SignalBody = CommandReference | Record<string, unknown> | undefined;

/** A signal that names a command: most likely it is stored; whoever carries out the inbox looks. */
export interface NamingSignal {
  name: SignalCommand;
  commandId: string;
  /** The same for each delivery of this signal. */
  key: string;
  body: object;
}

export const signalCommands = ['optOut', 'requestInformation'] as const;
export type SignalCommand = (typeof signalCommands)[number];
export const commandSignals = signalCommands.map((name) => defineSignal<[SignalBody], SignalCommand>(name));

/** Rings without a message: the reconciliation found something left lying. */
export const wakeSignal = defineSignal('wake');

/** Tells an association's workflow that something was done about it. */
export const changedSignal = defineSignal('changed');

export const claimProcessQuery = defineQuery<ClaimProcessView>('claimProcess');
