import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import type { Stack } from '#libs/embedded/index.js';
import { inParallel, type Measured, measure, type Timings } from './measure.js';

/** Sends the same messages to bare workflows whose steps do nothing, on the same server. */
export async function runFloor(stack: Stack, count: number, concurrency: number, windowMs: number): Promise<Measured & { events: number }> {
  const worker = fork(fileURLToPath(new URL('./floor.worker.js', import.meta.url)), {
    env: { ...process.env, TEMPORAL_ADDRESS: stack.addresses.temporalAddress },
  });
  await once(worker, 'message');
  const connection = await Connection.connect({ address: stack.addresses.temporalAddress });
  const client = new Client({ connection, namespace: 'cpor' });
  const timings: Timings = { submit: [], approve: [] };
  const pids = { temporal: stack.parts.temporal!.pid!, worker: worker.pid! };
  const one = async (index: number): Promise<void> => {
    const workflowId = `floor:${index}`;
    const started = performance.now();
    await client.workflow.executeUpdateWithStart('submit', {
      args: [workflowId],
      startWorkflowOperation: new WithStartWorkflowOperation('floorWorkflow', {
        workflowId,
        taskQueue: 'floor',
        args: [windowMs],
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
    timings.submit.push(performance.now() - started);
    const approving = performance.now();
    await client.workflow.getHandle(workflowId).executeUpdate('approve', { args: [workflowId] });
    timings.approve.push(performance.now() - approving);
  };
  await inParallel(20, concurrency, (index) => one(-index - 1));
  timings.submit.length = timings.approve.length = 0;
  const measured = await measure(pids, timings, async () => {
    await inParallel(count, concurrency, one);
    await inParallel(count, concurrency, (index) => client.workflow.getHandle(`floor:${index}`).result());
  });
  const description = await client.workflow.getHandle('floor:0').describe();
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  await connection.close();
  return { ...measured, events: description.historyLength };
}
