import type { UsageSet } from './sets.js';
import type { SqlParameters } from './sql-parameters.js';

export interface MonthSpan {
  /** ISO dates of the first day of a month; both months are included. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Where a page of rows ended. */
export interface UsagePlace {
  associationId: string;
  month: string;
  dimension: string;
}

/**
 * SQL of the rows that a grant `g` opens: the newest published row of each month and dimension, within the grant's months only. Their order is the
 * primary key's, read backwards, so that nothing is sorted.
 */
export function rowsOfGrant(set: UsageSet, { from, to }: MonthSpan, parameters: SqlParameters, after?: UsagePlace): string {
  const name = parameters.add(set.name);
  const conditions = [
    `r.set_name = ${name}`,
    'r.target = g.target',
    // Not a join: written like this, PostgreSQL hashes the published loads once per statement, however many there are.
    `(r.load_no IN (SELECT load_no FROM usage_imports WHERE set_name = ${name} AND state = 'published')) IS TRUE`,
    'r.tenant_id = g.tenant_id::uuid',
    'r.month >= g.first_month',
    '(g.last_month IS NULL OR r.month <= g.last_month)',
    ...(from === undefined ? [] : [`r.month >= ${parameters.add(from)}`]),
    ...(to === undefined ? [] : [`r.month <= ${parameters.add(to)}`]),
    ...(after === undefined ? [] : [`(g.association_id, r.month, r.dimension) > (${placeSql(after, parameters)})`]),
  ];
  return `
    SELECT DISTINCT ON (r.month, r.dimension) r.month, r.dimension, r.figures
    FROM usage_rows r WHERE ${conditions.join(' AND ')} ORDER BY r.month DESC, r.dimension DESC, r.load_no DESC`;
}

const placeSql = ({ associationId, month, dimension }: UsagePlace, parameters: SqlParameters): string =>
  [associationId, month, dimension].map((value) => parameters.add(value)).join(', ');
