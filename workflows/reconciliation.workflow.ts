import { patched, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { evidenceScan, reconciliation } from '../temporal.config.js';

const { repairClaims } = proxyActivities<Activities>(reconciliation.step);
const { scanEvidence } = proxyActivities<Activities>(evidenceScan.step);

/**
 * Does what was left undone: wakes the workflows of claims that were left unprocessed (commands without outcome, overdue clocks, open claims without
 * a workflow), and scans files that the malware scanner did not answer for. In a healthy system there is nothing.
 */
export async function reconciliationWorkflow(): Promise<{ repaired: number; failed: number }> {
  const repairs = await repairClaims();
  if (patched('scan-evidence')) await scanEvidence();
  return repairs;
}
