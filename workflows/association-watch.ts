import { condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Position } from '#libs/claims/index.js';
import type { Execution } from '#libs/inbox/index.js';
import { Alarm } from './alarm.js';
import { type AssociationReference, changedSignal } from './messages.js';
import { executeCommands, lookUpDirectory, wakeClaims } from './steps.js';

type AssociationPosition = Position['associations'][number];
type AssociationWorkflow = (association: AssociationReference) => Promise<void>;

/** Keeps time for one association. What a clock or a change means is decided in PostgreSQL, through the inbox of its claim. */
export class AssociationWatch {
  private position: AssociationPosition | undefined;
  private wakeInMs: number | null = null;
  private isChanged = false;
  private readonly alarm = new Alarm();

  constructor(private readonly association: AssociationReference) {
    setHandler(changedSignal, () => {
      this.isChanged = true;
    });
  }

  /** Whether the association is live and one of its clocks runs. A change that is signalled meanwhile is looked at first. */
  get hasClock(): boolean {
    return this.isChanged || (this.position?.isLive === true && this.position.alarm !== null);
  }

  /** Waits until the association's clock runs out or its claim signals a change. */
  async untilNextChange(): Promise<void> {
    // Years of changes must not make one history long.
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<AssociationWorkflow>(this.association);
    this.alarm.set(this.position?.alarm?.at ?? null, this.wakeInMs, this.position?.alarm?.clock);
    await condition(() => this.isChanged || this.alarm.hasFired);
    if (this.alarm.hasFired && this.position?.alarm?.needsDirectory) await lookUpDirectory({ claimId: this.association.claimId });
  }

  /** Fires every deadline that has passed, and reads the association's new position. */
  async refresh(): Promise<void> {
    const { claimId, associationId } = this.association;
    let execution: Execution;
    do {
      this.isChanged = false;
      execution = await executeCommands({ claimId });
      const { position, partnerAccountId, changed, needsDirectory } = execution;
      this.position = position.associations.find((association) => association.associationId === associationId);
      this.wakeInMs = execution.associationWakeInMs[associationId] ?? null;
      // Notices, letters and windows belong to the claim's own workflow.
      if (execution.wasChanged) await wakeClaims({ claims: [{ claimId, partnerAccountId }, ...changed] });
      if (needsDirectory) await lookUpDirectory({ claimId });
    } while (execution.needsDirectory);
    this.alarm.reset();
  }
}
