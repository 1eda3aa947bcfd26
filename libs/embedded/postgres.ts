import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { type Child, describeExit, spawnChild, tailOf } from './child.js';
import { findFreePort } from './ports.js';
import { dropHome, makeOwnedFolder, openHome, type PostgresHome, writeOwnedFile } from './postgres-home.js';
import { type EndingStep, endProcesses } from './processes.js';
import { waitUntil } from './wait.js';

const run = promisify(execFile);
const startLimitMs = 60_000;
const maxConnections = 200;

/** SIGINT asks PostgreSQL for a fast shutdown, SIGQUIT for an immediate one, from which it recovers at the next start. */
export const postgresEnding: EndingStep[] = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

export interface PostgresOptions {
  /** Holds the passwords, the log and, if the server's account can reach it, the cluster. Created if missing. */
  directory: string;
  /** The preferred port; if it is taken, or 0, any free one is used. */
  port: number;
  /** False is for tests: faster, but data may be lost if the operating system crashes. */
  durable?: boolean;
}

/** Addresses of one database for the role that owns it and for the application's role. */
export interface DatabaseUrls {
  ownerUrl: string;
  appUrl: string;
}

/** A running PostgreSQL server on the loopback address. */
export interface EmbeddedPostgres extends DatabaseUrls {
  readonly port: number;
  readonly superuserUrl: string;
  readonly pid: number;
  readonly process: Child;
  /** Creates a database owned by `cpor_owner`, as a copy of the template if there is one. */
  createDatabase(name: string, options?: { template?: string }): Promise<DatabaseUrls>;
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on a data directory, after ending servers that an earlier run left there. Data are kept between starts. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const home = await openHome(resolve(options.directory));
  await endLeftovers(home);
  if (!(await exists(home.cluster))) await makeCluster(home, options.durable ?? true);
  const port = await findFreePort(options.port);
  const child = await launch(home, options, port);
  const server = new RunningPostgres(home, port, child);
  try {
    await waitForConnections(server, child);
    await prepareRoles(server, home);
  } catch (error) {
    await child.end(postgresEnding);
    throw error;
  }
  return server;
}

/** Ends a server that runs on a data directory, and removes the directory and what was placed elsewhere for it. */
export async function dropPostgres(directory: string): Promise<void> {
  if (!(await exists(directory))) return;
  if (await exists(join(directory, 'credentials.json'))) await endLeftovers(await openHome(resolve(directory)));
  await dropHome(resolve(directory));
}

/** Names the server in the process list, so that processes orphaned by a killed postmaster can be recognised. */
function clusterName(home: PostgresHome): string {
  return `cpor-${createHash('sha256').update(home.cluster).digest('hex').slice(0, 12)}`;
}

async function endLeftovers(home: PostgresHome): Promise<void> {
  await endProcesses(` -D ${home.cluster} `, postgresEnding);
  // Backends end shortly after their postmaster; starting a server before that would corrupt the cluster.
  const byItself: EndingStep[] = [
    { signal: 'SIGTERM', waitMs: 10_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ];
  await endProcesses(` postgres: ${clusterName(home)}: `, byItself);
  // Its pid may belong to another program by now, which PostgreSQL would mistake for a running server.
  await rm(join(home.cluster, 'postmaster.pid'), { force: true });
}

/** Runs initdb in a temporary folder and renames it, so that a cluster exists completely or not at all. */
async function makeCluster(home: PostgresHome, durable: boolean): Promise<void> {
  const half = `${home.cluster}.new`;
  const passwordFile = join(dirname(home.cluster), 'initdb-password');
  await makeOwnedFolder(half, home.account);
  await writeOwnedFile(passwordFile, home.credentials.superuserPassword, home.account);
  const args = ['-D', half, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C'];
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!durable) args.push('--no-sync');
  try {
    await run(home.binaries.initdb, args, { cwd: '/', env: serverEnvironment(), ...home.account });
  } catch (error) {
    const output = (error as { stderr?: string }).stderr?.trim();
    throw new Error(`initdb failed in ${half}: ${output || (error as Error).message}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(half, home.cluster);
}

function launch(home: PostgresHome, options: PostgresOptions, port: number): Promise<Child> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    `cluster_name=${clusterName(home)}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  // Commits still reach the operating system before they are confirmed, so that killing the server loses none.
  if (options.durable === false) settings.push('fsync=off', 'full_page_writes=off');
  return spawnChild({
    name: 'PostgreSQL',
    file: home.binaries.postgres,
    args: ['-D', home.cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    logFile: join(resolve(options.directory), 'postgres.log'),
    cwd: '/',
    env: serverEnvironment(),
    account: home.account,
  });
}

/** Keeps the caller's libpq and locale settings away from the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}

async function waitForConnections(server: RunningPostgres, child: Child): Promise<void> {
  let refusal = 'no answer';
  const isReady = await waitUntil(async () => {
    if (!child.isRunning()) return true;
    return server.query('SELECT 1').then(
      () => true,
      (error: Error) => {
        refusal = error.message;
        return false;
      },
    );
  }, startLimitMs);
  if (!child.isRunning()) {
    throw new Error(`PostgreSQL ${describeExit(await child.ended)} while starting. Its log ends with:\n${await tailOf(child.logFile)}`);
  }
  if (!isReady) throw new Error(`PostgreSQL does not accept connections on port ${server.port} (${refusal}). See ${child.logFile}.`);
}

/** Creates the two roles and the database if they are missing, as after a start that was interrupted. */
async function prepareRoles(server: RunningPostgres, home: PostgresHome): Promise<void> {
  const { ownerPassword, appPassword } = home.credentials;
  await server.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_owner') THEN
        CREATE ROLE cpor_owner LOGIN PASSWORD ${escapeLiteral(ownerPassword)};
      END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_app') THEN
        CREATE ROLE cpor_app LOGIN PASSWORD ${escapeLiteral(appPassword)};
      END IF;
    END $$`);
  const known = await server.query(`SELECT 1 FROM pg_database WHERE datname = 'cpor'`);
  if (known === 0) await server.createDatabase('cpor');
}

class RunningPostgres implements EmbeddedPostgres {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly superuserUrl: string;

  constructor(
    private readonly home: PostgresHome,
    readonly port: number,
    readonly process: Child,
  ) {
    ({ ownerUrl: this.ownerUrl, appUrl: this.appUrl } = this.urlsOf('cpor'));
    this.superuserUrl = this.url('postgres', home.credentials.superuserPassword, 'postgres');
  }

  get pid(): number {
    return this.process.pid;
  }

  async createDatabase(name: string, options: { template?: string } = {}): Promise<DatabaseUrls> {
    const template = options.template === undefined ? '' : ` TEMPLATE ${escapeIdentifier(options.template)}`;
    await this.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER cpor_owner${template}`);
    return this.urlsOf(name);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
  }

  async stop(): Promise<void> {
    await this.process.end(postgresEnding);
  }

  /** Runs one statement as the superuser and returns the number of its rows. */
  async query(text: string): Promise<number> {
    const client = new Client({ connectionString: this.superuserUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text)).rowCount ?? 0;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private urlsOf(database: string): DatabaseUrls {
    const { ownerPassword, appPassword } = this.home.credentials;
    return { ownerUrl: this.url('cpor_owner', ownerPassword, database), appUrl: this.url('cpor_app', appPassword, database) };
  }

  private url(role: string, password: string, database: string): string {
    return `postgres://${role}:${password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
