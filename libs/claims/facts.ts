/**
 * What the customer directory said about one claim, kept with the command that relied on it, so that a decision can be explained later.
 * It names people by reference only: addresses are personal data and live outside events.
 */
export interface DirectoryFacts {
  /** When the directory answered, RFC 3339. */
  askedAt: string;
  /** The claiming location, or null when no location has that PartnerID. */
  location: LocationFacts | null;
  /** The customer's tenant, or null when the directory does not know it. */
  tenant: TenantFacts | null;
  /** Every identifier that was asked for as a subscription, in lower case. */
  identifiers: Record<string, IdentifierFacts>;
  /** Records that the directory has and that cannot be used: what they are about is neither known nor unknown. Absent when there are none. */
  unusable?: UnusableRecord[];
  /** What was set right in a record that can be used, or left out of it. Absent when there is nothing. */
  remarks?: RecordRemark[];
}

export interface UnusableRecord {
  record: 'location' | 'tenant' | 'subscription' | 'identifier';
  /** The identifier that was asked about, or the subscription's ID where it can be read. */
  id: string | null;
  /** The subscription's product, where it can be read. */
  product: string | null;
  /** The fields at fault and what is wrong with them; never what stands in them. */
  why: string;
}

export interface RecordRemark {
  record: 'location' | 'tenant';
  what: string;
}

export interface LocationFacts {
  partnerId: string;
  name: string;
  /** The global (HQ) account that owns the location. */
  globalAccountId: string;
  legalName: string;
  /** `standard`, or a type that is unfit for claims, such as `frp`. */
  type: string;
  isAgreementActive: boolean;
  isProfileComplete: boolean;
  /** Programmes the location is enrolled in now. */
  enrolledProgrammes: string[];
  /** The other locations of the same global account, to name an alternative. */
  siblings: SiblingFacts[];
}

export interface SiblingFacts {
  partnerId: string;
  /** Programmes that location is enrolled in now. */
  enrolledProgrammes: string[];
}

export interface TenantFacts {
  tenantId: string;
  name: string;
  /** Verified domains, A-labels in lower case. */
  domains: string[];
  language: 'en' | 'ru';
  isPublicSector: boolean;
  /** Codes of the workloads the tenant has. */
  workloads: string[];
  /** References to the tenant's registered administrators. */
  admins: PersonReference[];
  subscriptions: SubscriptionFacts[];
}

/** Points at personal data without holding any: the mail domain is what the rules need. */
export interface PersonReference {
  personId: string;
  emailDomain: string;
}

export interface SubscriptionFacts {
  subscriptionId: string;
  tenantId: string;
  /** Product code of the catalogue. */
  product: string;
  family: 'dynamics' | 'microsoft_365' | 'other';
  /** How it was bought: `volume_licensing`, `web_direct`, `csp`, or another channel by name. */
  channel: string;
  state: 'not_provisioned' | 'active' | 'in_grace' | 'suspended' | 'expired';
  /** ISO date on which the vendor provisioned it, or null when that is not known. */
  provisionedOn: string | null;
  /** ISO date on which its term ends, or null when it has no end. */
  endsOn: string | null;
  /** ISO date up to which it may be used beyond its term, or null when the vendor grants no grace. */
  graceEndsOn: string | null;
  /** The subscription that renews it, in lower case, or null. */
  successorId: string | null;
}

export type IdentifierFacts =
  | { kind: 'subscription'; subscription: SubscriptionFacts }
  | { kind: 'tenant' }
  | { kind: 'order' }
  | { kind: 'unknown' };
