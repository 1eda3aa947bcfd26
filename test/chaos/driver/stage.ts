import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client as TemporalClient } from '@temporalio/client';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { mintSandboxToken, type Role } from '#libs/auth/index.js';
import {
  checkoutRoot,
  dropPostgres,
  type EmbeddedPostgres,
  type EmbeddedTemporal,
  findFreePort,
  type Part,
  type Stack,
  startPostgres,
  startStack,
  waitUntil,
} from '#libs/embedded/index.js';
import { createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import type { Directory } from './directory.js';
import { makeSmallDisk, moveOffSmallDisk, removeSmallDisk } from './full-disk.js';
import { Gate } from './gate.js';
import { Relay } from './relay.js';
import { Sender } from './sender.js';
import { developmentTemporal, productionTemporal, type TemporalKind, type TemporalOptions } from './temporal.js';

const readyLimitMs = 60_000;

/** Where the processes of a run are: the product's own are parts of a stack, and every server that they use is behind a gate. */
export interface Gates {
  api: Gate;
  postgres: Gate;
  temporal: Gate;
}

/** The whole product with servers of its own, under faults: PostgreSQL and Temporal are kept running here, as an operator's host would. */
export class Stage {
  readonly relay = new Relay();
  readonly gates!: Gates;
  stack!: Stack;
  postgres!: EmbeddedPostgres;
  temporal!: EmbeddedTemporal;
  private temporalKind!: TemporalKind;
  /** Requests that were repeated because their answer was lost. */
  retries = 0;
  /** Whether PostgreSQL's disk can be filled without filling the machine's. */
  hasSmallDisk = false;
  private readonly onClose: (() => Promise<void>)[] = [];
  private isClosing = false;
  /** False while a fault keeps a server down. */
  private readonly isWanted = { postgres: true, temporal: true };
  private keeper: Promise<void> | undefined;
  /** Read by every start of an app, so that a fault can change what the next start gets. */
  readonly env: NodeJS.ProcessEnv = { ...process.env, CPOR_LOG_LEVEL: 'warn', CPOR_RATE_LIMITS: 'off' };

  private constructor(
    readonly folder: string,
    readonly directory: Directory,
    private readonly temporalOptions: TemporalOptions,
  ) {}

  static async open(folder: string, directory: Directory, temporal: TemporalOptions): Promise<Stage> {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o711);
    const stage = new Stage(folder, directory, temporal);
    try {
      await stage.start();
      return stage;
    } catch (error) {
      await stage.close();
      await stage.keep();
      throw error;
    }
  }

  /** Where callers and customers reach the API. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.gates.api.port}`;
  }

  /** The name under which an app may be stopped and started. */
  get apps(): { api: Part; worker: Part } {
    return this.stack.parts;
  }

  /** A caller with a role, through the API's gate. */
  async sender(subject: string, role: Role, scope: { partner?: string; locations?: string[]; tenant?: string } = {}): Promise<Sender> {
    const issuer = `${this.apiUrl}/sandbox/issuer`;
    const { dataDirectory } = this.stack;
    const token = await mintSandboxToken({
      dataDirectory,
      issuer,
      audience: 'cpor',
      roles: [role],
      subject,
      lifetimeSeconds: 4 * 3_600,
      ...scope,
    });
    return new Sender(this.apiUrl, token, () => this.retries++);
  }

  /** A connection to the database that no fault cuts, for audits and preparations. */
  async source(): Promise<DataSource> {
    return createDataSource(this.postgres.appUrl, { poolSize: 2 }).initialize();
  }

  temporalClient(): { client: TemporalClient; close(): Promise<void> } {
    const { address } = this.temporal;
    return createClient({ address, namespace: 'cpor', apiKey: null, useTls: false }, []);
  }

  /** Runs a `cpor` command. */
  cpor(...args: string[]): Promise<{ exitCode: number; output: string }> {
    return new Promise((resolve) => {
      const file = join(checkoutRoot, 'dist/apps/cli/src/main.js');
      execFile(process.execPath, [file, ...args], { env: this.stack.env, timeout: 120_000 }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
      });
    });
  }

  async killServer(name: 'postgres' | 'temporal', signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.isWanted[name] = false;
    const { process: child } = this[name];
    child.kill(signal);
    await child.ended;
  }

  /** Starts a server again on its data. */
  async startServer(name: 'postgres' | 'temporal'): Promise<void> {
    try {
      if (this[name].process.isRunning()) return;
      if (name === 'postgres') this.postgres = await startPostgres(this.postgresOptions(this.postgres.port));
      else this.temporal = await this.temporalKind.start();
      this.gates[name].leadTo(this[name].port);
    } catch (error) {
      // The production server gives up at once while its database is away; its keeper tries again.
      if (name === 'postgres') throw error;
    } finally {
      this.isWanted[name] = true;
    }
  }

  /** Starts another worker beside the product's own. */
  async secondWorker(): Promise<{ kill(): Promise<void> }> {
    const file = join(checkoutRoot, 'dist/apps/worker/src/main.js');
    const child = spawn(process.execPath, [file], { env: this.stack.env, stdio: 'ignore', cwd: checkoutRoot });
    const ended = once(child, 'exit');
    const kill = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    this.onClose.push(kill);
    return { kill };
  }

  /** Loses everything that Temporal knows. */
  async loseTemporal(): Promise<void> {
    await this.killServer('temporal');
    // Another fault may keep the database of its store away for a moment.
    const isEmpty = async () => {
      this.temporal = await this.temporalKind.startEmpty();
      return true;
    };
    const isStarted = await waitUntil(() => isEmpty().catch(() => false), readyLimitMs);
    this.isWanted.temporal = true;
    if (!isStarted) throw new Error('an empty Temporal could not be started');
    this.gates.temporal.leadTo(this.temporal.port);
  }

  /** Waits until the API says that it is ready, for at most a minute: another fault may be under way. */
  async untilReady(): Promise<void> {
    await waitUntil(async () => {
      const response = await fetch(`${this.apiUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      return response?.ok === true;
    }, readyLimitMs);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.keeper;
    for (const end of this.onClose) await end();
    await this.stack?.stop().catch(() => undefined);
    await this.temporal?.stop().catch(() => undefined);
    await this.postgres?.stop().catch(() => undefined);
    await this.relay.stop();
    await this.directory.stop();
    for (const gate of Object.values(this.gates ?? {})) await gate.close();
  }

  /** Keeps what the run stored, on the machine's own disk. */
  async keep(): Promise<void> {
    if (this.hasSmallDisk) await moveOffSmallDisk(join(this.folder, 'postgres'));
  }

  /** Removes what the run stored. */
  async drop(): Promise<void> {
    if (this.hasSmallDisk) await removeSmallDisk(join(this.folder, 'postgres'));
    await dropPostgres(join(this.folder, 'postgres'));
    await rm(this.folder, { recursive: true, force: true });
  }

  private postgresOptions = (port: number) => ({ directory: join(this.folder, 'postgres'), port, durable: false });

  private async start(): Promise<void> {
    await Promise.all([this.relay.start(), this.directory.start()]);
    const postgresFolder = join(this.folder, 'postgres');
    await mkdir(postgresFolder);
    this.hasSmallDisk = await makeSmallDisk(postgresFolder);
    this.postgres = await startPostgres(this.postgresOptions(0));
    await this.keepLogShort();
    const [api, postgres] = await Promise.all([Gate.open(), Gate.open(this.postgres.port)]);
    const temporalFolder = join(this.folder, 'temporal');
    const { kind, persistenceFaults } = this.temporalOptions;
    this.temporalKind =
      kind === 'development'
        ? developmentTemporal(temporalFolder)
        : await productionTemporal(temporalFolder, postgres.port, () => this.postgres, persistenceFaults);
    this.temporal = await this.temporalKind.start();
    const temporal = await Gate.open(this.temporal.port);
    Object.assign(this, { gates: { api, postgres, temporal } });
    const apiPort = await findFreePort();
    const through = (url: string) => url.replace(`:${this.postgres.port}/`, `:${postgres.port}/`);
    Object.assign(this.env, {
      DATABASE_URL: through(this.postgres.appUrl),
      DATABASE_OWNER_URL: through(this.postgres.ownerUrl),
      TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
      SMTP_URL: this.relay.url,
      DIRECTORY_URL: this.directory.url,
      CPOR_PUBLIC_URL: this.apiUrl,
    });
    this.stack = await this.startApps(apiPort);
    api.leadTo(Number(new URL(this.stack.addresses.apiUrl).port));
    this.keeper = this.keepServers();
  }

  /** A busy machine may need longer than a stack waits for it. */
  private async startApps(api: number, attempts = 4): Promise<Stack> {
    try {
      return await startStack({ dataDirectory: join(this.folder, 'data'), ports: { api }, env: this.env });
    } catch (error) {
      if (attempts === 1) throw error;
      return this.startApps(api, attempts - 1);
    }
  }

  /** Keeps the write-ahead log far below the size of the disk. */
  private async keepLogShort(): Promise<void> {
    const client = new Client({ connectionString: this.postgres.superuserUrl });
    await client.connect();
    await client.query("ALTER SYSTEM SET max_wal_size = '128MB'");
    await client.query('SELECT pg_reload_conf()');
    await client.end();
  }

  /** Restarts servers that ended although no fault holds them down, such as a database that gave up on a full disk. */
  private async keepServers(): Promise<void> {
    while (!this.isClosing) {
      for (const name of ['postgres', 'temporal'] as const) {
        if (this.isWanted[name] && !this[name].process.isRunning()) await this.startServer(name).catch(() => undefined);
      }
      await delay(1_000);
    }
  }
}
