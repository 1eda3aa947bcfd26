import { setTimeout as delay } from 'node:timers/promises';
import { type Child, describeExit } from './child.js';
import type { EndingStep } from './processes.js';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A part that has run this long counts as healthy: its next restart is immediate. */
const healthyMs = 60_000;

/** One process of a running stack. */
export interface Part {
  readonly name: string;
  /** Undefined while it is not running. */
  readonly pid: number | undefined;
  readonly logFile: string | undefined;
  isRunning(): boolean;
  /** Starts it on the same addresses as before. */
  start(): Promise<void>;
  /** Stops it gracefully and does not restart it. */
  stop(): Promise<void>;
  /** Sends a signal, waits until it has ended, and does not restart it. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface PartOptions {
  name: string;
  launch: () => Promise<Child>;
  endingSteps: EndingStep[];
  say: (line: string) => void;
  /** Called after each start. */
  onStart?: () => Promise<void>;
}

/** Restarts a part that ends unexpectedly, after a pause that grows with each attempt. */
export class SupervisedPart implements Part {
  private child: Child | undefined;
  private isWanted = false;
  private isKeptAlive = false;
  private pauseMs = firstPauseMs;
  private pause = new AbortController();
  private restart: Promise<void> = Promise.resolve();

  constructor(private readonly options: PartOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.isRunning() ? this.child?.pid : undefined;
  }

  get logFile(): string | undefined {
    return this.child?.logFile;
  }

  /** How the part ended; undefined while it is running. */
  get ended(): Promise<string> | undefined {
    return this.isRunning() ? undefined : this.child?.ended.then(describeExit);
  }

  isRunning(): boolean {
    return this.child?.isRunning() ?? false;
  }

  /** Starts watching the part: an unexpected end is reported, and the part restarted. */
  keepAlive(): void {
    this.isKeptAlive = true;
    if (this.isWanted && this.child) this.watch(this.child);
  }

  async start(): Promise<void> {
    if (this.isRunning()) return;
    this.isWanted = true;
    const child = await this.options.launch();
    this.child = child;
    if (this.isKeptAlive) this.watch(child);
    await this.options.onStart?.();
  }

  async stop(): Promise<void> {
    await this.cancelRestart();
    await this.child?.end(this.options.endingSteps);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.cancelRestart();
    this.child?.kill(signal);
    await this.child?.ended;
  }

  private async cancelRestart(): Promise<void> {
    this.isWanted = false;
    this.pause.abort();
    await this.restart;
  }

  private watch(child: Child): void {
    const startedAt = performance.now();
    void child.ended.then((exit) => {
      if (!this.isWanted || child !== this.child) return;
      if (performance.now() - startedAt > healthyMs) this.pauseMs = firstPauseMs;
      this.restart = this.restartLater(describeExit(exit));
    });
  }

  private async restartLater(reason: string): Promise<void> {
    this.pause = new AbortController();
    for (let why = reason; this.isWanted; ) {
      this.options.say(`${this.name} ${why}; restarting it in ${this.pauseMs / 1000} s. Log: ${this.logFile}`);
      await delay(this.pauseMs, undefined, { signal: this.pause.signal }).catch(() => undefined);
      this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
      if (!this.isWanted) return;
      try {
        await this.start();
        this.options.say(`${this.name} is running again (process ${this.pid}).`);
        return;
      } catch (error) {
        why = `failed to start (${(error as Error).message})`;
      }
    }
  }
}
