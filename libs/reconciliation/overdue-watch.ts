import type { DataSource } from 'typeorm';
import { settlement } from '../../temporal.config.js';
import { countOverdue } from './settle-overdue.js';

/** How long a count is used, in milliseconds. */
const countMs = 1_000;

/** Notices when many claims are overdue at once, and has them settled in batches. */
export class OverdueWatch {
  private countedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: DataSource,
    private readonly settle: () => Promise<void>,
  ) {}

  /** Starts a settlement when many claims are overdue. Counts them at most once a second, however often it is called. */
  async settleIfMany(): Promise<void> {
    const now = performance.now();
    if (now - this.countedAt < countMs) return;
    this.countedAt = now;
    if ((await countOverdue(this.source, settlement.fromClaims)) >= settlement.fromClaims) await this.settle();
  }
}
