import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { DataSource, EntityManager } from 'typeorm';
import { isBefore } from '#libs/claims/index.js';
import { allowLongStatements, endLongStatements } from '#libs/event-store/index.js';
import type { Product } from '#libs/programmes/index.js';
import { isEmptyRow, namedCells, openTable, readHeading, UnreadableText } from '#libs/tables/index.js';
import { pruneUsage } from './prune.js';
import { CellReader, type HeaderFault, readHeader, readRow, type RowFault, type RowRules, type UsageRow } from './row.js';
import { type UsageColumn, type UsageSetName, usageSets } from './sets.js';

/** A file to import. Sending it again under the same id is a retry. */
export interface UsageFile {
  importId: string;
  set: UsageSetName;
  programme: string;
  /** The programme's catalogue. The file may use any name that it has for a workload. */
  products: Product[];
  /** The sender's subject at the identity provider. */
  importedBy: string;
  csv: Readable;
}

export type UsageImportOutcome =
  | { result: 'published' | 'repeated' }
  /** Another file of the set is being imported. */
  | { result: 'busy' }
  /** The id belongs to another file, which has been published. */
  | { result: 'conflict' }
  | { result: 'header_refused'; faults: HeaderFault[] }
  | { result: 'unreadable'; line: number };

const batchRows = 2_500;
/** How many faults are stored. All of them are counted. */
const maximumKeptFaults = 10_000;
/** A record longer than this must lack a closing quote. */
const maximumRecordCharacters = 100_000;

/** Aborts an import whose whole file is refused, without reading the rest. */
class FileRefused extends Error {
  constructor(readonly outcome: Extract<UsageImportOutcome, { result: 'header_refused' | 'unreadable' }>) {
    super(outcome.result);
  }
}

/**
 * Imports a file of one set in batches, so that memory stays bounded. Readers see the previous figures until the last row is stored, and then all
 * of the new ones at once. An interrupted import leaves nothing visible, and starts over when the file is sent again. Refused rows are reported;
 * the others are stored.
 */
export async function importUsage(source: DataSource, file: UsageFile): Promise<UsageImportOutcome> {
  const runner = source.createQueryRunner();
  await runner.connect();
  const { manager } = runner;
  try {
    if (!(await lockSet(manager, file.set))) return { result: 'busy' };
    try {
      await allowLongStatements(manager, 'connection');
      const load = await begin(manager, file);
      if (load === null) return await compare(manager, file);
      return await store(manager, file, load);
    } finally {
      await endLongStatements(manager);
      await manager.query(`SELECT pg_advisory_unlock(hashtext('usage'), hashtext($1))`, [file.set]);
    }
  } finally {
    await runner.release();
  }
}

/** Locks a set for this connection; the lock ends with it, even if the process dies. */
async function lockSet(manager: EntityManager, set: UsageSetName): Promise<boolean> {
  const [row] = await manager.query<[{ isLocked: boolean }]>(`SELECT pg_try_advisory_lock(hashtext('usage'), hashtext($1)) AS "isLocked"`, [
    set,
  ]);
  return row.isLocked;
}

/** Opens a new load for this attempt and returns its number. Returns null when the import has already been published. */
async function begin(manager: EntityManager, { importId, set, programme, importedBy }: UsageFile): Promise<string | null> {
  const [row] = await manager.query<{ load_no: string }[]>(
    `INSERT INTO usage_imports (import_id, set_name, programme, state, imported_by) VALUES ($1, $2, $3, 'receiving', $4)
     ON CONFLICT (import_id) DO UPDATE SET load_no = nextval('usage_loads'), set_name = $2, programme = $3, state = 'receiving',
       rows_read = 0, rows_stored = 0, rows_refused = 0, latest_month = NULL, failure = NULL, failed_line = NULL, started_at = cpor_now()
       WHERE usage_imports.state <> 'published'
     RETURNING load_no`,
    [importId, set, programme, importedBy],
  );
  return row?.load_no ?? null;
}

/** Reads a file whose id has already been published, and compares the two by hash. */
async function compare(manager: EntityManager, { importId, set, programme, csv }: UsageFile): Promise<UsageImportOutcome> {
  const hash = createHash('sha256');
  for await (const chunk of csv) hash.update(chunk as Buffer);
  const [known] = await manager.query<{ isSame: boolean }[]>(
    'SELECT sha256 = $2 AND set_name = $3 AND programme = $4 AS "isSame" FROM usage_imports WHERE import_id = $1',
    [importId, hash.digest('hex'), set, programme],
  );
  return { result: known?.isSame === true ? 'repeated' : 'conflict' };
}

async function store(manager: EntityManager, file: UsageFile, loadNo: string): Promise<UsageImportOutcome> {
  const load = new Load(manager, file.set, loadNo);
  const hash = createHash('sha256');
  try {
    await readFile(file, await rowRules(manager, file), load, hash);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    await load.fail(refusal);
    await pruneUsage(manager, file.set);
    return refusal;
  } finally {
    await load.settled();
  }
  await load.publish(hash.digest('hex'));
  await pruneUsage(manager, file.set);
  return { result: 'published' };
}

function refusalOf(error: unknown): FileRefused['outcome'] | null {
  if (error instanceof FileRefused) return error.outcome;
  if (error instanceof UnreadableText) return { result: 'unreadable', line: 1 };
  return error instanceof CsvError ? { result: 'unreadable', line: Number(error['lines'] ?? 0) } : null;
}

async function rowRules(manager: EntityManager, { set, products }: UsageFile): Promise<RowRules> {
  const [clock] = await manager.query<[{ month: string }]>(
    `SELECT date_trunc('month', cpor_now() AT TIME ZONE 'UTC')::date::text AS month`,
  );
  const names = products
    .filter(({ unit }) => unit === 'workload')
    .flatMap(({ code, label, synonyms }) => [code, label.en, label.ru, ...synonyms].map((name) => [name.toLowerCase(), code] as const));
  return { set: usageSets[set], workloads: new Map(names), currentMonth: clock.month };
}

/** Reads records as they arrive. While one batch is being stored, the next is read; once that is full too, the sender waits. */
async function readFile({ set, csv }: UsageFile, rules: RowRules, load: Load, hash: ReturnType<typeof createHash>): Promise<void> {
  const { delimiter, text } = await openTable(hashed(csv, hash));
  const options = { delimiter, bom: true, info: true, trim: true, relax_column_count: true };
  const parser = pipeline(Readable.from(text), parse({ ...options, max_record_size: maximumRecordCharacters }), () => undefined);
  const cellReader = new CellReader(rules);
  let heading: string[] | null = null;
  let columns: UsageColumn[] = [];
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    if (isEmptyRow(record)) continue;
    if (heading === null) {
      heading = readHeading(record, namesOf(set));
      columns = columnsOf(
        set,
        heading.filter((name) => name !== ''),
      );
      continue;
    }
    const named = namedCells(heading, record);
    const { row, faults } = readRow(cellReader, columns, 'cells' in named ? named.cells : [], info.lines);
    load.add(row, faults);
    if (load.isBatchFull) await load.storeBatch();
  }
  if (heading === null) columnsOf(set, []);
}

const namesOf = (set: UsageSetName): string[] => usageSets[set].columns.map(({ name }) => name);

/** Hashes the bytes as they pass through. The stream of a sender that disconnects never ends. */
async function* hashed(csv: Readable, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of csv.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new Error('The sender disconnected before the end of the file.', { cause: error });
    throw error;
  }
}

function columnsOf(set: UsageSetName, names: string[]): UsageColumn[] {
  const { columns, faults } = readHeader(usageSets[set], names);
  if (faults.length > 0) throw new FileRefused({ result: 'header_refused', faults });
  return columns;
}

/** Stores a batch and returns the lines that were stored; the others repeat an earlier row. */
const storeSql = `
  WITH stored AS (
    INSERT INTO usage_rows (set_name, target, month, dimension, load_no, line, tenant_id, figures)
    SELECT $1, target, month, dimension, $2, line, "tenantId", figures
    FROM jsonb_to_recordset($3::jsonb) AS r(line int, target text, "tenantId" uuid, month date, dimension text, figures jsonb)
    ORDER BY line
    ON CONFLICT DO NOTHING RETURNING line
  )
  SELECT coalesce(array_agg(line), '{}') AS lines FROM stored`;

/** One attempt to store a file: rows and faults are written in batches, and published by a single statement at the end. */
class Load {
  private rows: UsageRow[] = [];
  private faults: RowFault[] = [];
  private read = 0;
  private stored = 0;
  private kept = 0;
  private latestMonth: string | null = null;
  private storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly manager: EntityManager,
    private readonly set: UsageSetName,
    private readonly loadNo: string,
  ) {}

  add(row: UsageRow | null, faults: RowFault[]): void {
    this.read += 1;
    if (row !== null) this.rows.push(row);
    this.faults.push(...faults);
  }

  get isBatchFull(): boolean {
    return this.rows.length >= batchRows || this.faults.length >= batchRows;
  }

  /** Begins to store the batch that was added, once the one before it is stored. */
  async storeBatch(): Promise<void> {
    await this.storing;
    const { rows, faults, read } = this;
    this.rows = [];
    this.faults = [];
    this.storing = this.write(rows, faults, read);
    // Whoever waits for the batch learns of its failure; until then, nobody does.
    this.storing.catch(() => undefined);
  }

  /** Waits until nothing uses the connection any more, however the last batch ended. */
  async settled(): Promise<void> {
    await this.storing.catch(() => undefined);
  }

  async publish(sha256: string): Promise<void> {
    await this.storeBatch();
    await this.storing;
    await this.manager.query(
      `UPDATE usage_imports SET state = 'published', published_at = cpor_now(), sha256 = $2, latest_month = $3 WHERE load_no = $1`,
      [this.loadNo, sha256, this.latestMonth],
    );
  }

  async fail(refusal: FileRefused['outcome']): Promise<void> {
    await this.storing;
    await this.manager.query(`UPDATE usage_imports SET state = 'failed', failure = $2, failed_line = $3 WHERE load_no = $1`, [
      this.loadNo,
      refusal.result,
      refusal.result === 'unreadable' ? refusal.line : 1,
    ]);
  }

  private async write(rows: UsageRow[], faults: RowFault[], read: number): Promise<void> {
    const stored = new Set(await this.storedLines(rows));
    this.stored += stored.size;
    for (const { month } of rows) if (this.latestMonth === null || isBefore(this.latestMonth, month)) this.latestMonth = month;
    const repeated = stored.size === rows.length ? [] : rows.filter(({ line }) => !stored.has(line));
    await this.keep([...faults, ...repeated.map(({ line }): RowFault => ({ line, column: null, code: 'row_repeated' }))]);
    await this.manager.query('UPDATE usage_imports SET rows_read = $2, rows_stored = $3, rows_refused = $4 WHERE load_no = $1', [
      this.loadNo,
      read,
      this.stored,
      read - this.stored,
    ]);
  }

  private async storedLines(rows: UsageRow[]): Promise<number[]> {
    if (rows.length === 0) return [];
    const [{ lines }] = await this.manager.query<[{ lines: number[] }]>(storeSql, [this.set, this.loadNo, JSON.stringify(rows)]);
    return lines;
  }

  private async keep(faults: RowFault[]): Promise<void> {
    const kept = faults.slice(0, maximumKeptFaults - this.kept).map((fault) => ({ ...fault, position: ++this.kept }));
    if (kept.length === 0) return;
    await this.manager.query(
      `INSERT INTO usage_import_errors (load_no, position, line, column_name, code)
       SELECT $1, position, line, "column", code FROM jsonb_to_recordset($2::jsonb) AS f(position int, line int, "column" text, code text)`,
      [this.loadNo, JSON.stringify(kept)],
    );
  }
}
