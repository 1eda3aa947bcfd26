import type { EngineClaim } from '#libs/engine/index.js';

/** How many callers may wait for an outcome at a time: about what is carried out in a second. Whoever comes after them is told where to look. */
export const places = 16;
/** How many of these may wait for claims of one partner, and for one claim: a claim that is stuck, or slow, leaves room for others. */
export const placesOfPartner = 12;
export const placesOfClaim = 4;
/** How long nobody waits for a claim that gave no answer in time. */
export const silenceMs = 5_000;

/** The places of callers who wait for an outcome. No claim and no partner can take them all. */
export class WaitingRoom {
  private taken = 0;
  private readonly ofPartner = new Map<string, number>();
  private readonly ofClaim = new Map<string, number>();
  private readonly silent = new Set<string>();

  /** Takes a place, if there is one. */
  enter({ claimId, partnerAccountId }: EngineClaim): boolean {
    const hasRoom =
      this.taken < places &&
      !this.silent.has(claimId) &&
      (this.ofClaim.get(claimId) ?? 0) < placesOfClaim &&
      (this.ofPartner.get(partnerAccountId) ?? 0) < placesOfPartner;
    if (hasRoom) this.count({ claimId, partnerAccountId }, 1);
    return hasRoom;
  }

  leave(claim: EngineClaim): void {
    this.count(claim, -1);
  }

  /** A claim gave no answer in time: it is left alone for a while. */
  giveUpOn(claimId: string): void {
    this.silent.add(claimId);
    setTimeout(() => this.silent.delete(claimId), silenceMs).unref();
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
