import { Context } from '@temporalio/activity';
import { countOverdue, repairClaims, repairImports, settleOverdue } from '#libs/reconciliation/index.js';
import { settlement } from '../temporal.config.js';
import type { ActivityDependencies } from './dependencies.js';

/** Settles what is overdue in great number, and rings for claims, and for imports, that were left lying. */
export const repairClaimsActivity =
  ({ source, engine, library, directory }: ActivityDependencies) =>
  async (): Promise<{ repaired: number; failed: number }> => {
    const onProgress = () => Context.current().heartbeat();
    await repairImports(source, engine);
    if ((await countOverdue(source, settlement.fromClaims)) >= settlement.fromClaims) {
      await settleOverdue({ source, library, directory, onProgress });
    }
    const { repaired, failed } = await repairClaims(source, engine, { onProgress });
    return { repaired, failed };
  };
