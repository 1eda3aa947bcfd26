import { isBefore } from '#libs/claims/instants.js';
import { type Queryable, rowsOf } from '../queryable.js';
import { type DirectoryTableName, directoryTables } from './directory-tables.js';
import { type ReadTable, readTable, type TableFault } from './read-table.js';
import { type Context, type NamedAccount, type Stated, statedBy } from './stated-rows.js';
import { type ImportedTable, importedTables, type ProductName, type TableColumn } from './table-columns.js';
import { type GivenRows, type TableChanges, writeDirectory } from './write-directory.js';

export interface DirectoryTableFile {
  table: ImportedTable;
  /** For messages. */
  file: string;
  bytes: AsyncIterable<Uint8Array>;
}

export type TableImport =
  | { ok: true; changes: TableChanges[]; files: FileReport[]; unknownProducts: string[]; accounts: NamedAccount[] }
  | { ok: false; faults: TableFault[] };

export interface FileReport {
  file: string;
  rows: number;
  used: string[];
  ignored: string[];
}

/**
 * Imports tables (CSV) into the built-in directory, all of them or none. Rows are added, and the stated columns of known rows updated; nothing is
 * removed, unless the tables `replace` what the directory has of their kind.
 */
export async function importTables(
  database: Queryable,
  files: DirectoryTableFile[],
  { products, replaces = false }: { products: ProductName[]; replaces?: boolean },
): Promise<TableImport> {
  const read: (ReadTable & { table: ImportedTable; file: string })[] = [];
  for (const { table, file, bytes } of files) {
    const columns: Record<string, TableColumn> = importedTables[table];
    read.push({ table, file, ...(await readTable(columns, file, bytes)) });
  }
  const context: Context = { products, unknownProducts: new Set(), accounts: new Map() };
  const faults = read.flatMap((table) => table.faults);
  const stated = read.flatMap(({ table, rows }) => rows.flatMap((row) => statedBy(table, row, context, faults)));
  const rows = withoutRepetition(stated, faults);
  faults.push(...(faults.length === 0 ? await missingOwners(database, stated, rows, replaces) : []));
  if (faults.length > 0) return { ok: false, faults: faults.sort(byPlace) };
  for (const { table } of read) for (const name of tablesOf[table]) rows[name] ??= [];
  return {
    ok: true,
    changes: await writeDirectory(database, rows, replaces ? 'all' : 'none'),
    files: read.map(({ file, rows: lines, used, ignored }) => ({ file, rows: lines.length, used, ignored })),
    unknownProducts: [...context.unknownProducts].sort(),
    accounts: [...context.accounts.values()],
  };
}

const byPlace = (a: TableFault, b: TableFault): number => a.file.localeCompare(b.file) || a.line - b.line;

/** The tables of the directory that a file states, and with `replaces` states completely. */
const tablesOf: Record<ImportedTable, DirectoryTableName[]> = {
  customers: ['directory_tenants', 'directory_tenant_domains'],
  admins: ['directory_tenant_admins'],
  subscriptions: ['directory_subscriptions'],
  workloads: ['directory_tenant_workloads'],
  locations: ['directory_accounts', 'directory_locations'],
  enrolments: ['directory_enrolments'],
};

/**
 * Joins lines about the same record: reports repeat a subscription for each month and partner. With a month, the latest counts. Otherwise
 * lines that differ are faults.
 */
function withoutRepetition(stated: Stated[], faults: TableFault[]): GivenRows {
  const rows: GivenRows = {};
  for (const { name, key } of directoryTables) {
    const byKey = new Map<string, Stated>();
    for (const next of stated.filter(({ table }) => table === name)) {
      const id = key.map((column) => next.row[column]).join(' ');
      const known = byKey.get(id);
      const [month, knownMonth] = [next, known].map((one) => one?.source.values['month'] as string | undefined);
      const isSame = known === undefined || JSON.stringify(known.row) === JSON.stringify(next.row);
      if (isSame || (month !== undefined && knownMonth !== undefined && isBefore(knownMonth, month))) byKey.set(id, next);
      else if (month === undefined || knownMonth === undefined || month === knownMonth) faults.push(repetition(known, next));
    }
    if (byKey.size > 0) rows[name] = [...byKey.values()].map(({ row }) => row);
  }
  return rows;
}

function repetition(known: Stated, { row, source }: Stated): TableFault {
  const column = Object.keys(row).find((name) => row[name] !== known.row[name]) ?? null;
  const where = known.source.file === source.file ? `line ${known.source.line}` : `${known.source.file}, line ${known.source.line}`;
  return {
    file: source.file,
    line: source.line,
    column: null,
    message: `Differs from ${where} in ${column}, about the same record. Keep one of the two.`,
  };
}

/** Finds lines about a tenant or location that is neither in the files nor in what remains of the directory. */
async function missingOwners(database: Queryable, stated: Stated[], rows: GivenRows, replaces: boolean): Promise<TableFault[]> {
  const faults: TableFault[] = [];
  for (const { name, owner } of directoryTables) {
    if (owner === undefined) continue;
    const given = new Set(rows[owner.table]?.map((row) => row[owner.key]));
    const unknown = stated.filter(({ table, row }) => table === name && !given.has(row[owner.key] ?? ''));
    const known = replaces && rows[owner.table] !== undefined ? new Set<unknown>() : await knownOwners(database, owner, unknown);
    for (const { row, source } of unknown.filter((one) => !known.has(one.row[owner.key]))) {
      const message = `${String(row[owner.key])} is not in the directory. Import ${owner.table === 'directory_tenants' ? '--customers' : '--locations'} with it or before it.`;
      faults.push({ file: source.file, line: source.line, column: null, message });
    }
  }
  return faults;
}

async function knownOwners(database: Queryable, { table, key }: { table: string; key: string }, stated: Stated[]): Promise<Set<unknown>> {
  if (stated.length === 0) return new Set();
  const keys = [...new Set(stated.map(({ row }) => row[key]))];
  const found = await database.query(`select ${key}::text as key from ${table} where ${key}::text = any($1)`, [keys]);
  return new Set(rowsOf<{ key: string }>(found).map((row) => row.key));
}
