import type { DataSource } from 'typeorm';
import type { EngineClaim } from '#libs/engine/index.js';
import { reconciliation } from '../../temporal.config.js';
import { firstId } from './keyset.js';

export type LateReason = 'command_without_outcome' | 'alarm_overdue' | 'notice_not_attempted' | 'letter_not_attempted';

export interface LateClaim extends EngineClaim {
  reason: LateReason;
  /** True if it has been woken since it became late: a running workflow is then already retrying. */
  isWoken: boolean;
}

/**
 * Late by a command, a clock, a notice or a letter, in this order. A notice without attempts belongs to a workflow that does not know of it: a
 * step was committed, but server and worker died before its result entered the workflow's history. Clocks of associations count too: their
 * claim, once woken, fires them and wakes their workflows.
 */
const lateSql = `
  SELECT DISTINCT ON (late.claim_id) late.claim_id AS "claimId", c.partner_account_id AS "partnerAccountId", late.reason,
    EXISTS (
      SELECT FROM repairs r
      WHERE r.claim_id = late.claim_id AND r.repaired_at > late.since AND r.repaired_at > cpor_now() - make_interval(secs => $2)
    ) AS "isWoken"
  FROM (
    SELECT claim_id, 'command_without_outcome' AS reason, 1 AS rank, max(received_at) AS since FROM claim_commands
      WHERE outcome IS NULL AND received_at < cpor_now() - make_interval(secs => $1) AND claim_id > $4 GROUP BY claim_id
    UNION ALL
    SELECT claim_id, 'alarm_overdue', 2, alarm_at FROM claims WHERE alarm_at < cpor_now() - make_interval(secs => $1) AND claim_id > $4
    UNION ALL
    SELECT claim_id, 'notice_not_attempted', 3, max(coalesce(next_attempt_at, attempted_at, updated_at)) FROM claims JOIN notice_recipients USING (claim_id)
      WHERE is_open AND outcome IS NULL AND trouble IS DISTINCT FROM 'held' AND position -> 'noticesToSend' ? notice_id::text AND claim_id > $4
        AND coalesce(next_attempt_at + make_interval(secs => $1), attempted_at + make_interval(secs => $3),
          updated_at + make_interval(secs => $1)) < cpor_now()
      GROUP BY claim_id
    UNION ALL
    SELECT claim_id, 'letter_not_attempted', 4, max(coalesce(next_attempt_at, attempted_at, written_at)) FROM letters
      WHERE outcome IS NULL AND trouble IS DISTINCT FROM 'held' AND claim_id > $4
        AND coalesce(next_attempt_at + make_interval(secs => $1), attempted_at + make_interval(secs => $3),
          written_at + make_interval(secs => $1)) < cpor_now()
      GROUP BY claim_id
  ) late JOIN claims c USING (claim_id) ORDER BY late.claim_id, late.rank LIMIT $5`;

/** Reads late claims, page by page, from PostgreSQL alone. */
export async function* lateClaims(source: DataSource, graceSeconds: number, pageSize: number): AsyncGenerator<LateClaim[]> {
  const { wakeAgainAfterSeconds, noticeSilenceSeconds } = reconciliation;
  for (let after = firstId; ; ) {
    const page = await source.query<LateClaim[]>(lateSql, [graceSeconds, wakeAgainAfterSeconds, noticeSilenceSeconds, after, pageSize]);
    yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)!.claimId;
  }
}
