import { randomUUID } from 'node:crypto';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import Long from 'long';
import { clientDeadlines } from '../../temporal.config.js';

/**
 * Has the server skip a workflow's waiting time, so that its timers fire. Returns false when the server cannot, or there is no run.
 * Experimental, hence the raw client.
 * @see https://github.com/temporalio/api TimeSkippingConfig
 */
export async function skipTime(client: Client, workflowId: string, byMs: number): Promise<boolean> {
  const { workflowService, options } = client;
  const target = { namespace: options.namespace, workflowExecution: { workflowId } };
  const fastForwardId = randomUUID();
  const duration = { seconds: Long.fromNumber(Math.floor(byMs / 1000)), nanos: (byMs % 1000) * 1_000_000 };
  const timeSkippingConfig = { enabled: true, fastForwardConfig: { id: fastForwardId, duration } };
  try {
    return await client.withDeadline(Date.now() + clientDeadlines.fastForward, async () => {
      await workflowService.updateWorkflowExecutionOptions({
        ...target,
        workflowExecutionOptions: { timeSkippingConfig },
        updateMask: { paths: ['time_skipping_config'] },
      });
      await workflowService.pollWorkflowExecutionTimeSkipping({ ...target, fastForwardId });
      return true;
    });
  } catch (error) {
    if (isGrpcServiceError(error)) return false;
    throw error;
  }
}
