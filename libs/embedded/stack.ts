import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  choosePort,
  freePorts,
  namespaceOf,
  type StackAddresses,
  type StackPorts,
  sayReplacement,
  stackSettings,
  usualPorts,
} from './addresses.js';
import { checkoutRoot } from './checkout.js';
import { type Child, describeExit, spawnChild, tailOf } from './child.js';
import { type DataDirectory, emptyDataDirectory, takeDataDirectory } from './data-directory.js';
import { type Part, SupervisedPart } from './part.js';
import { type EmbeddedPostgres, postgresEnding, startPostgres } from './postgres.js';
import { findFreePort } from './ports.js';
import { writePrivateFile } from './private-file.js';
import { type EndingStep, endProcesses } from './processes.js';
import { type EmbeddedTemporal, startTemporal, temporalEnding } from './temporal.js';
import { waitUntil } from './wait.js';

const readyLimitMs = 60_000;
const appEnding: EndingStep[] = [
  { signal: 'SIGTERM', waitMs: 20_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];
const leftoverEnding: EndingStep[] = [
  { signal: 'SIGTERM', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

export interface StackOptions {
  /** Keeps data between runs; default: `CPOR_DATA_DIR`, or `.data` in the checkout. */
  dataDirectory?: string;
  /** Preferred ports, or `free` for a stack beside another one. */
  ports?: Partial<StackPorts> | 'free';
  /** Deletes the data of earlier runs first. */
  isFresh?: boolean;
  /** False is for tests: faster, but data may be lost if the operating system crashes. */
  isDurable?: boolean;
  /** Starts Temporal on the stack's PostgreSQL, at the same address each time; default: the development server, on a file of its own. */
  temporal?: (postgres: EmbeddedPostgres) => Promise<EmbeddedTemporal>;
  /** Inherited by the apps. TEMPORAL_ADDRESS, DATABASE_URL and SMTP_URL in it replace the embedded parts. */
  env?: NodeJS.ProcessEnv;
  /** Receives messages for the user. */
  say?: (line: string) => void;
  /** Aborts a start. */
  signal?: AbortSignal;
}

/** The embedded parts. Undefined where the user's own server replaces ours. */
export interface StackParts {
  postgres: Part | undefined;
  temporal: Part | undefined;
  mailbox: Part | undefined;
  api: Part;
  worker: Part;
}

/** An API and a worker beside the first ones. */
export interface Pair {
  apiUrl: string;
  api: Part;
  worker: Part;
}

export interface Stack {
  readonly dataDirectory: string;
  readonly addresses: StackAddresses;
  /** The environment of the apps, and of the command line. */
  readonly env: NodeJS.ProcessEnv;
  readonly parts: StackParts;
  /** Starts another API and another worker, and waits until they are ready. They are watched and stopped like the first. */
  addPair(apiPort?: number): Promise<Pair>;
  /** Stops all parts, apps first, and releases the data directory. */
  stop(): Promise<void>;
}

/** Starts the whole product on one data directory and waits until it is ready. If a part fails to start, stops the others. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const env = options.env ?? process.env;
  const directory = await takeDataDirectory(resolve(options.dataDirectory ?? env['CPOR_DATA_DIR'] ?? join(checkoutRoot, '.data')));
  const stack = new RunningStack(directory, options, env);
  try {
    await stack.start();
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

class RunningStack implements Stack {
  readonly dataDirectory: string;
  addresses!: StackAddresses;
  parts!: StackParts;
  private settings: Record<string, string> = {};
  private postgres: EmbeddedPostgres | undefined;
  private temporal: EmbeddedTemporal | undefined;
  private readonly ports: StackPorts;
  private readonly say: (line: string) => void;
  /** In the order in which they are stopped. */
  private readonly started: SupervisedPart[] = [];
  private stopping: Promise<void> | undefined;
  private pairs = 1;

  constructor(
    private readonly directory: DataDirectory,
    private readonly options: StackOptions,
    private readonly base: NodeJS.ProcessEnv,
  ) {
    this.dataDirectory = directory.path;
    this.ports = options.ports === 'free' ? freePorts : { ...usualPorts, ...options.ports };
    this.say = options.say ?? (() => undefined);
  }

  get env(): NodeJS.ProcessEnv {
    return { ...this.base, ...this.settings };
  }

  async start(): Promise<void> {
    await endProcesses(this.marker, leftoverEnding);
    if (this.options.isFresh) await emptyDataDirectory(this.dataDirectory);
    const servers = await this.startServers();
    await this.chooseAddresses();
    await this.runCommand('migrate');
    await this.runCommand('seed');
    this.parts = { ...servers, ...(await this.startApps()) };
    await this.waitUntilReady(this.addresses.apiUrl);
    for (const part of this.started) part.keepAlive();
    await this.writeStackFile();
  }

  async addPair(wantedPort = 0): Promise<Pair> {
    const place = ++this.pairs;
    const apiUrl = `http://127.0.0.1:${await choosePort('api', wantedPort, this.say)}`;
    const metrics = async () => `127.0.0.1:${await findFreePort()}`;
    const env = { CPOR_API_PORT: new URL(apiUrl).port, CPOR_METRICS: await metrics() };
    const workerEnv = { CPOR_METRICS: await metrics() };
    const worker = this.part(`Worker ${place}`, appEnding, () => this.launchApp('The worker', 'worker', workerEnv, [], `worker-${place}`));
    const api = this.part(`API ${place}`, appEnding, () => this.launchApp('The API', 'api', env, [], `api-${place}`));
    this.started.unshift(api, worker);
    await Promise.all([api.start(), worker.start()]);
    await this.waitUntilReady(apiUrl);
    for (const part of [api, worker]) part.keepAlive();
    return { apiUrl, api, worker };
  }

  stop(): Promise<void> {
    this.stopping ??= this.endAll();
    return this.stopping;
  }

  private async endAll(): Promise<void> {
    const faults: unknown[] = [];
    for (const part of this.started) await part.stop().catch((error: unknown) => faults.push(error));
    await rm(this.file('stack.json'), { force: true });
    this.directory.release();
    if (faults.length > 0) throw faults[0];
  }

  /** The part of an app's command line by which a later start recognises it. */
  private get marker(): string {
    return `end-with-parent.js?stack=${encodeURIComponent(this.dataDirectory)} `;
  }

  private file(...names: string[]): string {
    return join(this.dataDirectory, ...names);
  }

  private part(name: string, endingSteps: EndingStep[], launch: () => Promise<Child>): SupervisedPart {
    return new SupervisedPart({ name, endingSteps, launch, say: this.say, onStart: () => this.writeStackFile() });
  }

  private async startServers(): Promise<Pick<StackParts, 'postgres' | 'temporal'>> {
    const postgres = this.base['DATABASE_URL'] ? undefined : this.part('PostgreSQL', postgresEnding, () => this.launchPostgres());
    const temporal = this.base['TEMPORAL_ADDRESS'] ? undefined : this.part('Temporal', temporalEnding, () => this.launchTemporal());
    this.started.push(...[temporal, postgres].filter((part) => part !== undefined));
    // A Temporal whose store is in PostgreSQL waits for it.
    if (this.options.temporal) await postgres?.start();
    const starts = await Promise.allSettled(this.started.map((part) => part.start()));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed) throw failed.reason as Error;
    return { postgres, temporal };
  }

  private async launchPostgres(): Promise<Child> {
    const wanted = this.postgres?.port ?? this.ports.postgres;
    const server = await startPostgres({ directory: this.file('postgres'), port: wanted, durable: this.options.isDurable ?? true });
    await keepPort(this.postgres, server);
    sayReplacement('postgres', wanted, server.port, this.say);
    this.postgres = server;
    return server.process;
  }

  private async launchTemporal(): Promise<Child> {
    const wanted = this.temporal?.port ?? this.ports.temporal;
    const uiPort = this.temporal?.uiPort ?? this.ports.temporalUi;
    const namespaces = [namespaceOf(this.base)];
    const server =
      this.options.temporal && this.postgres
        ? await this.options.temporal(this.postgres)
        : await startTemporal({ directory: this.file('temporal'), port: wanted, uiPort, namespaces });
    await keepPort(this.temporal, server);
    sayReplacement('temporal', wanted, server.port, this.say);
    sayReplacement('temporalUi', uiPort, server.uiPort ?? uiPort, this.say);
    this.temporal = server;
    return server.process;
  }

  /** Chooses all addresses before the first app starts, because each app is given those of the others. */
  private async chooseAddresses(): Promise<void> {
    const apiPort = await choosePort('api', this.ports.api, this.say);
    const ownRelay = this.base['SMTP_URL'];
    const smtpPort = ownRelay ? 0 : await choosePort('smtp', this.ports.smtp, this.say);
    const mailboxPort = ownRelay ? 0 : await choosePort('mailbox', this.ports.mailbox, this.say);
    const metricsUrl = async (name: 'apiMetrics' | 'workerMetrics') =>
      `http://127.0.0.1:${await choosePort(name, this.ports[name], this.say)}/metrics`;
    const databaseUrl = this.base['DATABASE_URL'] || (this.postgres?.appUrl ?? '');
    this.addresses = {
      apiUrl: `http://127.0.0.1:${apiPort}`,
      mailboxUrl: ownRelay ? null : `http://127.0.0.1:${mailboxPort}`,
      smtpUrl: ownRelay || `smtp://127.0.0.1:${smtpPort}`,
      temporalAddress: this.base['TEMPORAL_ADDRESS'] || (this.temporal?.address ?? ''),
      // The UI's start page shows the namespace "default", which is empty.
      temporalUiUrl: this.temporal?.uiUrl ? `${this.temporal.uiUrl}/namespaces/${namespaceOf(this.base)}/workflows` : null,
      databaseUrl,
      databaseOwnerUrl: this.postgres?.ownerUrl ?? (this.base['DATABASE_OWNER_URL'] || databaseUrl),
      metricsUrls: { api: await metricsUrl('apiMetrics'), worker: await metricsUrl('workerMetrics') },
    };
    this.settings = stackSettings(this.addresses, this.dataDirectory, this.base);
  }

  /** Runs a `cpor` command to its end. */
  private async runCommand(command: string): Promise<void> {
    this.options.signal?.throwIfAborted();
    const child = await this.launchApp(`cpor ${command}`, 'cli', { DATABASE_OWNER_URL: this.addresses.databaseOwnerUrl }, [command]);
    const exit = await child.ended;
    if (exit.code !== 0)
      throw new Error(`"cpor ${command}" ${describeExit(exit)}. Its log (${child.logFile}) ends with:\n${await tailOf(child.logFile)}`);
  }

  private async startApps(): Promise<Pick<StackParts, 'mailbox' | 'api' | 'worker'>> {
    this.options.signal?.throwIfAborted();
    const { mailboxUrl, smtpUrl, metricsUrls } = this.addresses;
    const mailboxEnv = mailboxUrl && {
      MAILBOX_SMTP_PORT: new URL(smtpUrl).port,
      MAILBOX_PAGE_PORT: new URL(mailboxUrl).port,
      MAILBOX_DIRECTORY: this.file('mailbox'),
    };
    const mailbox = mailboxEnv
      ? this.part('The mailbox', appEnding, () => this.launchApp('The mailbox', 'mailbox', mailboxEnv))
      : undefined;
    const worker = this.part('The worker', appEnding, () =>
      this.launchApp('The worker', 'worker', { CPOR_METRICS: new URL(metricsUrls.worker).host }),
    );
    const api = this.part('The API', appEnding, () => this.launchApp('The API', 'api', { CPOR_METRICS: new URL(metricsUrls.api).host }));
    const apps = [api, worker, ...(mailbox ? [mailbox] : [])];
    this.started.unshift(...apps);
    await Promise.all(apps.map((part) => part.start()));
    return { mailbox, api, worker };
  }

  private launchApp(name: string, app: string, env: NodeJS.ProcessEnv = {}, args: string[] = [], log = app): Promise<Child> {
    const { DATABASE_OWNER_URL: _owner, ...shared } = this.env;
    const preload = pathToFileURL(join(checkoutRoot, 'dist/libs/embedded/end-with-parent.js'));
    const url = `${preload.href}?stack=${encodeURIComponent(this.dataDirectory)}`;
    return spawnChild({
      name,
      file: process.execPath,
      args: ['--enable-source-maps', '--import', url, join(checkoutRoot, `dist/apps/${app}/src/main.js`), ...args],
      logFile: this.file('logs', `${log}.log`),
      cwd: checkoutRoot,
      env: { ...shared, ...env },
      channel: true,
    });
  }

  private async waitUntilReady(apiUrl: string): Promise<void> {
    let answer = 'no answer';
    const died = () => this.started.find((part) => !part.isRunning());
    const isReady = await waitUntil(async () => {
      this.options.signal?.throwIfAborted();
      if (died()) return true;
      const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (response) answer = `${response.status} ${await response.text()}`;
      return response?.ok === true;
    }, readyLimitMs);
    const dead = died();
    if (dead)
      throw new Error(`${dead.name} ${await dead.ended}. Its log (${dead.logFile}) ends with:\n${await tailOf(dead.logFile ?? '')}`);
    if (!isReady)
      throw new Error(
        `The stack is not ready after ${readyLimitMs / 1000} s: ${apiUrl}/readyz answers ${answer}. Logs: ${this.file('logs')}`,
      );
  }

  /** Writes the addresses where the command line looks for them. */
  private async writeStackFile(): Promise<void> {
    if (!this.parts) return;
    const pids = Object.fromEntries(
      Object.entries(this.parts).map(([name, part]: [string, Part | undefined]) => [name, part?.pid ?? null]),
    );
    const text = JSON.stringify({ ...this.addresses, pids: { supervisor: process.pid, ...pids }, env: this.settings }, null, 2);
    await writePrivateFile(this.file('stack.json'), `${text}\n`);
  }
}

/** A restarted server must use the same port, because the others have been given it. */
async function keepPort<Server extends { port: number; stop(): Promise<void> }>(before: Server | undefined, now: Server): Promise<void> {
  if (!before || before.port === now.port) return;
  await now.stop();
  throw new Error(`port ${before.port} is now used by another program`);
}
