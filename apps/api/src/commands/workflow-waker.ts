import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ClaimEngine, type EngineClaim, type EngineImport, isTimeOut } from '#libs/engine/index.js';
import type { Execution } from '#libs/inbox/index.js';
import { tracing } from '#libs/tracing/index.js';
import { reportExecution, type SharedDeadlines } from '#libs/reconciliation/index.js';
import { waking } from '../../../../temporal.config.js';
import { EngineWatch } from './engine-watch.js';
import { LoadMeter } from './load-meter.js';
import { WakeLanes } from './wake-lanes.js';

type Signal = 'wake' | 'optOut' | 'requestInformation';

/**
 * Calls on the workflows of claims: with something in their inbox, or with what was executed here. Everything is stored in PostgreSQL already,
 * so a lost call loses nothing.
 */
@Injectable()
export class WorkflowWaker implements OnModuleDestroy {
  private readonly logger = new Logger(WorkflowWaker.name);
  private readonly watch: EngineWatch;
  private readonly wakeUps: WakeLanes;
  private readonly reports: WakeLanes;
  private readonly load = new LoadMeter();

  constructor(
    private readonly engine: ClaimEngine,
    private readonly deadlines: Pick<SharedDeadlines, 'spread'>,
  ) {
    this.watch = new EngineWatch(engine);
    this.wakeUps = new WakeLanes({ watch: this.watch, atOnce: waking.atOnce, untilCalm: () => this.untilCalm() });
    this.reports = new WakeLanes({ watch: this.watch, atOnce: waking.reportsAtOnce });
  }

  onModuleDestroy(): void {
    this.watch.stop();
    this.wakeUps.stop();
    this.reports.stop();
  }

  /** Whether wake-ups of a partner's claims are waiting to be sent. */
  holdsAnyOf(partnerAccountId: string): boolean {
    return this.wakeUps.holdsAnyOf(partnerAccountId);
  }

  /** Has a claim's workflow execute a stored command, and waits for it. `silent` means that it did not answer in time. */
  async executeCommand(claim: EngineClaim, type: string, commandId: string): Promise<'executed' | 'failed' | 'silent'> {
    if (this.watch.isDown) {
      this.wake(claim);
      return 'failed';
    }
    try {
      await this.engine.executeCommand(claim, type, commandId);
      return 'executed';
    } catch (error) {
      void this.watch.check();
      this.logger.warn(
        `${type} ${commandId} of claim ${claim.claimId} is stored but was not executed in time: ${(error as Error).message}`,
      );
      // The call may have left no trace in Temporal; a signal waits there for a worker.
      this.wake(claim);
      return isTimeOut(error) ? 'silent' : 'failed';
    }
  }

  /** Tells a claim's workflow, in the background, what the claim waits for after a command was executed in this process. */
  report(claim: EngineClaim, { type, commandId }: { type: string; commandId: string }, execution: Execution): void {
    if (execution.needsDirectory) this.wake(claim);
    if (!execution.isNews || execution.needsDirectory) return;
    const executedAt = performance.now();
    let attempts = 0;
    const send = async () => {
      const isRepeated = attempts++ > 0;
      await reportExecution(this.engine, this.deadlines, claim, { type, commandId, execution, executedAt });
      // Later commands may have overtaken what was repeated, and a run that it starts would believe it. A run that is woken reads the claim.
      if (isRepeated) this.wake(claim);
    };
    this.reports.enqueue({
      key: `report ${claim.claimId} ${execution.position.version}`,
      partnerAccountId: claim.partnerAccountId,
      send: tracing().bind(send),
      failures: 0,
    });
  }

  /** Wakes a claim's workflow in the background. */
  wake(claim: EngineClaim, signal: Signal = 'wake', commandId?: string): void {
    const { claimId, partnerAccountId } = claim;
    this.wakeUps.enqueue({
      key: `claim ${claimId} ${signal} ${commandId ?? ''}`,
      partnerAccountId,
      send: tracing().bind(() => this.engine.wake(claim, signal, commandId)),
      failures: 0,
    });
  }

  /** Wakes an import's workflow in the background. */
  wakeImport(claimImport: EngineImport): void {
    const { importId, partnerAccountId } = claimImport;
    this.wakeUps.enqueue({
      key: `import ${importId}`,
      partnerAccountId,
      send: tracing().bind(() => this.engine.wakeImport(claimImport)),
      failures: 0,
    });
  }

  /** Waits while callers keep the process busy: new commands must be accepted now, stored ones can wait a moment. */
  private async untilCalm(): Promise<void> {
    const givesUpAt = performance.now() + waking.longestBusyPauseMs;
    while (this.load.isBusy && performance.now() < givesUpAt) await sleep(waking.busyPauseMs);
  }
}
