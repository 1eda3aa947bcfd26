import type { DataSource } from 'typeorm';

/** The backlog: claims with a command that has no outcome, or a deadline that has passed without effect. */
export interface Behind {
  /** Counted up to the limit. */
  claims: number;
  /** Since when the oldest of them waits; null when there is none. */
  since: string | null;
}

const behindSql = `
  SELECT count(DISTINCT claim_id)::int AS claims, min(since) AS since FROM (
    (SELECT claim_id, received_at AS since FROM claim_commands
      WHERE outcome IS NULL AND received_at < cpor_now() - make_interval(mins => $1) ORDER BY received_at LIMIT $2)
    UNION ALL
    (SELECT claim_id, alarm_at FROM claims WHERE alarm_at < cpor_now() - make_interval(mins => $1) ORDER BY alarm_at LIMIT $2)
  ) late`;

/** Counts claims that have waited for at least so many minutes. Both parts read an index, and no further than the limit. */
export async function countBehind(source: Pick<DataSource, 'query'>, minutes: number, limit: number): Promise<Behind> {
  const [{ claims, since }] = await source.query<[{ claims: number; since: Date | null }]>(behindSql, [minutes, limit]);
  return { claims: Math.min(claims, limit), since: since?.toISOString() ?? null };
}
