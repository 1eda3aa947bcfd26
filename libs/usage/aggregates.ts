import type { EntityManager } from 'typeorm';
import { isBefore } from '#libs/claims/index.js';
import { type MonthSpan, rowsOfGrant } from './rows-of-grant.js';
import { isMeasure, type UsageColumn, type UsageSet } from './sets.js';
import { percentageOf, percentageParts, servedColumns, shownValue, suppressionOf } from './shown-value.js';
import { SqlParameters } from './sql-parameters.js';
import { type Touched, touchedColumns } from './touched.js';
import { grantsSql, type UsageViewer, withheldFrom } from './usage-access.js';

/** What aggregates can be grouped by, within each month. */
export const groupings = ['month', 'customer', 'target', 'sku', 'geography', 'category'] as const;
export type Grouping = (typeof groupings)[number];

export interface AggregateQuery extends MonthSpan {
  set: UsageSet;
  by: Grouping;
  after?: { month: string; key: string } | undefined;
  limit: number;
}

export interface AggregateGroup {
  month: string;
  /** Tenant, target, or value of the column; empty when grouped by month only, or when the value is unknown. */
  key: string;
  associations: number;
  /** Sums of the cells that the viewer can see, and percentages of such sums; null when it can see none. */
  values: Record<string, number | null>;
  /** Columns with cells that were left out because they hold small counts. */
  suppressed: string[];
}

export interface Aggregates {
  groups: AggregateGroup[];
  touched: Touched[];
}

/** Returns whether a set can be grouped like this. */
export const canGroup = (set: UsageSet, by: Grouping): boolean => by in keys || set.columns.some(({ groupBy }) => groupBy === by);

/**
 * Sums over the viewer's open associations. Suppressed cells are left out before anything is added up: every figure follows from rows that the
 * viewer can read one by one, so comparing sums reveals no suppressed count.
 */
export async function readAggregates(manager: EntityManager, viewer: UsageViewer, query: AggregateQuery): Promise<Aggregates> {
  const parameters = new SqlParameters();
  // So that the rows of ten thousand associations are summed in memory.
  await manager.query(`SELECT set_config('work_mem', '64MB', true)`);
  const [answer] = await manager.query<[{ groups: AggregateGroup[] | null; touched: Touched[] | null }]>(
    aggregatesSql(viewer, query, parameters),
    parameters.values,
  );
  return { groups: answer.groups ?? [], touched: answer.touched ?? [] };
}

/** SQL of the groups that every set has. */
const keys: Partial<Record<Grouping, string>> = { month: `''`, customer: 'g.tenant_id', target: 'g.target' };

const keyOf = ({ set, by }: AggregateQuery, viewer: UsageViewer): string =>
  keys[by] ?? `coalesce(${shownValue(set, viewer, set.columns.find(({ groupBy }) => groupBy === by)!)} #>> '{}', '')`;

function aggregatesSql(viewer: UsageViewer, query: AggregateQuery, parameters: SqlParameters): string {
  const { set, after, limit } = query;
  const measures = servedColumns(set, viewer).filter(isMeasure);
  const cells = measures.map((column) => cellOf(set, viewer, column));
  const flags = measures.map(
    (column) => `(NOT ${withheldFrom(viewer, column)} AND ${suppressionOf(set, column)}) AS "${column.name} suppressed"`,
  );
  const values = measures.map((column) => `'${column.name}', ${sumOf(column)}`);
  const suppressed = measures.map(({ name }) => `CASE WHEN bool_or("${name} suppressed") THEN '${name}' END`);
  const grants = grantsSql(viewer, parameters);
  const rows = rowsOfGrant(set, spanOf(query), parameters);
  const place = after === undefined ? 'true' : `(month, key) > (${parameters.add(after.month)}, ${parameters.add(after.key)})`;
  return `
    WITH ${grants},
    -- A target's month is counted once, even if it is held for several activities or an earlier tenure is open too.
    counted AS MATERIALIZED (
      SELECT * FROM (
        SELECT *, max(coalesce(last_month, 'infinity')) OVER (
          PARTITION BY target ORDER BY first_month, association_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS counted_to
        FROM grants
      ) g WHERE counted_to IS NULL OR coalesce(last_month, 'infinity') > counted_to
    ),
    cells AS MATERIALIZED (
      SELECT g.association_id, r.month, ${keyOf(query, viewer)} COLLATE "C" AS key, ${[...cells, ...flags].join(', ')}
      FROM counted g JOIN LATERAL (${rows}) r ON g.counted_to IS NULL OR r.month > g.counted_to
    ),
    -- Materialized, so that groups are hashed: PostgreSQL cannot foresee how many rows there are, and would sort all of them.
    sums AS MATERIALIZED (
      SELECT month, key, ${associationsIn(query)}::int AS associations, json_build_object(${values.join(', ')}) AS values,
        array_remove(ARRAY[${suppressed.join(', ')}]::text[], NULL) AS suppressed
      FROM cells WHERE ${place} GROUP BY month, key
    ),
    groups AS MATERIALIZED (SELECT * FROM sums ORDER BY month, key LIMIT ${parameters.add(limit)}),
    seen AS MATERIALIZED (
      SELECT association_id, min(month) AS "fromMonth", max(month) AS "toMonth", count(*)::int AS rows
      FROM cells
      WHERE ${place} AND (month, key) <= (SELECT month, key FROM groups ORDER BY month DESC, key DESC LIMIT 1) GROUP BY association_id
    ),
    touched AS (
      SELECT ${touchedColumns('counted')}, "fromMonth", "toMonth", rows
      FROM seen JOIN counted USING (association_id)
    )
    SELECT (SELECT json_agg(groups ORDER BY month, key) FROM groups) AS groups, (SELECT json_agg(touched) FROM touched) AS touched`;
}

/** The months that can be on the page: none before the month in which the previous page ended. */
const spanOf = ({ from, to, after }: AggregateQuery): MonthSpan => ({
  from: after !== undefined && (from === undefined || isBefore(from, after.month)) ? after.month : from,
  to,
});

/** SQL that counts the associations of a group. In a set without dimensions, an association has one row a month, so rows can be counted instead. */
const associationsIn = ({ set, by }: AggregateQuery): string =>
  by === 'month' && !set.columns.some(({ source }) => source === 'dimension') ? 'count(*)' : 'count(DISTINCT association_id)';

const isPercentage = ({ source }: UsageColumn): boolean => source === 'percentage';

function cellOf(set: UsageSet, viewer: UsageViewer, column: UsageColumn): string {
  if (!isPercentage(column)) return `(${shownValue(set, viewer, column)})::numeric AS "${column.name}"`;
  const { part, whole } = percentageParts(set, viewer, column);
  return `${part} AS "${column.name} part", ${whole} AS "${column.name} whole"`;
}

const sumOf = (column: UsageColumn): string =>
  isPercentage(column) ? percentageOf(`"${column.name} part"`, `"${column.name} whole"`) : `sum("${column.name}")`;
