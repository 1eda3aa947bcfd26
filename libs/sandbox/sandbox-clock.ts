import type { DataSource } from 'typeorm';
import type { ClaimEngine } from '#libs/engine/index.js';

export type ClockMove = { result: 'moved'; now: string; movedClaims: number } | { result: 'backwards'; now: string };

interface DueClaim {
  claimId: string;
  partnerAccountId: string;
  /** Milliseconds that the claim's timer can still have to run, at the most. */
  remainingMs: number;
}

/** How many workflows are moved at once. */
const concurrency = 8;

/** The product's time. */
export async function readClock(source: DataSource): Promise<string> {
  const [row] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  return row.now.toISOString();
}

/**
 * Advances the product's clock to an instant and moves the claims whose deadline has come by then: their workflows are
 * fast-forwarded by the server, so that their own timers fire, or rung for where the server cannot.
 * The clock never runs backwards, but for a sandbox without claims, which may begin on any day.
 */
export async function moveClock(source: DataSource, engine: ClaimEngine, to: string): Promise<ClockMove> {
  const changed = await source.query<unknown[]>(
    `INSERT INTO sandbox_clock (ahead) SELECT $1::timestamptz - clock_timestamp()
     WHERE $1::timestamptz >= cpor_now() OR NOT EXISTS (SELECT FROM claims)
     ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead
     RETURNING true`,
    [to],
  );
  const now = await readClock(source);
  if (changed.length === 0) return { result: 'backwards', now };
  const due = await source.query<DueClaim[]>(
    `SELECT claim_id AS "claimId", partner_account_id AS "partnerAccountId",
       ceil(extract(epoch FROM alarm_at - created_at) * 1000)::float8 + 1000 AS "remainingMs"
     FROM claims WHERE is_open AND alarm_at < cpor_now() ORDER BY alarm_at`,
  );
  const movedClaims = due.length;
  const lane = async () => {
    for (let claim = due.shift(); claim !== undefined; claim = due.shift()) {
      if (!(await engine.fastForward(claim.claimId, claim.remainingMs))) await engine.ring(claim);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { result: 'moved', now, movedClaims };
}
