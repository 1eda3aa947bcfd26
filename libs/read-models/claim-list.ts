import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimFilter, claimConditions } from './claim-filter.js';
import { type Order, type Place, ordered, type SortColumn } from './keyset.js';
import { iso } from './sql.js';

type Queryable = Pick<EntityManager, 'query'>;

/** What claims can be sorted by. Each has an index; what is absent counts as an empty text, or as a deadline that never comes. */
export const claimSorts = {
  createdAt: { sql: 'c.created_at', kind: 'instant' },
  updatedAt: { sql: 'c.updated_at', kind: 'instant' },
  nextDeadline: { sql: `coalesce(c.due_at, 'infinity')`, kind: 'instant' },
  number: { sql: `lpad(ltrim(c.number, 'CLM-'), 19, '0')`, kind: 'text' },
  name: { sql: 'lower(c.name)', kind: 'text' },
  phase: { sql: 'c.phase', kind: 'text' },
  area: { sql: 'c.area', kind: 'text' },
  partnerId: { sql: 'c.partner_id', kind: 'text' },
  tenantId: { sql: 'c.tenant_id', kind: 'text' },
  customer: { sql: 'lower(c.customer_name)', kind: 'text' },
  domain: { sql: 'c.domain', kind: 'text' },
  externalReference: { sql: `coalesce(c.external_reference, '')`, kind: 'text' },
} as const satisfies Record<string, SortColumn>;
export type ClaimSort = keyof typeof claimSorts;

/** A claim as lists show it. */
export interface ClaimSummary {
  claimId: string;
  number: string;
  version: number;
  name: string;
  phase: string;
  area: string;
  products: string[];
  activities: string[];
  partnerAccountId: string;
  partnerId: string;
  tenantId: string;
  customerName: string | null;
  domain: string | null;
  externalReference: string | null;
  tags: string[];
  reasons: string[];
  isOpen: boolean;
  /** The next deadline that still lies ahead. */
  nextDeadlineAt: string | null;
  dueClock: string | null;
  dueAt: string | null;
  isBreached: boolean;
  /** Milliseconds until the deadline; negative once it has passed. */
  dueInMs: number | null;
  createdAt: string;
  updatedAt: string;
}

export const summaryColumns = `c.claim_id AS "claimId", c.number, c.version, c.name, c.phase, c.area, c.products, c.activities,
  c.partner_account_id AS "partnerAccountId", c.partner_id AS "partnerId", c.tenant_id AS "tenantId",
  nullif(c.customer_name, '') AS "customerName", nullif(c.domain, '') AS domain, c.external_reference AS "externalReference",
  c.tags, c.reasons, c.is_open AS "isOpen", ${iso('c.alarm_at')} AS "nextDeadlineAt", c.due_clock AS "dueClock",
  ${iso('c.due_at')} AS "dueAt", c.is_breached AS "isBreached",
  round(extract(epoch FROM c.due_at - (SELECT cpor_now())) * 1000)::float8 AS "dueInMs",
  ${iso('c.created_at')} AS "createdAt", ${iso('c.updated_at')} AS "updatedAt"`;

export interface ClaimListing {
  sort: Order<ClaimSort>;
  /** Where the last page ended. */
  after?: Place | undefined;
  /** None for everything. */
  limit?: number | undefined;
}

/** The statement that lists the claims inside a scope; the rows of a page carry the value they are sorted by. */
export function claimListSql(scope: Scope, filter: ClaimFilter, { sort, after, limit }: ClaimListing) {
  const where = claimConditions(scope, filter);
  const { condition, orderBy, value } = ordered(claimSorts[sort.by], 'c.claim_id', sort, after, where);
  if (condition !== null) where.add(condition);
  const page = `SELECT c.*, ${value} AS sort_value FROM claims c WHERE ${where.sql} ORDER BY ${orderBy}`;
  const limited = limit === undefined ? page : `${page} LIMIT ${where.parameter(limit)}`;
  const columns = limit === undefined ? summaryColumns : `${summaryColumns}, c.sort_value AS "sortValue"`;
  // The page is cut before its rows are written out.
  return { sql: `SELECT ${columns} FROM (${limited}) c`, parameters: where.parameters };
}

/** Lists the claims inside a scope, each with the value it is sorted by. */
export function listClaims(database: Queryable, scope: Scope, filter: ClaimFilter, listing: ClaimListing) {
  const { sql, parameters } = claimListSql(scope, filter, listing);
  return database.query<(ClaimSummary & { sortValue: string })[]>(sql, parameters);
}
