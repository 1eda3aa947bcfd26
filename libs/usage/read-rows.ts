import type { EntityManager } from 'typeorm';
import { gateSql, type MonthSpan, rowsOfGrant, SqlParameters, type UsagePlace, type UsageViewer } from './gate.js';
import type { UsageSet } from './sets.js';
import { servedColumns, shownValue, suppressionOf, withheldFrom } from './shown-value.js';
import { type SeenRow, type Touched, touchedColumns, touchedIn } from './touched.js';

export interface UsageQuery extends MonthSpan {
  set: UsageSet;
  /** One association alone; all live ones of the caller when left out. */
  associationId?: string | undefined;
  after?: UsagePlace | undefined;
  limit: number;
}

/** A month of a target as the caller may see it. */
export interface ShownRow extends UsagePlace {
  target: string;
  /** By published column. Null is unknown, suppressed, or for executive viewers alone. */
  values: Record<string, string | number | null>;
  /** Columns that hold a small count, and those worked out from one. */
  suppressed: string[];
}

export interface UsageRows {
  /** Whether the association named, or any, is open to the caller. */
  isGranted: boolean;
  rows: ShownRow[];
  /** Where the next page begins; null on the last. A page may hold fewer rows than asked for, even none, and not be the last. */
  next: UsagePlace | null;
  /** What is to be logged. */
  touched: Touched[];
}

type Row = SeenRow & Omit<ShownRow, 'month'> & { usedTarget: string };

/** Associations that one page looks at, so that its cost does not grow with how many there are. */
const maximumAssociations = 200;

/** Reads rows by association, month and dimension. Right and rows are one statement, and so of one instant. */
export async function readUsageRows(manager: EntityManager, viewer: UsageViewer, query: UsageQuery): Promise<UsageRows> {
  const parameters = new SqlParameters();
  const found = await manager.query<Row[]>(rowsSql(viewer, query, parameters), parameters.values);
  const rows = found.filter((row): row is Row & { month: string } => row.month !== null).slice(0, query.limit);
  // An association of which nothing was told is only logged when it was asked for by name.
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

/** After the last row that is shown, or after the last association that was looked at. */
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
  const gate = gateSql(viewer, parameters);
  const rows = rowsOfGrant(set, { from, to }, parameters, after);
  const first = associationId ?? after?.associationId;
  const place = first === undefined ? '' : `WHERE association_id ${associationId === undefined ? '>=' : '='} ${parameters.add(first)}`;
  // An association without data has a row of its own, so that it is told from one that is closed to the caller.
  return `
    WITH ${gate}
    SELECT ${touchedColumns('g')}, g.target AS "usedTarget", r.month::text AS month, r.dimension,
      jsonb_build_object(${values.join(', ')}) AS values, array_remove(ARRAY[${suppressed.join(', ')}]::text[], NULL) AS suppressed
    FROM (SELECT * FROM grants ${place} ORDER BY association_id LIMIT ${parameters.add(maximumAssociations)}) g
    LEFT JOIN LATERAL (${rows}) r ON true
    ORDER BY g.association_id, r.month, r.dimension LIMIT ${parameters.add(limit + maximumAssociations)}`;
}
