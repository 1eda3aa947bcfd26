import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client, escapeLiteral } from 'pg';
import { temporalServerBinary, temporalSqlTool } from './checkout.js';
import { spawnChild } from './child.js';
import { findFreePort } from './ports.js';
import { endProcesses } from './processes.js';
import { dynamicConfig, type EmbeddedTemporal, RunningTemporal, temporalEnding, waitUntilServing } from './temporal.js';

const run = promisify(execFile);

/** The role that owns Temporal's databases. It may create them, and sees nothing of the product's. */
const role = 'temporal';
const databases = [
  { name: 'temporal', schema: 'temporal' },
  { name: 'temporal_visibility', schema: 'visibility' },
];
/** Fixed when the tables are created. Each shard asks the database for work, so many would keep a small machine busy. */
const historyShards = '16';

/** Temporal's databases in a PostgreSQL on the loopback address. */
export interface TemporalStore {
  port: number;
  password: string;
}

/** Where the production server listens. */
interface ServerPorts {
  frontend: number;
  /** For HTTP, for gRPC of the other three services, and for the membership of all four. */
  others: number[];
}

export interface TemporalServerOptions {
  store: TemporalStore;
  /** Namespaces to create; default none. */
  namespaces?: string[];
  /** A configuration file instead of the embedded one, and what its template reads. */
  configuration?: { file: string; env: Record<string, string> };
}

/**
 * Prepares PostgreSQL for Temporal's production server: its role, its two databases, and their tables in the version of the binary. May be
 * repeated. The role gets a new password each time, so that none is stored.
 */
export async function openTemporalStore({ superuserUrl }: { superuserUrl: string }): Promise<TemporalStore> {
  const password = randomBytes(24).toString('hex');
  const client = new Client({ connectionString: superuserUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
    await client.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${role} LOGIN CREATEDB PASSWORD ${escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
  const store = { port: Number(new URL(superuserUrl).port), password };
  await Promise.all(databases.map((database) => createTables(store, database)));
  return store;
}

async function createTables({ port, password }: TemporalStore, { name, schema }: (typeof databases)[number]): Promise<void> {
  const env = { SQL_PLUGIN: 'postgres12', SQL_HOST: '127.0.0.1', SQL_PORT: String(port), SQL_USER: role, SQL_PASSWORD: password };
  for (const args of [['create'], ['setup-schema', '-v', '0.0'], ['update-schema', '--schema-name', `postgresql/v12/${schema}`]]) {
    await run(temporalSqlTool, ['--db', name, ...args], { env, cwd: '/' });
  }
}

/** Drops what Temporal knows. No server may be running on it. */
export async function dropTemporalStore({ superuserUrl }: { superuserUrl: string }): Promise<void> {
  const client = new Client({ connectionString: superuserUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    for (const { name } of databases) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

/**
 * Returns a function that starts Temporal's production server in a directory for its log and settings, after ending one that an earlier run left
 * there, and that throws an Error while its database is away. Each start is at the same addresses: the preferred port, if it is free, and any others.
 * On the same ports a restarted server is the same member of its cluster, and nobody has to find out that the old one is dead.
 */
export function temporalServerIn(directory: string, preferredPort = 0): (options: TemporalServerOptions) => Promise<EmbeddedTemporal> {
  let ports: ServerPorts | undefined;
  return async (options) => {
    await mkdir(directory, { recursive: true });
    const folder = await realpath(resolve(directory));
    // Its command line names the directory, by which a later start finds it.
    const binary = join(folder, 'temporal-server');
    await endProcesses(` ${binary} `, temporalEnding);
    ports ??= await choosePorts(preferredPort);
    await rm(binary, { force: true });
    await symlink(temporalServerBinary, binary);
    const dynamicConfigFile = join(folder, 'dynamic-config.json');
    await writeFile(dynamicConfigFile, dynamicConfigOf());
    const child = await spawnChild({
      name: 'Temporal',
      file: binary,
      args: ['--allow-no-auth', 'start'],
      logFile: join(folder, 'temporal.log'),
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settingsOf(options, ports, dynamicConfigFile) },
    });
    const server = new RunningTemporal({ port: ports.frontend, uiPort: undefined }, child);
    try {
      await waitUntilServing(server.address, child);
      for (const namespace of options.namespaces ?? []) await server.createNamespace(namespace);
    } catch (error) {
      await child.end(temporalEnding);
      throw error;
    }
    return server;
  };
}

async function choosePorts(preferred: number): Promise<ServerPorts> {
  const ports = new Set([await findFreePort(preferred)]);
  while (ports.size < 9) ports.add(await findFreePort());
  const [frontend, ...others] = ports;
  return { frontend: frontend!, others };
}

/** The development server's settings, as a file. JSON is YAML. */
const dynamicConfigOf = (): string =>
  JSON.stringify(Object.fromEntries(Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value }]])), null, 2);

function settingsOf(
  { store, configuration }: TemporalServerOptions,
  ports: ServerPorts,
  dynamicConfigFile: string,
): Record<string, string> {
  const [http, history, matching, worker, ...membership] = ports.others.map(String) as [string, string, string, string, ...string[]];
  const [frontendMembership, historyMembership, matchingMembership, workerMembership] = membership as [string, string, string, string];
  return {
    DB: 'postgres12',
    POSTGRES_SEEDS: '127.0.0.1',
    DB_PORT: String(store.port),
    POSTGRES_USER: role,
    POSTGRES_PWD: store.password,
    NUM_HISTORY_SHARDS: historyShards,
    LOG_LEVEL: 'warn',
    BIND_ON_IP: '127.0.0.1',
    TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1',
    FRONTEND_GRPC_PORT: String(ports.frontend),
    FRONTEND_HTTP_PORT: http,
    HISTORY_GRPC_PORT: history,
    MATCHING_GRPC_PORT: matching,
    WORKER_GRPC_PORT: worker,
    FRONTEND_MEMBERSHIP_PORT: frontendMembership,
    HISTORY_MEMBERSHIP_PORT: historyMembership,
    MATCHING_MEMBERSHIP_PORT: matchingMembership,
    WORKER_MEMBERSHIP_PORT: workerMembership,
    DYNAMIC_CONFIG_FILE_PATH: dynamicConfigFile,
    ...(configuration && { TEMPORAL_SERVER_CONFIG_FILE_PATH: configuration.file, ...configuration.env }),
  };
}
