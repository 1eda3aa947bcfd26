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

/** A claim as the engine needs to know it: no personal data. */
export interface EngineClaim {
  claimId: string;
  partnerAccountId: string;
}

export interface EngineImport {
  importId: string;
  partnerAccountId: string;
}

/** An association as its claim tells of it. */
export interface EngineAssociation {
  associationId: string;
  isLive: boolean;
}

/** The workflow's own types are not imported: the API must not know workflow code. */
type CommandReference = { commandId: string };
type ClaimWorkflow = (claim: { claimId: string }) => Promise<void>;
type AssociationWorkflow = (association: { claimId: string; associationId: string }) => Promise<void>;

const partnerAttribute = defineSearchAttributeKey(searchAttributes.partner, 'KEYWORD');

/** Rings at the workflows of claims. Everything it carries lies in PostgreSQL already, so a call that fails loses nothing. */
export class ClaimEngine {
  private readonly attributes: SearchAttributeCheck;

  constructor(readonly client: Client) {
    this.attributes = new SearchAttributeCheck(client);
  }

  /** Hands over a stored command as an Update and waits until it has its outcome; starts the workflow if need be. */
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
      // A run that ends while the Update arrives did not take it: the next run does.
      try {
        await send();
      } catch (error) {
        if (isTimeOut(error)) throw error;
        await send();
      }
    });
  }

  /**
   * Starts the workflow of a claim that nobody waits for, behind everything that somebody does. From then on it is served like any other:
   * a run keeps the priority it was started with, whatever later calls say, until its options are changed.
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
      // It may be over already, or the server too old; then it stays as it was started.
      await workflowService.updateWorkflowExecutionOptions(change).catch((error: unknown) => {
        if (!isGrpcServiceError(error)) throw error;
      });
    });
  }

  /** Has an import gone on with as its row says; starts its workflow if need be. */
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

  /** Has what is overdue settled in batches. */
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

  /** Rings by signal and does not wait for what comes of it. */
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

  /** Tells an association's workflow that something about it has changed. One that is live is started if need be; of an ended one nobody may be there to tell. */
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
   * Lets the server skip a workflow's waiting time, so that its timers fire. False when the server cannot, or no run is there to skip.
   * @see https://github.com/temporalio/api TimeSkippingConfig; experimental, hence by the raw client.
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

  /** What the workflow itself says it waits for, with steps that are being retried; null when no run is known. */
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
   * Whether Temporal answers, its store included. It is asked about a workflow, and that there is none is an answer too; what it says of a
   * claim's messages is not asked here, since a claim may be in trouble by itself.
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

  /** Whether a claim's workflow runs, as its own record says; an answer that does not come counts as no. */
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

  /** The claims that have a running workflow, as far as visibility knows. */
  runningClaims(stretch: IdStretch = {}): AsyncGenerator<string> {
    return this.running('claimWorkflow', workflowIds.claim, stretch);
  }

  /** The associations that have a running workflow, as far as visibility knows. */
  runningAssociations(stretch: IdStretch = {}): AsyncGenerator<string> {
    return this.running('associationWorkflow', workflowIds.association, stretch);
  }

  /** How many they are: much cheaper to ask than which. */
  async countRunningAssociations(): Promise<number> {
    return (await this.client.workflow.count(runningQuery('associationWorkflow'))).count;
  }

  /** Has a workflow started with the partner as a search attribute, or without where the namespace does not know ours. */
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

  private async *running(type: string, workflowIdOf: (id: string) => string, { after, to }: IdStretch): AsyncGenerator<string> {
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

/** What a workflow shows in search from its start; it goes on showing only if it began so. */
type Search = { typedSearchAttributes?: TypedSearchAttributes };

/** A part of all ids, which are in the same order in PostgreSQL and as text. */
export interface IdStretch {
  /** Itself not included. */
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

/** Nobody waits for what an association does. */
const associationStart = ({ claimId, partnerAccountId }: EngineClaim, associationId: string) => ({
  ...commonOptions(partnerAccountId, priorities.alarm),
  workflowId: workflowIds.association(associationId),
  args: [{ claimId, associationId }] as [{ claimId: string; associationId: string }],
});

const commonOptions = (partnerAccountId: string, priorityKey: number) => ({
  taskQueue: taskQueues.claims,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  // One partner's flood never delays another's claim.
  priority: { priorityKey, fairnessKey: partnerAccountId },
});

/** gRPC's codes. */
const deadlineExceeded = 4;
/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE: nobody is there, or nobody who could answer. */
const withoutAnswer = [1, 2, 4, 8, 14];

/** Whether the time for the call is over, so that trying again makes no sense. */
export function isTimeOut(error: unknown): boolean {
  const cause = (error as { cause?: unknown }).cause;
  const isTimedOut = [error, cause].some((one) => isGrpcServiceError(one) && Number(one.code) === deadlineExceeded);
  return isTimedOut || (error as Error).name === 'WorkflowUpdateRPCTimeoutOrCancelledError';
}
