import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow';
import type { WebhookActivities } from '../activities/index.js';
import { taskQueues, webhooks } from '../temporal.config.js';
import { wakeSignal } from './messages.js';

export interface EndpointReference {
  endpointId: string;
}

const { deliverWebhooks } = proxyActivities<WebhookActivities>({ ...webhooks.step, taskQueue: taskQueues.webhooks });

/**
 * Delivers to one webhook endpoint: a batch, then a wait until the next attempt is due or there is something new. PostgreSQL knows what is left,
 * so a run ends when nothing is, and the next event starts another. An endpoint that is dead is one timer.
 */
export async function webhookEndpointWorkflow({ endpointId }: EndpointReference): Promise<void> {
  let wakeUps = 0;
  setHandler(wakeSignal, () => {
    wakeUps++;
  });
  for (let batch = 0; batch < webhooks.batchesPerRun; batch++) {
    const wakeUpsBefore = wakeUps;
    const { nextInMs } = await deliverWebhooks({ endpointId });
    if (wakeUps > wakeUpsBefore) continue;
    if (nextInMs === null) return;
    await condition(() => wakeUps > wakeUpsBefore, nextInMs);
  }
  await continueAsNew<typeof webhookEndpointWorkflow>({ endpointId });
}
