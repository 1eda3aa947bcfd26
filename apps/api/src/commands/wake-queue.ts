import { waking } from '../../../../temporal.config.js';

/** A wake-up to be sent to a workflow. */
export interface WakeCall {
  /** Queued once per key: a woken workflow processes everything that is stored. */
  key: string;
  partnerAccountId: string;
  send(): Promise<void>;
  /** How often it failed while Temporal answered. */
  failures: number;
}

/** Queued wake-ups: first in, first out per partner, and partners in turn, so that one partner's flood never delays another. */
export class WakeQueue {
  private readonly partners = new Map<string, Map<string, WakeCall>>();
  private size = 0;

  holdsAnyOf(partnerAccountId: string): boolean {
    return this.partners.has(partnerAccountId);
  }

  /** Returns false if the queue is full. */
  add(wake: WakeCall): boolean {
    const own = this.partners.get(wake.partnerAccountId) ?? new Map<string, WakeCall>();
    if (own.has(wake.key)) return true;
    if (this.size >= waking.queueLimit || own.size >= waking.queueLimitOfPartner) return false;
    own.set(wake.key, wake);
    this.partners.set(wake.partnerAccountId, own);
    this.size++;
    return true;
  }

  /** Takes the next wake-up, of the partner whose turn it is. */
  take(): WakeCall | undefined {
    for (const [partner, own] of this.partners) {
      this.partners.delete(partner);
      for (const [key, wake] of own) {
        own.delete(key);
        if (own.size > 0) this.partners.set(partner, own);
        this.size--;
        return wake;
      }
    }
    return undefined;
  }
}
