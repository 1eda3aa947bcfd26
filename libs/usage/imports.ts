import type { EntityManager } from 'typeorm';
import { type RowFaultCode, rowFaults } from './row.js';
import type { UsageSetName } from './sets.js';

type Queryable = Pick<EntityManager, 'query'>;

/** The state of an import. */
export interface UsageImport {
  importId: string;
  set: UsageSetName;
  programme: string;
  /** `interrupted`: the process that imported the file has ended. Nothing of it is visible; send it again. */
  state: 'receiving' | 'interrupted' | 'published' | 'failed';
  rowsRead: number;
  rowsStored: number;
  rowsRefused: number;
  latestMonth: string | null;
  failure: 'header_refused' | 'unreadable' | null;
  failedLine: number | null;
  startedAt: string;
  publishedAt: string | null;
}

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A running import holds the lock of its set and has the set's latest load. */
const isUnderWay = `i.load_no = (SELECT max(load_no) FROM usage_imports o WHERE o.set_name = i.set_name) AND EXISTS (
  SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::bigint = hashtext('usage')::bigint & 4294967295 AND objid::bigint = hashtext(i.set_name)::bigint & 4294967295 AND granted)`;

/** Reads an import. Returns null when there is none. */
export async function findUsageImport(database: Queryable, importId: string): Promise<UsageImport | null> {
  const [row] = await database.query<UsageImport[]>(
    `SELECT import_id AS "importId", set_name AS set, programme,
       CASE WHEN state = 'receiving' AND NOT (${isUnderWay}) THEN 'interrupted' ELSE state END AS state,
       rows_read AS "rowsRead", rows_stored AS "rowsStored", rows_refused AS "rowsRefused", latest_month::text AS "latestMonth",
       failure, failed_line AS "failedLine", ${iso('started_at')} AS "startedAt", ${iso('published_at')} AS "publishedAt"
     FROM usage_imports i WHERE import_id = $1`,
    [importId],
  );
  return row ?? null;
}

/** A refused row, and how to fix it. */
export interface UsageImportError {
  position: number;
  line: number;
  column: string | null;
  code: RowFaultCode;
  message: string;
}

/** Lists the refused rows of an import's latest attempt, in the order of the file. */
export async function listUsageImportErrors(
  database: Queryable,
  importId: string,
  { after, limit }: { after: number; limit: number },
): Promise<UsageImportError[]> {
  const rows = await database.query<Omit<UsageImportError, 'message'>[]>(
    `SELECT position, line, column_name AS "column", code FROM usage_import_errors
     WHERE load_no = (SELECT load_no FROM usage_imports WHERE import_id = $1) AND position > $2 ORDER BY position LIMIT $3`,
    [importId, after, limit],
  );
  return rows.map((row) => ({ ...row, message: rowFaults[row.code] }));
}

/** How new the data of a set is; nulls before the first import. */
export interface Freshness {
  latestMonth: string | null;
  importedAt: string | null;
}

export async function freshnessOf(database: Queryable, set: UsageSetName): Promise<Freshness> {
  const [row] = await database.query<[Freshness]>(
    `SELECT max(latest_month)::text AS "latestMonth", ${iso('max(published_at)')} AS "importedAt"
     FROM usage_imports WHERE set_name = $1 AND state = 'published'`,
    [set],
  );
  return row;
}
