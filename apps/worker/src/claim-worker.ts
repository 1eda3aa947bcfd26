import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Config } from '#libs/config/index.js';
import { connectionOptions, dataConverter } from '#libs/engine/index.js';
import { type ActivityDependencies, createActivities } from '../../../activities/index.js';
import { reconciliation, taskQueues, workflowIds } from '../../../temporal.config.js';
import { sdkLogger } from './sdk-logger.js';

const codePath = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));

/** How long a schedule that is gone goes unnoticed at the most. */
const scheduleCheckMs = 60_000;

/** Hosts the Temporal worker: waits for the server, drains on shutdown, and ends the process when the worker dies. */
export class ClaimWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ClaimWorker.name);
  private connection: NativeConnection | undefined;
  private worker: Worker | undefined;
  private run: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly dependencies: ActivityDependencies,
  ) {}

  onApplicationBootstrap(): void {
    // Nest owns the signals of the process.
    Runtime.install({ shutdownSignals: [], logger: sdkLogger(this.logger) });
    this.run = this.work();
    this.run.catch((error: unknown) => this.die(error));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    if (this.worker?.getState() === 'RUNNING') this.worker.shutdown();
    await this.run.catch(() => undefined);
    await this.connection?.close();
  }

  private async work(): Promise<void> {
    const { address, namespace, apiKey, tls } = this.config.temporal;
    this.connection = await this.connect({ address, namespace, apiKey, useTls: tls });
    if (this.connection === undefined) return;
    this.worker = await Worker.create({
      connection: this.connection,
      namespace,
      taskQueue: taskQueues.claims,
      workflowBundle: { codePath },
      activities: createActivities(this.dependencies),
      dataConverter: dataConverter(this.config.codecKeys),
      maxCachedWorkflows: 300,
      shutdownGraceTime: '10s',
      shutdownForceTime: '25s',
      // With the default pollers, starts starve under load: one in five looks at the queue of new workflows.
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
    });
    const running = this.worker.run();
    await this.ensureSchedule();
    void this.keepSchedule();
    this.logger.log(`The worker polls queue ${taskQueues.claims} of ${namespace} at ${address}.`);
    await running;
  }

  /** Creating a connection does not retry by itself; a server that is still starting is waited for. */
  private async connect(connection: Parameters<typeof connectionOptions>[0]): Promise<NativeConnection | undefined> {
    for (let isFirst = true; !this.isStopping; isFirst = false) {
      try {
        return await NativeConnection.connect(connectionOptions(connection));
      } catch {
        if (isFirst) this.logger.warn(`Temporal at ${connection.address} does not answer yet; trying until it does.`);
        await sleep(500);
      }
    }
    return undefined;
  }

  /** Looks after the schedule for as long as the worker runs: a Temporal that lost its store gets it back, and by it its workflows. */
  private async keepSchedule(): Promise<void> {
    while (!this.isStopping) {
      await this.ensureSchedule().catch((error: unknown) =>
        this.logger.warn(`The schedule cannot be seen to: ${(error as Error).message}`),
      );
      await sleep(scheduleCheckMs, undefined, { ref: false });
    }
  }

  private async ensureSchedule(): Promise<void> {
    try {
      await this.dependencies.engine.client.schedule.create({
        scheduleId: workflowIds.reconciliation,
        spec: { intervals: [{ every: reconciliation.every }] },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
        action: { type: 'startWorkflow', workflowType: 'reconciliationWorkflow', taskQueue: taskQueues.claims, args: [] },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }

  private die(error: unknown): void {
    this.logger.fatal(error);
    process.kill(process.pid, 'SIGTERM');
  }
}
