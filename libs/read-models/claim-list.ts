import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimFilter, claimConditions, type Conditions, contentConditions, splitContent } from './claim-filter.js';
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
export function claimListSql(scope: Scope, filter: ClaimFilter, listing: ClaimListing) {
  const { where, orderBy, value } = pageConditions(scope, filter, listing);
  const page = `SELECT c.*, ${value} AS sort_value FROM claims c WHERE ${where.sql} ORDER BY ${orderBy}`;
  if (listing.limit === undefined) return statement(summaryColumns, page, where);
  return statement(pageColumns, `${page} LIMIT ${where.parameter(listing.limit)}`, where);
}

/** Lists the claims inside a scope, each with the value it is sorted by. */
export async function listClaims(database: Queryable, scope: Scope, filter: ClaimFilter, listing: ClaimListing & { limit: number }) {
  const read = ({ sql, parameters }: { sql: string; parameters: unknown[] }) =>
    database.query<(ClaimSummary & { sortValue: string })[]>(sql, parameters);
  const { content } = splitContent(filter);
  if (Object.values(content).every((one) => one === undefined)) return read(claimListSql(scope, filter, listing));
  const near = await read(nearSql(scope, filter, listing));
  return near.length === listing.limit ? near : read(farSql(scope, filter, listing));
}

/** How many claims are looked at, in their order, before the index of words is asked. */
const nearby = 2_500;

/*
 * How often words, products or tags meet is not known beforehand. What is frequent fills a page from the next few claims of the order; what does not is rare
 * enough to be collected by the index of words and sorted. Either is quick; the wrong one of them reads a million rows.
 */
function nearSql(scope: Scope, filter: ClaimFilter, listing: ClaimListing & { limit: number }) {
  const { content, rest } = splitContent(filter);
  const { where, orderBy, value } = pageConditions(scope, rest, listing);
  const next = `SELECT c.*, ${value} AS sort_value FROM claims c WHERE ${where.sql} ORDER BY ${orderBy} LIMIT ${nearby}`;
  const wanted = contentConditions(content, where);
  return statement(pageColumns, `SELECT * FROM (${next}) c WHERE ${wanted.join(' AND ')} LIMIT ${where.parameter(listing.limit)}`, where);
}

function farSql(scope: Scope, filter: ClaimFilter, listing: ClaimListing & { limit: number }) {
  const { where, orderBy, value } = pageConditions(scope, filter, listing);
  // OFFSET 0 keeps the order out of the choice of an index.
  const found = `SELECT c.* FROM claims c WHERE ${where.sql} OFFSET 0`;
  const page = `SELECT c.*, ${value} AS sort_value FROM (${found}) c ORDER BY ${orderBy} LIMIT ${where.parameter(listing.limit)}`;
  return statement(pageColumns, page, where);
}

function pageConditions(scope: Scope, filter: ClaimFilter, { sort, after }: ClaimListing) {
  const where = claimConditions(scope, filter);
  const { condition, orderBy, value } = ordered(claimSorts[sort.by], 'c.claim_id', sort, after, where);
  if (condition !== null) where.add(condition);
  return { where, orderBy, value };
}

const pageColumns = `${summaryColumns}, c.sort_value AS "sortValue"`;

/** The page is cut before its rows are written out. */
const statement = (columns: string, page: string, { parameters }: Conditions) => ({
  sql: `SELECT ${columns} FROM (${page}) c`,
  parameters,
});
