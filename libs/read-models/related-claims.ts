import type { EntityManager } from 'typeorm';
import {
  disputedDeciders,
  type Holder,
  type LineState,
  noRelatedClaims,
  openPhases,
  type OwnLine,
  type Rival,
  type RelatedClaims,
} from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';
import { iso } from './sql-instants.js';

type Queryable = Pick<EntityManager, 'query'>;

interface ClaimOnTargets {
  claimId: string;
  partnerAccountId: string;
  tenantId: string;
  targets: string[];
}

interface Choice {
  target: string;
  chosen: { claimId: string; at: string } | null;
}

interface Row extends Pick<RelatedClaims, 'refusals' | 'isBlocked' | 'vacantSince'> {
  holders: (Holder & { choices: Choice[] })[];
  open: (Rival & { activities: string[]; choices: Choice[]; disputed: LineState | null })[];
}

const otherClaim = `'claimId', c.claim_id, 'submittedAt', c.state ->> 'submittedAt',
  'evidence', c.state -> 'evidence', 'choices', c.state -> 'choices'`;

const open = openPhases.map((phase) => `'${phase}'`).join(', ');

/**
 * Hides the value from the planner. With the value it would expect a cheaper plan than without, and plan anew every time, which takes ten times as
 * long as the execution.
 */
const targets = '(SELECT $1::text[])::text[]';

// $1 targets, $2 the claim, $3 its partner account, $4 its tenant. One statement, so that everything comes from the same snapshot. It goes from
// the targets to their few claims: a join with the partner's claims would start from those, which may be a hundred thousand.
const relatedClaimsSql = prepared(`
  SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_object(${otherClaim}, 'partnerAccountId', a.partner_account_id, 'target', a.target, 'line', a.line, 'activities', a.activities,
        'associationId', a.association_id, 'officialAt', ${iso('a.official_at')},
        'hearing', (SELECT l -> 'hearing' FROM jsonb_array_elements(c.state -> 'lines') l WHERE (l ->> 'line')::int = a.line))), '[]')
      FROM associations a JOIN claims c USING (claim_id)
      WHERE a.ended_at IS NULL AND a.target = ANY(${targets}) AND a.claim_id <> $2) AS holders,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(${otherClaim}, 'partnerAccountId', c.partner_account_id, 'target', l.target, 'line', l.line, 'phase', l.phase, 'activities', l.activities,
        'disputed', CASE WHEN l.phase = 'disputed' THEN (SELECT d FROM jsonb_array_elements(c.state -> 'lines') d WHERE (d ->> 'line')::int = l.line) END)), '[]')
      FROM claim_lines l JOIN claims c USING (claim_id)
      WHERE l.target = ANY(${targets}) AND l.claim_id <> $2 AND l.phase IN (${open})) AS open,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('target', l.target, 'at', refused.at, 'until', ${iso('l.cool_down_until')})), '[]')
      FROM claim_lines l CROSS JOIN LATERAL (
        SELECT coalesce(d #>> '{official,to}', d ->> 'since') AS at
        FROM claims c, jsonb_array_elements(c.state -> 'lines') d
        WHERE c.claim_id = l.claim_id AND c.partner_account_id = $3 AND (d ->> 'line')::int = l.line
          AND (d #>> '{rejection,reason}' = 'customer_declined' OR d #>> '{official,endReason}' = 'customer_revoked')
        OFFSET 0) refused
      WHERE l.target = ANY(${targets}) AND l.phase IN ('rejected', 'ended')) AS refusals,
    EXISTS (SELECT FROM partner_blocks WHERE tenant_id = $4 AND partner_account_id = $3 AND lifted_at IS NULL) AS "isBlocked",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('target', target, 'at', ended)), '[]')
      FROM (SELECT target, ${iso('max(ended_at)')} AS ended FROM associations
        WHERE target = ANY(${targets}) AND ended_at IS NOT NULL GROUP BY target) vacant) AS "vacantSince"`);

/** Finds what other claims mean for a claim's targets: who holds them, who competes for them, and what the customer has decided. */
export async function findRelatedClaims(
  database: Queryable,
  { claimId, partnerAccountId, tenantId, targets }: ClaimOnTargets,
): Promise<RelatedClaims> {
  if (targets.length === 0) return noRelatedClaims;
  const [row] = await database.query<[Row]>(relatedClaimsSql, [targets, claimId, partnerAccountId, tenantId]);
  const { holders, open: openLines, ...rest } = row;
  const isOwn = (other: Rival) => other.partnerAccountId === partnerAccountId;
  const own = openLines.filter(isOwn).map(({ target, claimId: id, activities }) => ({ target, claimId: id, activities }));
  const rivals = openLines
    .filter((other) => !isOwn(other))
    .map(({ disputed, activities: _, ...rival }) => ({ ...rival, ...(disputed && { disputedDeciders: disputedDeciders(disputed) }) }));
  const choices = [...holders, ...rivals].flatMap((other) => other.choices ?? []);
  const chosen = choices.flatMap((choice) =>
    choice.chosen === null || !targets.includes(choice.target)
      ? []
      : [{ target: choice.target, claimId: choice.chosen.claimId, chosenAt: choice.chosen.at }],
  );
  return { ...rest, holders, rivals, own, choices: chosen };
}

const ownOnTenantSql = prepared(`
  SELECT l.target, l.claim_id AS "claimId", l.activities FROM claims c JOIN claim_lines l USING (claim_id)
  WHERE c.tenant_id = $1 AND c.partner_account_id = $2 AND c.is_open AND c.claim_id <> $3 AND l.phase IN (${open})`);

/** Finds the open lines that a partner has on a whole tenant in other claims. */
export const findOwnOnTenant = (
  database: Queryable,
  { claimId, partnerAccountId, tenantId }: Omit<ClaimOnTargets, 'targets'>,
): Promise<OwnLine[]> => database.query<OwnLine[]>(ownOnTenantSql, [tenantId, partnerAccountId, claimId]);
