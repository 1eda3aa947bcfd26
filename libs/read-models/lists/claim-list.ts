import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { withinScope } from '../within-scope.js';
import { type Reach, readPage, type Search } from './search-page.js';
import { addClaimConditions, addFilter, asksForContent, type ClaimFilter, claimConditions, isOpenOnly, phasesOf } from './claim-filter.js';
import { Conditions } from './conditions.js';
import { cutPage, type Order, ordered, type Page, type Place, type SortColumn } from './keyset-page.js';
import { iso } from '../sql-instants.js';

type Queryable = Pick<EntityManager, 'query'>;

/** The same index serves sorting by phase or tenant, and listing the claims of one phase or tenant by creation. */
const tie = { sql: 'c.created_at', of: (id: string) => `(SELECT p.created_at FROM claims p WHERE p.claim_id = ${id})` };

/** What claims can be sorted by. Each has an index. A missing value counts as an empty text, or as a deadline that never comes. */
export const claimSorts = {
  createdAt: { sql: 'c.created_at', kind: 'instant' },
  updatedAt: { sql: 'c.updated_at', kind: 'instant' },
  nextDeadline: { sql: `coalesce(c.due_at, 'infinity')`, kind: 'instant' },
  number: { sql: `lpad(ltrim(c.number, 'CLM-'), 19, '0')`, kind: 'text' },
  name: { sql: 'lower(c.name)', kind: 'text' },
  phase: { sql: 'c.phase', kind: 'text', tie },
  area: { sql: 'c.area', kind: 'text' },
  partnerId: { sql: 'c.partner_id', kind: 'text' },
  tenantId: { sql: 'c.tenant_id', kind: 'text', tie },
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
  /** The next deadline still ahead. */
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
  /** Where the previous page ended. */
  after?: Place | undefined;
  /** Leave it out to list everything. */
  limit?: number | undefined;
}

type PageListing = ClaimListing & { limit: number };
type Statement = { sql: string; parameters: unknown[] };

/** Returns the statement that lists the claims inside a scope. The rows of a page carry the value that they are sorted by. */
export function claimListSql(scope: Scope, filter: ClaimFilter, listing: ClaimListing): Statement {
  const { where, orderBy, value } = pageConditions(scope, filter, listing);
  const page = `SELECT c.*, ${value} AS sort_value FROM claims c WHERE ${where.sql} ORDER BY ${orderBy}`;
  if (listing.limit === undefined) return statement(summaryColumns, page, where);
  return statement(pageColumns, `${page} LIMIT ${where.parameter(listing.limit)}`, where);
}

/** Lists a page of the claims inside a scope. */
export async function listClaims(
  database: Queryable,
  scope: Scope,
  filter: ClaimFilter,
  listing: PageListing,
  reach?: Reach,
): Promise<Page<ClaimSummary>> {
  if (asksForContent(filter)) return readPage<ClaimSummary>(database, search(scope, filter, listing), reach);
  const { sql, parameters } = pageSql(scope, filter, { ...listing, limit: listing.limit + 1 });
  const found = await database.query<(ClaimSummary & { sortValue: string })[]>(sql, parameters);
  return cutPage(found, listing.limit, ({ claimId }) => claimId);
}

function pageSql(scope: Scope, filter: ClaimFilter, listing: PageListing): Statement {
  const phases = [...new Set(phasesOf(filter))];
  return phases.length > 1 && byPhase.includes(listing.sort.by)
    ? phasesSql(scope, filter, phases, listing)
    : claimListSql(scope, filter, listing);
}

/** Sorts for which an index begins with the phase. */
const byPhase: ClaimSort[] = ['createdAt', 'nextDeadline'];

/** Reads a page of each phase and merges them, because an index that begins with the phase keeps the order only within one. */
function phasesSql(scope: Scope, filter: ClaimFilter, phases: string[], listing: PageListing): Statement {
  const { where, orderBy, value } = pageConditions(scope, { ...filter, phase: undefined, status: undefined }, listing);
  const limit = where.parameter(listing.limit);
  const pages = phases.map((phase) => {
    const ofPhase = new Conditions(where.parameters);
    addFilter({ phase: [phase] }, ofPhase);
    return `(SELECT c.*, ${value} AS sort_value FROM claims c WHERE ${where.sql} AND ${ofPhase.sql} ORDER BY ${orderBy} LIMIT ${limit})`;
  });
  return statement(pageColumns, `SELECT * FROM (${pages.join(' UNION ALL ')}) c ORDER BY ${orderBy} LIMIT ${limit}`, where);
}

/** A search that needs the word index. */
function search(scope: Scope, filter: ClaimFilter, { sort, after, limit }: PageListing): Search {
  const walk = walked(scope, filter, sort.by);
  return {
    columns: pageColumns,
    column: claimSorts[sort.by],
    sort,
    after,
    limit,
    walked: (where) => addClaimConditions(walk.scope, walk.filter, where),
    visible: (where) => where.add(withinScope(scope, where.parameters)),
    wanted: (where, asked) => addClaimConditions(everything, filter, where, asked),
  };
}

/** Returns the part of a scope and a filter for which an index holds the claims in order, so that walking them stays cheap. */
function walked(scope: Scope, filter: ClaimFilter, by: ClaimSort): { scope: Scope; filter: ClaimFilter } {
  const { dueAfter, dueBefore, updatedAfter, phase, tenantId } = filter;
  const isOpen = isOpenOnly(filter) ? true : undefined;
  if (by === 'updatedAt') return { scope: everything, filter: { isOpen, updatedAfter } };
  if (by === 'nextDeadline') return { scope: everything, filter: { isOpen, dueAfter, dueBefore } };
  if (by !== 'createdAt') return { scope: everything, filter: {} };
  const [single] = Object.entries({ tenantId, phase }).filter(([, values]) => values?.length === 1);
  const company: Scope = scope.kind === 'partner' ? { ...scope, locations: 'all' } : scope.kind === 'everything' ? everything : scope;
  return { scope: company, filter: { isOpen, ...(scope.kind === 'everything' && single !== undefined && { [single[0]]: single[1] }) } };
}

const everything: Scope = { kind: 'everything' };

function pageConditions(scope: Scope, filter: ClaimFilter, { sort, after }: ClaimListing) {
  const where = claimConditions(scope, filter);
  const { condition, orderBy, value } = ordered(claimSorts[sort.by], 'c.claim_id', sort, after, where);
  if (condition !== null) where.add(condition);
  return { where, orderBy, value };
}

const pageColumns = `${summaryColumns}, c.sort_value AS "sortValue"`;

/** The page is cut first, so that only its rows are formatted. */
const statement = (columns: string, page: string, { parameters }: Conditions): Statement => ({
  sql: `SELECT ${columns} FROM (${page}) c`,
  parameters,
});
