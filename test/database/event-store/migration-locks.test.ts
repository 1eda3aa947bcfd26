import { expect } from 'chai';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { createOwnerDataSource } from '#libs/event-store/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** Tables that people's requests and clocks write all the time, or that grow with every claim. */
const hotTables = [
  'access_entries',
  'associations',
  'claim_commands',
  'claim_events',
  'claim_lines',
  'claims',
  'directory_answers',
  'evidence_files',
  'feed_places',
  'letters',
  'notice_recipients',
  'personal_data',
  'sessions',
  'signature_requests',
  'usage_rows',
  'webhook_deliveries',
];

/** What the migrations before the first release do, when nobody has a table that is large. A later one has no place here. */
const accepted: Record<string, string[]> = {
  Deliveries1796000000024: ['reads letters under a lock', 'reads notice_recipients under a lock'],
  AssociationClocks1796000000030: ['reads claims under a lock'],
  FeedOfAllChanges1796000000031: ['reads claim_events under a lock'],
  EvidenceQuarantine1796000000042: ['reads evidence_files under a lock'],
};
const lastAccepted = 1796000000042;

/** Locks under which others can still write. */
const mildLocks = ['AccessShareLock', 'RowShareLock'];
/** Statements that scan a table while others write. They need a migration with `transaction = false`. */
const isConcurrent = (sql: string) => /^\s*((CREATE|DROP) (UNIQUE )?INDEX CONCURRENTLY|ALTER TABLE \S+ VALIDATE CONSTRAINT)\b/i.test(sql);

interface TableUse {
  name: string;
  file: string;
  scans: number;
  locks: string[] | null;
}

/** What the current transaction has done to each table so far. */
const usesSql = `
  SELECT c.relname AS name, c.relfilenode::text AS file, coalesce(s.seq_scan, 0)::int + coalesce(s.idx_scan, 0)::int AS scans,
    (SELECT array_agg(DISTINCT mode) FROM pg_locks l WHERE l.relation = c.oid AND l.pid = pg_backend_pid() AND l.granted) AS locks
  FROM pg_class c LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`;

interface Column {
  name: string;
  type: string;
  isRequired: boolean;
}

const columnsSql = `
  SELECT table_name || '.' || column_name AS name, data_type AS type,
    is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER' AS "isRequired"
  FROM information_schema.columns WHERE table_schema = 'public'`;

/** Runs a migration and returns what in it would stop those who write to a hot table, or the version before it, which still runs. */
async function faultsOf(owner: DataSource, migration: MigrationInterface): Promise<string[]> {
  const runner = owner.createQueryRunner();
  const columns = () => runner.manager.query<Column[]>(columnsSql);
  const uses = async () => new Map((await runner.manager.query<TableUse[]>(usesSql)).map((use) => [use.name, use]));
  try {
    const before = await columns();
    const locked =
      migration.transaction === false ? await statementByStatement(runner, migration, uses) : await atOnce(runner, migration, uses);
    return [...locked, ...contractions(before, await columns())];
  } finally {
    await runner.release();
  }
}

type Uses = () => Promise<Map<string, TableUse>>;

async function atOnce(runner: QueryRunner, migration: Pick<MigrationInterface, 'up'>, uses: Uses): Promise<string[]> {
  await runner.startTransaction();
  try {
    const before = await uses();
    await migration.up(runner);
    const found = lockFaults(before, await uses());
    await runner.commitTransaction();
    return found;
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

async function statementByStatement(runner: QueryRunner, migration: MigrationInterface, uses: Uses): Promise<string[]> {
  const found: string[] = [];
  const query = async (sql: string, parameters?: unknown[]): Promise<unknown> => {
    if (isConcurrent(sql)) return runner.query(sql, parameters);
    found.push(...(await atOnce(runner, { up: () => runner.query(sql, parameters) }, uses)));
    return undefined;
  };
  await migration.up(Object.create(runner, { query: { value: query } }) as QueryRunner);
  return found;
}

/** A lock that is held for moments harms nobody; one that is held while a table is read or rewritten is held for as long as that takes. */
function lockFaults(before: Map<string, TableUse>, after: Map<string, TableUse>): string[] {
  return hotTables.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === undefined || is === undefined) return [];
    const isLocked = is.locks?.some((mode) => !mildLocks.includes(mode)) === true;
    if (isLocked && was.file !== is.file) return [`rewrites ${name}`];
    return isLocked && is.scans > was.scans ? [`reads ${name} under a lock`] : [];
  });
}

/** What the version before, which runs on while the new one starts, and again after a roll-back, would miss. */
function contractions(before: Column[], after: Column[]): string[] {
  const now = new Map(after.map((column) => [column.name, column]));
  const tables = new Set(before.map(({ name }) => name.split('.')[0]));
  const removed = before.filter(({ name, type }) => now.get(name)?.type !== type).map(({ name }) => `removes or changes ${name}`);
  const isNew = ({ name }: Column) => tables.has(name.split('.')[0]) && !before.some((column) => column.name === name && column.isRequired);
  return [...removed, ...after.filter((column) => column.isRequired && isNew(column)).map(({ name }) => `requires ${name}`)];
}

describe('migrations while others write', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let owner: DataSource;

  before(async () => {
    database = await createTestDatabase({ isEmpty: true });
    owner = await createOwnerDataSource(database.ownerUrl).initialize();
    // TypeORM's own, which a migration refers to.
    await owner.query('CREATE TABLE migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name text NOT NULL)');
  });
  after(async () => {
    await owner?.destroy();
    await database?.close();
  });

  it('hold no lock on a hot table for long, and leave the version before working', async () => {
    const found: Record<string, string[]> = {};
    for (const migration of owner.migrations) {
      const faults = await faultsOf(owner, migration);
      if (faults.length > 0) found[migration.constructor.name] = faults;
    }
    expect(found).to.deep.equal(accepted);
    expect(Object.keys(accepted).filter((name) => Number(name.slice(-13)) > lastAccepted)).to.deep.equal([]);
    const known = await owner.query<{ name: string }[]>(`SELECT relname AS name FROM pg_class WHERE relname = ANY($1) AND relkind = 'r'`, [
      hotTables,
    ]);
    expect(known.map(({ name }) => name).sort()).to.deep.equal(hotTables);
  });

  const harmful: Record<string, [sql: string, faults: string[]]> = {
    'an index': ['CREATE INDEX ON claim_events (recorded_at)', ['reads claim_events under a lock']],
    'a column with a default for each row': ['ALTER TABLE claims ADD COLUMN a uuid DEFAULT gen_random_uuid()', ['rewrites claims']],
    'a column of another type': [
      'ALTER TABLE claim_commands ALTER COLUMN type TYPE varchar(9)',
      ['rewrites claim_commands', 'removes or changes claim_commands.type'],
    ],
    'a column that is not null any more': [
      'ALTER TABLE letters ALTER COLUMN response SET NOT NULL',
      ['reads letters under a lock', 'requires letters.response'],
    ],
    'a foreign key': ['ALTER TABLE associations ADD FOREIGN KEY (claim_id) REFERENCES claims', ['reads associations under a lock']],
    'a check': ['ALTER TABLE claims ADD CHECK (version < 9)', ['reads claims under a lock']],
    'an update of every row': ["UPDATE claims SET phase = 'draft'", ['reads claims under a lock']],
    'a column that goes': ['ALTER TABLE usage_rows DROP COLUMN line', ['removes or changes usage_rows.line']],
    'a table that goes': ['DROP TABLE stuck_claims', ['removes or changes stuck_claims.claim_id']],
    'a column that the version before does not fill': ['ALTER TABLE legal_holds ADD COLUMN a text NOT NULL', ['requires legal_holds.a']],
  };
  for (const [what, [sql, faults]] of Object.entries(harmful)) {
    it(`are found when they bring ${what}`, async () => {
      const runner = { up: (on: QueryRunner) => on.query(sql), down: () => Promise.resolve() };
      const found = await faultsOf(owner, runner);
      expect(found).to.include.members(faults);
    });
  }

  it('are accepted when they add a column, a check that is validated later, or an index concurrently', async () => {
    const up = async (on: QueryRunner) => {
      await on.query('ALTER TABLE claim_lines ADD COLUMN b text');
      await on.query("ALTER TABLE claim_lines ADD COLUMN c text NOT NULL DEFAULT ''");
      await on.query('ALTER TABLE claim_lines ADD CONSTRAINT b_is_short CHECK (length(b) < 9) NOT VALID');
      await on.query('ALTER TABLE claim_lines VALIDATE CONSTRAINT b_is_short');
      await on.query('CREATE INDEX CONCURRENTLY claim_lines_by_b ON claim_lines (b)');
    };
    expect(await faultsOf(owner, { transaction: false, up, down: () => Promise.resolve() })).to.deep.equal([]);
  });
});
