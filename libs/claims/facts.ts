/**
 * The customer directory's answer about one claim, stored with the command that relied on it so that the decision can be explained later.
 * It refers to people by id: addresses are personal data and are stored outside events.
 */
export interface DirectoryFacts {
  /** When the directory answered, RFC 3339. */
  askedAt: string;
  /** The claiming location, or null when no location has that PartnerID. */
  location: LocationFacts | null;
  /** The customer's tenant, or null when the directory has none with that ID. */
  tenant: TenantFacts | null;
  /** What each identifier stated as a subscription stands for, by identifier in lower case. */
  identifiers: Record<string, IdentifierFacts>;
  /** Records that exist but cannot be used. Absent when there are none. */
  unusable?: UnusableRecord[];
  /** Corrections and omissions in usable records. Absent when there are none. */
  remarks?: RecordRemark[];
}

export interface UnusableRecord {
  record: 'location' | 'tenant' | 'subscription' | 'identifier';
  /** The requested identifier, or the subscription's ID if readable. */
  id: string | null;
  /** The subscription's product, if readable. */
  product: string | null;
  /** The faulty fields and what is wrong with them, never their content. */
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
  /** `standard`, or a type that is not used for claims, such as `frp`. */
  type: string;
  isAgreementActive: boolean;
  isProfileComplete: boolean;
  /** Programmes in which the location is enrolled now. */
  enrolledProgrammes: string[];
  /** Other locations of the same global account, suggested as alternatives. */
  siblings: SiblingFacts[];
}

export interface SiblingFacts {
  partnerId: string;
  /** Programmes in which that location is enrolled now. */
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

/** Refers to a person without personal data: the rules need only the mail domain. */
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
  /** ISO date on which the vendor provisioned it, or null if unknown. */
  provisionedOn: string | null;
  /** ISO date on which its term ends, or null when it has no end. */
  endsOn: string | null;
  /** ISO date until which it may be used beyond its term, or null when the vendor grants no grace. */
  graceEndsOn: string | null;
  /** The subscription that renews it, in lower case, or null. */
  successorId: string | null;
}

export type IdentifierFacts =
  | { kind: 'subscription'; subscription: SubscriptionFacts }
  | { kind: 'tenant' }
  | { kind: 'order' }
  | { kind: 'unknown' };
