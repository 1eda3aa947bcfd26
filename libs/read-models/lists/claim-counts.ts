import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { withinScope } from '../within-scope.js';
import { iso } from '../sql-instants.js';

export interface ClaimCounts {
  countedAt: string;
  phases: { phase: string; claims: number }[];
  /** Claims with a clock that has run out. */
  overdue: number;
}

/** Counts the claims inside the scope of a partner or the vendor: sums a row for each of its locations and phases, and goes through what is overdue. */
export async function countClaims(database: Pick<EntityManager, 'query'>, scope: Scope): Promise<ClaimCounts> {
  const parameters: unknown[] = [];
  // Sums tell nothing of a single claim, and the rows that hold them name none.
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
