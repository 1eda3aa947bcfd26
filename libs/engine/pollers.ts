import type { Client } from '@temporalio/client';
import { clientDeadlines } from '../../temporal.config.js';
import { WorkerDeployment } from './worker-deployment.js';

/** A worker polls at least once a minute, so an older poll means that no worker is running. */
const pollAgeMs = 90_000;

/** TaskQueueType in temporal.api.enums.v1. */
const queueTypes = { workflow: 1, activity: 2 } as const;

interface PolledQueue {
  taskQueue: string;
  type: keyof typeof queueTypes;
  /** The worker deployment, of which only the build that has the work counts; null when workers have no build ids. */
  deployment: string | null;
}

/** Returns whether a worker that gets tasks polls a queue. Rejects if Temporal does not answer. */
export async function isPolled(client: Client, namespace: string, { taskQueue, type, deployment }: PolledQueue): Promise<boolean> {
  const request = { namespace, taskQueue: { name: taskQueue }, taskQueueType: queueTypes[type] };
  const [{ pollers }, state] = await Promise.all([
    client.withDeadline(Date.now() + clientDeadlines.query, () => client.workflowService.describeTaskQueue(request)),
    deployment === null ? null : new WorkerDeployment(client, deployment).describe(),
  ]);
  const current = state?.current ?? null;
  return (pollers ?? []).some(
    ({ lastAccessTime, deploymentOptions }) =>
      Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < pollAgeMs && (current === null || deploymentOptions?.buildId === current),
  );
}
