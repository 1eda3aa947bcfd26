import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { countClaims } from './claim-counts.js';
import { type ClaimFilter, claimConditions, phasesOf } from './claim-filter.js';

type Queryable = Pick<EntityManager, 'query'>;

/** Up to so many claims are counted. */
export const countCap = 10_000;

/** PostgreSQL's estimate above which claims are not counted, in its cost units: about one for every claim that is read. */
const mostCost = 40_000;

export interface FilteredCount {
  count: number;
  /** `capped`: there are more than `count`; `estimated`: about as many, by the statistics of the database. */
  precision: 'exact' | 'capped' | 'estimated';
  /** By phase; null unless the count is exact. */
  phases: { phase: string; claims: number }[] | null;
}

/**
 * Counts the claims that a list with this filter would hold. What the stored counts know is exact, however many there are; the rest is counted up to
 * a cap, and not at all where the database expects to read too much before it reaches the cap or the end.
 */
export async function countFiltered(
  database: Queryable,
  scope: Scope,
  filter: ClaimFilter,
  { cap = countCap, cost = mostCost }: { cap?: number; cost?: number } = {},
): Promise<FilteredCount> {
  if (isByPhaseAlone(scope, filter)) return storedCount(database, scope, filter);
  const where = claimConditions(scope, filter);
  const matches = `SELECT c.phase FROM claims c WHERE ${where.sql}`;
  const upToCap = `${matches} LIMIT ${cap + 1}`;
  if ((await planOf(database, upToCap, where.parameters)).cost > cost) {
    return { count: Math.round((await planOf(database, matches, where.parameters)).rows), precision: 'estimated', phases: null };
  }
  const rows = await database.query<{ phase: string; claims: number }[]>(
    `SELECT phase, count(*)::int AS claims FROM (${upToCap}) c GROUP BY phase ORDER BY phase`,
    where.parameters,
  );
  const count = rows.reduce((sum, { claims }) => sum + claims, 0);
  return count > cap ? { count: cap, precision: 'capped', phases: null } : { count, precision: 'exact', phases: rows };
}

/** The stored counts know locations and phases. They hide nothing from somebody who also acts for a partner, whose lists do. */
const isByPhaseAlone = (scope: Scope, filter: ClaimFilter): boolean =>
  (scope.kind === 'partner' || (scope.kind === 'everything' && scope.actsFor === undefined)) &&
  Object.entries(filter).every(([name, value]) => value === undefined || name === 'phase' || name === 'status');

async function storedCount(database: Queryable, scope: Scope, filter: ClaimFilter): Promise<FilteredCount> {
  const wanted = phasesOf(filter);
  const { phases: all } = await countClaims(database, scope);
  const phases = all
    .map(({ phase, claims }) => ({ phase, claims: Number(claims) }))
    .filter(({ phase, claims }) => claims > 0 && (wanted?.includes(phase) ?? true))
    .toSorted((a, b) => a.phase.localeCompare(b.phase));
  return { count: phases.reduce((sum, { claims }) => sum + claims, 0), precision: 'exact', phases };
}

async function planOf(database: Queryable, sql: string, parameters: unknown[]): Promise<{ cost: number; rows: number }> {
  type Explained = [{ 'QUERY PLAN': [{ Plan: { 'Total Cost': number; 'Plan Rows': number } }] }];
  const [explained] = await database.query<Explained>(`EXPLAIN (FORMAT JSON) ${sql}`, parameters);
  const { 'Total Cost': cost, 'Plan Rows': rows } = explained['QUERY PLAN'][0].Plan;
  return { cost, rows };
}
