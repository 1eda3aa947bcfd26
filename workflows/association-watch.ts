import { condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Position } from '#libs/claims/index.js';
import { Alarm } from './alarm.js';
import type { associationWorkflow } from './association.workflow.js';
import { type AssociationReference, changedSignal } from './messages.js';
import { executeCommands, lookUpDirectory, wakeClaims } from './steps.js';

type AssociationPosition = Position['associations'][number];

/** Keeps time for one association. What a clock or a change means is decided in PostgreSQL, by the claim's own inbox. */
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

  get isLive(): boolean {
    return this.position?.isLive === true;
  }

  /** Waits until its clock runs out, or somebody tells of a change. Without a clock it holds no timer. */
  async news(): Promise<void> {
    // What years of changes leave behind is not carried along.
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof associationWorkflow>(this.association);
    this.alarm.set(this.position?.alarm?.at ?? null, this.wakeInMs, this.position?.alarm?.clock);
    await condition(() => this.isChanged || this.alarm.hasFired);
    if (this.alarm.hasFired && this.position?.alarm?.needsDirectory) await lookUpDirectory({ claimId: this.association.claimId });
  }

  /** Lets everything act that is due, and sees where the association stands by then. */
  async review(): Promise<void> {
    const { claimId, associationId } = this.association;
    let isDone = false;
    while (!isDone) {
      this.isChanged = false;
      const execution = await executeCommands({ claimId });
      const { position, partnerAccountId, changed, needsDirectory } = execution;
      this.position = position.associations.find((one) => one.associationId === associationId);
      this.wakeInMs = execution.associationWakeInMs[associationId] ?? null;
      isDone = !needsDirectory;
      // Notices, letters and windows are the claim's business.
      if (execution.wasChanged) await wakeClaims({ claims: [{ claimId, partnerAccountId }, ...changed] });
      if (needsDirectory) await lookUpDirectory({ claimId });
    }
    this.alarm.reset();
  }
}
