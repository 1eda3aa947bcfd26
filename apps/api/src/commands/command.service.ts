import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimDetails, commandTable, type CommandBodies, type CommandType } from '#libs/claims/index.js';
import type { DirectoryProvider } from '#libs/directory/index.js';
import {
  type Acceptance,
  type AcceptedCommand,
  askDirectoryInTime,
  type CommandContent as Content,
  type DirectoryEvidence,
  type Execution,
  findCommand,
  findCreatingCommand,
  sendAndExecute,
  sendCommand,
  type SentCommand,
} from '#libs/inbox/index.js';
import { databaseFaultOf, type ExpectedVersion } from '#libs/event-store/index.js';
import { RefusedClaim } from '#libs/new-claims/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { type ClaimRow, findClaim } from '#libs/read-models/index.js';
import { DIRECTORY } from '../api.config.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { actorOf } from './actor.js';
import { expectedVersionOf } from '../http/entity-tag.js';
import { operationPath } from '../operations/operation.view.js';
import { WaitingRoom } from './waiting-room.js';
import { WorkflowWaker } from './workflow-waker.js';

export interface CommandRequest<Type extends CommandType> {
  caller: Caller;
  claimId: string;
  type: Type;
  body: CommandBodies[Type] | ContentReader<Type>;
  /** What the caller sent, to tell a retry from a different request under the same key. */
  sent: unknown;
  ifMatch?: ExpectedVersion | undefined;
  /** Set when one request sends several commands. */
  purpose?: string;
  /** Written in the transaction that accepts the command. */
  alongside?: (manager: EntityManager, commandId: string) => Promise<void>;
}

/** Builds the content of a command from the claim's current state. */
export type ContentReader<Type extends CommandType> = (claim: ClaimRow, commandId: string) => CommandContent<Type>;

export interface CommandContent<Type extends CommandType> extends Content<Type> {
  /** The details to ask the directory about, if not those of the claim. */
  details?: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>;
}

/** A stored command, with its outcome if it was executed in time; the claim is null until it has been. */
export interface Settlement {
  command: AcceptedCommand;
  claim: ClaimRow | null;
  /** Whether this is the stored outcome of an earlier request. */
  isReplay: boolean;
}

/** What the execution of a command needs to know about its claim. */
export interface CommandedClaim {
  claimId: string;
  partnerAccountId: string;
  /** Whether anything was waited for before, so that a draft too has a workflow. */
  isOpen?: boolean;
  /** Whether the directory did not give a needed answer in time, so that waiting for the outcome is pointless. */
  isUnanswered: boolean;
}

/** Stores a command, and executes it in the same transaction if wanted. */
type StoreCommand = (isExecuted: boolean) => Promise<Stored>;

interface Stored {
  command: AcceptedCommand;
  /** Null when the command was only stored, or was executed before. */
  execution: Execution | null;
  /** Whether the command was stored before. If omitted, an outcome without an execution implies it. */
  isRepeat?: boolean;
}

type Settled = Pick<Settlement, 'command' | 'isReplay'>;

const settledOf = ({ command, execution, isRepeat }: Stored): Settled => ({
  command,
  isReplay: isRepeat ?? (command.outcome !== null && execution === null),
});

/** Whether an error is one of executing, after which a command can still be stored. */
const isOfExecution = (error: unknown): boolean =>
  !(error instanceof Problem || error instanceof RefusedClaim) && [null, 'database_overloaded'].includes(databaseFaultOf(error));

/** Handles every command that an HTTP request sends to a claim: stores it, has it executed and reads its outcome. */
@Injectable()
export class CommandService {
  private readonly logger = new Logger(CommandService.name);
  private readonly room = new WaitingRoom();

  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly waker: WorkflowWaker,
    @Inject(DIRECTORY) private readonly directory: DirectoryProvider,
  ) {}

  async handle<Type extends CommandType>(request: CommandRequest<Type>): Promise<Settlement> {
    const { caller, claimId, type } = request;
    const claim = await this.findFor(caller, claimId);
    const commandId = requestIdOf(caller, request.purpose);
    const content: CommandContent<Type> = isReader(request.body) ? request.body(claim, commandId) : { body: request.body };
    // A check must read current data.
    const isNew = type === 'checkAssociation';
    const details = content.details ?? claim.state.details;
    const evidence = commandTable[type].needsDirectory ? await this.askDirectory(claimId, details, { isNew }) : null;
    const command: SentCommand<Type> = {
      commandId,
      claimId,
      type,
      actor: actorOf(caller),
      body: content.body,
      personal: [...(content.personal ?? []), ...(evidence?.personal ?? [])],
      facts: evidence?.facts ?? null,
      expectedVersion: expectedVersionOf(request.ifMatch, claim.version),
      request: { type, claimId, sent: request.sent },
    };
    const { alongside } = request;
    const isUnanswered = commandTable[type].needsDirectory === true && evidence === null;
    const isOfDraft = claim.state.submission === 0 && commandTable[type].isForDraft === true;
    const store = async (isExecuted: boolean): Promise<Stored> => {
      const { acceptance, execution } = isExecuted
        ? await sendAndExecute(this.source, this.library, command, alongside && ((manager) => alongside(manager, commandId)))
        : { acceptance: await this.send(command, alongside), execution: null };
      return { command: storedOrThrow(acceptance), execution };
    };
    return this.execute(
      { claimId, partnerAccountId: claim.partnerAccountId, isOpen: claim.isOpen, isUnanswered },
      { type, isOfDraft },
      caller,
      store,
    );
  }

  /** Stores a command, has it executed and reads its outcome. */
  async execute(
    claim: CommandedClaim,
    { type, isOfDraft }: { type: CommandType; isOfDraft: boolean },
    { scope, prefersAsync }: Pick<Caller, 'scope' | 'prefersAsync'>,
    store: StoreCommand,
  ): Promise<Settlement> {
    const { command, isReplay } = isOfDraft
      ? settledOf(await this.executeOnDraft(claim, store))
      : await this.executeOrWake(claim, type, prefersAsync || claim.isUnanswered, store);
    const isSettled = command.outcome !== null;
    return { command, isReplay, claim: isSettled ? await findClaim(this.source.manager, scope, claim.claimId) : null };
  }

  /** A draft has no workflow: nothing but this process executes it. One starts as soon as somebody outside is asked to sign. */
  private async executeOnDraft(claim: CommandedClaim, store: StoreCommand): Promise<Stored> {
    const stored = await store(true);
    const { command, execution } = stored;
    if (execution !== null && (claim.isOpen || execution.position.isOpen || execution.hasLetters)) {
      this.waker.report(claim, command, execution);
    }
    return stored;
  }

  /**
   * Executes a submitted claim's command in this process while there is room for callers who wait, and tells the claim's workflow what the claim
   * waits for now. Otherwise the workflow executes it.
   */
  private async executeOrWake(claim: CommandedClaim, type: CommandType, isAsync: boolean, store: StoreCommand): Promise<Settled> {
    // Earlier submissions of the partner come first.
    const isBehindOthers = type === 'submitClaim' && this.waker.holdsAnyOf(claim.partnerAccountId);
    if (isAsync || isBehindOthers || !this.room.enter(claim)) {
      const stored = await store(false);
      if (stored.command.outcome === null) this.waker.wake(claim);
      return settledOf(stored);
    }
    try {
      const stored = await this.executeHere(claim, store);
      return stored.command.outcome === null ? await this.awaitWorkflow(claim, stored.command) : settledOf(stored);
    } finally {
      this.room.leave(claim);
    }
  }

  /** Stores and executes a command. One that could not be executed is only stored. */
  private async executeHere(claim: CommandedClaim, store: StoreCommand): Promise<Stored> {
    try {
      const stored = await store(true);
      if (stored.execution !== null) this.waker.report(claim, stored.command, stored.execution);
      return stored;
    } catch (error) {
      if (!isOfExecution(error)) throw error;
      this.logger.warn(`A command of claim ${claim.claimId} is left to its workflow: ${(error as Error).message}`);
      return store(false);
    }
  }

  /** Waits until the claim's workflow has executed a stored command: the directory is to be asked first, or another claim has to act. */
  private async awaitWorkflow(claim: CommandedClaim, command: AcceptedCommand): Promise<Settled> {
    const result = await this.waker.executeCommand(claim, command.type, command.commandId);
    if (result === 'silent') this.room.giveUpOn(claim.claimId);
    const settled = result === 'executed' ? await findCommand(this.source.manager, command.commandId) : null;
    return { command: settled ?? command, isReplay: false };
  }

  async find(scope: Scope, claimId: string): Promise<ClaimRow> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    return claim;
  }

  /** Finds a claim for its sender, who is referred to the operation while the claim is still being created. */
  async findFor({ scope, principal: { subject } }: Pick<Caller, 'scope' | 'principal'>, claimId: string): Promise<ClaimRow> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim !== null) return claim;
    const operationId = await findCreatingCommand(this.source.manager, claimId, subject);
    if (operationId === null) throw new Problem('not_found');
    const operation = operationPath(operationId);
    throw new Problem('claim_not_yet_made', { members: { operationId, operation }, headers: { 'Retry-After': '1' } });
  }

  /** Asks the directory. Returns null if it does not answer in time: a draft is saved regardless, and a workflow asks again. */
  askDirectory(
    claimId: string,
    details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>,
    options: { isNew?: boolean } = {},
  ): Promise<DirectoryEvidence | null> {
    return askDirectoryInTime(this.directory, claimId, details, options);
  }

  private send<Type extends CommandType>(command: SentCommand<Type>, alongside?: CommandRequest<Type>['alongside']): Promise<Acceptance> {
    if (alongside === undefined) return sendCommand(this.source.manager, command);
    return this.source.transaction(async (manager) => {
      const acceptance = await sendCommand(manager, command);
      if (acceptance.result === 'accepted') await alongside(manager, command.commandId);
      return acceptance;
    });
  }
}

function isReader<Type extends CommandType>(body: CommandRequest<Type>['body']): body is ContentReader<Type> {
  return typeof body === 'function';
}

/** Returns the accepted command, or throws the reason for which it was not stored. */
export function storedOrThrow(acceptance: Acceptance): AcceptedCommand {
  switch (acceptance.result) {
    case 'conflict':
      throw new Problem('idempotency_conflict');
    case 'claim_unknown':
      throw new Problem('not_found');
    default:
      return acceptance.command;
  }
}
