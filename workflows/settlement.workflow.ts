import { continueAsNew, proxyActivities, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { priorities, settlement } from '../temporal.config.js';
import { wakeSignal } from './messages.js';

const { settleOverdue } = proxyActivities<Activities>({ ...settlement.step, priority: { priorityKey: priorities.alarm } });

/** Settles overdue deadlines in batches, once for each wake-up that it has not covered yet. One runs at a time, so batches never overlap. */
export async function settlementWorkflow(): Promise<void> {
  let wakeUps = 0;
  setHandler(wakeSignal, () => {
    wakeUps++;
  });
  let covered: number;
  do {
    covered = wakeUps;
    const { left } = await settleOverdue();
    // Claims that are left wait for the directory; asking again at once would not bring its answer sooner.
    if (left > 0) await sleep(settlement.pauseWhenStuck);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof settlementWorkflow>();
  } while (wakeUps > covered);
}
