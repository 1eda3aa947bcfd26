import { randomUUID } from 'node:crypto';
import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import Long from 'long';
import { refusesSearchAttributes, SearchAttributeCheck } from './search-attributes.js';
import { clientDeadlines, priorities, searchAttributes, taskQueues, workflowIds } from '../../temporal.config.js';

/** What the engine knows about a claim: no personal data. */
export interface EngineClaim {
  claimId: string;
  partnerAccountId: string;
}

export interface EngineImport {
  importId: string;
  partnerAccountId: string;
}

/** An association as its claim describes it. */
export interface EngineAssociation {
  associationId: string;
  isLive: boolean;
}

/** Types of workflow code are not imported: the API must not depend on it. */
type CommandReference = { commandId: string };
type ClaimWorkflow = (claim: { claimId: string }) => Promise<void>;
type AssociationWorkflow = (association: { claimId: string; associationId: string }) => Promise<void>;

const partnerAttribute = defineSearchAttributeKey(searchAttributes.partner, 'KEYWORD');

/** Starts, wakes and queries workflows. Everything it passes on is stored in PostgreSQL already, so a failed call loses nothing. */
export class ClaimEngine {
  private readonly attributes: SearchAttributeCheck;

  constructor(readonly client: Client) {
    this.attributes = new SearchAttributeCheck(client);
  }

  /** Sends a stored command as an Update and waits until it has its outcome; starts the workflow if necessary. */
  async executeCommand(claim: EngineClaim, type: string, commandId: string): Promise<void> {
    const send = () =>
      this.starting(claim, (search) =>
        this.client.workflow.executeUpdateWithStart(type, {
          args: [{ commandId }],
          updateId: commandId,
          startWorkflowOperation: new WithStartWorkflowOperation('claimWorkflow', { ...startOptions(claim), ...search }),
        }),
      );
    await this.client.withDeadline(Date.now() + clientDeadlines.answer, async () => {
      // A run that ends while the Update arrives does not handle it; the next run does.
      try {
        await send();
      } catch (error) {
        if (isTimeOut(error)) throw error;
        await send();
      }
    });
  }

  /**
   * Starts the workflow of a claim that nobody waits for, behind all work that somebody does. Afterwards it gets the usual priority: a run
   * keeps the one it was started with, whatever later calls state, until its options are changed.
   */
  async begin(claim: EngineClaim): Promise<void> {
    const { workflowService, options } = this.client;
    const { priority, ...start } = startOptions(claim);
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, async () => {
      await this.starting(claim, (search) =>
        this.client.workflow.start('claimWorkflow', { ...start, ...search, priority: { ...priority, priorityKey: priorities.bulk } }),
      );
      const change = {
        namespace: options.namespace,
        workflowExecution: { workflowId: start.workflowId },
        workflowExecutionOptions: { priority },
        updateMask: { paths: ['priority'] },
      };
      // The run may have ended, or the server may be too old: then the priority stays.
      await workflowService.updateWorkflowExecutionOptions(change).catch((error: unknown) => {
        if (!isGrpcServiceError(error)) throw error;
      });
    });
  }

  /** Wakes an import's workflow to continue as the import's row says; starts it if necessary. */
  async wakeImport({ importId, partnerAccountId }: EngineImport): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.client.workflow.signalWithStart('importWorkflow', {
        workflowId: workflowIds.import(importId),
        taskQueue: taskQueues.claims,
        args: [{ importId }],
        signal: 'wake',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        priority: { priorityKey: priorities.bulk, fairnessKey: partnerAccountId },
      }),
    );
  }

  /** Wakes the settlement of overdue deadlines; starts its workflow if necessary. */
  async wakeSettlement(): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.client.workflow.signalWithStart('settlementWorkflow', {
        workflowId: workflowIds.settlement,
        taskQueue: taskQueues.claims,
        signal: 'wake',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        priority: { priorityKey: priorities.awaited },
      }),
    );
  }

  /** Wakes a claim's workflow by a signal, without waiting for the result; starts it if necessary. */
  async wake(claim: EngineClaim, signal: 'wake' | 'optOut' | 'requestInformation' = 'wake', commandId?: string): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.starting(claim, (search) =>
        this.client.workflow.signalWithStart<ClaimWorkflow, [CommandReference?]>('claimWorkflow', {
          ...startOptions(claim),
          ...search,
          signal,
          signalArgs: commandId === undefined ? [] : [{ commandId }],
        }),
      ),
    );
  }

  /** Signals a change to an association's workflow. That of a live one is started if necessary; an ended one may have none any more. */
  async wakeAssociation(claim: EngineClaim, { associationId, isLive }: EngineAssociation): Promise<void> {
    const { workflow } = this.client;
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, async () => {
      if (isLive) {
        await this.starting(claim, (search) =>
          workflow.signalWithStart<AssociationWorkflow, []>('associationWorkflow', {
            ...associationStart(claim, associationId),
            ...search,
            signal: 'changed',
            signalArgs: [],
          }),
        );
        return;
      }
      try {
        await workflow.getHandle(workflowIds.association(associationId)).signal('changed');
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    });
  }

  /**
   * Has the server skip a workflow's waiting time, so that its timers fire. Returns false when the server cannot, or there is no run.
   * Experimental, hence the raw client.
   * @see https://github.com/temporalio/api TimeSkippingConfig
   */
  async fastForward(workflowId: string, byMs: number): Promise<boolean> {
    const { workflowService, options } = this.client;
    const target = { namespace: options.namespace, workflowExecution: { workflowId } };
    const fastForwardId = randomUUID();
    const duration = { seconds: Long.fromNumber(Math.floor(byMs / 1000)), nanos: (byMs % 1000) * 1_000_000 };
    const timeSkippingConfig = { enabled: true, fastForwardConfig: { id: fastForwardId, duration } };
    try {
      return await this.client.withDeadline(Date.now() + clientDeadlines.fastForward, async () => {
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

  /** Queries what the workflow waits for, and which of its steps are being retried; null when no run is known. */
  async process(claimId: string): Promise<ClaimProcess | null> {
    const handle = this.client.workflow.getHandle(workflowIds.claim(claimId));
    return this.client.withDeadline(Date.now() + clientDeadlines.query, async () => {
      try {
        const description = await handle.describe();
        const view = await handle.query<unknown>('claimProcess');
        const converter = this.client.options.loadedDataConverter;
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

  /**
   * Returns whether Temporal answers, its store included. It is asked about the reconciliation, and that there is none is an answer too. A
   * claim's workflow would be the wrong one to ask about: it may be in trouble by itself.
   */
  async answers(): Promise<boolean> {
    try {
      await this.client.withDeadline(Date.now() + clientDeadlines.probe, () =>
        this.client.workflowService.describeWorkflowExecution({
          namespace: this.client.options.namespace,
          execution: { workflowId: workflowIds.reconciliation },
        }),
      );
      return true;
    } catch (error) {
      return isGrpcServiceError(error) && !withoutAnswer.includes(Number(error.code));
    }
  }

  /** Returns whether a claim's workflow runs, by its own record; no answer counts as no. */
  async isRunning(claimId: string): Promise<boolean> {
    try {
      const description = await this.client.withDeadline(Date.now() + clientDeadlines.query, () =>
        this.client.workflow.getHandle(workflowIds.claim(claimId)).describe(),
      );
      return description.status.name === 'RUNNING';
    } catch {
      return false;
    }
  }

  /** Lists the claims that have a running workflow, as far as visibility knows. */
  runningClaims(range: IdRange = {}): AsyncGenerator<string> {
    return this.running('claimWorkflow', workflowIds.claim, range);
  }

  /** Lists the associations that have a running workflow, as far as visibility knows. */
  runningAssociations(range: IdRange = {}): AsyncGenerator<string> {
    return this.running('associationWorkflow', workflowIds.association, range);
  }

  /** Counts them, which is much cheaper than listing them. */
  async countRunningAssociations(): Promise<number> {
    return (await this.client.workflow.count(runningQuery('associationWorkflow'))).count;
  }

  /** Starts a workflow with the partner as a search attribute, or without where the namespace lacks ours. */
  private async starting<Result>({ partnerAccountId }: EngineClaim, start: (search: Search) => Promise<Result>): Promise<Result> {
    if (!(await this.attributes.areThere())) return start({});
    const typedSearchAttributes = new TypedSearchAttributes([{ key: partnerAttribute, value: partnerAccountId }]);
    try {
      return await start({ typedSearchAttributes });
    } catch (error) {
      if (!refusesSearchAttributes(error)) throw error;
      this.attributes.areMissing();
      return start({});
    }
  }

  private async *running(type: string, workflowIdOf: (id: string) => string, { after, to }: IdRange): AsyncGenerator<string> {
    const prefix = workflowIdOf('');
    const query = [
      runningQuery(type),
      ...(after === undefined ? [] : [`WorkflowId > '${workflowIdOf(after)}'`]),
      ...(to === undefined ? [] : [`WorkflowId <= '${workflowIdOf(to)}'`]),
    ].join(' AND ');
    for await (const { workflowId } of this.client.workflow.list({ query, pageSize: 1000 })) {
      if (workflowId.startsWith(prefix)) yield workflowId.slice(prefix.length);
    }
  }
}

/** The attributes by which a workflow is found. A run that starts without them never gets any. */
type Search = { typedSearchAttributes?: TypedSearchAttributes };

/** A range of ids, which PostgreSQL and a comparison of texts order alike. */
export interface IdRange {
  /** Not included. */
  after?: string;
  /** Included. */
  to?: string;
}

const runningQuery = (type: string): string => `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;

export interface ClaimProcess {
  runStatus: string;
  historyEvents: number;
  view: unknown;
  retrying: { step: string; attempt: number; error: string | null }[];
}

const startOptions = ({ claimId, partnerAccountId }: EngineClaim) => ({
  ...commonOptions(partnerAccountId, priorities.awaited),
  workflowId: workflowIds.claim(claimId),
  args: [{ claimId }] as [{ claimId: string }],
});

/** Nobody waits for an association's workflow. */
const associationStart = ({ claimId, partnerAccountId }: EngineClaim, associationId: string) => ({
  ...commonOptions(partnerAccountId, priorities.alarm),
  workflowId: workflowIds.association(associationId),
  args: [{ claimId, associationId }] as [{ claimId: string; associationId: string }],
});

const commonOptions = (partnerAccountId: string, priorityKey: number) => ({
  taskQueue: taskQueues.claims,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  // One partner's flood never delays the claims of another.
  priority: { priorityKey, fairnessKey: partnerAccountId },
});

/** gRPC's codes. */
const deadlineExceeded = 4;
/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE: no server, or none that can answer. */
const withoutAnswer = [1, 2, 4, 8, 14];

/** Returns whether the call met its deadline, so that a retry is pointless. */
export function isTimeOut(error: unknown): boolean {
  const cause = (error as { cause?: unknown }).cause;
  const isTimedOut = [error, cause].some((fault) => isGrpcServiceError(fault) && Number(fault.code) === deadlineExceeded);
  return isTimedOut || (error as Error).name === 'WorkflowUpdateRPCTimeoutOrCancelledError';
}
