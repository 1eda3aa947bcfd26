import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { clientDeadlines } from '../../temporal.config.js';

/** A build as Temporal knows it. */
export interface Build {
  buildId: string;
  /** `inactive`: it has never been given work. `drained`: no workflow is pinned to it. */
  status: 'inactive' | 'current' | 'ramping' | 'draining' | 'drained' | 'unknown';
  /** When it was first seen. */
  since: string | null;
  /** When it was current last; null if it never was. */
  lastCurrent: string | null;
}

/** Which builds there are, and who gets the work. */
export interface DeploymentState {
  /** The build that gets the work; null means workers without a build id. */
  current: string | null;
  ramping: { buildId: string; percentage: number } | null;
  /** Whether every task queue has learnt of the last change. */
  isSettled: boolean;
  /** The newest first. */
  builds: Build[];
}

/** gRPC's codes. */
const notFound = 5;
const failedPrecondition = 9;

/** WorkerDeploymentVersionStatus in temporal.api.enums.v1. */
const statuses = ['unknown', 'inactive', 'current', 'ramping', 'draining', 'drained', 'inactive'] as const;
/** PendingWorkflowTaskState and PendingActivityState in temporal.api.enums.v1. */
const started = 2;
/** RoutingConfigUpdateState in temporal.api.enums.v1. */
const inProgress = 1;

const instantOf = (timestamp: { seconds?: unknown } | null | undefined): string | null =>
  timestamp?.seconds === undefined || timestamp.seconds === null ? null : new Date(Number(timestamp.seconds) * 1000).toISOString();

/** The builds of cpor's workers, and the choice of who gets the work. Every call has a time limit. */
export class WorkerDeployment {
  constructor(
    private readonly client: Client,
    readonly name: string,
  ) {}

  /** Returns null when no worker of this deployment has ever polled. */
  async describe(): Promise<DeploymentState | null> {
    try {
      const { workerDeploymentInfo: info } = await this.call(() =>
        this.client.workflowService.describeWorkerDeployment({ namespace: this.namespace, deploymentName: this.name }),
      );
      const routing = info?.routingConfig;
      const ramping = routing?.rampingDeploymentVersion?.buildId || null;
      const builds = (info?.versionSummaries ?? []).map(
        (summary): Build => ({
          buildId: summary.deploymentVersion?.buildId ?? '',
          status: statuses[Number(summary.status ?? 0)] ?? 'unknown',
          since: instantOf(summary.createTime),
          lastCurrent: instantOf(summary.lastCurrentTime),
        }),
      );
      return {
        current: routing?.currentDeploymentVersion?.buildId || null,
        ramping: ramping === null ? null : { buildId: ramping, percentage: routing?.rampingVersionPercentage ?? 0 },
        isSettled: Number(info?.routingConfigUpdateState ?? 0) !== inProgress,
        builds: builds.sort((a, b) => Number(isAfter(b.since, a.since)) - Number(isAfter(a.since, b.since))),
      };
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === notFound) return null;
      throw error;
    }
  }

  /** Gives all work to a build, and ends its ramp; null gives it to workers without a build id. Rejects when no worker of the build polls. */
  async promote(buildId: string | null): Promise<void> {
    await this.call(() =>
      this.client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: this.namespace,
        deploymentName: this.name,
        buildId: buildId ?? '',
        identity: this.identity,
      }),
    );
  }

  /** Gives a share of the workflows to a build, in percent; null ends the ramp. */
  async ramp(buildId: string | null, percentage: number): Promise<void> {
    await this.call(() =>
      this.client.workflowService.setWorkerDeploymentRampingVersion({
        namespace: this.namespace,
        deploymentName: this.name,
        buildId: buildId ?? '',
        percentage,
        identity: this.identity,
      }),
    );
  }

  /**
   * Gives all work to a build if nobody has chosen one yet: it is the first of an installation. `unknown` means that Temporal has not seen the
   * build, so that the call should be repeated.
   */
  async promoteFirst(buildId: string): Promise<'promoted' | 'chosen' | 'unknown'> {
    const { workflowService } = this.client;
    const request = { namespace: this.namespace, deploymentName: this.name };
    try {
      const { conflictToken, workerDeploymentInfo: info } = await this.call(() => workflowService.describeWorkerDeployment(request));
      const { currentDeploymentVersion: current, currentVersionChangedTime: changed } = info?.routingConfig ?? {};
      // Changed and empty: workers without a build id were chosen.
      if (current?.buildId || changed) return 'chosen';
      await this.call(() =>
        workflowService.setWorkerDeploymentCurrentVersion({
          ...request,
          buildId,
          conflictToken: conflictToken ?? null,
          identity: this.identity,
        }),
      );
      return 'promoted';
    } catch (error) {
      // Another worker was faster, or the first poll has not arrived.
      if (isGrpcServiceError(error) && [notFound, failedPrecondition].includes(Number(error.code))) return 'unknown';
      throw error;
    }
  }

  /** Counts open workflows by the build that ran their last task, as far as visibility knows. `null` has those of no build. */
  async openWorkflows(buildIds: readonly string[]): Promise<{ buildId: string | null; count: number }[]> {
    const running = "ExecutionStatus = 'Running'";
    const count = (query: string) => this.call(() => this.client.workflow.count(query)).then((answer) => answer.count);
    const version = (buildId: string) => `TemporalWorkerDeploymentVersion = '${quoted(`${this.name}:${buildId}`)}'`;
    const of = buildIds.map(async (buildId) => ({ buildId, count: await count(`${running} AND ${version(buildId)}`) }));
    const without = count(`${running} AND TemporalWorkerDeploymentVersion IS NULL`).then((found) => ({ buildId: null, count: found }));
    return Promise.all([...of, without]);
  }

  /**
   * Lists workflows whose tasks fail again and again, at most ten: their code threw, or does not fit their history. Tasks that time out are not among
   * them, which on an overloaded machine says nothing about a build.
   */
  async failingWorkflows(): Promise<string[]> {
    const query = "ExecutionStatus = 'Running' AND TemporalReportedProblems = 'category=WorkflowTaskFailed'";
    const found: string[] = [];
    for await (const { workflowId } of this.client.workflow.list({ query, pageSize: 10 })) {
      found.push(workflowId);
      if (found.length === 10) break;
    }
    return found;
  }

  /** Lists the open workflows that have ever run on a build, as far as visibility knows. */
  async ranOn(buildId: string): Promise<string[]> {
    const query = `ExecutionStatus = 'Running' AND TemporalUsedWorkerDeploymentVersions = '${quoted(`${this.name}:${buildId}`)}'`;
    const found: string[] = [];
    for await (const { workflowId } of this.client.workflow.list({ query, pageSize: 1000 })) found.push(workflowId);
    return found;
  }

  /** Returns whether a worker is at a task of a workflow. One that is gone or has ended is not busy. */
  async isBusy(workflowId: string): Promise<boolean> {
    try {
      const { raw } = await this.call(() => this.client.workflow.getHandle(workflowId).describe());
      const tasks = [raw.pendingWorkflowTask, ...(raw.pendingActivities ?? [])];
      return tasks.some((task) => Number(task?.state ?? 0) === started);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /** Ends a workflow where it stands. What it was at is in PostgreSQL, from where the reconciliation starts another. */
  async end(workflowId: string, reason: string): Promise<void> {
    try {
      await this.call(() => this.client.workflow.getHandle(workflowId).terminate(reason));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  private call<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.client.withDeadline(Date.now() + clientDeadlines.other, work);
  }

  private get namespace(): string {
    return this.client.options.namespace;
  }

  private get identity(): string {
    return this.client.options.identity ?? 'cpor';
  }
}

const quoted = (text: string): string => text.replaceAll("'", "''");
const isAfter = (a: string | null, b: string | null): boolean => Date.parse(a ?? '') > Date.parse(b ?? '');
