import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ClaimEngine, type EngineClaim, type EngineImport, isTimeOut } from '#libs/engine/index.js';
import { EngineWatch } from './engine-watch.js';
import { LoadMeter } from './load-meter.js';
import { type WakeCall, WakeQueue } from './wake-queue.js';
import { WaitingRoom } from './waiting-room.js';

/** How many claims are rung for at a time in the background. */
export const wakesAtOnce = 8;
/** Above this share of its time at work, the process answers people first and rings later. */
export const busyShare = 0.7;
const busyPauseMs = 100;
/** Even a process that is always busy rings on. */
export const longestPauseMs = 5_000;
/** A ring that fails while Temporal is there is tried so often, with a pause that doubles; then it is the reconciliation's. */
export const wakeAttempts = 5;
const wakePauseMs = 1_000;

type Signal = 'wake' | 'optOut' | 'requestInformation';

/** Tells the workflows of claims that there is something in their inbox. Everything lies in PostgreSQL already, so nothing here can be lost. */
@Injectable()
export class WorkflowWaker implements OnModuleDestroy {
  private readonly logger = new Logger(WorkflowWaker.name);
  private readonly room = new WaitingRoom();
  private readonly waiting = new WakeQueue();
  private readonly watch: EngineWatch;
  private readonly load = new LoadMeter();
  private waking = 0;
  private isStopped = false;

  constructor(private readonly engine: ClaimEngine) {
    this.watch = new EngineWatch(engine);
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    this.watch.stop();
  }

  /** Waits until a command was carried out, as far as there is room to wait; says whether it was. */
  async executeCommand(claim: EngineClaim, type: string, commandId: string): Promise<boolean> {
    // What was sent before is rung for first.
    const isBehindOthers = type === 'submitClaim' && this.waiting.holdsAnyOf(claim.partnerAccountId);
    if (this.watch.isAway || isBehindOthers || !this.room.enter(claim)) {
      this.wake(claim);
      return false;
    }
    try {
      await this.engine.executeCommand(claim, type, commandId);
      return true;
    } catch (error) {
      if (isTimeOut(error)) this.room.giveUpOn(claim.claimId);
      void this.watch.doubt();
      this.logger.warn(
        `${type} ${commandId} of claim ${claim.claimId} is stored but was not executed in time: ${(error as Error).message}`,
      );
      // The call may have left no trace in Temporal; a signal stays until a worker comes.
      this.wake(claim);
      return false;
    } finally {
      this.room.leave(claim);
    }
  }

  /** Rings in the background. */
  wake(claim: EngineClaim, signal: Signal = 'wake', commandId?: string): void {
    const { claimId, partnerAccountId } = claim;
    this.enqueue({
      key: `claim ${claimId} ${signal} ${commandId ?? ''}`,
      partnerAccountId,
      send: () => this.engine.wake(claim, signal, commandId),
      failures: 0,
    });
  }

  /** The same for an import. */
  wakeImport(one: EngineImport): void {
    const { importId, partnerAccountId } = one;
    this.enqueue({ key: `import ${importId}`, partnerAccountId, send: () => this.engine.wakeImport(one), failures: 0 });
  }

  private enqueue(wake: WakeCall): void {
    if (!this.waiting.add(wake)) return;
    if (this.waking < wakesAtOnce) void this.work();
  }

  private async work(): Promise<void> {
    this.waking++;
    for (let wake = this.waiting.take(); wake !== undefined && !this.isStopped; wake = this.waiting.take()) {
      await this.watch.untilBack();
      await this.untilCalm();
      await wake.send().catch((error: unknown) => this.tryAgain(wake, error as Error));
    }
    this.waking--;
  }

  /** Rings once more: as soon as Temporal is back, or after a pause when the fault is the message's own. */
  private async tryAgain(wake: WakeCall, { message }: Error): Promise<void> {
    await this.watch.doubt();
    if (this.watch.isAway) {
      this.waiting.add(wake);
      return;
    }
    const failures = wake.failures + 1;
    if (failures === 1 || failures === wakeAttempts) {
      const next = failures === wakeAttempts ? 'is left to the reconciliation' : 'is retried';
      this.logger.warn(`Could not wake ${wake.key.trim()}, which ${next}: ${message}`);
    }
    if (failures < wakeAttempts) setTimeout(() => this.enqueue({ ...wake, failures }), wakePauseMs * 2 ** (failures - 1)).unref();
  }

  /** Waits while callers keep the process busy: what they send must be accepted now, what is stored can wait a moment. */
  private async untilCalm(): Promise<void> {
    const givesUpAt = performance.now() + longestPauseMs;
    while (this.load.measure() > busyShare && performance.now() < givesUpAt) await sleep(busyPauseMs);
  }
}
