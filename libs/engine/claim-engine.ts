import { type Client, isGrpcServiceError, WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { isAnswered, isTimeOut } from './call-faults.js';
import { type ClaimProcess, readClaimProcess } from './claim-process.js';
import { countRunning, type IdRange, listRunning } from './running-workflows.js';
import { refusesSearchAttributes, SearchAttributeCheck } from './search-attributes.js';
import {
  associationStart,
  claimStart,
  type EngineAssociation,
  type EngineClaim,
  type EngineImport,
  endpointStart,
  importStart,
  settlementStart,
} from './start-options.js';
import { skipTime } from './time-skipping.js';
import { clientDeadlines, priorities, searchAttributes, workflowIds } from '../../temporal.config.js';

/** Types of workflow code are not imported: the API must not depend on it. */
type CommandReference = { commandId: string };
type ClaimWorkflow = (claim: { claimId: string }) => Promise<void>;
type AssociationWorkflow = (association: { claimId: string; associationId: string }) => Promise<void>;

const partnerAttribute = defineSearchAttributeKey(searchAttributes.partner, 'KEYWORD');
const phaseAttribute = defineSearchAttributeKey(searchAttributes.phase, 'KEYWORD');
const alarmAttribute = defineSearchAttributeKey(searchAttributes.alarmAt, 'DATETIME');

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
          startWorkflowOperation: new WithStartWorkflowOperation('claimWorkflow', { ...claimStart(claim), ...search }),
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
   * Starts the workflow of a claim that nobody waits for yet, behind all work that somebody waits for. The run is then given the usual
   * priority: it keeps the one it was started with, whatever later calls state, until its options are changed.
   */
  async begin(claim: EngineClaim): Promise<void> {
    const { workflowService, options } = this.client;
    const { priority, ...start } = claimStart(claim);
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

  /** Wakes an import's workflow, which continues from the import's row; starts it if necessary. */
  async wakeImport(claimImport: EngineImport): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.client.workflow.signalWithStart('importWorkflow', { ...importStart(claimImport), signal: 'wake' }),
    );
  }

  /** Wakes the workflow that delivers to a webhook endpoint; starts it if necessary. */
  async wakeEndpoint(endpointId: string): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.client.workflow.signalWithStart('webhookEndpointWorkflow', { ...endpointStart(endpointId), signal: 'wake' }),
    );
  }

  /** Wakes the settlement of overdue deadlines; starts its workflow if necessary. */
  async wakeSettlement(): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.client.workflow.signalWithStart('settlementWorkflow', { ...settlementStart, signal: 'wake' }),
    );
  }

  /** Wakes a claim's workflow by a signal, without waiting for the result; starts it if necessary. */
  async wake(claim: EngineClaim, signal: 'wake' | 'optOut' | 'requestInformation' = 'wake', commandId?: string): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.starting(claim, (search) =>
        this.client.workflow.signalWithStart<ClaimWorkflow, [CommandReference?]>('claimWorkflow', {
          ...claimStart(claim),
          ...search,
          signal,
          signalArgs: commandId === undefined ? [] : [{ commandId }],
        }),
      ),
    );
  }

  /**
   * Tells a claim's workflow what a command has led to that was executed elsewhere, by a signal that is named after the command; starts the
   * workflow if necessary, where it is then found by `search`.
   */
  async report(claim: EngineClaim, type: string, executed: { commandId: string; execution: object }, search: ClaimSearch): Promise<void> {
    await this.client.withDeadline(Date.now() + clientDeadlines.wake, () =>
      this.starting(
        claim,
        (attributes) =>
          this.client.workflow.signalWithStart<ClaimWorkflow, [typeof executed]>('claimWorkflow', {
            ...claimStart(claim),
            ...attributes,
            signal: type,
            signalArgs: [executed],
          }),
        search,
      ),
    );
  }

  /** Signals a change to an association's workflow. A live one's workflow is started if necessary; an ended one may have none left. */
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

  /** Fast-forwards a workflow, so that its timers fire. Returns false when the server cannot do that, or there is no run. */
  fastForward(workflowId: string, byMs: number): Promise<boolean> {
    return skipTime(this.client, workflowId, byMs);
  }

  /** Queries what a claim's workflow waits for, and which of its steps are being retried. Returns null when no run is known. */
  process(claimId: string): Promise<ClaimProcess | null> {
    return readClaimProcess(this.client, claimId);
  }

  /**
   * Returns whether Temporal answers, its store included. The probe describes the reconciliation's workflow; "not found" is an answer too. A
   * claim's workflow would not do, because it may have trouble of its own.
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
      return isAnswered(error);
    }
  }

  /** Returns whether a claim's workflow is running, by its own record rather than visibility's; no answer counts as no. */
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
    return listRunning(this.client, 'claimWorkflow', range);
  }

  /** Lists the associations that have a running workflow, as far as visibility knows. */
  runningAssociations(range: IdRange = {}): AsyncGenerator<string> {
    return listRunning(this.client, 'associationWorkflow', range);
  }

  /** Counts the associations that have a running workflow, which is much cheaper than listing them. */
  countRunningAssociations(): Promise<number> {
    return countRunning(this.client, 'associationWorkflow');
  }

  /** Starts a workflow with the partner as a search attribute, or without it where the namespace lacks the attribute. */
  private async starting<Result>(
    { partnerAccountId }: EngineClaim,
    start: (search: Search) => Promise<Result>,
    claim?: ClaimSearch,
  ): Promise<Result> {
    if (!(await this.attributes.areThere())) return start({});
    const typedSearchAttributes = new TypedSearchAttributes([
      { key: partnerAttribute, value: partnerAccountId },
      ...(claim === undefined ? [] : [{ key: phaseAttribute, value: claim.phase }]),
      ...(!claim?.alarmAt ? [] : [{ key: alarmAttribute, value: new Date(claim.alarmAt) }]),
    ]);
    try {
      return await start({ typedSearchAttributes });
    } catch (error) {
      if (!refusesSearchAttributes(error)) throw error;
      this.attributes.areMissing();
      return start({});
    }
  }
}

/** What a claim's workflow is found by, besides its partner. */
export interface ClaimSearch {
  phase: string;
  /** RFC 3339; null when no clock runs. */
  alarmAt: string | null;
}

/** The attributes by which a workflow is found. A run that starts without them never gets any. */
type Search = { typedSearchAttributes?: TypedSearchAttributes };
