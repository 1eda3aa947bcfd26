import type { ClaimDetails } from '#libs/claims/index.js';

type Person = { [Field in 'name' | 'title' | 'email']?: string | undefined };
type Optional<Sent> = { [Field in keyof Sent]?: Sent[Field] | undefined };

export interface SentLine {
  /** Number of an existing line; absent for a new one. */
  line?: number | undefined;
  product: string;
  subscriptionId?: string | null | undefined;
  activities: string[];
}

/** What a partner states about a claim, as sent; the receiver has checked its shape. */
export type SentDetails = Optional<
  Omit<ClaimDetails, 'lines' | 'contacts' | 'revenue'> & {
    lines: SentLine[];
    contacts: Optional<{ customer: Person | null; partner: Omit<Person, 'title'> | null; technical: Person | null }>;
    revenue: { [Field in 'sellerName' | 'customerName' | 'solutionName']?: string | undefined } | null;
  }
>;

/** What the cover form states about a document. */
export interface SentCover {
  tenantId?: string | null | undefined;
  domain?: string | null | undefined;
  templateSha256?: string | null | undefined;
  products?: string[] | undefined;
  activities?: string[] | undefined;
}

export interface SentEvidence {
  fileName: string;
  content: Uint8Array;
  signedOn?: string | null | undefined;
  cover?: SentCover | null | undefined;
  /** Evidence of the same claim that this file replaces. */
  supersedes?: string | undefined;
}

/** A claim with small files inside. */
export type SentClaim = SentDetails & { programme: string; evidence: (Omit<SentEvidence, 'content'> & { contentBase64: string })[] };
