import { Inject, Injectable } from '@nestjs/common';
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
  executeCommands,
  findCommand,
  findCreatingCommand,
  sendCommand,
  type SentCommand,
} from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { type ClaimRow, findClaim } from '#libs/read-models/index.js';
import { DIRECTORY } from '../api.config.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { actorOf } from './actor.js';
import { operationPath } from '../operations/operation.view.js';
import { WorkflowWaker } from './workflow-waker.js';

export interface CommandRequest<Type extends CommandType> {
  caller: Caller;
  claimId: string;
  type: Type;
  body: CommandBodies[Type] | ContentReader<Type>;
  /** What the caller sent, to tell a retry from a different request under the same key. */
  sent: unknown;
  expectedVersion?: number | undefined;
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
  wasSubmitted: boolean;
  /** Whether the directory did not give a needed answer in time, so that waiting for the outcome is pointless. */
  isUnanswered: boolean;
  /** Whether the command was stored before. If omitted, an existing outcome implies it. */
  isRepeat?: boolean;
}

/** Handles every command that an HTTP request sends to a claim: stores it, has it executed and reads its outcome. */
@Injectable()
export class CommandService {
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
      expectedVersion: request.expectedVersion,
      request: { type, claimId, sent: request.sent },
    };
    const accepted = storedOrThrow(await this.send(command, request.alongside));
    const isUnanswered = commandTable[type].needsDirectory === true && evidence === null;
    return this.settle(
      { claimId, partnerAccountId: claim.partnerAccountId, wasSubmitted: claim.state.submission > 0, isUnanswered },
      accepted,
      caller,
    );
  }

  /** Has a stored command executed, unless it already was, and reads its outcome. */
  async settle(claim: CommandedClaim, command: AcceptedCommand, { scope, prefersAsync }: Caller): Promise<Settlement> {
    const settled = command.outcome === null ? await this.executeCommand(claim, command, prefersAsync || claim.isUnanswered) : command;
    const isReplay = claim.isRepeat ?? command.outcome !== null;
    return {
      command: settled,
      isReplay,
      claim: settled.outcome === null ? null : await findClaim(this.source.manager, scope, claim.claimId),
    };
  }

  private async executeCommand(claim: CommandedClaim, command: AcceptedCommand, isAsync: boolean): Promise<AcceptedCommand> {
    const isOfDraft = !claim.wasSubmitted && commandTable[command.type as CommandType].isForDraft === true;
    if (isOfDraft) await executeCommands(this.source, this.library, claim.claimId);
    else if (isAsync) this.waker.wake(claim);
    const mayBeSettled = isOfDraft || (!isAsync && (await this.waker.executeCommand(claim, command.type, command.commandId)));
    return (mayBeSettled && (await findCommand(this.source.manager, command.commandId))) || command;
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
    return askDirectoryInTime(this.directory, this.source, claimId, details, options);
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
