import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { withinScope } from '../within-scope.js';
import { iso } from '../sql-instants.js';

export interface ClaimCounts {
  countedAt: string;
  phases: { phase: string; claims: number }[];
  /** Number of claims with a clock that has run out. */
  overdue: number;
}

/** Counts the claims inside a scope: sums the stored counts per location and phase, and counts overdue claims from an index. */
export async function countClaims(database: Pick<EntityManager, 'query'>, scope: Scope): Promise<ClaimCounts> {
  const parameters: unknown[] = [];
  // Sums reveal no single claim, so nothing has to be hidden from a caller who also acts for a partner.
  const inside = withinScope(scope.kind === 'everything' ? { kind: 'everything' } : scope, parameters);
  const counted = 'SELECT partner_account_id, partner_id, phase, claims FROM';
  const [row] = await database.query<[ClaimCounts]>(
    `SELECT ${iso('cpor_now()')} AS "countedAt",
       (SELECT coalesce(json_agg(json_build_object('phase', phase, 'claims', claims)), '[]') FROM (
         SELECT phase, sum(claims) AS claims FROM (${counted} claim_counts UNION ALL ${counted} claim_count_changes) c
         WHERE ${inside} GROUP BY phase) phases) AS phases,
       (SELECT count(*)::int FROM claims c
         WHERE c.is_open AND c.due_at < (SELECT cpor_now()) AND ${inside}) AS overdue`,
    parameters,
  );
  return row;
}
