import { Context } from '@temporalio/activity';
import { repairClaims } from '#libs/reconciliation/index.js';
import type { ActivityDependencies } from './dependencies.js';

/** Rings for claims that were left lying. */
export const repairClaimsActivity =
  ({ source, engine }: ActivityDependencies) =>
  async (): Promise<{ repaired: number; failed: number }> => {
    const { repaired, failed } = await repairClaims(source, engine, { onProgress: () => Context.current().heartbeat() });
    return { repaired, failed };
  };
