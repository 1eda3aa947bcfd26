import { Context } from '@temporalio/activity';
import { countOverdue, repairClaims, repairImports, type Settlement } from '#libs/reconciliation/index.js';
import { settlement as limits } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';
import { heartbeating } from './heartbeating.js';

/** Settles overdue claims if there are many, and wakes claims and imports that were left unprocessed. */
export const repairClaimsActivity =
  ({ source, engine }: Pick<ActivityDependencies, 'source' | 'engine'>, settlement: Settlement) =>
  async (): Promise<{ repaired: number; failed: number }> => {
    const onProgress = () => Context.current().heartbeat();
    await repairImports(source, engine);
    if ((await countOverdue(source, limits.fromClaims)) >= limits.fromClaims) await heartbeating(() => settlement.settle());
    const { repaired, failed, unlisted } = await repairClaims(source, engine, { onProgress });
    // A failed activity is visible to operators, and is retried.
    if (unlisted !== null) throw new Error(`Claims without a workflow could not be listed: ${unlisted}`);
    return { repaired, failed };
  };
