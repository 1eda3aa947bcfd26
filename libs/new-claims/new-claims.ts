import type { DataSource, EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { type Actor, type ClaimDetails, initialState } from '#libs/claims/index.js';
import { type EvidenceScanner, EvidenceStore } from '#libs/evidence/index.js';
import {
  type AcceptedCommand,
  acceptCommand,
  type DirectoryEvidence,
  executeWithin,
  findCommand,
  fingerprintOf,
} from '#libs/inbox/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { readClock } from '#libs/event-store/index.js';
import { DetailsReader, nothingStated } from './claim-details.js';
import { type PreparedClaim, RefusedClaim } from './prepared-claim.js';
import { screen, type ScreenedEvidence } from './screened-evidence.js';
import type { SentClaim } from './sent-claim.js';
import { SubmitNewClaim } from './submit-new-claim.js';
import { numberSql } from './submitted-claim.sql.js';

/** Evidence within a JSON body is for small files; larger ones go to the evidence endpoint. */
export const maximumInlineEvidenceBytes = 256 * 1024;

export interface NewClaimDependencies {
  source: DataSource;
  library: ProgrammeLibrary;
  scanner: EvidenceScanner;
  /** What the directory says, or null when it does not answer in time. */
  askDirectory: (claimId: string, details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>) => Promise<DirectoryEvidence | null>;
}

/** Who makes a claim, for which account, by which command. */
export interface ClaimAuthor {
  commandId: string;
  /** Tells a repeat of the same request from another one. */
  fingerprint: string;
  actor: Actor;
  accountId: string;
}

const insertClaimSql = `
  INSERT INTO claims (claim_id, number, partner_account_id) SELECT $1, number, $2 FROM (${numberSql}) AS next
  ON CONFLICT (claim_id) DO NOTHING RETURNING number`;

/** The id of the claim that a command drafts. */
const claimIdOf = (commandId: string): string => uuidV5('claim', commandId);

/** Makes claims, once per command: whoever repeats one gets what was made the first time. */
export class NewClaims {
  private readonly submission: SubmitNewClaim;

  constructor(private readonly around: NewClaimDependencies) {
    this.submission = new SubmitNewClaim(around.source, around.library);
  }

  /** Reads a claim into its stored terms, asks the directory about it and looks into its files. */
  async prepare({ commandId, fingerprint, actor, accountId }: ClaimAuthor, sent: SentClaim): Promise<PreparedClaim> {
    const { evidence: files, ...stated } = sent;
    const claimId = claimIdOf(commandId);
    const reader = new DetailsReader(commandId, nothingStated);
    const details = { ...initialState.details, ...reader.read(stated) };
    const directory = await this.around.askDirectory(claimId, details);
    // The directory was asked at an instant of the product's clock.
    const at = directory?.facts.askedAt ?? (await readClock(this.around.source));
    const evidence = await this.screenInline({ programme: details.programme, at }, files, commandId);
    return {
      commandId,
      claimId,
      accountId,
      actor,
      details,
      personal: [...reader.personal, ...(directory?.personal ?? [])],
      fingerprint,
      at,
      evidence,
      directory,
    };
  }

  /** Stores a claim with its submission, for its workflow to carry out. Throws `RefusedClaim` when the rules are against it. */
  submit(claim: PreparedClaim): Promise<AcceptedCommand> {
    return this.submission.store(claim);
  }

  /** Makes a draft on the spot, in one transaction with its evidence. Throws `RefusedClaim`, and leaves nothing, when the rules are against it. */
  draft(claim: PreparedClaim): Promise<{ command: AcceptedCommand; isRepeat: boolean }> {
    return this.around.source.transaction((manager) => this.draftWithin(manager, claim));
  }

  private screenInline(
    policy: { programme: string; at: string },
    files: SentClaim['evidence'],
    createCommandId: string,
  ): Promise<ScreenedEvidence[]> {
    const { library, scanner } = this.around;
    return Promise.all(
      files.map(({ contentBase64, ...rest }, index) => {
        const sent = { ...rest, content: Buffer.from(contentBase64, 'base64') };
        const commandId = uuidV5(`evidence/${index}`, createCommandId);
        const inline = { field: `evidence[${index}].contentBase64`, limitBytes: maximumInlineEvidenceBytes };
        return screen(library, scanner, policy, sent, commandId, inline);
      }),
    );
  }

  private async draftWithin(manager: EntityManager, claim: PreparedClaim): Promise<{ command: AcceptedCommand; isRepeat: boolean }> {
    const { commandId, claimId, accountId, actor, details, fingerprint, personal, directory } = claim;
    const [row] = await manager.query<{ number: string }[]>(insertClaimSql, [claimId, accountId]);
    if (row !== undefined) {
      const command = { type: 'draftClaim' as const, actor, body: { number: row.number, partnerAccountId: accountId, details } };
      await accept(manager, { commandId, claimId, command, fingerprint, personal, facts: directory?.facts ?? null });
      for (const file of claim.evidence) await addEvidence(manager, claimId, actor, file);
      await executeWithin(manager, this.around.library, claimId);
    }
    const drafted = await findCommand(manager, commandId);
    if (drafted?.fingerprint !== fingerprint) throw new Problem('idempotency_conflict');
    if (drafted.outcome?.status === 'refused') throw new RefusedClaim(drafted.outcome.findings);
    return { command: drafted, isRepeat: row === undefined };
  }
}

async function accept(manager: EntityManager, command: Parameters<typeof acceptCommand>[1]): Promise<void> {
  const { result } = await acceptCommand(manager, command);
  if (result === 'conflict') throw new Problem('idempotency_conflict');
}

async function addEvidence(manager: EntityManager, claimId: string, actor: Actor, { commandId, reference, file }: ScreenedEvidence) {
  const command = { type: 'addEvidence' as const, actor, body: { evidence: reference } };
  await accept(manager, { commandId, claimId, command, fingerprint: fingerprintOf({ sha256: file.sha256 }) });
  await new EvidenceStore(manager).insert({ ...file, claimId, uploadedBy: actor.subject });
}
