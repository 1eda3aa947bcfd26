import type { DataSource } from 'typeorm';
import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import { reconciliation } from '../../temporal.config.js';

const reasons = [
  'command_without_outcome',
  'alarm_overdue',
  'notice_not_attempted',
  'letter_not_attempted',
  'workflow_missing',
  'association_out_of_step',
] as const;
export type RepairReason = (typeof reasons)[number];

export interface RepairReport {
  repaired: number;
  /** Claims that could not be rung for; the next look finds them again. */
  failed: number;
  byReason: Record<RepairReason, number>;
}

export interface RepairOptions {
  /** What is younger is left alone. */
  graceSeconds?: number;
  onProgress?: (() => void) | undefined;
}

type Stray = EngineClaim & { reason: RepairReason };

/** How many claims are rung for at once. */
const concurrency = 16;

/**
 * Finds claims that Temporal should be working on and is not, rings for each, and counts them. Ringing is harmless where nothing is
 * wrong, so what is a moment too young to judge is left alone only to keep the count honest.
 */
export async function repairClaims(source: DataSource, engine: ClaimEngine, options: RepairOptions = {}): Promise<RepairReport> {
  const queue = await findStrays(source, engine, options.graceSeconds ?? reconciliation.graceSeconds);
  const report: RepairReport = {
    repaired: 0,
    failed: 0,
    byReason: Object.fromEntries(reasons.map((reason) => [reason, 0])) as Record<RepairReason, number>,
  };
  const lane = async () => {
    for (let stray = queue.pop(); stray !== undefined; stray = queue.pop()) {
      // One claim that cannot be rung for must not keep the others waiting.
      const isRung = await engine.ring(stray).then(
        () => true,
        () => false,
      );
      options.onProgress?.();
      if (!isRung) {
        report.failed++;
        continue;
      }
      await source.query('INSERT INTO repairs (claim_id, reason) VALUES ($1, $2)', [stray.claimId, stray.reason]);
      report.repaired++;
      report.byReason[stray.reason]++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return report;
}

interface LateClaim extends EngineClaim {
  reason: RepairReason;
  /** Rung for since it became late: its workflow knows, and is trying. */
  isRung: boolean;
}

/**
 * Late by a command, by a clock, by a notice or by a letter, in this order. A notice that nobody tries to send belongs to a workflow that
 * does not know of it: what a step did was stored, but server and worker died before the step was written into the workflow's history.
 * Clocks of associations count too: their claim, rung for, lets them act and tells them.
 */
const lateSql = `
  SELECT DISTINCT ON (late.claim_id) late.claim_id AS "claimId", c.partner_account_id AS "partnerAccountId", late.reason,
    EXISTS (
      SELECT FROM repairs r
      WHERE r.claim_id = late.claim_id AND r.repaired_at > late.since AND r.repaired_at > cpor_now() - make_interval(secs => $2)
    ) AS "isRung"
  FROM (
    SELECT claim_id, 'command_without_outcome' AS reason, 1 AS rank, max(received_at) AS since FROM claim_commands
      WHERE outcome IS NULL AND received_at < cpor_now() - make_interval(secs => $1) GROUP BY claim_id
    UNION ALL
    SELECT claim_id, 'alarm_overdue', 2, alarm_at FROM claims WHERE alarm_at < cpor_now() - make_interval(secs => $1)
    UNION ALL
    SELECT claim_id, 'notice_not_attempted', 3, max(coalesce(attempted_at, updated_at)) FROM claims JOIN notice_recipients USING (claim_id)
      WHERE is_open AND outcome IS NULL AND position -> 'noticesToSend' ? notice_id::text
        AND coalesce(attempted_at + make_interval(secs => $3), updated_at + make_interval(secs => $1)) < cpor_now()
      GROUP BY claim_id
    UNION ALL
    SELECT claim_id, 'letter_not_attempted', 4, max(coalesce(attempted_at, written_at)) FROM letters
      WHERE outcome IS NULL
        AND coalesce(attempted_at + make_interval(secs => $3), written_at + make_interval(secs => $1)) < cpor_now()
      GROUP BY claim_id
  ) late JOIN claims c USING (claim_id) ORDER BY late.claim_id, late.rank`;

async function findStrays(source: DataSource, engine: ClaimEngine, graceSeconds: number): Promise<Stray[]> {
  const { ringAgainAfterSeconds, noticeSilenceSeconds } = reconciliation;
  const late = await source.query<LateClaim[]>(lateSql, [graceSeconds, ringAgainAfterSeconds, noticeSilenceSeconds]);
  const running = new Set<string>();
  for await (const claimId of engine.runningClaims()) running.add(claimId);
  const open = await source.query<EngineClaim[]>(
    `SELECT claim_id AS "claimId", partner_account_id AS "partnerAccountId" FROM claims
     WHERE is_open AND updated_at < cpor_now() - make_interval(secs => $1)`,
    [graceSeconds],
  );
  const strays: Stray[] = [
    ...late.filter(({ claimId, isRung }) => !(isRung && running.has(claimId))),
    ...open.filter(({ claimId }) => !running.has(claimId)).map((claim): Stray => ({ ...claim, reason: 'workflow_missing' })),
    ...(await outOfStep(source, engine, graceSeconds)).map((claim): Stray => ({ ...claim, reason: 'association_out_of_step' })),
  ];
  // Each claim once, for the first of its reasons; what is late and known to be under way needs no ring for another.
  const known = new Set(late.filter((one) => !strays.includes(one)).map(({ claimId }) => claimId));
  return strays.filter(({ claimId }) => !known.has(claimId) && known.add(claimId));
}

/** Claims with a live association that has no workflow, or an ended one that still has: rung for, a claim tells them where they stand. */
async function outOfStep(source: DataSource, engine: ClaimEngine, graceSeconds: number): Promise<EngineClaim[]> {
  const [{ live }] = await source.query<[{ live: number }]>('SELECT count(*)::int AS live FROM associations WHERE ended_at IS NULL');
  // Usually they agree; listing every association of years costs much more.
  if (live === (await engine.countRunningAssociations())) return [];
  const running: string[] = [];
  for await (const associationId of engine.runningAssociations()) running.push(associationId);
  return source.query<EngineClaim[]>(
    `SELECT DISTINCT a.claim_id AS "claimId", a.partner_account_id AS "partnerAccountId"
     FROM associations a JOIN claims c USING (claim_id)
     LEFT JOIN unnest($1::uuid[]) AS running (association_id) USING (association_id)
     WHERE (a.ended_at IS NULL) = (running.association_id IS NULL)
       AND c.updated_at < cpor_now() - make_interval(secs => $2)`,
    [running, graceSeconds],
  );
}
