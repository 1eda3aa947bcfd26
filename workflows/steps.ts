import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities, BulkActivities } from '../activities/index.js';
import { durableStep, fastStep, imports, noticeStep, notifyingStep, priorities, quickNoticeStep, taskQueues } from '../temporal.config.js';

const fast = proxyLocalActivities<Activities>(fastStep);
const durable = proxyActivities<Activities>(durableStep);
const quick = proxyLocalActivities<Activities>(quickNoticeStep);
const mailing = proxyActivities<Activities>(noticeStep);
const notifying = proxyLocalActivities<Activities>(notifyingStep);

/** Attempts a step within the workflow task, then as an activity with unlimited retries. Repeating is safe: every step is idempotent. */
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

/** Notifies other workflows without blocking this one. Returns whether it succeeded; the reconciliation makes up for what did not. */
function bestEffort<Input>(notify: (input: Input) => Promise<void>): (input: Input) => Promise<boolean> {
  return async (input) => {
    try {
      await notify(input);
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      return false;
    }
  };
}

export const executeCommands = fastThenDurable(fast.executeCommands, durable.executeCommands);
export const lookUpDirectory = fastThenDurable(fast.lookUpDirectory, durable.lookUpDirectory);
export const acceptSignal = fastThenDurable(fast.acceptSignal, durable.acceptSignal);
export const wakeClaims = bestEffort(notifying.wakeClaims);
export const wakeAssociations = bestEffort(notifying.wakeAssociations);
/** Within the workflow task while the relay is quick; otherwise by an activity, which is retried until the relay has answered. */
export const sendNotice = fastThenDurable(quick.sendNotice, mailing.sendNotice);
export const { sendLetters } = mailing;
export const { importRows } = proxyActivities<BulkActivities>({
  ...imports.step,
  taskQueue: taskQueues.imports,
  priority: { priorityKey: priorities.bulk },
});
