import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { initialState } from '#libs/claims/index.js';
import {
  type AcceptedCommand,
  acceptCommand,
  commandIdOf,
  executeWithin,
  findCommand,
  fingerprintOf,
  ProgrammeLibrary,
} from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import type { Caller } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { refusal } from '../commands/command.answer.js';
import { CommandService, type Settlement, storedOrThrow } from '../commands/command.service.js';
import { EvidenceService } from '../evidence/evidence.service.js';
import type { NewClaim } from './claim.body.js';
import { DetailsReader, nothingStated } from './claim-details.js';
import { refuseForeignLocation } from './location-scope.js';
import { type PreparedClaim, RefusedClaim } from './new-claim.js';
import { SubmitNewClaimService } from './submit-new-claim.service.js';
import { numberSql } from './submitted-claim.sql.js';

const insertClaimSql = `
  INSERT INTO claims (claim_id, number, partner_account_id) SELECT $1, number, $2 FROM (${numberSql}) AS next
  ON CONFLICT (claim_id) DO NOTHING RETURNING number`;

/** Makes claims: a draft on the spot, in one transaction with its evidence; a claim that is submitted at once goes to its workflow. */
@Injectable()
export class CreateClaimService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly commands: CommandService,
    private readonly evidence: EvidenceService,
    private readonly submission: SubmitNewClaimService,
  ) {}

  async create(caller: Caller, body: NewClaim): Promise<Settlement> {
    const claim = await this.prepare(caller, body);
    const { claimId, accountId: partnerAccountId } = claim;
    try {
      const stored = body.submit ? await this.submission.store(claim) : await this.draft(claim);
      return await this.commands.settle(
        { claimId, partnerAccountId, wasSubmitted: body.submit, isUnanswered: claim.directory === null },
        stored,
        caller,
      );
    } catch (error) {
      throw error instanceof RefusedClaim ? refusal(error.findings, null, caller.principal) : error;
    }
  }

  private async prepare(caller: Caller, body: NewClaim): Promise<PreparedClaim> {
    const { submit: _submit, evidence: files, ...stated } = body;
    const commandId = commandIdOf(caller.principal.subject, caller.key);
    const claimId = uuidV5('claim', commandId);
    const reader = new DetailsReader(commandId, nothingStated);
    const details = { ...initialState.details, ...reader.read(stated) };
    refuseForeignLocation(caller.scope, details.partnerId);
    const [directory, evidence] = await Promise.all([
      this.commands.askDirectory(claimId, details),
      this.evidence.screenInline(details.programme, files, commandId),
    ]);
    return {
      commandId,
      claimId,
      accountId: caller.scope.kind === 'partner' ? caller.scope.accountId : '',
      actor: actorOf(caller),
      details,
      personal: [...reader.personal, ...(directory?.personal ?? [])],
      fingerprint: fingerprintOf({ type: 'draftClaim', sent: body }),
      evidence,
      directory,
    };
  }

  private draft(claim: PreparedClaim): Promise<AcceptedCommand> {
    return this.source.transaction((manager) => this.draftWithin(manager, claim));
  }

  private async draftWithin(manager: EntityManager, claim: PreparedClaim): Promise<AcceptedCommand> {
    const { commandId, claimId, accountId, actor, details, fingerprint, personal, directory } = claim;
    const [row] = await manager.query<{ number: string }[]>(insertClaimSql, [claimId, accountId]);
    if (row !== undefined) {
      const command = { type: 'draftClaim' as const, actor, body: { number: row.number, partnerAccountId: accountId, details } };
      storedOrThrow(await acceptCommand(manager, { commandId, claimId, command, fingerprint, personal, facts: directory?.facts ?? null }));
      for (const file of claim.evidence) await this.evidence.accept(manager, claimId, actor, file);
      await executeWithin(manager, this.library, claimId);
    }
    const drafted = await findCommand(manager, commandId);
    if (drafted?.fingerprint !== fingerprint) throw new Problem('idempotency_conflict');
    if (drafted.outcome?.status === 'refused') throw new RefusedClaim(drafted.outcome.findings);
    return drafted;
  }
}
