import type { DataSource, EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { type Actor, type ClaimDetails, initialState } from '#libs/claims/index.js';
import { type EvidenceScanner, EvidenceStore } from '#libs/evidence/index.js';
import {
  type Acceptance,
  type AcceptedCommand,
  type DirectoryEvidence,
  executeNewClaim,
  findCommand,
  fingerprintOf,
  sendCommand,
} from '#libs/inbox/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { readClock } from '#libs/event-store/index.js';
import { DetailsReader, nothingStated } from './claim-details.js';
import { type PreparedClaim, RefusedClaim } from './prepared-claim.js';
import { evidenceRequest, screen, type ScreenedEvidence } from './screened-evidence.js';
import type { SentClaim } from './sent-claim.js';
import { type Submission, SubmitNewClaim } from './submit-new-claim.js';
import { numberSql } from './submitted-claim.sql.js';

/** Small files may come inside a JSON body; larger ones go to the evidence endpoint. */
export const maximumInlineEvidenceBytes = 256 * 1024;

export interface NewClaimDependencies {
  source: DataSource;
  library: ProgrammeLibrary;
  scanner: EvidenceScanner;
  /** Asks the directory; null when it does not answer in time. */
  askDirectory: (claimId: string, details: Pick<ClaimDetails, 'partnerId' | 'tenantId' | 'lines'>) => Promise<DirectoryEvidence | null>;
}

/** Who creates a claim, for which account, by which command. */
export interface ClaimAuthor {
  commandId: string;
  /** What was asked for, to distinguish a repeat from another request under the same id. */
  request: unknown;
  actor: Actor;
  accountId: string;
}

/** A draft as it was stored. It has no workflow, so nobody has to learn of its execution. */
export interface Draft {
  command: AcceptedCommand;
  isRepeat: boolean;
  execution: null;
}

const insertClaimSql = `
  INSERT INTO claims (claim_id, number, partner_account_id) SELECT $1, number, $2 FROM (${numberSql}) AS next
  ON CONFLICT (claim_id) DO NOTHING RETURNING number`;

/** Makes the id of the claim that a command drafts. */
const claimIdOf = (commandId: string): string => uuidV5('claim', commandId);

/** Creates claims, once per command: a repeat returns what the first request created. */
export class NewClaims {
  private readonly submission: SubmitNewClaim;

  constructor(private readonly dependencies: NewClaimDependencies) {
    this.submission = new SubmitNewClaim(dependencies.source, dependencies.library);
  }

  /** Reads a claim into its stored terms, asks the directory about it and screens its files. */
  async prepare({ commandId, request, actor, accountId }: ClaimAuthor, sent: SentClaim): Promise<PreparedClaim> {
    const { evidence: files, ...stated } = sent;
    const claimId = claimIdOf(commandId);
    const reader = new DetailsReader(commandId, nothingStated);
    const details = { ...initialState.details, ...reader.read(stated) };
    const directory = await this.dependencies.askDirectory(claimId, details);
    // The directory was asked at an instant of the product's clock.
    const at = directory?.facts.askedAt ?? (await readClock(this.dependencies.source));
    const evidence = await this.screenInline({ programme: details.programme, at }, files, commandId);
    return {
      commandId,
      claimId,
      accountId,
      actor,
      details,
      personal: [...reader.personal, ...(directory?.personal ?? [])],
      request,
      at,
      evidence,
      directory,
    };
  }

  /**
   * Stores a claim with its submission, and executes it in the same transaction unless that is left to its workflow. Throws `RefusedClaim` when
   * the rules refuse it.
   */
  submit(claim: PreparedClaim, options: { isExecuted: boolean }): Promise<Submission> {
    return this.submission.submit(claim, options);
  }

  /** Creates and executes a draft in one transaction with its evidence. Throws `RefusedClaim`, and leaves nothing, when the rules refuse it. */
  draft(claim: PreparedClaim): Promise<Draft> {
    return this.dependencies.source.transaction((manager) => this.draftWithin(manager, claim));
  }

  private screenInline(
    policy: { programme: string; at: string },
    files: SentClaim['evidence'],
    createCommandId: string,
  ): Promise<ScreenedEvidence[]> {
    const { library, scanner } = this.dependencies;
    return Promise.all(
      files.map(({ contentBase64, ...rest }, index) => {
        const sent = { ...rest, content: Buffer.from(contentBase64, 'base64') };
        const commandId = uuidV5(`evidence/${index}`, createCommandId);
        const inline = { field: `evidence[${index}].contentBase64`, limitBytes: maximumInlineEvidenceBytes };
        return screen(library, scanner, policy, sent, commandId, inline);
      }),
    );
  }

  private async draftWithin(manager: EntityManager, claim: PreparedClaim): Promise<Draft> {
    const { commandId, claimId, accountId, actor, details, request, personal, directory } = claim;
    const [row] = await manager.query<{ number: string }[]>(insertClaimSql, [claimId, accountId]);
    if (row !== undefined) {
      const body = { number: row.number, partnerAccountId: accountId, details };
      const facts = directory?.facts ?? null;
      refuseConflict(await sendCommand(manager, { commandId, claimId, type: 'draftClaim', actor, body, personal, facts, request }));
      for (const file of claim.evidence) await addEvidence(manager, claimId, actor, file);
      await executeNewClaim(manager, this.dependencies.library, claimId);
    }
    const drafted = await findCommand(manager, commandId);
    if (drafted?.fingerprint !== fingerprintOf(request)) throw new Problem('idempotency_conflict');
    if (drafted.outcome?.status === 'refused') throw new RefusedClaim(drafted.outcome.findings);
    return { command: drafted, isRepeat: row === undefined, execution: null };
  }
}

function refuseConflict({ result }: Acceptance): void {
  if (result === 'conflict') throw new Problem('idempotency_conflict');
}

async function addEvidence(manager: EntityManager, claimId: string, actor: Actor, { commandId, reference, file }: ScreenedEvidence) {
  const body = { evidence: reference };
  const request = evidenceRequest(reference);
  refuseConflict(await sendCommand(manager, { commandId, claimId, type: 'addEvidence', actor, body, request }));
  await new EvidenceStore(manager).insert({ ...file, claimId, uploadedBy: actor.subject });
}
