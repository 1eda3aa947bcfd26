import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ClaimEngine } from '#libs/engine/index.js';
import { outageProbe } from '../../../../temporal.config.js';

/**
 * Tracks whether Temporal is reachable. One failed message does not prove an outage: the claim may be stuck, or its workflow may reject the
 * message. It is a reason to probe Temporal, and to repeat the probe until it answers.
 */
export class EngineWatch {
  private readonly logger = new Logger(EngineWatch.name);
  private probe: Promise<void> | undefined;
  private outage: Promise<void> | undefined;
  private isStopped = false;

  constructor(private readonly engine: Pick<ClaimEngine, 'answers'>) {}

  get isDown(): boolean {
    return this.outage !== undefined;
  }

  /** Probes Temporal. Concurrent callers share one probe. */
  check(): Promise<void> {
    this.probe ??= this.ask().finally(() => {
      this.probe = undefined;
    });
    return this.probe;
  }

  /** Waits for the end of an outage, if there is one. */
  async untilBack(): Promise<void> {
    await this.outage;
  }

  stop(): void {
    this.isStopped = true;
  }

  private async ask(): Promise<void> {
    if (this.isDown || (await this.engine.answers())) return;
    this.logger.warn('Temporal does not answer. Commands are stored and answered with 202 until it does.');
    this.outage = this.waitForAnswer().finally(() => {
      this.outage = undefined;
    });
  }

  private async waitForAnswer(): Promise<void> {
    const startedAt = performance.now();
    for (let pauseMs: number = outageProbe.firstPauseMs; !this.isStopped; pauseMs = Math.min(2 * pauseMs, outageProbe.longestPauseMs)) {
      await sleep(pauseMs, undefined, { ref: false });
      if (this.isStopped || !(await this.engine.answers())) continue;
      this.logger.log(`Temporal answers again, after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
      return;
    }
  }
}
