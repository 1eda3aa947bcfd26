import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropPostgres, startPostgres, startTemporal, temporalBinary } from '#libs/embedded/index.js';
import { createDataSource, createOwnerDataSource, grantSandboxClock } from '#libs/event-store/index.js';
import { loadSampleData } from '#libs/sample-data/index.js';
import { asSuperuser, atDatabase, type PostgresUrls, template } from './database.js';
import { clockAheadMs } from './shifted-clock.js';

/**
 * Mocha loads this before the files of a run (`--require`): it starts the servers that all files share, however many processes run them, and
 * stops them at the end. `CPOR_TEST_SERVERS` names the servers. Mocha's processes inherit their addresses in the environment.
 */
const wanted = (process.env['CPOR_TEST_SERVERS'] ?? '').split(',');

const stops: (() => Promise<void>)[] = [];

export async function mochaGlobalSetup(): Promise<void> {
  await Promise.all([wanted.includes('postgres') && startSharedPostgres(), wanted.includes('temporal') && startSharedTemporal()]);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all(stops.map((stop) => stop()));
}

async function startSharedPostgres(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'postgres-'));
  const postgres = await startPostgres({ directory, port: 0, durable: false });
  stops.push(async () => {
    await postgres.stop();
    await dropPostgres(directory);
  });
  const urls = { ...(await postgres.createDatabase(template)), superuserUrl: atDatabase(postgres.superuserUrl, template) };
  const owner = await createOwnerDataSource(urls.ownerUrl).initialize();
  await owner.runMigrations();
  await grantSandboxClock(owner, 'sandbox');
  await owner.destroy();
  if (clockAheadMs !== 0) await shiftClock(urls);
  const source = await createDataSource(urls.appUrl).initialize();
  await loadSampleData(source);
  await source.destroy();
  process.env['CPOR_TEST_POSTGRES'] = JSON.stringify(urls);
}

async function startSharedTemporal(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'temporal-'));
  // Its command line names the run's folder, by which the next run finds what a killed one left.
  const binary = join(directory, 'temporal');
  await symlink(temporalBinary, binary);
  const start = () => startTemporal({ binary, directory, port: 0, inMemory: true, namespaces: [] });
  // Another run's server may take a free port before ours listens on it.
  const temporal = await start().catch(start);
  stops.push(async () => {
    await temporal.stop();
    await rm(directory, { recursive: true, force: true });
  });
  process.env['CPOR_TEST_TEMPORAL'] = temporal.address;
}

/** Moves the database's clock to the tests' day, for the product's clock and for statements that ask the server for the time. */
async function shiftClock({ superuserUrl }: PostgresUrls): Promise<void> {
  await asSuperuser(
    { superuserUrl },
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
