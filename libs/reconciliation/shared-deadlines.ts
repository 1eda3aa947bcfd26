import type { DataSource } from 'typeorm';
import { settlement } from '../../temporal.config.js';
import { countOverdue } from './settle-overdue.js';

/** How long a count is used, in milliseconds. It guides timing and decides nothing. */
const countMs = 5_000;
const overdueCountMs = 1_000;

interface Count {
  claims: number;
  countedAt: number;
}

/**
 * Deadlines that many claims share: all windows of a time zone that opened on one day close at one instant. A batch settles them, and their own
 * alarms then fire one by one and find nothing left to do.
 */
export class SharedDeadlines {
  private readonly counts = new Map<string, Count>();
  private overdueCountedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: DataSource,
    /** Settles overdue claims in batches. */
    private readonly settle: () => Promise<void>,
  ) {}

  /**
   * Returns how many milliseconds after a deadline a claim's alarm fires. The first few fire at once, so that the deadline is noticed. The
   * others follow one by one when the batch should be complete, so that they do not compete with it.
   */
  async wakeAfter(claimId: string, deadline: string): Promise<number> {
    const claims = await this.count(deadline);
    if (claims < settlement.fromClaims) return 0;
    // Ids are evenly distributed, and a claim always gets the same place.
    const place = (Number.parseInt(claimId.slice(0, 8), 16) / 2 ** 32) * claims;
    const batchSeconds = place < settlement.fromClaims ? 0 : claims / settlement.claimsPerSecond;
    return Math.floor((batchSeconds + place / settlement.alarmsPerSecond) * 1000);
  }

  /** Starts a settlement when many claims are overdue. Counts them at most once a second, however often it is called. */
  async settleIfMany(): Promise<void> {
    const now = performance.now();
    if (now - this.overdueCountedAt < overdueCountMs) return;
    this.overdueCountedAt = now;
    if ((await countOverdue(this.source, settlement.fromClaims)) >= settlement.fromClaims) await this.settle();
  }

  private async count(deadline: string): Promise<number> {
    const now = performance.now();
    const known = this.counts.get(deadline);
    if (known !== undefined && now - known.countedAt < countMs) return known.claims;
    for (const [instant, { countedAt }] of this.counts) if (now - countedAt >= countMs) this.counts.delete(instant);
    const [row] = await this.source.query<[{ claims: number }]>(
      'SELECT count(*)::int AS claims FROM (SELECT FROM claims WHERE is_open AND alarm_at = $1 LIMIT 100000) AS found',
      [deadline],
    );
    this.counts.set(deadline, { claims: row.claims, countedAt: now });
    return row.claims;
  }
}
