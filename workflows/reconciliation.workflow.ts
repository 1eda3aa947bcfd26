import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { reconciliation } from '../temporal.config.js';

const { repairClaims } = proxyActivities<Activities>(reconciliation.step);

/** Rings for what was left lying: commands without outcome, overdue clocks, open claims without a workflow. In health it finds nothing. */
export async function reconciliationWorkflow(): Promise<{ repaired: number; failed: number }> {
  return repairClaims();
}
