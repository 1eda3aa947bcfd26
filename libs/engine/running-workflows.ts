import type { Client } from '@temporalio/client';
import { workflowIds } from '../../temporal.config.js';

/** A range of ids, which PostgreSQL and a comparison of texts order alike. */
export interface IdRange {
  /** Not included. */
  after?: string;
  /** Included. */
  to?: string;
}

const idsOf = { claimWorkflow: workflowIds.claim, associationWorkflow: workflowIds.association };

const runningQuery = (type: keyof typeof idsOf): string => `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;

/** Lists the claims or associations that have a running workflow, as far as visibility knows. */
export async function* listRunning(client: Client, type: keyof typeof idsOf, { after, to }: IdRange): AsyncGenerator<string> {
  const workflowIdOf = idsOf[type];
  const prefix = workflowIdOf('');
  const query = [
    runningQuery(type),
    ...(after === undefined ? [] : [`WorkflowId > '${workflowIdOf(after)}'`]),
    ...(to === undefined ? [] : [`WorkflowId <= '${workflowIdOf(to)}'`]),
  ].join(' AND ');
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) {
    if (workflowId.startsWith(prefix)) yield workflowId.slice(prefix.length);
  }
}

/** Counts running workflows, which is much cheaper than listing them. */
export async function countRunning(client: Client, type: keyof typeof idsOf): Promise<number> {
  return (await client.workflow.count(runningQuery(type))).count;
}
