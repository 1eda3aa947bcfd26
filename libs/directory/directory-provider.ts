import type { DirectoryFacts, TenantFacts } from '#libs/claims/facts.js';

/** The customer directory, which knows tenants, subscriptions and partner locations. Unknown records are null; failures are thrown. */
export interface DirectoryProvider {
  lookUp(query: DirectoryQuery): Promise<DirectoryAnswer>;
  /** Answers several questions, in order. Only providers that can do so in one go implement it. */
  lookUpMany?(queries: DirectoryQuery[]): Promise<DirectoryAnswer[]>;
  /** Lists an account's locations, by PartnerID; null if the account is unknown. Only providers that know accounts implement it. */
  locationsOf?(globalAccountId: string): Promise<AccountLocations | null>;
  /** Finds the tenant of a verified domain or of a sub-domain of one, in lower case; null if there is none. Only providers that know domains implement it. */
  tenantOf?(domain: string): Promise<string | null>;
}

export interface AccountLocations {
  legalName: string;
  locations: { partnerId: string; name: string }[];
}

export interface DirectoryQuery {
  partnerId: string;
  tenantId: string;
  /** Values entered as subscription IDs, in any case and form. */
  identifiers: string[];
  /** The instant at which enrolments must be valid, RFC 3339. Defaults to now by the product's clock, which the answer's `askedAt` then tells. */
  at?: string;
  /** Rejects cached answers given before `at`. */
  isNew?: boolean;
  /** Time-out in milliseconds. Defaults to the provider's limit. */
  withinMs?: number;
  /** Accepts a cached answer of up to this age if the directory is unavailable. Never use it for a decision. */
  staleForMs?: number;
}

/** Directory facts with administrators' names and addresses: personal data, to be replaced by references before it reaches an event. */
export interface DirectoryAnswer extends Omit<DirectoryFacts, 'tenant'> {
  tenant: TenantAnswer | null;
}

export interface TenantAnswer extends Omit<TenantFacts, 'admins'> {
  admins: TenantAdmin[];
}

export interface TenantAdmin {
  adminId: string;
  name: string;
  email: string;
}
