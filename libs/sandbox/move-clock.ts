import type { DataSource } from 'typeorm';
import { readClock } from '#libs/event-store/index.js';
import type { ClaimEngine } from '#libs/engine/index.js';
import { workflowIds } from '../../temporal.config.js';

export type ClockMove = { result: 'moved'; now: string; movedClaims: number } | { result: 'backwards'; now: string };

interface DueAlarm {
  claimId: string;
  partnerAccountId: string;
  /** The association that the alarm belongs to; null when it is the claim's own. */
  associationId: string | null;
  /** An upper bound on the time left on the timer, in milliseconds. */
  remainingMs: number;
}

// The overdue alarms of claims and of their associations, whose workflows are separate. A timer is never set before its clock begins, so the
// clock's full length bounds the time left. Skipping more would make each of the workflow's next timers fire too early.
const dueSql = `
  SELECT c.claim_id AS "claimId", c.partner_account_id AS "partnerAccountId", a."associationId",
    ceil(extract(epoch FROM (a.alarm ->> 'at')::timestamptz - coalesce(began.at, c.created_at)) * 1000)::float8 + 1000 AS "remainingMs"
  FROM claims c CROSS JOIN LATERAL (
    SELECT NULL AS "associationId", c.position -> 'alarm' AS alarm
    UNION ALL
    SELECT association ->> 'associationId', association -> 'alarm' FROM jsonb_array_elements(c.position -> 'associations') association
  ) a CROSS JOIN LATERAL (
    SELECT min((clock ->> 'startedAt')::timestamptz) AS at FROM jsonb_array_elements(c.state -> 'clocks') clock
    WHERE clock -> 'clock' = a.alarm -> 'clock' AND clock -> 'deadline' -> 'dueAt' = a.alarm -> 'at'
  ) began
  WHERE c.alarm_at < cpor_now() AND (a.alarm ->> 'at')::timestamptz < cpor_now() ORDER BY (a.alarm ->> 'at')::timestamptz`;

/** How many workflows are fast-forwarded concurrently. */
const concurrency = 8;

/**
 * Advances the product's clock to an instant. The server fast-forwards the workflows of claims and associations whose deadlines have passed by
 * then, so that their own timers fire; where it cannot, they are woken instead. The clock never moves backwards, except in a sandbox without
 * claims, which may start on any day.
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
  const due = await source.query<DueAlarm[]>(dueSql);
  const movedClaims = new Set(due.map(({ claimId }) => claimId)).size;
  const lane = async () => {
    for (let alarm = due.shift(); alarm !== undefined; alarm = due.shift()) {
      const { claimId, associationId, remainingMs } = alarm;
      const workflowId = associationId === null ? workflowIds.claim(claimId) : workflowIds.association(associationId);
      if (!(await engine.fastForward(workflowId, remainingMs))) await engine.wake(alarm);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { result: 'moved', now, movedClaims };
}
