import type { DataSource, EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { checkNewClaim, claimedTargets, type Finding } from '#libs/claims/index.js';
import {
  type AcceptedCommand,
  decisionContext,
  executeNewClaim,
  type Execution,
  findCommand,
  fingerprintOf,
  inTransaction,
} from '#libs/inbox/index.js';
import { findRelatedClaims } from '#libs/read-models/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { type PreparedClaim, RefusedClaim } from './prepared-claim.js';
import { evidenceRequest } from './screened-evidence.js';
import { insertSubmittedClaimSql } from './submitted-claim.sql.js';

/** A submission as it was stored, and the execution of its claim; null when that is left to the claim's workflow, or was done before. */
export interface Submission {
  command: AcceptedCommand;
  execution: Execution | null;
}

/**
 * Accepts a claim that is drafted and submitted in one call: stored by one statement, and executed in the same transaction if wanted. One that
 * the rules refuse leaves nothing behind, and every finding is reported at once.
 */
export class SubmitNewClaim {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async submit(claim: PreparedClaim, { isExecuted }: { isExecuted: boolean }): Promise<Submission> {
    const fingerprint = fingerprintOf(claim.request);
    const stored = await (isExecuted ? this.storeAndExecute(claim, fingerprint) : this.checkAndStore(claim, fingerprint));
    if (stored !== null) return stored;
    const earlier = await this.earlier(claim, fingerprint);
    if (earlier === null) throw new Problem('idempotency_conflict');
    return { command: earlier, execution: null };
  }

  private async storeAndExecute(claim: PreparedClaim, fingerprint: string): Promise<Submission | null> {
    try {
      return await inTransaction(this.source, async (manager) => {
        const stored = await this.store(manager, claim, fingerprint);
        if (stored === null) return null;
        const { execution, outcomes } = await executeNewClaim(manager, this.library, claim.claimId);
        const refusals = [...outcomes.values()].flatMap((outcome) => (outcome.status === 'refused' ? outcome.findings : []));
        if (refusals.length > 0) throw new RefusedClaim(refusals);
        return { command: { ...stored.command, outcome: outcomes.get(stored.command.commandId) ?? null }, execution };
      });
    } catch (error) {
      if (!(error instanceof RefusedClaim)) throw error;
      // The first command that was refused has hidden what is wrong with the others.
      const findings = await this.findings(claim);
      throw findings.length > 0 ? new RefusedClaim(findings) : error;
    }
  }

  private async checkAndStore(claim: PreparedClaim, fingerprint: string): Promise<Submission | null> {
    const refused = await this.findings(claim);
    if (refused.length === 0) return this.store(this.source, claim, fingerprint);
    // A claim that was accepted once stays accepted, even if the rules would refuse it by now.
    if ((await this.earlier(claim, fingerprint)) === null) throw new RefusedClaim(refused);
    return null;
  }

  /** Stores a claim and its submission. Returns null when the claim exists already. */
  private async store(on: Pick<EntityManager, 'query'>, claim: PreparedClaim, fingerprint: string): Promise<Submission | null> {
    const { claimId, accountId, actor, personal, evidence, directory, commandId } = claim;
    const files = evidence.map(({ file: { content, ...rest } }) => ({ ...rest, contentBase64: Buffer.from(content).toString('base64') }));
    const [row] = await on.query<{ receivedAt: Date }[]>(insertSubmittedClaimSql, [
      claimId,
      accountId,
      actor,
      JSON.stringify(commandsOf(claim, fingerprint)),
      JSON.stringify(personal),
      directory?.facts ?? null,
      JSON.stringify(files),
    ]);
    if (row === undefined) return null;
    const receivedAt = row.receivedAt.toISOString();
    return { command: { commandId: submissionIdOf(commandId), claimId, type: 'submitClaim', receivedAt, outcome: null }, execution: null };
  }

  /** Finds the command of an earlier request under the same key. Throws the conflict when that was a different request. */
  private async earlier({ commandId }: PreparedClaim, fingerprint: string): Promise<AcceptedCommand | null> {
    const earlier = await findCommand(this.source.manager, submissionIdOf(commandId));
    if (earlier !== null && earlier.fingerprint !== fingerprint) throw new Problem('idempotency_conflict');
    return earlier;
  }

  /** Returns why the rules would refuse the claim. Its execution decides again, under the lock. */
  private async findings({ claimId, accountId, details, at: now, evidence, directory }: PreparedClaim): Promise<Finding[]> {
    const facts = directory?.facts ?? null;
    const policy = await this.library.policyInForce(details.programme, now);
    if (policy === null) throw new Problem('programme_unknown', { detail: `Use one of: ${(await this.library.programmes()).join(', ')}.` });
    const calendar = await this.library.calendarInForce(policy.calendar, now);
    const targets = claimedTargets(details, { policy, facts }, policy.exclusivityKey);
    const claim = { claimId, partnerAccountId: accountId, tenantId: details.tenantId, targets };
    const relatedClaims = await findRelatedClaims(this.source.manager, claim);
    const context = decisionContext({ claimId, now, policy, policyInForce: policy, calendar, facts, relatedClaims, seed: claimId });
    const statement = { partnerAccountId: accountId, details, evidence: evidence.map(({ reference }) => reference) };
    return checkNewClaim(statement, context);
  }
}

/** The claim's commands, in the order in which they are executed. */
function commandsOf({ commandId, accountId, details, evidence }: PreparedClaim, fingerprint: string) {
  return [
    { commandId, type: 'draftClaim', body: { number: '', partnerAccountId: accountId, details }, fingerprint },
    ...evidence.map(({ commandId: id, reference }) => ({
      commandId: id,
      type: 'addEvidence',
      body: { evidence: reference },
      fingerprint: fingerprintOf(evidenceRequest(reference)),
    })),
    { commandId: submissionIdOf(commandId), type: 'submitClaim', body: {}, fingerprint },
  ];
}

const submissionIdOf = (draftCommandId: string): string => uuidV5('submitClaim', draftCommandId);
