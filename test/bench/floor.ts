import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import type { Stack } from '#libs/embedded/index.js';
import { inParallel, type Measured, measure, type Timings } from './measure.js';
import { untilNoneRuns } from './workflows.js';

/** Bare workflows whose steps do nothing, on the server of a running stack, for the same messages as a plain claim. */
export class Floor {
  private round = 0;

  private constructor(
    private readonly worker: ReturnType<typeof fork>,
    private readonly connection: Connection,
    private readonly client: Client,
    private readonly pids: Record<string, number>,
  ) {}

  static async start(stack: Stack): Promise<Floor> {
    const worker = fork(fileURLToPath(new URL('./floor.worker.js', import.meta.url)), {
      env: { ...process.env, TEMPORAL_ADDRESS: stack.addresses.temporalAddress },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await once(worker, 'message');
    const connection = await Connection.connect({ address: stack.addresses.temporalAddress });
    const pids = { temporal: stack.parts.temporal!.pid!, worker: worker.pid! };
    return new Floor(worker, connection, new Client({ connection, namespace: 'cpor' }), pids);
  }

  /** Sends the messages of `count` claims, `concurrency` at a time, and waits until every workflow has ended. */
  async run(count: number, concurrency: number, windowMs: number): Promise<Measured & { events: number }> {
    const { client } = this;
    const round = ++this.round;
    const timings: Timings = { submit: [], approve: [] };
    const one = async (index: number): Promise<void> => {
      const workflowId = `floor:${round}:${index}`;
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
    const measured = await measure(this.pids, timings, async () => {
      await inParallel(count, concurrency, one);
      await untilNoneRuns(client, 'floorWorkflow');
    });
    const { historyLength: events } = await client.workflow.getHandle(`floor:${round}:0`).describe();
    return { ...measured, events };
  }

  async stop(): Promise<void> {
    this.worker.kill('SIGTERM');
    await once(this.worker, 'exit');
    await this.connection.close();
  }
}
