/** Who gives a command. A person is named by the identity provider's subject, never by name or address. */
export interface Actor {
  kind: 'partner' | 'reviewer' | 'customer' | 'operator' | 'system';
  subject: string;
  /** Partner accounts for which the person acts, and whose claims it must not review (R21). */
  actsFor: string[];
}

/** The actor of clocks and everything else that no person requested. */
export const systemActor: Actor = { kind: 'system', subject: 'cpor', actsFor: [] };
