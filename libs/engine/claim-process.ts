import { type Client, QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { clientDeadlines, workflowIds } from '../../temporal.config.js';

/** A claim's workflow as Temporal sees it. */
export interface ClaimProcess {
  runStatus: string;
  historyEvents: number;
  view: unknown;
  retrying: { step: string; attempt: number; error: string | null }[];
}

/** Queries what a claim's workflow waits for, and which of its steps are being retried. Returns null when no run is known. */
export function readClaimProcess(client: Client, claimId: string): Promise<ClaimProcess | null> {
  const handle = client.workflow.getHandle(workflowIds.claim(claimId));
  return client.withDeadline(Date.now() + clientDeadlines.query, async () => {
    try {
      const description = await handle.describe();
      const view = await handle.query<unknown>('claimProcess');
      const converter = client.options.loadedDataConverter;
      const retrying = (description.raw.pendingActivities ?? [])
        .filter((activity) => (activity.attempt ?? 1) > 1)
        .map(async (activity) => ({
          step: activity.activityType?.name ?? 'unknown',
          attempt: activity.attempt ?? 1,
          // Encrypted like every payload, where keys are configured.
          error: (await decodeOptionalFailureToOptionalError(converter, activity.lastFailure))?.message ?? null,
        }));
      return {
        runStatus: description.status.name,
        historyEvents: description.historyLength,
        view,
        retrying: await Promise.all(retrying),
      };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || error instanceof QueryNotRegisteredError) return null;
      throw error;
    }
  });
}
