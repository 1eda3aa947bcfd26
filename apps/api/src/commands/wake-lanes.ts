import { Logger } from '@nestjs/common';
import { waking } from '../../../../temporal.config.js';
import type { EngineWatch } from './engine-watch.js';
import { type WakeCall, WakeQueue } from './wake-queue.js';

/** Sends queued calls to Temporal in the background, a few at a time, and repeats those that fail. */
export class WakeLanes {
  private readonly logger = new Logger(WakeLanes.name);
  private readonly waiting = new WakeQueue();
  private readonly watch: EngineWatch;
  private readonly untilCalm: () => Promise<void>;
  private readonly atOnce: number;
  private lanes = 0;
  private isStopped = false;

  constructor(options: {
    watch: EngineWatch;
    /** Concurrent calls. */
    atOnce: number;
    /** Awaited before each call. */
    untilCalm?: () => Promise<void>;
  }) {
    this.watch = options.watch;
    this.atOnce = options.atOnce;
    this.untilCalm = options.untilCalm ?? (() => Promise.resolve());
  }

  stop(): void {
    this.isStopped = true;
  }

  holdsAnyOf(partnerAccountId: string): boolean {
    return this.waiting.holdsAnyOf(partnerAccountId);
  }

  enqueue(wake: WakeCall): void {
    if (!this.waiting.add(wake)) return;
    if (this.lanes < this.atOnce) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.lanes++;
    for (let wake = this.waiting.take(); wake !== undefined && !this.isStopped; wake = this.waiting.take()) {
      await this.watch.untilBack();
      await this.untilCalm();
      await wake.send().catch((error: unknown) => this.retry(wake, error as Error));
    }
    this.lanes--;
  }

  /** Retries as soon as Temporal is back, or after a pause if only this message failed. */
  private async retry(wake: WakeCall, { message }: Error): Promise<void> {
    await this.watch.check();
    if (this.watch.isDown) {
      this.waiting.add(wake);
      return;
    }
    const failures = wake.failures + 1;
    if (failures === 1 || failures === waking.attempts) {
      const next = failures === waking.attempts ? 'is left to reconciliation' : 'is retried';
      this.logger.warn(`Could not wake ${wake.key.trim()}, which ${next}: ${message}`);
    }
    if (failures < waking.attempts)
      setTimeout(() => this.enqueue({ ...wake, failures }), waking.firstPauseMs * 2 ** (failures - 1)).unref();
  }
}
