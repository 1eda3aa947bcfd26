import { Context } from '@temporalio/activity';
import { repairClaims, repairImports } from '#libs/reconciliation/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Rings for claims, and for imports, that were left lying. */
export const repairClaimsActivity =
  ({ source, engine }: ActivityDependencies) =>
  async (): Promise<{ repaired: number; failed: number }> => {
    await repairImports(source, engine);
    const { repaired, failed } = await repairClaims(source, engine, { onProgress: () => Context.current().heartbeat() });
    return { repaired, failed };
  };
