/** Who asked. Identities are subjects of the identity provider, never names or addresses. */
export interface Actor {
  kind: 'partner' | 'reviewer' | 'customer' | 'operator' | 'system';
  subject: string;
  /** Partner accounts the person acts for: nobody reviews a claim of those (R21). */
  actsFor: string[];
}

/** The clocks, and everything else that nobody in person asked for. */
export const systemActor: Actor = { kind: 'system', subject: 'cpor', actsFor: [] };
