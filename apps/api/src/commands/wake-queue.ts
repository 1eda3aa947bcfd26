/** A message to a workflow that is on its way. */
export interface WakeCall {
  /** Of the same key one is enough: whoever is rung for looks at everything that is stored. */
  key: string;
  partnerAccountId: string;
  send(): Promise<void>;
  /** How often Temporal was there and this message failed all the same. */
  failures: number;
}

/** What does not fit is rung for by the reconciliation. */
export const wakesLimit = 10_000;
/** One partner leaves room for others. */
export const wakesOfPartnerLimit = 5_000;

/** Rings that wait, those of each partner in their order and the partners in turn, so that nobody's flood keeps another's ring waiting. */
export class WakeQueue {
  private readonly partners = new Map<string, Map<string, WakeCall>>();
  private size = 0;

  holdsAnyOf(partnerAccountId: string): boolean {
    return this.partners.has(partnerAccountId);
  }

  /** Says whether the ring is in the queue, by this call or before. */
  add(wake: WakeCall): boolean {
    const own = this.partners.get(wake.partnerAccountId) ?? new Map<string, WakeCall>();
    if (own.has(wake.key)) return true;
    if (this.size >= wakesLimit || own.size >= wakesOfPartnerLimit) return false;
    own.set(wake.key, wake);
    this.partners.set(wake.partnerAccountId, own);
    this.size++;
    return true;
  }

  /** Takes the next ring, of the partner whose turn it is. */
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
