import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities, BulkActivities } from '../activities/index.js';
import { durableStep, fastStep, imports, noticeStep, priorities, taskQueues, notifyingStep } from '../temporal.config.js';

const fast = proxyLocalActivities<Activities>(fastStep);
const durable = proxyActivities<Activities>(durableStep);
const telling = proxyLocalActivities<Activities>(notifyingStep);

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
export const { importRows } = proxyActivities<BulkActivities>({
  ...imports.step,
  taskQueue: taskQueues.imports,
  priority: { priorityKey: priorities.bulk },
});
export const { sendNotice, sendLetters } = proxyActivities<Activities>(noticeStep);

/** Word to others that holds nobody up: says whether it got through, and what did not is found by the reconciliation. */
function bestEffort<Input>(tell: (input: Input) => Promise<void>): (input: Input) => Promise<boolean> {
  return async (input) => {
    try {
      await tell(input);
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      return false;
    }
  };
}

export const wakeClaims = bestEffort(telling.wakeClaims);
export const wakeAssociations = bestEffort(telling.wakeAssociations);
