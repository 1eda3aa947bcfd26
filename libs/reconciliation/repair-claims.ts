import type { DataSource } from 'typeorm';
import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import { reconciliation } from '../../temporal.config.js';

export type RepairReason = 'command_without_outcome' | 'alarm_overdue' | 'workflow_missing';

export interface RepairReport {
  repaired: number;
  byReason: Record<RepairReason, number>;
}

type Stray = EngineClaim & { reason: RepairReason };

/** How many claims are rung for at once. */
const concurrency = 16;

/**
 * Finds claims that Temporal should be working on and is not, rings for each, and counts them. Ringing is harmless where nothing is
 * wrong, so what is a moment too young to judge is left alone only to keep the count honest.
 */
export async function repairClaims(
  source: DataSource,
  engine: ClaimEngine,
  options: { graceSeconds?: number; onProgress?: (() => void) | undefined } = {},
): Promise<RepairReport> {
  const strays = await findStrays(source, engine, options.graceSeconds ?? reconciliation.graceSeconds);
  const report: RepairReport = { repaired: 0, byReason: { command_without_outcome: 0, alarm_overdue: 0, workflow_missing: 0 } };
  const queue = [...strays.values()];
  const work = async () => {
    for (let stray = queue.pop(); stray !== undefined; stray = queue.pop()) {
      await engine.ring(stray);
      await source.query('INSERT INTO repairs (claim_id, reason) VALUES ($1, $2)', [stray.claimId, stray.reason]);
      report.repaired++;
      report.byReason[stray.reason]++;
      options.onProgress?.();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return report;
}

async function findStrays(source: DataSource, engine: ClaimEngine, graceSeconds: number): Promise<Map<string, Stray>> {
  const strays = new Map<string, Stray>();
  const late = await source.query<Stray[]>(
    `SELECT DISTINCT ON (claim_id) claim_id AS "claimId", partner_account_id AS "partnerAccountId", reason FROM (
       SELECT claim_id, 'command_without_outcome' AS reason, 1 AS rank FROM claim_commands
         WHERE outcome IS NULL AND received_at < cpor_now() - make_interval(secs => $1)
       UNION ALL
       SELECT claim_id, 'alarm_overdue', 2 FROM claims WHERE is_open AND alarm_at < cpor_now() - make_interval(secs => $1)
     ) late JOIN claims USING (claim_id) ORDER BY claim_id, rank`,
    [graceSeconds],
  );
  for (const stray of late) strays.set(stray.claimId, stray);
  const running = new Set<string>();
  for await (const claimId of engine.runningClaims()) running.add(claimId);
  const open = await source.query<EngineClaim[]>(
    `SELECT claim_id AS "claimId", partner_account_id AS "partnerAccountId" FROM claims
     WHERE is_open AND updated_at < cpor_now() - make_interval(secs => $1)`,
    [graceSeconds],
  );
  for (const claim of open) {
    if (!running.has(claim.claimId) && !strays.has(claim.claimId)) strays.set(claim.claimId, { ...claim, reason: 'workflow_missing' });
  }
  return strays;
}
