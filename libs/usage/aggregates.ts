import type { EntityManager } from 'typeorm';
import {
  gateSql,
  type MonthSpan,
  Parameters,
  percentageParts,
  rowsOfGrant,
  servedColumns,
  shownValue,
  suppressionOf,
  type UsageReader,
  withheldFrom,
} from './gate.js';
import { isMeasure, type UsageColumn, type UsageSet } from './sets.js';
import type { Touched } from './touched.js';

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
  /** Tenant, target, or value of the column; empty when the month alone is the group or the value is unknown. */
  key: string;
  associations: number;
  /** Sums of what the caller can see, and percentages of such sums; null when nothing of it can be seen. */
  values: Record<string, number | null>;
  /** Columns of which cells were left out because they hold small counts. */
  suppressed: string[];
}

export interface Aggregates {
  groups: AggregateGroup[];
  touched: Touched[];
}

/** The column by which a set is grouped; null for groupings that need none, undefined when the set cannot be grouped so. */
export function groupColumn(set: UsageSet, by: Grouping): UsageColumn | null | undefined {
  return by === 'month' || by === 'customer' || by === 'target' ? null : set.columns.find((column) => column.groupBy === by);
}

/**
 * Sums over the live associations of the caller. Cells that are held back are left out before anything is added up: every figure follows
 * from rows that the caller can read one by one, so no comparison of sums tells a suppressed count.
 */
export async function readAggregates(manager: EntityManager, reader: UsageReader, query: AggregateQuery): Promise<Aggregates> {
  const parameters = new Parameters();
  const [answer] = await manager.query<[{ groups: AggregateGroup[] | null; touched: Touched[] | null }]>(
    aggregatesSql(reader, query, parameters),
    parameters.values,
  );
  return { groups: answer.groups ?? [], touched: answer.touched ?? [] };
}

const keys = { month: `''`, customer: 'g.tenant_id', target: 'g.target' };

function keyOf({ set, by }: AggregateQuery, reader: UsageReader): string {
  if (by === 'month' || by === 'customer' || by === 'target') return keys[by];
  return `coalesce(${shownValue(set, reader, groupColumn(set, by)!)} #>> '{}', '')`;
}

function aggregatesSql(reader: UsageReader, query: AggregateQuery, parameters: Parameters): string {
  const { set, after, limit } = query;
  const measures = servedColumns(set, reader).filter(isMeasure);
  const cells = measures.map((column) => cellOf(set, reader, column));
  const flags = measures.map(
    (column) => `(NOT ${withheldFrom(reader, column)} AND ${suppressionOf(set, column)}) AS "${column.name} suppressed"`,
  );
  const values = measures.map((column) => `'${column.name}', ${sumOf(column)}`);
  const suppressed = measures.map(({ name }) => `CASE WHEN bool_or("${name} suppressed") THEN '${name}' END`);
  const gate = gateSql(reader, parameters);
  const rows = rowsOfGrant(set, spanOf(query), parameters);
  const place = after === undefined ? '' : `WHERE (month, key) > (${parameters.add(after.month)}, ${parameters.add(after.key)})`;
  return `
    WITH ${gate},
    -- One target is counted once, even if it is held for several activities.
    counted AS MATERIALIZED (SELECT DISTINCT ON (target) * FROM grants ORDER BY target, first_month),
    cells AS MATERIALIZED (
      SELECT g.association_id, r.month, ${keyOf(query, reader)} COLLATE "C" AS key, ${[...cells, ...flags].join(', ')}
      FROM counted g JOIN LATERAL (${rows}) r ON true
    ),
    groups AS (
      SELECT month, key, ${associationsIn(query)}::int AS associations, json_build_object(${values.join(', ')}) AS values,
        array_remove(ARRAY[${suppressed.join(', ')}]::text[], NULL) AS suppressed
      FROM cells ${place} GROUP BY month, key ORDER BY month, key LIMIT ${parameters.add(limit)}
    ),
    seen AS (
      SELECT association_id, min(month) AS "fromMonth", max(month) AS "toMonth", count(*)::int AS rows
      FROM cells JOIN groups USING (month, key) GROUP BY association_id
    ),
    touched AS (
      SELECT association_id AS "associationId", claim_id AS "claimId", partner_account_id AS "partnerAccountId", partner_id AS "partnerId",
        tenant_id AS "tenantId", held_target AS target, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
        "fromMonth", "toMonth", rows
      FROM seen JOIN counted USING (association_id)
    )
    SELECT (SELECT json_agg(groups ORDER BY month, key) FROM groups) AS groups, (SELECT json_agg(touched) FROM touched) AS touched`;
}

/** The months that can be on the page: none before the one at which the last page ended. */
const spanOf = ({ from, to, after }: AggregateQuery): MonthSpan => ({
  from: after !== undefined && (from === undefined || after.month > from) ? after.month : from,
  to,
});

/** SQL of how many associations a group has. In a month of a set whose rows nothing tells apart, each row is an association's only one. */
const associationsIn = ({ set, by }: AggregateQuery): string =>
  by === 'month' && !set.columns.some(({ source }) => source === 'dimension') ? 'count(*)' : 'count(DISTINCT association_id)';

const isPercentage = ({ source }: UsageColumn): boolean => source === 'percentage';

function cellOf(set: UsageSet, reader: UsageReader, column: UsageColumn): string {
  if (!isPercentage(column)) return `(${shownValue(set, reader, column)})::numeric AS "${column.name}"`;
  const { part, whole } = percentageParts(set, reader, column);
  return `${part} AS "${column.name} part", ${whole} AS "${column.name} whole"`;
}

const sumOf = (column: UsageColumn): string =>
  isPercentage(column) ? percentageOf(`"${column.name} part"`, `"${column.name} whole"`) : `sum("${column.name}")`;

/** SQL of a percentage of sums. */
export const percentageOf = (part: string, whole: string): string => `round(100 * sum(${part}) / nullif(sum(${whole}), 0), 1)`;
