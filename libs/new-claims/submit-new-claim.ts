import type { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { type ClaimCommand, claimedTargets, type ClaimState, decide, type Finding, fold, initialState } from '#libs/claims/index.js';
import { type AcceptedCommand, decisionContext, findCommand, fingerprintOf } from '#libs/inbox/index.js';
import { findRelatedClaims } from '#libs/read-models/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { type PreparedClaim, RefusedClaim } from './prepared-claim.js';
import { evidenceRequest } from './screened-evidence.js';
import { insertSubmittedClaimSql } from './submitted-claim.sql.js';

/**
 * Accepts a claim that is drafted and submitted in one call. The rules are run beforehand, so that every finding is reported at once and a
 * refused claim leaves nothing behind. A claim that passes is stored by one statement, and executed by its workflow.
 */
export class SubmitNewClaim {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async store(claim: PreparedClaim): Promise<AcceptedCommand> {
    const { claimId, accountId, actor, personal, evidence, directory, commandId } = claim;
    const fingerprint = fingerprintOf(claim.request);
    const refused = await this.findings(claim);
    const submissionId = submissionIdOf(commandId);
    // A claim that was accepted once stays accepted, even if the rules would refuse it by now.
    if (refused.length > 0) return (await this.earlier(submissionId, fingerprint)) ?? Promise.reject(new RefusedClaim(refused));
    const files = evidence.map(({ file: { content, ...rest } }) => ({ ...rest, contentBase64: Buffer.from(content).toString('base64') }));
    const [row] = await this.source.query<{ receivedAt: Date }[]>(insertSubmittedClaimSql, [
      claimId,
      accountId,
      actor,
      JSON.stringify(commandsOf(claim, fingerprint)),
      JSON.stringify(personal),
      directory?.facts ?? null,
      JSON.stringify(files),
    ]);
    if (row !== undefined) {
      return { commandId: submissionId, claimId, type: 'submitClaim', receivedAt: row.receivedAt.toISOString(), outcome: null };
    }
    const earlier = await this.earlier(submissionId, fingerprint);
    if (earlier === null) throw new Problem('idempotency_conflict');
    return earlier;
  }

  /** Finds the command of an earlier request under the same key. Throws the conflict when that was a different request. */
  private async earlier(submissionId: string, fingerprint: string): Promise<AcceptedCommand | null> {
    const earlier = await findCommand(this.source.manager, submissionId);
    if (earlier !== null && earlier.fingerprint !== fingerprint) throw new Problem('idempotency_conflict');
    return earlier;
  }

  /**
   * Returns why the rules would refuse the draft or its submission. They decide in the real context and their events are discarded: the
   * workflow's step decides again, under the lock. Without an answer of the directory only the draft is checked.
   */
  private async findings({ claimId, accountId, details, at: now, evidence, directory, actor }: PreparedClaim): Promise<Finding[]> {
    const facts = directory?.facts ?? null;
    const policy = await this.library.policyInForce(details.programme, now);
    if (policy === null) throw new Problem('programme_unknown', { detail: `Use one of: ${(await this.library.programmes()).join(', ')}.` });
    const calendar = await this.library.calendarInForce(policy.calendar, now);
    const targets = claimedTargets(details, { policy, facts }, policy.exclusivityKey);
    const around = { claimId, partnerAccountId: accountId, tenantId: details.tenantId, targets };
    const relatedClaims = await findRelatedClaims(this.source.manager, around);
    const context = decisionContext({ claimId, now, policy, policyInForce: policy, calendar, facts, relatedClaims, seed: claimId });
    const refusals = (state: ClaimState, command: ClaimCommand): Finding[] => {
      const decision = decide(state, command, context);
      return 'refused' in decision ? decision.refused : [];
    };
    const body = { number: '', partnerAccountId: accountId, details };
    const drafted = { type: 'ClaimDrafted' as const, at: now, by: actor, data: { ...body, policy: '', warnings: [] } };
    const added = evidence.map(({ reference }) => ({ type: 'EvidenceAdded' as const, at: now, by: actor, data: { evidence: reference } }));
    const saving = refusals(initialState, { type: 'draftClaim', actor, body });
    if (facts === null) return saving;
    return distinct([...saving, ...refusals(fold([drafted, ...added]), { type: 'submitClaim', actor, body: {} })]);
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

function distinct(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.field} ${finding.line}`, finding])).values()];
}
