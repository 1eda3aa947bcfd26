import type { DirectoryFacts, TenantFacts } from '#libs/claims/facts.js';

/** The customer directory: whatever knows tenants, subscriptions and partner locations. Its faults are thrown, what it does not know is null. */
export interface DirectoryProvider {
  lookUp(query: DirectoryQuery): Promise<DirectoryAnswer>;
  /** The answers to many questions, in their order, where asking together is cheaper. */
  lookUpMany?(queries: DirectoryQuery[]): Promise<DirectoryAnswer[]>;
}

export interface DirectoryQuery {
  partnerId: string;
  tenantId: string;
  /** What was given as subscription IDs, in any case and shape. */
  identifiers: string[];
  /** The instant that counts for enrolments that end, RFC 3339; the database's own when left out. */
  at?: string;
  /** No answer that was given before this instant will do, RFC 3339. */
  notBefore?: string;
  /** How long the caller waits, in milliseconds; the provider's own limit when left out. */
  withinMs?: number;
  /** When the directory does not answer, one of its answers that is at most so old will do. Only for what decides nothing. */
  staleForMs?: number;
}

/** The facts of the rules, but with the administrators' names and addresses: personal data, to be turned into references before any event. */
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
