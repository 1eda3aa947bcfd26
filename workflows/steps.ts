import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities, BulkActivities } from '../activities/index.js';
import { durableStep, fastStep, imports, noticeStep, priorities, taskQueues } from '../temporal.config.js';

const fast = proxyLocalActivities<Activities>(fastStep);
const durable = proxyActivities<Activities>(durableStep);

/** Tried within the workflow task, then as an activity with unlimited retries. Repeating is safe: every step is idempotent. */
function fastThenDurable<Input, Output>(
  tryFast: (input: Input) => Promise<Output>,
  tryDurably: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await tryFast(input);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return tryDurably(input);
    }
  };
}

export const executeCommands = fastThenDurable(fast.executeCommands, durable.executeCommands);
export const lookUpDirectory = fastThenDurable(fast.lookUpDirectory, durable.lookUpDirectory);
export const acceptSignal = fastThenDurable(fast.acceptSignal, durable.acceptSignal);
export const { sendNotice } = proxyActivities<Activities>(noticeStep);
export const { importRows } = proxyActivities<BulkActivities>({
  ...imports.step,
  taskQueue: taskQueues.imports,
  priority: { priorityKey: priorities.bulk },
});
