import type { DataSource } from 'typeorm';
import type { ClaimEngine, EngineImport } from '#libs/engine/index.js';
import { reconciliation } from '../../temporal.config.js';

/** Wakes imports that should be running, which is harmless if they are, and deletes what interrupted uploads left behind. */
export async function repairImports(source: DataSource, engine: ClaimEngine): Promise<void> {
  const { graceSeconds, abandonedUploadSeconds } = reconciliation;
  await source.query("DELETE FROM claim_imports WHERE state = 'receiving' AND created_at < cpor_now() - make_interval(secs => $1)", [
    abandonedUploadSeconds,
  ]);
  const running = await source.query<EngineImport[]>(
    `SELECT import_id AS "importId", partner_account_id AS "partnerAccountId" FROM claim_imports
     WHERE state = 'running' AND created_at < cpor_now() - make_interval(secs => $1)`,
    [graceSeconds],
  );
  for (const each of running) await engine.wakeImport(each).catch(() => undefined);
}
