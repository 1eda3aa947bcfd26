import type { PersonReference } from './facts.js';

/** What the partner states. Names and addresses of people are kept apart; only references travel in commands and events (R28). */
export interface ClaimDetails {
  /** Name of the programme under whose policy the claim is made. */
  programme: string;
  /** The partner's own label. */
  name: string;
  /** The claiming location. */
  partnerId: string;
  tenantId: string;
  domain: string | null;
  area: string;
  lines: LineDetails[];
  contacts: ClaimContacts;
  revenue: RevenueReference | null;
  acknowledgementVersion: number | null;
  transactionOn: string | null;
  isOptedOutOfIncentives: boolean;
  externalReference: string | null;
  tags: string[];
}

export interface LineDetails {
  /** Number of the line within the claim, from 1; never reused. */
  line: number;
  product: string;
  subscriptionId: string | null;
  activities: string[];
}

/** A contact as the rules see it: who (by reference), at which mail domain, and what is still missing. */
export interface ContactReference extends PersonReference {
  missingFields: string[];
}

export interface ClaimContacts {
  customer: ContactReference | null;
  partner: ContactReference | null;
  technical: ContactReference | null;
}

/** Seller, customer and product names of a revenue association: kept apart too, since the seller is a person. */
export interface RevenueReference {
  personId: string;
  missingFields: string[];
}

export interface EvidenceReference {
  evidenceId: string;
  sha256: string;
  /** ISO date of the customer's signature, if stated. */
  signedOn: string | null;
  /** What the cover form says the document is about. */
  cover: CoverForm | null;
  /** The evidence of the same claim that it takes the place of. */
  supersedes?: string | null | undefined;
}

/** What the cover form of a document states about the customer and the work (domain.md 2.1, evidence content). */
export interface CoverForm {
  tenantId: string | null;
  domain: string | null;
  /** SHA-256 of the standard statement of work that was signed, if one was. */
  templateSha256?: string | null | undefined;
  products?: string[] | undefined;
  activities?: string[] | undefined;
}

/** The fields of a claim by the groups in which they lock (domain.md 7). */
export const fieldGroups = {
  identity: ['programme', 'tenantId', 'domain', 'area'],
  location: ['partnerId'],
  lines: ['lines'],
  contacts: ['contacts'],
  // Not in the table of domain.md 7: they describe the partner's statement, so they lock with its products.
  statement: ['name', 'revenue', 'acknowledgementVersion', 'transactionOn', 'isOptedOutOfIncentives', 'externalReference', 'tags'],
} as const satisfies Record<string, readonly (keyof ClaimDetails)[]>;
export type FieldGroup = keyof typeof fieldGroups;
