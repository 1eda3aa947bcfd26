import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { temporalBinary, temporalVersion } from './checkout.js';
import { type Child, describeExit, spawnChild, tailOf } from './child.js';
import { findFreePort } from './ports.js';
import { type EndingStep, endProcesses } from './processes.js';
import { waitUntil } from './wait.js';

const startLimitMs = 60_000;
const retentionSeconds = 720 * 3_600;

/** The attributes by which open claims can be searched. */
const searchAttributes = { ClaimPhase: 'Keyword', ClaimPartner: 'Keyword', ClaimAlarmAt: 'Datetime' } as const;
/** ALREADY_EXISTS in gRPC. */
const alreadyExists = 6;

/** SERVING in grpc.health.v1. */
const healthServing = 1;

/** IndexedValueType in temporal.api.enums.v1. */
const indexedValueTypes = { Keyword: 2, Datetime: 6 } as const;

/** What every server of ours is told, beside its defaults. */
export const dynamicConfig = {
  'frontend.WorkflowTimeSkippingEnabled': true,
  'matching.enableFairness': true,
  'matching.useNewMatcher': true,
  // A sandbox learns sooner that a build has drained, and that tasks of a workflow keep failing.
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '5s',
  'matching.wv.VersionDrainageStatusRefreshInterval': '5s',
  'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': 3,
};

export const temporalEnding: EndingStep[] = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

export interface TemporalOptions {
  /** The Temporal CLI; default: the one that set-up provides. */
  binary?: string;
  /** Holds the log and, unless `inMemory`, the database file. */
  directory: string;
  inMemory?: boolean;
  /** The preferred port; if it is taken, or 0, any free one is used. */
  port: number;
  /** The preferred port of the web UI; undefined means no UI. */
  uiPort?: number;
  /** Namespaces to create; default `cpor`. */
  namespaces?: string[];
}

/** A running Temporal server on the loopback address. */
export interface EmbeddedTemporal {
  readonly address: string;
  readonly port: number;
  /** Undefined, like its URL, when the server runs without a web UI. */
  readonly uiPort: number | undefined;
  readonly uiUrl: string | undefined;
  readonly pid: number;
  readonly process: Child;
  /** See `createNamespace`. */
  createNamespace(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Temporal's development server, after ending one that an earlier run left on the same database file. */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  await mkdir(options.directory, { recursive: true });
  const directory = await realpath(resolve(options.directory));
  const databaseFile = options.inMemory ? undefined : join(directory, `temporal-${temporalVersion()}.db`);
  if (databaseFile) await endProcesses(` --db-filename ${databaseFile} `, temporalEnding);
  const ports = await choosePorts(options);
  const child = await spawnChild({
    name: 'Temporal',
    file: options.binary ?? temporalBinary,
    args: serverArguments(ports, databaseFile),
    logFile: join(directory, 'temporal.log'),
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  const server = new RunningTemporal(ports, child);
  try {
    await waitUntilServing(server.address, child);
    for (const namespace of options.namespaces ?? ['cpor']) await server.createNamespace(namespace);
  } catch (error) {
    await child.end(temporalEnding);
    throw error;
  }
  return server;
}

interface ServerPorts {
  port: number;
  uiPort: number | undefined;
  httpPort: number;
  metricsPort: number;
}

/** Left to itself, the server picks the last two at random and may take a port meant for another of our servers. */
async function choosePorts(options: TemporalOptions): Promise<ServerPorts> {
  return {
    port: await findFreePort(options.port),
    uiPort: options.uiPort === undefined ? undefined : await findFreePort(options.uiPort),
    httpPort: await findFreePort(),
    metricsPort: await findFreePort(),
  };
}

function serverArguments(ports: ServerPorts, databaseFile: string | undefined): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.port), '--log-level', 'warn'];
  args.push('--http-port', String(ports.httpPort), '--metrics-port', String(ports.metricsPort));
  if (ports.uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(ports.uiPort), '--ui-disable-news-fetch');
  if (databaseFile)
    args.push('--db-filename', databaseFile, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL');
  for (const [name, type] of Object.entries(searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  for (const [key, value] of Object.entries(dynamicConfig)) args.push('--dynamic-config-value', `${key}=${JSON.stringify(value)}`);
  return args;
}

export async function waitUntilServing(address: string, child: Child): Promise<void> {
  const isServing = await waitUntil(async () => !child.isRunning() || (await answers(address)), startLimitMs);
  if (!child.isRunning()) {
    throw new Error(`Temporal ${describeExit(await child.ended)} while starting. Its log ends with:\n${await tailOf(child.logFile)}`);
  }
  if (!isServing) throw new Error(`Temporal does not answer on ${address}. See ${child.logFile}.`);
}

async function answers(address: string): Promise<boolean> {
  try {
    return await withConnection(address, async (connection) => {
      const { status } = await connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
      return Number(status) === healthServing;
    });
  } catch {
    return false;
  }
}

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 });
  try {
    return await connection.withDeadline(Date.now() + 10_000, () => use(connection));
  } finally {
    await connection.close();
  }
}

export class RunningTemporal implements EmbeddedTemporal {
  readonly port: number;
  readonly uiPort: number | undefined;
  readonly address: string;
  readonly uiUrl: string | undefined;

  constructor(
    ports: Pick<ServerPorts, 'port' | 'uiPort'>,
    readonly process: Child,
  ) {
    this.port = ports.port;
    this.uiPort = ports.uiPort;
    this.address = `127.0.0.1:${ports.port}`;
    this.uiUrl = ports.uiPort === undefined ? undefined : `http://127.0.0.1:${ports.uiPort}`;
  }

  get pid(): number {
    return this.process.pid;
  }

  createNamespace(name: string): Promise<void> {
    return createNamespace(this.address, name);
  }

  async stop(): Promise<void> {
    await this.process.end(temporalEnding);
  }
}

/** Creates a namespace with our search attributes and retention on a server, and waits until it can be used. */
export async function createNamespace(address: string, name: string): Promise<void> {
  await withConnection(address, async (connection) => {
    await registerIfAbsent(connection, name);
    await addSearchAttributes(connection, name);
  });
}

async function registerIfAbsent(connection: Connection, namespace: string): Promise<void> {
  const retention = { seconds: retentionSeconds as never };
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
  } catch (error) {
    if ((error as { code?: number }).code !== alreadyExists) throw error;
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
  }
}

/** Adds missing search attributes and waits until the namespace is usable: the server's caches take a moment to see a new one. */
async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  let fault: unknown;
  const isReady = await waitUntil(async () => {
    try {
      const { customAttributes = {} } = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = Object.entries(searchAttributes).filter(([name]) => !(name in (customAttributes ?? {})));
      if (missing.length > 0) {
        await connection.operatorService.addSearchAttributes({
          namespace,
          searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, indexedValueTypes[type]])),
        });
      }
      return missing.length === 0;
    } catch (error) {
      fault = error;
      return false;
    }
  }, 9_000);
  if (!isReady) throw new Error(`The namespace ${namespace} did not become usable.`, { cause: fault });
}
