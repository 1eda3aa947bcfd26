import type { Client } from '@temporalio/client';
import { clientDeadlines } from '../../temporal.config.js';

/** A worker polls at least once a minute, so an older poll means that no worker is running. */
const pollAgeMs = 90_000;

/** TaskQueueType in temporal.api.enums.v1. */
const queueTypes = { workflow: 1, activity: 2 } as const;

/** Returns whether a worker polls a queue for tasks of a type. Rejects if Temporal does not answer. */
export async function isPolled(client: Client, namespace: string, taskQueue: string, type: keyof typeof queueTypes): Promise<boolean> {
  const request = { namespace, taskQueue: { name: taskQueue }, taskQueueType: queueTypes[type] };
  const { pollers } = await client.withDeadline(Date.now() + clientDeadlines.query, () =>
    client.workflowService.describeTaskQueue(request),
  );
  return (pollers ?? []).some(({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < pollAgeMs);
}
