import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { isActingFor, type Scope } from '#libs/auth/index.js';
import { type ClaimState, endReasons, evolve, initialState, type LineState, rivalrySteps } from '#libs/claims/index.js';
import { type RecordedEvent, toEvent } from '#libs/event-store/index.js';
import { withinScope } from '../within-scope.js';

const instant = z.iso.datetime();

export const TargetInterval = z
  .object({
    associationId: z.string(),
    partnerAccountId: z.string(),
    partnerId: z.string(),
    activities: z.array(z.string()),
    from: instant,
    to: instant.nullable().describe('The instant at which it ended, exclusive; null while it is live.'),
    endReason: z.enum(endReasons).nullable(),
    claimId: z.string(),
    claimNumber: z.string(),
    line: z.int().min(1).max(100_000),
    because: z
      .object({
        policy: z.string().describe('Name and version of the policy that applied.'),
        evidence: z.array(z.object({ evidenceId: z.string(), sha256: z.string(), signedOn: z.string().nullable() })),
        approval: z
          .object({
            at: instant,
            rule: z.string().nullable().describe('Code of the rule that approved automatically; null if a reviewer did.'),
          })
          .nullable(),
        decision: z
          .object({
            recordId: z.string(),
            step: z.enum(rivalrySteps),
            decidedAt: instant,
            candidates: z
              .array(z.object({ claimId: z.string(), partnerAccountId: z.string(), evidenceOn: z.string().nullable() }))
              .describe('Who claimed or held the target. Only the vendor sees candidates of other partners.'),
          })
          .nullable(),
        consent: z
          .object({
            noticeId: z.string(),
            acceptedAt: instant.nullable().describe("When an administrator's acceptance ended the window early."),
            window: z
              .object({
                dueAt: instant,
                day0: z.string(),
                countedDays: z.array(z.string()),
                zone: z.string(),
                calendar: z.string(),
                zoneData: z.string().describe('Release of the time zone data used.'),
                isBeyondCoverage: z
                  .boolean()
                  .describe('Whether the calendar did not cover the whole window, so that holidays may be missing.'),
              })
              .nullable(),
          })
          .nullable(),
        transferredFrom: z.string().nullable().describe('The association at another location that it continues.'),
        renews: z.int().min(1).max(100_000).nullable().describe('The line whose subscription this line renewed.'),
      })
      .describe('What made it official, as recorded at that instant.'),
  })
  .meta({ id: 'TargetInterval' });
export type TargetInterval = z.output<typeof TargetInterval>;

interface Row {
  association_id: string;
  claim_id: string;
  number: string;
  line: number;
  partner_account_id: string;
  partner_id: string;
  activities: string[];
  official_at: Date;
  ended_at: Date | null;
  end_reason: TargetInterval['endReason'];
  events: Parameters<typeof toEvent>[0][];
}

/** Reads who held a target and why: all intervals inside a scope, oldest first, or the one at an instant. An interval includes `from` and excludes `to`. */
export async function readTargetHistory(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  target: string,
  at: string | undefined,
): Promise<TargetInterval[]> {
  const parameters: unknown[] = [target, at ?? null];
  const rows = await database.query<Row[]>(
    `SELECT a.association_id, a.claim_id, c.number, a.line, a.partner_account_id, a.partner_id, a.activities, a.official_at, a.ended_at,
       a.end_reason,
       (SELECT jsonb_agg(to_jsonb(e) - 'hash' ORDER BY e.version) FROM claim_events e WHERE e.claim_id = a.claim_id) AS events
     FROM associations a JOIN claims c USING (claim_id)
     WHERE a.target = $1 AND ($2::timestamptz IS NULL OR (a.official_at <= $2 AND (a.ended_at IS NULL OR a.ended_at > $2)))
       AND ${associationsWithin(scope, parameters)}
     ORDER BY a.official_at, a.association_id`,
    parameters,
  );
  return rows.map((row) => intervalOf(row, scope.kind === 'everything' && !isActingFor(scope, row.partner_account_id)));
}

/** Scopes by the association's own location: when a claim moves to another location, its past associations do not. */
function associationsWithin(scope: Scope, parameters: unknown[]): string {
  switch (scope.kind) {
    case 'everything':
      return withinScope(scope, parameters, 'a');
    case 'nothing':
      return 'false';
    case 'tenant':
      return `a.tenant_id = $${parameters.push(scope.tenantId)}`;
    case 'partner': {
      const account = `a.partner_account_id = $${parameters.push(scope.accountId)}`;
      return scope.locations === 'all' ? account : `${account} AND a.partner_id = ANY($${parameters.push(scope.locations)})`;
    }
  }
}

function intervalOf(row: Row, isVendor: boolean): TargetInterval {
  return {
    associationId: row.association_id,
    partnerAccountId: row.partner_account_id,
    partnerId: row.partner_id,
    activities: row.activities,
    from: row.official_at.toISOString(),
    to: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
    claimId: row.claim_id,
    claimNumber: row.number,
    line: row.line,
    because: reasonsOf(row, row.events.map(toEvent), isVendor),
  };
}

function reasonsOf({ line: number, association_id, claim_id }: Row, events: RecordedEvent[], isVendor: boolean): TargetInterval['because'] {
  // After a transfer, the reasons are still those that first made the line official.
  const made = events.findIndex((event) => event.type === 'LinesMadeOfficial' && event.data.lines.some(({ line }) => line === number));
  const before = events.slice(0, made);
  const state = before.reduce(evolve, initialState);
  const line = state.lines.find((candidate) => candidate.line === number)!;
  const transfer = events.find(
    (event) => event.type === 'AssociationTransferred' && event.data.lines.some(({ associationId }) => associationId === association_id),
  );
  return {
    policy: state.policy,
    evidence: state.evidence.map(({ evidenceId, sha256, signedOn }) => ({ evidenceId, sha256, signedOn })),
    approval: approvalOf(before, number),
    decision: decisionOf(before, number, isVendor ? null : claim_id),
    consent: consentOf(state, line),
    transferredFrom:
      transfer?.type === 'AssociationTransferred'
        ? transfer.data.lines.find(({ associationId }) => associationId === association_id)!.endedId
        : null,
    renews: line.renews,
  };
}

function approvalOf(events: RecordedEvent[], line: number): TargetInterval['because']['approval'] {
  const approved = events.findLast((event) => event.type === 'LinesApproved' && event.data.lines.includes(line));
  return approved?.type === 'LinesApproved' ? { at: approved.at, rule: approved.data.rule ?? null } : null;
}

function decisionOf(events: RecordedEvent[], line: number, onlyClaim: string | null): TargetInterval['because']['decision'] {
  const decided = events.findLast((event) => event.type === 'RivalsDecided' && event.data.line === line);
  if (decided?.type !== 'RivalsDecided') return null;
  const { recordId, step, candidates } = decided.data.record;
  const shown = candidates.filter(({ claimId }) => onlyClaim === null || claimId === onlyClaim);
  return {
    recordId,
    step,
    decidedAt: decided.at,
    candidates: shown.map(({ claimId, partnerAccountId, evidenceOn }) => ({ claimId, partnerAccountId, evidenceOn })),
  };
}

function consentOf(state: ClaimState, { line, noticeId, acceptance }: LineState): TargetInterval['because']['consent'] {
  if (noticeId === null) return null;
  const window = state.clocks.find(({ clock, lines }) => clock === 'K5' && lines.includes(line))?.deadline;
  return {
    noticeId,
    acceptedAt: acceptance?.isTenantAdmin ? acceptance.at : null,
    window:
      window === undefined
        ? null
        : {
            dueAt: window.dueAt,
            day0: window.day0,
            countedDays: window.countedDays,
            zone: window.zone,
            calendar: window.calendar,
            zoneData: window.zoneData,
            isBeyondCoverage: window.isBeyondCoverage,
          },
  };
}
