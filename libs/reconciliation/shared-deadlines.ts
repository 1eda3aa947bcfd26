import type { DataSource } from 'typeorm';
import type { Execution } from '#libs/inbox/index.js';
import { settlement } from '../../temporal.config.js';

/** How long a count is used, in milliseconds. It guides timing and decides nothing. */
const countMs = 5_000;

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

  constructor(private readonly source: DataSource) {}

  /** Postpones the alarm of a claim whose deadline many claims share. */
  async spread(claimId: string, execution: Execution): Promise<Execution> {
    const { position, wakeInMs, isDeadlineShared } = execution;
    if (!isDeadlineShared || position.alarm === null || wakeInMs === null) return execution;
    return { ...execution, wakeInMs: wakeInMs + (await this.wakeAfter(claimId, position.alarm.at)) };
  }

  /**
   * Returns how many milliseconds after a deadline a claim's alarm fires. The first few fire at once, so that the deadline is noticed. The
   * others follow one by one when the batch should be complete, so that they do not compete with it.
   */
  async wakeAfter(claimId: string, deadline: string): Promise<number> {
    const claims = await this.count(deadline);
    if (claims < settlement.fromClaims) return 0;
    // Ids are evenly distributed, and a claim always gets the same place.
    const place = (Number.parseInt(claimId.slice(0, 8), 16) / 2 ** 32) * claims;
    const isFirst = place < settlement.fromClaims;
    const batchSeconds = isFirst ? 0 : Math.max(settlement.shortestBatchSeconds, claims / settlement.claimsPerSecond);
    return Math.floor((batchSeconds + place / settlement.alarmsPerSecond) * 1000);
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
