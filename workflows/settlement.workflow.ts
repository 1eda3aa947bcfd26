import { continueAsNew, proxyActivities, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { priorities, settlement } from '../temporal.config.js';
import { wakeSignal } from './messages.js';

const { settleOverdue } = proxyActivities<Activities>({ ...settlement.step, priority: { priorityKey: priorities.alarm } });

/** Settles what is overdue together, as often as somebody rings. One runs at a time, so that batches do not meet. */
export async function settlementWorkflow(): Promise<void> {
  let wakeUps = 0;
  setHandler(wakeSignal, () => {
    wakeUps++;
  });
  let heard: number;
  do {
    heard = wakeUps;
    const { left } = await settleOverdue();
    // Who is left waits for something outside; asking without a pause would not bring it sooner.
    if (left > 0) await sleep(settlement.pauseWhenStuck);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof settlementWorkflow>();
  } while (wakeUps > heard);
}
