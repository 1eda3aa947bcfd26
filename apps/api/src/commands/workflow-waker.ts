import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ClaimEngine, type EngineClaim, type EngineImport, isTimeOut } from '#libs/engine/index.js';
import { waking } from '../../../../temporal.config.js';
import { EngineWatch } from './engine-watch.js';
import { LoadMeter } from './load-meter.js';
import { type WakeCall, WakeQueue } from './wake-queue.js';
import { WaitingRoom } from './waiting-room.js';

type Signal = 'wake' | 'optOut' | 'requestInformation';

/** Wakes the workflows of claims with something in their inbox. Everything is stored in PostgreSQL already, so a lost wake-up loses nothing. */
@Injectable()
export class WorkflowWaker implements OnModuleDestroy {
  private readonly logger = new Logger(WorkflowWaker.name);
  private readonly room = new WaitingRoom();
  private readonly waiting = new WakeQueue();
  private readonly watch: EngineWatch;
  private readonly load = new LoadMeter();
  private lanes = 0;
  private isStopped = false;

  constructor(private readonly engine: ClaimEngine) {
    this.watch = new EngineWatch(engine);
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    this.watch.stop();
  }

  /** Waits until a command is executed, if there is room to wait. Returns whether it was executed. */
  async executeCommand(claim: EngineClaim, type: string, commandId: string): Promise<boolean> {
    // Earlier submissions of the partner are woken first.
    const isBehindOthers = type === 'submitClaim' && this.waiting.holdsAnyOf(claim.partnerAccountId);
    if (this.watch.isDown || isBehindOthers || !this.room.enter(claim)) {
      this.wake(claim);
      return false;
    }
    try {
      await this.engine.executeCommand(claim, type, commandId);
      return true;
    } catch (error) {
      if (isTimeOut(error)) this.room.giveUpOn(claim.claimId);
      void this.watch.check();
      this.logger.warn(
        `${type} ${commandId} of claim ${claim.claimId} is stored but was not executed in time: ${(error as Error).message}`,
      );
      // The call may have left no trace in Temporal; a signal waits there for a worker.
      this.wake(claim);
      return false;
    } finally {
      this.room.leave(claim);
    }
  }

  /** Wakes a claim's workflow in the background. */
  wake(claim: EngineClaim, signal: Signal = 'wake', commandId?: string): void {
    const { claimId, partnerAccountId } = claim;
    this.enqueue({
      key: `claim ${claimId} ${signal} ${commandId ?? ''}`,
      partnerAccountId,
      send: () => this.engine.wake(claim, signal, commandId),
      failures: 0,
    });
  }

  /** Wakes an import's workflow in the background. */
  wakeImport(claimImport: EngineImport): void {
    const { importId, partnerAccountId } = claimImport;
    this.enqueue({ key: `import ${importId}`, partnerAccountId, send: () => this.engine.wakeImport(claimImport), failures: 0 });
  }

  private enqueue(wake: WakeCall): void {
    if (!this.waiting.add(wake)) return;
    if (this.lanes < waking.atOnce) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.lanes++;
    for (let wake = this.waiting.take(); wake !== undefined && !this.isStopped; wake = this.waiting.take()) {
      await this.watch.untilBack();
      await this.untilCalm();
      await wake.send().catch((error: unknown) => this.retry(wake, error as Error));
    }
    this.lanes--;
  }

  /** Retries as soon as Temporal is back, or after a pause if only this message failed. */
  private async retry(wake: WakeCall, { message }: Error): Promise<void> {
    await this.watch.check();
    if (this.watch.isDown) {
      this.waiting.add(wake);
      return;
    }
    const failures = wake.failures + 1;
    if (failures === 1 || failures === waking.attempts) {
      const next = failures === waking.attempts ? 'is left to reconciliation' : 'is retried';
      this.logger.warn(`Could not wake ${wake.key.trim()}, which ${next}: ${message}`);
    }
    if (failures < waking.attempts)
      setTimeout(() => this.enqueue({ ...wake, failures }), waking.firstPauseMs * 2 ** (failures - 1)).unref();
  }

  /** Waits while callers keep the process busy: new commands must be accepted now, stored ones can wait a moment. */
  private async untilCalm(): Promise<void> {
    const givesUpAt = performance.now() + waking.longestBusyPauseMs;
    while (this.load.isBusy && performance.now() < givesUpAt) await sleep(waking.busyPauseMs);
  }
}
