import { Context } from '@temporalio/activity';
import { countOverdue, repairClaims, repairImports, type Settlement } from '#libs/reconciliation/index.js';
import { settlement as limits } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';
import { heartbeating } from './heartbeating.js';

/** Settles what is overdue in great number, and rings for claims, and for imports, that were left lying. */
export const repairClaimsActivity =
  ({ source, engine }: Pick<ActivityDependencies, 'source' | 'engine'>, settlement: Settlement) =>
  async (): Promise<{ repaired: number; failed: number }> => {
    const onProgress = () => Context.current().heartbeat();
    await repairImports(source, engine);
    if ((await countOverdue(source, limits.fromClaims)) >= limits.fromClaims) await heartbeating(() => settlement.settle());
    const { repaired, failed, unlisted } = await repairClaims(source, engine, { onProgress });
    // Operators see it, and it is looked again.
    if (unlisted !== null) throw new Error(`Claims without a workflow could not be looked for: ${unlisted}`);
    return { repaired, failed };
  };
