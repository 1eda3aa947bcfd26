import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ClaimEngine, type EngineClaim } from '#libs/engine/index.js';
import { LoadMeter } from './load-meter.js';

/** How many callers may wait for an outcome at a time: about what is carried out in a second. Whoever comes after them is told where to look. */
export const awaitedAnswersLimit = 16;
/** How many claims are rung for at a time in the background. */
export const ringsAtOnce = 8;
/** What does not fit is rung for by the reconciliation. */
export const waitingRingsLimit = 10_000;
/** Above this share of its time at work, the process answers people first and rings later. */
export const busyShare = 0.7;
const busyPauseMs = 100;
/** Even a process that is always busy rings on. */
export const longestPauseMs = 5_000;
/** How long Temporal is left alone after it failed to answer. */
export const outageMs = 2_000;

type Signal = 'wake' | 'optOut' | 'requestInformation';
type Ring = { claim: EngineClaim; signal: Signal; commandId: string | undefined };

/** Tells the workflows of claims that there is something in their inbox. Everything lies in PostgreSQL already, so nothing here can be lost. */
@Injectable()
export class Doorbell {
  private readonly logger = new Logger(Doorbell.name);
  private awaited = 0;
  private ringing = 0;
  private readonly waiting: Ring[] = [];
  private readonly load = new LoadMeter();
  private failedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly engine: ClaimEngine) {}

  /** Waits until a command was carried out, as far as there is room to wait; says whether it was. */
  async carryOut(claim: EngineClaim, type: string, commandId: string): Promise<boolean> {
    if (!this.hasRoom(type)) {
      this.ring(claim);
      return false;
    }
    this.awaited++;
    try {
      await this.engine.carryOut(claim, type, commandId);
      return true;
    } catch (error) {
      this.failedAt = performance.now();
      this.logger.warn(
        `${type} ${commandId} of claim ${claim.claimId} is stored but was not carried out in time: ${(error as Error).message}`,
      );
      // The call may have left no trace in Temporal; a signal stays until a worker comes.
      this.ring(claim);
      return false;
    } finally {
      this.awaited--;
    }
  }

  /** Whether an answer can be expected soon: few others wait, Temporal has not just failed, and no other submissions wait to be rung for. */
  private hasRoom(type: string): boolean {
    const isBehindOthers = type === 'submitClaim' && this.waiting.length > 0;
    return this.awaited < awaitedAnswersLimit && !isBehindOthers && performance.now() - this.failedAt >= outageMs;
  }

  /** Rings in the background. */
  ring(claim: EngineClaim, signal: Signal = 'wake', commandId?: string): void {
    if (this.waiting.length >= waitingRingsLimit) return;
    this.waiting.push({ claim, signal, commandId });
    if (this.ringing < ringsAtOnce) void this.work();
  }

  private async work(): Promise<void> {
    this.ringing++;
    for (let ring = this.waiting.shift(); ring !== undefined; ring = this.waiting.shift()) {
      const { claim, signal, commandId } = ring;
      await this.untilCalm();
      await this.engine.ring(claim, signal, commandId).catch((error: unknown) => {
        this.logger.warn(`Claim ${claim.claimId} was not rung for: ${(error as Error).message}`);
      });
    }
    this.ringing--;
  }

  /** Waits while callers keep the process busy: what they send must be accepted now, what is stored can wait a moment. */
  private async untilCalm(): Promise<void> {
    const givesUpAt = performance.now() + longestPauseMs;
    while (this.load.measure() > busyShare && performance.now() < givesUpAt) await sleep(busyPauseMs);
  }
}
