import type { EntityManager } from 'typeorm';
import { type MonthSpan, rowsOfGrant } from './rows-of-grant.js';
import type { UsageColumn, UsageSet } from './sets.js';
import { percentageOf, percentageParts, shownValue, suppressionOf } from './shown-value.js';
import { SqlParameters } from './sql-parameters.js';
import { type Touched, touchedColumns } from './touched.js';
import { grantsSql, type UsageViewer, withheldFrom } from './usage-access.js';

export interface SeriesQuery extends MonthSpan {
  set: UsageSet;
  measure: UsageColumn;
  associationId?: string | undefined;
  /** The association at which the previous page ended. */
  after?: string | undefined;
  limit: number;
}

/** `missing`: no data for the month. `suppressed`: all or part of it is a small count and was left out. `withheld`: for executive viewers only. */
export interface SeriesPoint {
  month: string;
  value: number | null;
  state: 'known' | 'suppressed' | 'withheld' | 'missing';
}

export interface Series {
  associationId: string;
  tenantId: string;
  target: string;
  claimNumber: string;
  points: SeriesPoint[];
}

interface SeriesRow extends Touched {
  usedTarget: string;
  claimNumber: string;
  points: SeriesPoint[];
}

/** Reads one measure month by month, for one association or for a page of all open ones. Every month is listed, including gaps. */
export async function readSeries(
  manager: EntityManager,
  viewer: UsageViewer,
  query: SeriesQuery,
): Promise<{ series: Series[]; touched: Touched[] }> {
  const parameters = new SqlParameters();
  const rows = await manager.query<SeriesRow[]>(seriesSql(viewer, query, parameters), parameters.values);
  return {
    series: rows.map(({ associationId, tenantId, usedTarget, claimNumber, points }) => ({
      associationId,
      tenantId,
      target: usedTarget,
      claimNumber,
      points,
    })),
    touched: rows.map(({ usedTarget: _target, claimNumber: _number, points: _points, ...touched }) => touched),
  };
}

function seriesSql(viewer: UsageViewer, query: SeriesQuery, parameters: SqlParameters): string {
  const { set, measure, associationId, after, limit } = query;
  const grants = grantsSql(viewer, parameters);
  const rows = rowsOfGrant(set, query, parameters);
  const first = query.from === undefined ? 'g.first_month' : `greatest(g.first_month, ${parameters.add(query.from)}::date)`;
  const to = query.to === undefined ? '' : `, ${parameters.add(query.to)}::date`;
  const conditions = [
    ...(associationId === undefined ? [] : [`association_id = ${parameters.add(associationId)}`]),
    ...(after === undefined ? [] : [`association_id > ${parameters.add(after)}`]),
  ];
  const isPercentage = measure.source === 'percentage';
  const { part, whole } = isPercentage
    ? percentageParts(set, viewer, measure)
    : { part: `(${shownValue(set, viewer, measure)})::numeric`, whole: 'NULL::numeric' };
  return `
    WITH ${grants},
    page AS (
      SELECT * FROM grants ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY association_id LIMIT ${parameters.add(limit)}
    ),
    freshness AS (SELECT max(latest_month) AS latest_month FROM usage_imports WHERE set_name = ${parameters.add(set.name)} AND state = 'published')
    SELECT ${touchedColumns('g')}, g.target AS "usedTarget", g.number AS "claimNumber",
      s.from_month::text AS "fromMonth", s.to_month::text AS "toMonth", s.row_count::int AS rows, s.points
    FROM page g CROSS JOIN freshness f CROSS JOIN LATERAL (
      SELECT min(month)::date AS from_month, max(month)::date AS to_month, coalesce(sum(found), 0) AS row_count,
        coalesce(jsonb_agg(jsonb_build_object('month', month::date, 'value', value, 'state', CASE
          WHEN found = 0 THEN 'missing' WHEN is_withheld THEN 'withheld' WHEN is_suppressed THEN 'suppressed'
          WHEN value IS NULL THEN 'missing' ELSE 'known' END) ORDER BY month), '[]') AS points
      FROM (
        SELECT m.month, ${isPercentage ? percentageOf('part', 'whole') : 'sum(part)'} AS value, count(r.month) AS found,
          bool_or(is_withheld) AS is_withheld, bool_or(is_suppressed) AS is_suppressed
        FROM generate_series(${first}, least(f.latest_month, g.last_month${to}), interval '1 month') AS m(month)
        LEFT JOIN (
          SELECT r.month, ${part} AS part, ${whole} AS whole, ${withheldFrom(viewer, measure)} AS is_withheld,
            ${suppressionOf(set, measure)} AS is_suppressed
          FROM (${rows}) r
        ) r ON r.month = m.month::date
        -- Before the first import, no month counts as missing.
        WHERE f.latest_month IS NOT NULL GROUP BY m.month
      ) months
    ) s
    ORDER BY g.association_id`;
}
