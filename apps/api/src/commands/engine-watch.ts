import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ClaimEngine } from '#libs/engine/index.js';

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/**
 * Knows whether Temporal can be reached. A message that fails says nothing about that: its claim may be stuck, or its workflow may not take it.
 * It is a reason to ask Temporal itself, whose answer is the one thing that counts, and that is asked again until it comes.
 */
export class EngineWatch {
  private readonly logger = new Logger(EngineWatch.name);
  private look: Promise<void> | undefined;
  private outage: Promise<void> | undefined;
  private isStopped = false;

  constructor(private readonly engine: Pick<ClaimEngine, 'answers'>) {}

  get isAway(): boolean {
    return this.outage !== undefined;
  }

  /** Looks whether Temporal is there, once for everybody who doubts it at the time. */
  doubt(): Promise<void> {
    this.look ??= this.ask().finally(() => {
      this.look = undefined;
    });
    return this.look;
  }

  /** Waits for the end of an outage. */
  async untilBack(): Promise<void> {
    await this.outage;
  }

  stop(): void {
    this.isStopped = true;
  }

  private async ask(): Promise<void> {
    if (this.isAway || (await this.engine.answers())) return;
    this.logger.warn('Temporal does not answer. Commands are stored and answered with 202 until it does.');
    this.outage = this.waitForAnswer().finally(() => {
      this.outage = undefined;
    });
  }

  private async waitForAnswer(): Promise<void> {
    const startedAt = performance.now();
    for (let pauseMs = firstPauseMs; !this.isStopped; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      await sleep(pauseMs, undefined, { ref: false });
      if (this.isStopped || !(await this.engine.answers())) continue;
      this.logger.log(`Temporal answers again, after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
      return;
    }
  }
}
