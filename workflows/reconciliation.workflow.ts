import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { reconciliation } from '../temporal.config.js';

const { repairClaims } = proxyActivities<Activities>(reconciliation.step);

/**
 * Wakes the workflows of claims that were left unprocessed: commands without outcome, overdue clocks, open claims without a workflow. In a
 * healthy system it finds none.
 */
export async function reconciliationWorkflow(): Promise<{ repaired: number; failed: number }> {
  return repairClaims();
}
