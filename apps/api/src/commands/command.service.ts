import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimDetails, commandTable, type CommandBodies, type CommandType } from '#libs/claims/index.js';
import type { DirectoryProvider } from '#libs/directory/index.js';
import {
  type Acceptance,
  type AcceptedCommand,
  acceptCommand,
  askDirectoryInTime,
  type DirectoryEvidence,
  executeCommands,
  findCommand,
  findMaking,
  fingerprintOf,
  type NewCommand,
  type PersonalItem,
} from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { type ClaimRow, findClaim } from '#libs/read-models/index.js';
import { DIRECTORY } from '../api.config.js';
import { type Caller, formerRequestIdOf, requestIdOf } from '../auth/caller.js';
import { actorOf } from './actor.js';
import { operationPath } from '../operations/operation.view.js';
import { WorkflowWaker } from './workflow-waker.js';

export interface CommandRequest<Type extends CommandType> {
  caller: Caller;
  claimId: string;
  type: Type;
  body: CommandBodies[Type] | ContentReader<Type>;
  /** What the caller sent, to tell a repeat from another request under the same key. */
  sent: unknown;
  expectedVersion?: number | undefined;
  /** Set when one request makes several commands. */
  purpose?: string;
  /** Written in the transaction that accepts the command. */
  alongside?: (manager: EntityManager, commandId: string) => Promise<void>;
}

/** Makes the content of a command from the claim as it stands. */
export type ContentReader<Type extends CommandType> = (claim: ClaimRow, commandId: string) => CommandContent<Type>;

export interface CommandContent<Type extends CommandType> {
  body: CommandBodies[Type];
  personal?: PersonalItem[];
  /** The details that the directory is to be asked about, if not those of the claim. */
  details?: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>;
}

/** A command as far as it has come; without an outcome it is stored and will be carried out. A claim that is still to be made is null. */
export interface Settlement {
  command: AcceptedCommand;
  claim: ClaimRow | null;
  /** Whether its outcome was there before this request: the caller has sent it before. */
  isReplay: boolean;
}

/** What must be known of a claim to have a command carried out. */
export interface CommandedClaim {
  claimId: string;
  partnerAccountId: string;
  wasSubmitted: boolean;
  /** Whether the directory gave no answer that the command needs: then waiting for an outcome is in vain. */
  isUnanswered: boolean;
  /** Whether the command was stored before; left out where an outcome that is there already says so. */
  isRepeat?: boolean;
}

/** The one way from an HTTP request into a claim: store the command, have it carried out, read its outcome. */
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
    // Whoever has something checked means to hear what is true now.
    const isNew = type === 'checkAssociation';
    const details = content.details ?? claim.state.details;
    const evidence = commandTable[type].needsDirectory ? await this.askDirectory(claimId, details, { isNew }) : null;
    const command: NewCommand = {
      commandId,
      claimId,
      command: { type, actor: actorOf(caller), body: content.body } as NewCommand['command'],
      expectedVersion: request.expectedVersion,
      fingerprint: fingerprintOf({ type, claimId, sent: request.sent }),
      personal: [...(content.personal ?? []), ...(evidence?.personal ?? [])],
      facts: evidence?.facts ?? null,
      formerId: formerRequestIdOf(caller, request.purpose),
    };
    const accepted = storedOrThrow(await this.accept(command, request.alongside));
    const isUnanswered = commandTable[type].needsDirectory === true && evidence === null;
    return this.settle(
      { claimId, partnerAccountId: claim.partnerAccountId, wasSubmitted: claim.state.submission > 0, isUnanswered },
      accepted,
      caller,
    );
  }

  /** Has a stored command carried out, where it is due, and reads what became of it. */
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
    const isDrafts = !claim.wasSubmitted && commandTable[command.type as CommandType].isForDraft === true;
    if (isDrafts) await executeCommands(this.source, this.library, claim.claimId);
    else if (isAsync) this.waker.wake(claim);
    const mayBeSettled = isDrafts || (!isAsync && (await this.waker.executeCommand(claim, command.type, command.commandId)));
    return (mayBeSettled && (await findCommand(this.source.manager, command.commandId))) || command;
  }

  async find(scope: Scope, claimId: string): Promise<ClaimRow> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    return claim;
  }

  /** The same for a caller who may have sent the claim a moment ago, and is then told that it is on its way. */
  async findFor({ scope, principal: { subject } }: Pick<Caller, 'scope' | 'principal'>, claimId: string): Promise<ClaimRow> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim !== null) return claim;
    const operationId = await findMaking(this.source.manager, claimId, subject);
    if (operationId === null) throw new Problem('not_found');
    const operation = operationPath(operationId);
    throw new Problem('claim_not_yet_made', { members: { operationId, operation }, headers: { 'Retry-After': '1' } });
  }

  /** What the directory says, or null when it does not answer in time: a draft is saved all the same, the workflow asks again for the rest. */
  askDirectory(
    claimId: string,
    details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>,
    options: { isNew?: boolean } = {},
  ): Promise<DirectoryEvidence | null> {
    return askDirectoryInTime(this.directory, this.source, claimId, details, options);
  }

  private accept(command: NewCommand, alongside?: CommandRequest<CommandType>['alongside']): Promise<Acceptance> {
    if (alongside === undefined) return acceptCommand(this.source.manager, command);
    return this.source.transaction(async (manager) => {
      const acceptance = await acceptCommand(manager, command);
      if (acceptance.result === 'accepted') await alongside(manager, command.commandId);
      return acceptance;
    });
  }
}

function isReader<Type extends CommandType>(body: CommandRequest<Type>['body']): body is ContentReader<Type> {
  return typeof body === 'function';
}

/** The accepted command, or the problem that kept it out. */
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
