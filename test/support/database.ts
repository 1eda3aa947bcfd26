import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { type DatabaseUrls, dropPostgres, type EmbeddedPostgres, startPostgres } from '#libs/embedded/index.js';
import { createDataSource, createOwnerDataSource, grantSandboxClock } from '#libs/event-store/index.js';
import { loadSampleData } from '#libs/sample-data/index.js';
import { clockAheadMs } from './shifted-clock.js';

/** Use it for any test of the database: a new database with all migrations and the sample data. */
export interface TestDatabase extends DatabaseUrls {
  name: string;
  superuserUrl: string;
  /** Connections of the application's role. */
  source: DataSource;
  close(): Promise<void>;
}

interface Server {
  postgres: EmbeddedPostgres;
  directory: string;
}

const template = 'cpor_template';
let server: Promise<Server> | undefined;

async function startServer(): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'cpor-test-postgres-'));
  const postgres = await startPostgres({ directory, port: 0, durable: false });
  const urls = await postgres.createDatabase(template);
  const owner = await createOwnerDataSource(urls.ownerUrl).initialize();
  await owner.runMigrations();
  await grantSandboxClock(owner, 'sandbox');
  await owner.destroy();
  if (clockAheadMs !== 0) await shiftClock({ superuserUrl: databaseUrl(postgres.superuserUrl, template) });
  const source = await createDataSource(urls.appUrl).initialize();
  await loadSampleData(source);
  await source.destroy();
  return { postgres, directory };
}

/** Moves the database's clock to the tests' day, for the product's clock and for statements that ask the server for the time. */
async function shiftClock(database: { superuserUrl: string }): Promise<void> {
  await asSuperuser(
    database,
    `CREATE SCHEMA test_clock;
     GRANT USAGE ON SCHEMA test_clock TO PUBLIC;
     CREATE FUNCTION test_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
       AS $$ SELECT pg_catalog.clock_timestamp() + interval '${clockAheadMs} milliseconds' $$;
     CREATE FUNCTION test_clock.now() RETURNS timestamptz LANGUAGE sql STABLE
       AS $$ SELECT pg_catalog.now() + interval '${clockAheadMs} milliseconds' $$;
     DO $$ DECLARE defaulted record; BEGIN
       EXECUTE replace(pg_get_functiondef('cpor_now'::regproc), 'clock_timestamp()', 'test_clock.clock_timestamp()');
       FOR defaulted IN SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_default IN ('clock_timestamp()', 'now()')
       LOOP
         EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT test_clock.clock_timestamp()', defaulted.table_name, defaulted.column_name);
       END LOOP;
     END $$;
     ALTER ROLE cpor_app SET search_path = test_clock, pg_catalog, public`,
  );
}

// One server for all files of a run. This is a hook of mocha's root suite, because it runs while files are loaded.
after(async function () {
  this.timeout(60_000);
  const started = await server?.catch(() => undefined);
  if (started === undefined) return;
  const { postgres, directory } = started;
  await postgres.stop();
  await dropPostgres(directory);
});

/** Returns the run's PostgreSQL, and starts it at the first call. */
export async function testPostgres(): Promise<EmbeddedPostgres> {
  server ??= startServer();
  return (await server).postgres;
}

/** Creates a database; `isEmpty` leaves out migrations and sample data. */
export async function createTestDatabase(options: { poolSize?: number; isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const postgres = await testPostgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const urls = await postgres.createDatabase(name, options.isEmpty ? {} : { template });
  const superuserUrl = databaseUrl(postgres.superuserUrl, name);
  const source = await createDataSource(urls.appUrl, options).initialize();
  return {
    ...urls,
    name,
    superuserUrl,
    source,
    async close() {
      if (source.isInitialized) await source.destroy();
      await postgres.dropDatabase(name);
    },
  };
}

function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs a statement as the superuser, who has every privilege. */
export async function asSuperuser<Row extends object>(
  database: { superuserUrl: string },
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Ends every connection to the database and refuses new ones until `bringBack`. */
export async function takeDown(database: TestDatabase): Promise<void> {
  const postgres = { superuserUrl: databaseUrl(database.superuserUrl, 'postgres') };
  await asSuperuser(postgres, `ALTER DATABASE ${database.name} ALLOW_CONNECTIONS false`);
  await asSuperuser(postgres, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
}

export async function bringBack(database: TestDatabase): Promise<void> {
  const postgres = { superuserUrl: databaseUrl(database.superuserUrl, 'postgres') };
  await asSuperuser(postgres, `ALTER DATABASE ${database.name} ALLOW_CONNECTIONS true`);
}
