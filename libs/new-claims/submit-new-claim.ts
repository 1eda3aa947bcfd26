import type { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import {
  type ClaimCommand,
  claimedTargets,
  type ClaimState,
  type Deadline,
  decide,
  type Finding,
  fold,
  initialState,
} from '#libs/claims/index.js';
import { type AcceptedCommand, decisionContext, findCommand, fingerprintOf } from '#libs/inbox/index.js';
import { findRelatedClaims } from '#libs/read-models/index.js';
import { type ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { type PreparedClaim, RefusedClaim } from './prepared-claim.js';
import { insertSubmittedClaimSql } from './submitted-claim.sql.js';

/**
 * Takes a claim that is drafted and submitted in one call. The rules are asked beforehand, so that everything wrong is said at once and
 * what is refused leaves nothing behind; what they let pass is stored by one statement, and carried out by the claim's workflow.
 */
export class SubmitNewClaim {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async store(claim: PreparedClaim): Promise<AcceptedCommand> {
    const { claimId, accountId, actor, personal, evidence, directory, commandId, fingerprint } = claim;
    const refused = await this.findings(claim);
    const submissionId = submissionIdOf(commandId);
    // What was accepted once stays accepted, even if the rules would refuse it by now.
    if (refused.length > 0) return (await this.earlier(submissionId, fingerprint)) ?? Promise.reject(new RefusedClaim(refused));
    const files = evidence.map(({ file: { content, ...rest } }) => ({ ...rest, contentBase64: Buffer.from(content).toString('base64') }));
    const [row] = await this.source.query<{ receivedAt: Date }[]>(insertSubmittedClaimSql, [
      claimId,
      accountId,
      actor,
      JSON.stringify(commandsOf(claim)),
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

  /** The command that an earlier request under the same key made, if it was the same request. */
  private async earlier(submissionId: string, fingerprint: string): Promise<AcceptedCommand | null> {
    const earlier = await findCommand(this.source.manager, submissionId);
    if (earlier !== null && earlier.fingerprint !== fingerprint) throw new Problem('idempotency_conflict');
    return earlier;
  }

  /** What the rules have against the draft and against its submission. A silent directory is asked again by the workflow. */
  private async findings({ claimId, accountId, details, at: now, evidence, directory, actor }: PreparedClaim): Promise<Finding[]> {
    const facts = directory?.facts ?? null;
    const policy = await this.library.policyInForce(details.programme, now);
    if (policy === null) throw new Problem('programme_unknown', { detail: `Use one of: ${(await this.library.programmes()).join(', ')}.` });
    const calendar = await this.library.calendarInForce(policy.calendar, now);
    const targets = claimedTargets(details, { policy, facts }, policy.exclusivityKey);
    const around = { claimId, partnerAccountId: accountId, tenantId: details.tenantId, targets };
    const relatedClaims = await findRelatedClaims(this.source.manager, around);
    // Deadlines are recorded by the workflow's step; here only refusals count.
    const decided = { claimId, now, policy, policyInForce: policy, calendar, facts, relatedClaims, seed: claimId };
    const context = { ...decisionContext(decided), deadline: () => noDeadline };
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

const noDeadline: Deadline = {
  dueAt: new Date(0).toISOString(),
  dueAtLocal: '',
  day0: '',
  countedDays: [],
  calendar: '',
  zone: '',
  unit: 'business_day',
  days: 0,
  isBeyondCoverage: false,
  zoneData: '',
};

/** The commands in the order in which they are to be carried out. */
function commandsOf({ commandId, accountId, details, evidence, fingerprint }: PreparedClaim) {
  return [
    { commandId, type: 'draftClaim', body: { number: '', partnerAccountId: accountId, details }, fingerprint },
    ...evidence.map(({ commandId: id, reference }) => ({
      commandId: id,
      type: 'addEvidence',
      body: { evidence: reference },
      fingerprint: fingerprintOf({ sha256: reference.sha256 }),
    })),
    { commandId: submissionIdOf(commandId), type: 'submitClaim', body: {}, fingerprint },
  ];
}

const submissionIdOf = (draftCommandId: string): string => uuidV5('submitClaim', draftCommandId);

function distinct(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.field} ${finding.line}`, finding])).values()];
}
