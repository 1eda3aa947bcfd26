import type { Client } from '@temporalio/client';
import { isPolled, missingSearchAttributes } from '#libs/engine/index.js';
import { reconciliation, taskQueues, workflowIds } from '../../../../temporal.config.js';
import { type Checks, fault, ok, warning } from './check.js';

/** Closed workflows should be readable for a while after something went wrong. */
const retentionDays = 3;
/** The schedule runs every minute; a busy server may miss some. */
const silentMinutes = 10;

const secondsOf = (duration: { seconds?: { toString(): string } | null } | null | undefined): number =>
  Number(duration?.seconds?.toString() ?? 0);

/** Checks of Temporal and of the workers behind it. */
export const temporalChecks = (client: Client, namespace: string, deployment: string | null): Checks => ({
  async temporal() {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return ok(`Temporal ${serverVersion} answers.`);
  },

  async namespace() {
    const { config } = await client.workflowService.describeNamespace({ namespace });
    const days = secondsOf(config?.workflowExecutionRetentionTtl) / 86_400;
    if (days >= retentionDays) return ok(`Namespace ${namespace} keeps closed workflows for ${Math.round(days)} days.`);
    return warning(
      `Namespace ${namespace} keeps closed workflows for ${days.toFixed(1)} days.`,
      'Claims need no closed workflow, but who looks for the cause of a fault does.',
      `Run: temporal operator namespace update --namespace ${namespace} --retention ${retentionDays}d`,
    );
  },

  async search_attributes() {
    const missing = await missingSearchAttributes(client.connection, namespace);
    if (missing.length === 0) return ok('The search attributes are there.');
    return warning(
      `The namespace lacks the search attributes ${missing.join(', ')}.`,
      'Claims run, but cannot be searched for in Temporal.',
      'Run: cpor migrate',
    );
  },

  async worker() {
    const unpolled: string[] = [];
    // Every queue has activities; bulk work has no workflows of its own.
    for (const taskQueue of Object.values(taskQueues))
      if (!(await isPolled(client, namespace, { taskQueue, type: 'activity', deployment }))) unpolled.push(taskQueue);
    if (unpolled.length === 0) return ok('A worker polls every task queue.');
    return fault(
      `No worker ${deployment === null ? '' : 'of the build that has the work '}polls ${unpolled.join(', ')}.`,
      'Requests are accepted, but nothing that waits moves: notices, windows, imports, webhooks.',
      deployment === null
        ? 'Start a worker. docs/runbooks/no-worker.md'
        : 'Start a worker of that build, or promote one that runs: cpor upgrade status. docs/runbooks/no-worker.md',
    );
  },

  async schedule() {
    const { state, info } = await client.schedule.getHandle(workflowIds.reconciliation).describe();
    const mend = `Run: temporal schedule toggle --namespace ${namespace} --schedule-id ${workflowIds.reconciliation} --unpause`;
    if (state.paused) return fault('The reconciliation is paused.', 'What was left behind is not found.', mend);
    const last = info.recentActions.at(-1)?.takenAt ?? info.createdAt;
    const minutes = (Date.now() - last.getTime()) / 60_000;
    if (minutes < silentMinutes) return ok(`The reconciliation runs every ${reconciliation.every}.`);
    return fault(
      `The reconciliation has not run for ${Math.round(minutes)} minutes.`,
      'What was left behind is not found.',
      'See that a worker runs and that one of its workflows is not stuck.',
    );
  },
});
