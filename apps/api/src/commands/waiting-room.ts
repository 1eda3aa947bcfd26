import type { EngineClaim } from '#libs/engine/index.js';
import { awaiting } from '../../../../temporal.config.js';

/** Limits how many callers wait for an outcome: in total, per claim and per partner. */
export class WaitingRoom {
  private taken = 0;
  private readonly ofPartner = new Map<string, number>();
  private readonly ofClaim = new Map<string, number>();
  private readonly silent = new Set<string>();

  /** Takes a place. Returns false if none is free. */
  enter({ claimId, partnerAccountId }: EngineClaim): boolean {
    const hasRoom =
      this.taken < awaiting.places &&
      !this.silent.has(claimId) &&
      (this.ofClaim.get(claimId) ?? 0) < awaiting.placesOfClaim &&
      (this.ofPartner.get(partnerAccountId) ?? 0) < awaiting.placesOfPartner;
    if (hasRoom) this.count({ claimId, partnerAccountId }, 1);
    return hasRoom;
  }

  leave(claim: EngineClaim): void {
    this.count(claim, -1);
  }

  /** Admits no callers for a claim for a while after it did not answer in time. */
  giveUpOn(claimId: string): void {
    this.silent.add(claimId);
    setTimeout(() => this.silent.delete(claimId), awaiting.silenceMs).unref();
  }

  private count({ claimId, partnerAccountId }: EngineClaim, by: 1 | -1): void {
    this.taken += by;
    add(this.ofClaim, claimId, by);
    add(this.ofPartner, partnerAccountId, by);
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
