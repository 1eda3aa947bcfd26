import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

/** Waits until visibility lists no running workflow of a type. */
export async function untilNoneRuns(client: Client, type: string): Promise<void> {
  for (;;) {
    const { count } = await client.workflow.count(`WorkflowType = '${type}' AND ExecutionStatus = 'Running'`);
    if (count === 0) return;
    await pause(250);
  }
}

/** The events of a workflow's history, in their order, by type. */
export async function historyOf(client: Client, workflowId: string): Promise<string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).map(({ eventType }) =>
    (proto.temporal.api.enums.v1.EventType[eventType ?? 0] ?? 'unknown').replace('EVENT_TYPE_', '').toLowerCase(),
  );
}
