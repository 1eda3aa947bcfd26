import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { DatabaseUrls } from '#libs/embedded/index.js';
import { createDataSource } from '#libs/event-store/index.js';

/** Use it for any test of the database: a new database with all migrations and the sample data. */
export interface TestDatabase extends PostgresUrls {
  name: string;
  /** Connections of the application's role. */
  source: DataSource;
  close(): Promise<void>;
}

/** Addresses of the run's PostgreSQL, which `servers.ts` starts. */
export interface PostgresUrls extends DatabaseUrls {
  superuserUrl: string;
}

/** The database that every test database is a copy of: all migrations and the sample data. */
export const template = 'cpor_template';

function sharedPostgres(): PostgresUrls {
  const urls = process.env['CPOR_TEST_POSTGRES'];
  if (urls === undefined) throw new Error('This run has no PostgreSQL: name it for the tier in tools/tests/tiers.mjs.');
  return JSON.parse(urls) as PostgresUrls;
}

/** Creates a database with the same owner as all others: a copy of another one, or an empty one. */
export async function createDatabase(name: string, from = 'template1'): Promise<PostgresUrls> {
  const { ownerUrl, appUrl, superuserUrl } = sharedPostgres();
  await asSuperuser({ superuserUrl: atDatabase(superuserUrl, 'postgres') }, `CREATE DATABASE ${name} OWNER cpor_owner TEMPLATE ${from}`);
  return { ownerUrl: atDatabase(ownerUrl, name), appUrl: atDatabase(appUrl, name), superuserUrl: atDatabase(superuserUrl, name) };
}

export async function dropDatabase(name: string): Promise<void> {
  const superuserUrl = atDatabase(sharedPostgres().superuserUrl, 'postgres');
  await asSuperuser({ superuserUrl }, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Creates a database; `isEmpty` leaves out migrations and sample data. */
export async function createTestDatabase(options: { poolSize?: number; isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const urls = await createDatabase(name, options.isEmpty ? undefined : template);
  const source = await createDataSource(urls.appUrl, options).initialize();
  return {
    ...urls,
    name,
    source,
    async close() {
      if (source.isInitialized) await source.destroy();
      await dropDatabase(name);
    },
  };
}

/** Returns the address of another database on the same server. */
export function atDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = name;
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
  const postgres = { superuserUrl: atDatabase(database.superuserUrl, 'postgres') };
  await asSuperuser(postgres, `ALTER DATABASE ${database.name} ALLOW_CONNECTIONS false`);
  await asSuperuser(postgres, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
}

export async function bringBack(database: TestDatabase): Promise<void> {
  const postgres = { superuserUrl: atDatabase(database.superuserUrl, 'postgres') };
  await asSuperuser(postgres, `ALTER DATABASE ${database.name} ALLOW_CONNECTIONS true`);
}
