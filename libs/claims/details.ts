import type { PersonReference } from './facts.js';

/** What the partner states. People's names and addresses are stored apart; commands and events hold only references (R28). */
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

/** A contact as the rules see it: a reference to the person, the mail domain, and what is still missing. */
export interface ContactReference extends PersonReference {
  missingFields: string[];
}

export interface ClaimContacts {
  customer: ContactReference | null;
  partner: ContactReference | null;
  technical: ContactReference | null;
}

/** Seller, customer and product names of a revenue association; stored apart too, because the seller is a person. */
export interface RevenueReference {
  personId: string;
  missingFields: string[];
}

export interface EvidenceReference {
  evidenceId: string;
  sha256: string;
  /** ISO date of the customer's signature, if stated. */
  signedOn: string | null;
  /** What the cover form states about the document. */
  cover: CoverForm | null;
  /** Set when the customer signed the programme's own statement in cpor: there is no file, and the ID is that of the signature. */
  isSignedHere?: true | undefined;
  /** What keeps the file in quarantine: it waits for the malware scanner, or malware was found in it. Absent for a file that may be opened. */
  quarantine?: 'waiting' | 'infected' | undefined;
  /** The evidence of the same claim that it replaces. */
  supersedes?: string | null | undefined;
}

/** What a document's cover form states about the customer and the work (domain.md 2.1, evidence content). */
export interface CoverForm {
  tenantId: string | null;
  domain: string | null;
  /** SHA-256 of the signed standard statement of work, if there is one. */
  templateSha256?: string | null | undefined;
  products?: string[] | undefined;
  activities?: string[] | undefined;
}

/** A claim's fields, in the groups that lock together (domain.md 7). */
export const fieldGroups = {
  identity: ['programme', 'tenantId', 'domain', 'area'],
  location: ['partnerId'],
  lines: ['lines'],
  contacts: ['contacts'],
  // domain.md 7 does not list these; they describe the partner's statement, so they lock with its products.
  statement: ['name', 'revenue', 'acknowledgementVersion', 'transactionOn', 'isOptedOutOfIncentives', 'externalReference', 'tags'],
} as const satisfies Record<string, readonly (keyof ClaimDetails)[]>;
export type FieldGroup = keyof typeof fieldGroups;
