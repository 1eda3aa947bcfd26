import type { EntityManager } from 'typeorm';
import { type MonthSpan, rowsOfGrant, type UsagePlace } from './rows-of-grant.js';
import type { UsageSet } from './sets.js';
import { servedColumns, shownValue, suppressionOf } from './shown-value.js';
import { SqlParameters } from './sql-parameters.js';
import { type SeenRow, type Touched, touchedColumns, touchedIn } from './touched.js';
import { grantsSql, type UsageViewer, withheldFrom } from './usage-access.js';

export interface UsageQuery extends MonthSpan {
  set: UsageSet;
  /** Omit it to read all open associations of the viewer. */
  associationId?: string | undefined;
  after?: UsagePlace | undefined;
  limit: number;
}

/** A month of a target as the viewer may see it. */
export interface ShownRow extends UsagePlace {
  target: string;
  /** By published column name; null when unknown, suppressed, or for executive viewers only. */
  values: Record<string, string | number | null>;
  /** Columns that hold a small count, and those calculated from one. */
  suppressed: string[];
}

export interface UsageRows {
  /** Whether the named association, or any, is open to the viewer. */
  isGranted: boolean;
  rows: ShownRow[];
  /** Where the next page begins; null on the last. A page may hold fewer rows than requested, even none, without being the last. */
  next: UsagePlace | null;
  /** What to log. */
  touched: Touched[];
}

type Row = SeenRow & Omit<ShownRow, 'month'> & { usedTarget: string };

/** How many associations one page may read, so that its cost has a bound. */
const maximumAssociations = 200;

/** Reads rows by association, month and dimension. Access is decided by the same statement, hence at the same instant. */
export async function readUsageRows(manager: EntityManager, viewer: UsageViewer, query: UsageQuery): Promise<UsageRows> {
  const parameters = new SqlParameters();
  const found = await manager.query<Row[]>(rowsSql(viewer, query, parameters), parameters.values);
  const rows = found.filter((row): row is Row & { month: string } => row.month !== null).slice(0, query.limit);
  // An association without rows is logged only if it was requested by id.
  const isNamed = query.associationId !== undefined && rows.length === 0;
  return {
    isGranted: found.length > 0,
    rows: rows.map(({ associationId, usedTarget, month, dimension, values, suppressed }) => ({
      associationId,
      target: usedTarget,
      month,
      dimension,
      values,
      suppressed,
    })),
    next: nextPlace(found, rows, query),
    touched: touchedIn(isNamed ? found : rows, query),
  };
}

/** After the last row shown, or after the last association read. */
function nextPlace(found: Row[], rows: UsagePlace[], { associationId, limit }: UsageQuery): UsagePlace | null {
  const last = rows.at(-1);
  if (last !== undefined && rows.length === limit)
    return { associationId: last.associationId, month: last.month, dimension: last.dimension };
  const isLast = associationId !== undefined || new Set(found.map((row) => row.associationId)).size < maximumAssociations;
  return isLast ? null : { associationId: found.at(-1)!.associationId, month: '9999-12-01', dimension: '' };
}

function rowsSql(viewer: UsageViewer, { set, associationId, after, limit, from, to }: UsageQuery, parameters: SqlParameters): string {
  const columns = servedColumns(set, viewer);
  const values = columns.map((column) => `'${column.name}', ${shownValue(set, viewer, column)}`);
  const suppressed = columns.map(
    (column) => `CASE WHEN NOT ${withheldFrom(viewer, column)} AND ${suppressionOf(set, column)} THEN '${column.name}' END`,
  );
  const grants = grantsSql(viewer, parameters);
  const rows = rowsOfGrant(set, { from, to }, parameters, after);
  const first = associationId ?? after?.associationId;
  const place = first === undefined ? '' : `WHERE association_id ${associationId === undefined ? '>=' : '='} ${parameters.add(first)}`;
  // The outer join keeps an association without data, which tells it from one that is closed to the viewer.
  return `
    WITH ${grants}
    SELECT ${touchedColumns('g')}, g.target AS "usedTarget", r.month::text AS month, r.dimension,
      jsonb_build_object(${values.join(', ')}) AS values, array_remove(ARRAY[${suppressed.join(', ')}]::text[], NULL) AS suppressed
    FROM (SELECT * FROM grants ${place} ORDER BY association_id LIMIT ${parameters.add(maximumAssociations)}) g
    LEFT JOIN LATERAL (${rows}) r ON true
    ORDER BY g.association_id, r.month, r.dimension LIMIT ${parameters.add(limit + maximumAssociations)}`;
}
