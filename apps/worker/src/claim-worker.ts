import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Config } from '#libs/config/index.js';
import { connectionOptions, dataConverter, ownBuildId, WorkerDeployment } from '#libs/engine/index.js';
import { tracing } from '#libs/tracing/index.js';
import { type ActivityDependencies, createActivities, createBulkActivities, createWebhookActivities } from '../../../activities/index.js';
import { clientDeadlines, imports, reconciliation, taskQueues, webhooks, workflowIds } from '../../../temporal.config.js';
import { sdkLogger } from './sdk-logger.js';

const bundle = (name: string) => ({ codePath: fileURLToPath(new URL(`../../../${name}.js`, import.meta.url)) });

/** How long a lost schedule can go unnoticed. */
const scheduleCheckMs = 60_000;

/** Hosts the Temporal workers of claims and of bulk work: waits for the server, drains on shutdown, and ends the process when a worker dies. */
export class ClaimWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ClaimWorker.name);
  private connection: NativeConnection | undefined;
  private workers: Worker[] = [];
  private run: Promise<void> = Promise.resolve();
  private isStopping = false;
  /** Null when workers have no build ids. */
  private readonly version: { deploymentName: string; buildId: string } | null;

  constructor(
    private readonly config: Config,
    private readonly dependencies: ActivityDependencies,
  ) {
    const { deployment } = config;
    this.version = deployment && { deploymentName: deployment.name, buildId: deployment.buildId ?? ownBuildId() };
  }

  onApplicationBootstrap(): void {
    // The SDK takes a stack trace for every promise of a workflow, to answer a query that nobody here sends: a third of its thread's time
    // (docs/explanation/cost.md). New threads inherit the flag; this one keeps its traces, and with it all activities.
    setFlagsFromString('--stack-trace-limit=0');
    // Nest handles the signals of the process.
    const { temporal: bindAddress } = this.config.metrics;
    const metrics = bindAddress === null ? {} : { telemetryOptions: { metrics: { prometheus: { bindAddress } } } };
    Runtime.install({ shutdownSignals: [], logger: sdkLogger(this.logger), ...metrics });
    this.run = this.work();
    this.run.catch((error: unknown) => this.die(error));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await this.run.catch(() => undefined);
    await this.connection?.close();
  }

  private async work(): Promise<void> {
    const { address, namespace, apiKey, tls } = this.config.temporal;
    this.connection = await this.connect({ address, namespace, apiKey, useTls: tls });
    if (this.connection === undefined) return;
    this.workers = await this.createWorkers(this.connection, namespace);
    const running = Promise.all(this.workers.map((worker) => worker.run()));
    await this.ensureSchedule();
    void this.beFirst();
    void this.keepSchedule();
    const build = this.version === null ? '' : ` as build ${this.version.buildId} of ${this.version.deploymentName}`;
    this.logger.log(`The worker polls queue ${taskQueues.claims} of ${namespace} at ${address}${build}.`);
    await running;
  }

  private createWorkers(connection: NativeConnection, namespace: string): Promise<Worker[]> {
    const traced = tracing().worker;
    const workflowBundle = bundle(traced === null ? 'workflow-bundle' : 'workflow-bundle-traced');
    const common = {
      ...(traced !== null && { interceptors: { activity: traced.activity }, sinks: traced.sinks }),
      connection,
      namespace,
      dataConverter: dataConverter(this.config.codecKeys),
      shutdownGraceTime: '10s',
      shutdownForceTime: '25s',
      ...(this.version && {
        // Never pinned: a claim waits for longer than any build is kept, and a run that is pinned to a build that is gone stands still (ADR 39).
        workerDeploymentOptions: { useWorkerVersioning: true, version: this.version, defaultVersioningBehavior: 'AUTO_UPGRADE' } as const,
      }),
    };
    const claims = Worker.create({
      ...common,
      taskQueue: taskQueues.claims,
      workflowBundle,
      activities: createActivities(this.dependencies),
      maxCachedWorkflows: 300,
      // With the default pollers, new workflows starve under load: only one poller in five serves their queue.
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
    });
    const bulk = Worker.create({
      ...common,
      taskQueue: taskQueues.imports,
      activities: createBulkActivities(this.dependencies),
      maxConcurrentActivityTaskExecutions: imports.stepsAtOnce,
    });
    const deliveries = Worker.create({
      ...common,
      taskQueue: taskQueues.webhooks,
      workflowBundle,
      activities: createWebhookActivities(this.dependencies),
      maxCachedWorkflows: 50,
      maxConcurrentActivityTaskExecutions: webhooks.stepsAtOnce,
    });
    return Promise.all([claims, bulk, deliveries]);
  }

  /** Connects, retrying until the server has started: the SDK does not retry this itself. */
  private async connect(connection: Parameters<typeof connectionOptions>[0]): Promise<NativeConnection | undefined> {
    for (let isFirst = true; !this.isStopping; isFirst = false) {
      try {
        return await NativeConnection.connect(connectionOptions(connection));
      } catch {
        if (isFirst) this.logger.warn(`Temporal at ${connection.address} does not answer yet. Retrying until it does.`);
        await sleep(500);
      }
    }
    return undefined;
  }

  /** The first build of an installation gets the work by itself: until one has it, no task is ever done. Later ones wait for an operator. */
  private async beFirst(): Promise<void> {
    if (this.version === null) return;
    const { deploymentName, buildId } = this.version;
    const deployment = new WorkerDeployment(this.dependencies.engine.client, deploymentName);
    while (!this.isStopping) {
      const result = await deployment.promoteFirst(buildId).catch((error: unknown) => {
        this.logger.warn(`Who gets the work of ${deploymentName} could not be read, and is asked again: ${(error as Error).message}`);
        return 'fault' as const;
      });
      if (result === 'promoted') this.logger.log(`Build ${buildId} is the first of ${deploymentName}, and gets the work.`);
      if (result === 'promoted' || result === 'chosen') return;
      await sleep(result === 'unknown' ? 250 : 5_000, undefined, { ref: false });
    }
  }

  /** Restores the schedule while the worker runs: a Temporal that lost its store gets it back, and through it its workflows. */
  private async keepSchedule(): Promise<void> {
    while (!this.isStopping) {
      await this.ensureSchedule().catch((error: unknown) =>
        this.logger.warn(`The reconciliation schedule could not be checked: ${(error as Error).message}`),
      );
      await sleep(scheduleCheckMs, undefined, { ref: false });
    }
  }

  private async ensureSchedule(): Promise<void> {
    try {
      const { client } = this.dependencies.engine;
      await client.withDeadline(Date.now() + clientDeadlines.other, () =>
        client.schedule.create({
          scheduleId: workflowIds.reconciliation,
          spec: { intervals: [{ every: reconciliation.every }] },
          policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
          action: { type: 'startWorkflow', workflowType: 'reconciliationWorkflow', taskQueue: taskQueues.claims, args: [] },
        }),
      );
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }

  private die(error: unknown): void {
    this.logger.fatal(error);
    process.kill(process.pid, 'SIGTERM');
  }
}
