import type { DataSource } from 'typeorm';
import type { Attempt } from './delivery.js';
import { delayAfter, probeDelay } from './retry-schedule.js';

/** What came of one attempt. */
export interface Result {
  eventId: string;
  /** Attempts before it that count towards giving up. */
  attempts: number;
  isDelivered: boolean;
  /** The receiver says that the endpoint no longer exists (410). */
  isGone: boolean;
  /** How long the receiver asks to wait. */
  retryAfterMs: number | null;
  entry: Attempt;
}

/** Attempts of a delivery that are kept with their answers. */
const keptAttempts = 20;
/** Failures one after the other from which the endpoint as a whole counts as failing. */
const failingFrom = 5;
/** An endpoint that has only failed for as long is disabled. */
export const failingDays = 3;

interface Health {
  failures: number;
  isFailing: boolean;
}

interface Recording {
  source: DataSource;
  /** How many times sooner than usual what failed is tried again. */
  retrySpeed: number;
}

/** Stores results together with what they say of the endpoint. Returns whether sending has to stop: the endpoint is to be left alone for a while. */
export async function recordResults({ source, retrySpeed }: Recording, endpointId: string, results: readonly Result[]): Promise<boolean> {
  if (results.length === 0) return false;
  return source.transaction(async (manager) => {
    const [health] = await manager.query<Health[]>(
      'SELECT failures, failing_since IS NOT NULL AS "isFailing" FROM webhook_endpoints WHERE endpoint_id = $1 FOR UPDATE',
      [endpointId],
    );
    if (health === undefined) return true;
    const lastSuccess = results.findLastIndex(({ isDelivered }) => isDelivered);
    const failures = lastSuccess === -1 ? health.failures + results.length : results.length - 1 - lastSuccess;
    const isFailing = failures >= failingFrom;
    const isGone = results.some((result) => result.isGone);
    const asked = Math.max(0, ...results.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    const pauseMs = Math.max(asked, isFailing ? probeDelay(failures - failingFrom + 1) / retrySpeed : 0);
    const rows = results.map(({ eventId, isDelivered, attempts, entry }) => {
      if (isDelivered) return { eventId, state: 'delivered', attempts: attempts + 1, delayMs: null, entry };
      // While the endpoint as a whole fails or asks to wait, that says nothing about the event.
      const counts = !health.isFailing && asked === 0;
      const usualMs = delayAfter(attempts + 1);
      const delayMs = !counts ? pauseMs : usualMs === null ? null : usualMs / retrySpeed;
      return { eventId, state: delayMs === null ? 'given_up' : 'pending', attempts: counts ? attempts + 1 : attempts, delayMs, entry };
    });
    await manager.query(
      `UPDATE webhook_deliveries d SET state = r.state, attempts = r.attempts,
         next_attempt_at = clock_timestamp() + make_interval(secs => r."delayMs" / 1000.0),
         finished_at = CASE WHEN r.state <> 'pending' THEN clock_timestamp() END,
         log = (SELECT jsonb_agg(a ORDER BY n) FROM (
           SELECT a, n FROM jsonb_array_elements(d.log || r.entry) WITH ORDINALITY AS kept(a, n) ORDER BY n DESC LIMIT ${keptAttempts}) latest)
       FROM jsonb_to_recordset($2::jsonb) AS r("eventId" uuid, state text, attempts int, "delayMs" float8, entry jsonb)
       WHERE d.endpoint_id = $1 AND d.event_id = r."eventId" AND d.state = 'pending'`,
      [endpointId, JSON.stringify(rows)],
    );
    await manager.query(
      `UPDATE webhook_endpoints SET failures = $2,
         failing_since = CASE WHEN $3 THEN coalesce(failing_since, clock_timestamp()) END,
         paused_until = CASE WHEN $4::float8 > 0 THEN clock_timestamp() + make_interval(secs => $4::float8 / 1000) END,
         delivered_at = CASE WHEN $5 THEN clock_timestamp() ELSE delivered_at END,
         disabled_because = CASE WHEN $6 THEN 'gone'
           WHEN $3 AND failing_since < clock_timestamp() - make_interval(days => ${failingDays}) THEN 'failing' ELSE disabled_because END
       WHERE endpoint_id = $1`,
      [endpointId, failures, isFailing, pauseMs, lastSuccess !== -1, isGone],
    );
    await manager.query(
      `UPDATE webhook_endpoints SET disabled_at = clock_timestamp(), version = version + 1
       WHERE endpoint_id = $1 AND disabled_because IS NOT NULL AND disabled_at IS NULL`,
      [endpointId],
    );
    // It works again: what has waited for that goes at once.
    if (health.isFailing && !isFailing) {
      await manager.query(
        `UPDATE webhook_deliveries SET next_attempt_at = clock_timestamp() WHERE endpoint_id = $1 AND state = 'pending'`,
        [endpointId],
      );
    }
    return pauseMs > 0 || isGone;
  });
}
