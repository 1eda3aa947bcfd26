import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Client } from 'pg';
import { checkoutRoot, type Part } from '#libs/embedded/index.js';
import { ClaimEngine } from '#libs/engine/index.js';
import type { Dice } from './dice.js';
import type { DirectoryMode } from './directory.js';
import { failOver } from './fail-over.js';
import { fillDisk } from './full-disk.js';
import type { RelayMode } from './relay.js';
import type { Stage } from './stage.js';

/** What a fault touches: faults on the same part do not overlap. */
type Touched = 'api' | 'worker' | 'postgres' | 'temporal' | 'relay' | 'directory';

interface FaultKind {
  touches: Touched[];
  /** Injects the fault and takes it back. */
  inject(stage: Stage, dice: Dice): Promise<void>;
}

const everything: Touched[] = ['api', 'worker', 'postgres', 'temporal', 'relay', 'directory'];
const tenMinutes = 600_000;

/** Kills a part, which returns after up to three seconds. */
const killed = (name: 'api' | 'worker'): FaultKind => ({
  touches: [name],
  async inject({ apps }, dice) {
    await apps[name].kill('SIGKILL');
    await delay(dice.between(0, 3_000));
    await apps[name].start();
  },
});

const serverKilled = (name: 'postgres' | 'temporal'): FaultKind => ({
  touches: [name],
  async inject(stage, dice) {
    await stage.killServer(name);
    await delay(dice.between(0, 4_000));
    await stage.startServer(name);
  },
});

const relayIn = (mode: RelayMode): FaultKind => ({
  touches: ['relay'],
  async inject({ relay }, dice) {
    relay.mode = mode;
    await delay(dice.between(4_000, 12_000));
    relay.mode = 'accept';
  },
});

const directoryIn = (mode: DirectoryMode): FaultKind => ({
  touches: ['directory'],
  async inject({ directory }, dice) {
    directory.mode = mode;
    await delay(dice.between(5_000, 15_000));
    directory.mode = 'answer';
  },
});

/** Resets connections in the middle of an answer, again and again. */
const answersCut = (name: 'api' | 'postgres' | 'temporal'): FaultKind => ({
  touches: [name],
  async inject({ gates }, dice) {
    for (let times = 0; times < 8; times++) {
      gates[name].cutAnswers(dice.between(1, 3));
      await delay(dice.between(300, 1_500));
    }
    gates[name].cutAnswers(0);
  },
});

/** The host behind a gate neither answers nor refuses, as when a cable is pulled. */
const silent = (name: 'postgres' | 'temporal'): FaultKind => ({
  touches: [name],
  async inject({ gates }, dice) {
    gates[name].freeze();
    await delay(dice.between(8_000, 20_000));
    gates[name].thaw();
  },
});

/** Stops a process from running, past the ends of windows. */
const suspended = (name: 'api' | 'worker'): FaultKind => ({
  touches: [name],
  async inject({ apps }, dice) {
    const { pid } = apps[name];
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    await delay(dice.between(10_000, 25_000));
    process.kill(pid, 'SIGCONT');
  },
});

/** Runs the API and the worker with clocks that are wrong by ten minutes. */
const clocksOff = (byMs: number): FaultKind => ({
  touches: ['api', 'worker'],
  async inject({ apps, env }, dice) {
    const { NODE_OPTIONS: usual } = env;
    const hook = pathToFileURL(join(checkoutRoot, 'dist/test/support/shifted-clock.js')).href;
    Object.assign(env, { CPOR_TEST_CLOCK_AHEAD_MS: String(byMs), NODE_OPTIONS: `${usual ?? ''} --import=${hook}` });
    await restart(apps.api, apps.worker);
    await delay(dice.between(15_000, 30_000));
    delete env['CPOR_TEST_CLOCK_AHEAD_MS'];
    if (usual === undefined) delete env['NODE_OPTIONS'];
    else env['NODE_OPTIONS'] = usual;
    await restart(apps.api, apps.worker);
  },
});

async function restart(...parts: Part[]): Promise<void> {
  await Promise.all(
    parts.map(async (part) => {
      await part.kill('SIGKILL');
      await part.start();
    }),
  );
}

async function asSuperuser<Result>(stage: Stage, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: stage.postgres.superuserUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const kinds = {
  kill_api: killed('api'),
  kill_worker: killed('worker'),
  kill_postgres: serverKilled('postgres'),
  kill_temporal: serverKilled('temporal'),
  kill_relay: {
    touches: ['relay'],
    async inject({ relay }, dice) {
      await relay.stop();
      await delay(dice.between(0, 6_000));
      await relay.start();
    },
  },
  kill_all: {
    touches: everything,
    async inject(stage, dice) {
      const { api, worker } = stage.apps;
      await Promise.all([
        api.kill('SIGKILL'),
        worker.kill('SIGKILL'),
        stage.killServer('postgres'),
        stage.killServer('temporal'),
        stage.relay.stop(),
      ]);
      await delay(dice.between(0, 5_000));
      const starts = [
        () => api.start(),
        () => worker.start(),
        () => stage.startServer('postgres'),
        () => stage.startServer('temporal'),
        () => stage.relay.start(),
      ];
      for (const start of starts.toSorted(() => dice.next() - 0.5)) await start();
    },
  },
  suspend_worker: suspended('worker'),
  suspend_api: suspended('api'),
  second_worker: {
    touches: ['worker'],
    async inject(stage, dice) {
      const second = await stage.secondWorker();
      await delay(dice.between(15_000, 30_000));
      await second.kill();
    },
  },
  clocks_ahead: clocksOff(tenMinutes),
  clocks_behind: clocksOff(-tenMinutes),
  postgres_stopped: {
    touches: ['postgres'],
    async inject(stage) {
      await stage.killServer('postgres', 'SIGINT');
      await delay(30_000);
      await stage.startServer('postgres');
    },
  },
  postgres_silent: silent('postgres'),
  postgres_cut: answersCut('postgres'),
  postgres_read_only: {
    touches: ['postgres'],
    async inject(stage, dice) {
      await asSuperuser(stage, (client) => client.query('ALTER SYSTEM SET default_transaction_read_only = on'));
      await stage.killServer('postgres', 'SIGINT');
      await stage.startServer('postgres');
      await delay(dice.between(6_000, 12_000));
      await asSuperuser(stage, async (client) => {
        await client.query('SET default_transaction_read_only = off');
        await client.query('ALTER SYSTEM RESET default_transaction_read_only');
        await client.query('SELECT pg_reload_conf()');
      });
    },
  },
  postgres_no_connections: {
    touches: ['postgres'],
    async inject(stage, dice) {
      const taken: Client[] = [];
      const end = performance.now() + dice.between(8_000, 15_000);
      await asSuperuser(stage, (client) =>
        client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'cpor_app'"),
      );
      while (performance.now() < end) {
        const client = new Client({ connectionString: stage.postgres.appUrl, connectionTimeoutMillis: 2_000 });
        client.on('error', () => undefined);
        const isTaken = await client.connect().then(
          () => true,
          () => false,
        );
        if (isTaken) taken.push(client);
        else await delay(100);
      }
      await Promise.all(taken.map((client) => client.end().catch(() => undefined)));
    },
  },
  postgres_disk_full: { touches: ['postgres'], inject: fillDisk },
  postgres_fail_over: { touches: ['postgres'], inject: failOver },
  temporal_silent: silent('temporal'),
  temporal_cut: answersCut('temporal'),
  temporal_lost: {
    touches: ['temporal'],
    inject: (stage) => stage.loseTemporal(),
  },
  wake_storm: {
    touches: [],
    // Wakes every claim several times and in any order: duplicated, re-ordered and pointless messages.
    async inject(stage, dice) {
      const source = await stage.source();
      const { client, close } = stage.temporalClient();
      try {
        const claims = await source.query<{ claimId: string; partnerAccountId: string }[]>(
          'SELECT claim_id AS "claimId", partner_account_id AS "partnerAccountId" FROM claims WHERE is_open AND phase <> \'draft\' LIMIT 100',
        );
        const engine = new ClaimEngine(client);
        const wakes = [...claims, ...claims, ...claims].toSorted(() => dice.next() - 0.5);
        for (const claim of wakes) await engine.wake(claim).catch(() => undefined);
      } finally {
        await close();
        await source.destroy();
      }
    },
  },
  relay_421: relayIn('refuse_421'),
  relay_450: relayIn('refuse_450'),
  relay_550: relayIn('refuse_550'),
  relay_hangs: relayIn('hang'),
  relay_dies_before_answer: relayIn('die_before_answer'),
  directory_slow: directoryIn('slow'),
  directory_down: directoryIn('down'),
  directory_hangs: directoryIn('hang'),
  directory_errors: directoryIn('error'),
  directory_wrong: directoryIn('garbage'),
  directory_changing: directoryIn('changing'),
  api_cut: answersCut('api'),
} satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof kinds;

/** What can be done to a running product. */
export const faultNames = Object.keys(kinds) as FaultName[];

/** Injects faults as a seed says, two at a time if they touch different parts, until it is stopped. Each kind comes before any comes again. */
export class FaultSchedule {
  /** How often each was injected. */
  readonly counts: Partial<Record<FaultName, number>> = {};
  /** Faults that could not be injected or taken back, with the reason. */
  readonly failures: string[] = [];
  /** The faults of this moment. */
  readonly underWay: FaultName[] = [];
  private readonly touched = new Set<Touched>();
  private waiting: FaultName[] = [];
  private isRunning = false;
  private lanes: Promise<void>[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly dice: Dice,
    private readonly names: FaultName[],
  ) {}

  start(): void {
    if (this.names.length === 0) return;
    this.isRunning = true;
    this.lanes = [this.run(), this.run()];
  }

  /** Ends the faults under way; the product is whole again afterwards. */
  async stop(): Promise<void> {
    this.isRunning = false;
    await Promise.all(this.lanes);
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      await delay(this.dice.between(2_000, 8_000));
      const name = this.next();
      if (name === undefined || !this.isRunning) continue;
      const { touches, inject }: FaultKind = kinds[name];
      for (const part of touches) this.touched.add(part);
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      this.underWay.push(name);
      try {
        await inject(this.stage, this.dice);
      } catch (error) {
        this.failures.push(`${name}: ${(error as Error).message}`);
      } finally {
        for (const part of touches) this.touched.delete(part);
        this.underWay.splice(this.underWay.indexOf(name), 1);
      }
      // A product that never gets up proves nothing.
      await this.stage.untilReady();
    }
  }

  /** Takes the next fault that touches nothing which another one touches. */
  private next(): FaultName | undefined {
    if (this.waiting.length === 0) this.waiting = this.names.toSorted(() => this.dice.next() - 0.5);
    const place = this.waiting.findIndex((name) => kinds[name].touches.every((part) => !this.touched.has(part)));
    return place < 0 ? undefined : this.waiting.splice(place, 1)[0];
  }
}
