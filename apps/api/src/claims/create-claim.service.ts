import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { type ClaimDetails, decide, type EvidenceReference, type Finding, fold, initialState } from '#libs/claims/index.js';
import {
  type AcceptedCommand,
  acceptCommand,
  commandIdOf,
  type DirectoryEvidence,
  executeWithin,
  findCommand,
  fingerprintOf,
  type NewCommand,
  ProgrammeLibrary,
} from '#libs/inbox/index.js';
import { decisionContext } from '#libs/inbox/decision-context.js';
import { Problem } from '#libs/problems/index.js';
import { findClaim } from '#libs/read-models/index.js';
import type { Caller } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { refusal } from '../commands/command.answer.js';
import { CommandService, type Settlement, storedOrThrow } from '../commands/command.service.js';
import { EvidenceService, type ScreenedEvidence } from '../evidence/evidence.service.js';
import type { NewClaim } from './claim.body.js';
import { DetailsReader, nothingStated } from './claim-details.js';
import { refuseForeignLocation } from './location-scope.js';

const insertClaimSql = `
  INSERT INTO claims (claim_id, number, partner_account_id)
  SELECT $1, 'CLM-' || lpad(n::text, greatest(6, length(n::text)), '0'), $2 FROM nextval('claim_numbers') AS n
  ON CONFLICT (claim_id) DO NOTHING RETURNING number`;

interface Draft {
  commandId: string;
  claimId: string;
  accountId: string;
  details: ClaimDetails;
  command: Omit<NewCommand, 'command'>;
  evidence: ScreenedEvidence[];
  directory: DirectoryEvidence | null;
}

/** The draft was refused; thrown so that its transaction leaves nothing behind. */
class RefusedDraft extends Error {
  constructor(readonly findings: Finding[]) {
    super('The draft was refused.');
  }
}

/** Makes a claim, with its evidence and its submission where they come in the same call, in one transaction. */
@Injectable()
export class CreateClaimService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly commands: CommandService,
    private readonly evidence: EvidenceService,
  ) {}

  async create(caller: Caller, body: NewClaim): Promise<Settlement> {
    const draft = await this.prepare(caller, body);
    try {
      const stored = await this.source.transaction((manager) => this.store(manager, caller, draft, body));
      const claim = await findClaim(this.source.manager, { kind: 'everything' }, draft.claimId);
      if (claim === null) throw new Problem('not_found');
      return await this.commands.settle(claim, stored, caller);
    } catch (error) {
      if (!(error instanceof RefusedDraft)) throw error;
      const findings = body.submit ? [...error.findings, ...(await this.submissionFindings(caller, draft))] : error.findings;
      throw refusal(distinct(findings), null, caller.principal);
    }
  }

  private async prepare(caller: Caller, body: NewClaim): Promise<Draft> {
    const { submit: _submit, evidence: files, ...stated } = body;
    const accountId = caller.scope.kind === 'partner' ? caller.scope.accountId : '';
    const commandId = commandIdOf(caller.principal.subject, caller.key);
    const claimId = uuidV5('claim', commandId);
    const reader = new DetailsReader(commandId, nothingStated);
    const details = { ...initialState.details, ...reader.read(stated) };
    refuseForeignLocation(caller.scope, details.partnerId);
    const [directory, evidence] = await Promise.all([
      this.commands.askDirectory(claimId, details),
      this.evidence.screenInline(details.programme, files, commandId),
    ]);
    const command = {
      commandId,
      claimId,
      fingerprint: fingerprintOf({ type: 'draftClaim', sent: body }),
      personal: [...reader.personal, ...(directory?.personal ?? [])],
      facts: directory?.facts ?? null,
    };
    return { commandId, claimId, accountId, details, command, evidence, directory };
  }

  /** Returns the command whose outcome the caller waits for. */
  private async store(manager: EntityManager, caller: Caller, draft: Draft, body: NewClaim): Promise<AcceptedCommand> {
    const { commandId, claimId, accountId, details } = draft;
    const actor = actorOf(caller);
    const [row] = await manager.query<{ number: string }[]>(insertClaimSql, [claimId, accountId]);
    if (row === undefined) return this.repeat(manager, draft, body);
    const draftBody = { number: row.number, partnerAccountId: accountId, details };
    storedOrThrow(await acceptCommand(manager, { ...draft.command, command: { type: 'draftClaim', actor, body: draftBody } }));
    for (const file of draft.evidence) await this.evidence.accept(manager, claimId, actor, file);
    await executeWithin(manager, this.library, claimId);
    const drafted = await findCommand(manager, commandId);
    if (drafted?.outcome?.status !== 'done') throw new RefusedDraft(drafted?.outcome?.findings ?? []);
    if (!body.submit) return drafted;
    return storedOrThrow(await acceptCommand(manager, this.submission(draft, actor)));
  }

  private submission({ commandId, claimId, command, directory }: Draft, actor: ReturnType<typeof actorOf>): NewCommand {
    return {
      commandId: submissionIdOf(commandId),
      claimId,
      command: { type: 'submitClaim', actor, body: {} },
      fingerprint: command.fingerprint,
      facts: directory?.facts ?? null,
    };
  }

  private async repeat(manager: EntityManager, { commandId, command }: Draft, body: NewClaim): Promise<AcceptedCommand> {
    const earlier = await findCommand(manager, commandId);
    if (earlier === null || earlier.fingerprint !== command.fingerprint) throw new Problem('idempotency_conflict');
    return (body.submit ? await findCommand(manager, submissionIdOf(commandId)) : null) ?? earlier;
  }

  /** What the submission of a refused draft would have been refused for, so that everything is said at once. */
  private async submissionFindings(caller: Caller, { claimId, accountId, details, directory, evidence }: Draft): Promise<Finding[]> {
    const now = directory?.facts.askedAt ?? new Date().toISOString();
    const policy = await this.library.policyInForce(details.programme, now);
    if (policy === null) return [];
    const calendar = await this.library.calendarInForce(policy.calendar, now);
    const actor = actorOf(caller);
    const drafted = { number: '', partnerAccountId: accountId, policy: '', details, warnings: [] };
    const references: EvidenceReference[] = evidence.map((file) => file.reference);
    const state = fold([
      { type: 'ClaimDrafted', at: now, by: actor, data: drafted },
      ...references.map((reference) => ({ type: 'EvidenceAdded' as const, at: now, by: actor, data: { evidence: reference } })),
    ]);
    const context = decisionContext({ now, policy, calendar, facts: directory?.facts ?? null, holders: [], seed: claimId });
    const decision = decide(state, { type: 'submitClaim', actor, body: {} }, context);
    return 'refused' in decision ? decision.refused : [];
  }
}

const submissionIdOf = (draftCommandId: string): string => uuidV5('submitClaim', draftCommandId);

function distinct(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.field} ${finding.line}`, finding])).values()];
}
