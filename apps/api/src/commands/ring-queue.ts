/** A message to a workflow that is on its way. */
export interface Ring {
  /** Of the same key one is enough: whoever is rung for looks at everything that is stored. */
  key: string;
  partnerAccountId: string;
  send(): Promise<void>;
  /** How often Temporal was there and this message failed all the same. */
  failures: number;
}

/** What does not fit is rung for by the reconciliation. */
export const ringsLimit = 10_000;
/** One partner leaves room for others. */
export const ringsOfPartnerLimit = 5_000;

/** Rings that wait, those of each partner in their order and the partners in turn, so that nobody's flood keeps another's ring waiting. */
export class RingQueue {
  private readonly partners = new Map<string, Map<string, Ring>>();
  private size = 0;

  holdsAnyOf(partnerAccountId: string): boolean {
    return this.partners.has(partnerAccountId);
  }

  /** Says whether the ring is in the queue, by this call or before. */
  add(ring: Ring): boolean {
    const own = this.partners.get(ring.partnerAccountId) ?? new Map<string, Ring>();
    if (own.has(ring.key)) return true;
    if (this.size >= ringsLimit || own.size >= ringsOfPartnerLimit) return false;
    own.set(ring.key, ring);
    this.partners.set(ring.partnerAccountId, own);
    this.size++;
    return true;
  }

  /** Takes the next ring, of the partner whose turn it is. */
  take(): Ring | undefined {
    for (const [partner, own] of this.partners) {
      this.partners.delete(partner);
      for (const [key, ring] of own) {
        own.delete(key);
        if (own.size > 0) this.partners.set(partner, own);
        this.size--;
        return ring;
      }
    }
    return undefined;
  }
}
