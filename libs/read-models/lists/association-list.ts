import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { withinScope } from '../within-scope.js';
import { Conditions } from './conditions.js';
import { cutPage, type Order, ordered, type Page, type Place, type SortColumn } from './keyset-page.js';
import { iso } from '../sql-instants.js';

type Queryable = Pick<EntityManager, 'query'>;

export interface AssociationFilter {
  associationId?: string | undefined;
  state?: 'live' | 'ended' | undefined;
  tenantId?: string[] | undefined;
  partnerId?: string[] | undefined;
  target?: string | undefined;
  /** True to list only those that the customer has been notified about. */
  isNotifiedOnly?: boolean | undefined;
}

export const associationSorts = {
  officialAt: { sql: 'a.official_at', kind: 'instant' },
  endedAt: { sql: `coalesce(a.ended_at, 'infinity')`, kind: 'instant' },
  target: { sql: 'a.target', kind: 'text' },
} as const satisfies Record<string, SortColumn>;
export type AssociationSort = keyof typeof associationSorts;

export interface AssociationRow {
  associationId: string;
  claimId: string;
  number: string;
  line: number;
  target: string;
  /** Code of the product. */
  product: string;
  /** Name and version of the policy that applies. */
  policy: string;
  /** The tenant's name, if the claim stated one of its domains. */
  customerName: string | null;
  activities: string[];
  partnerAccountId: string;
  partnerId: string;
  /** Legal name from the latest answer of the directory. */
  partnerName: string | null;
  tenantId: string;
  officialAt: string;
  endedAt: string | null;
}

/** The customer's mail server has accepted a notice about this very line. */
const isNotified = `EXISTS (
  SELECT FROM jsonb_array_elements((SELECT c.state -> 'lines' FROM claims c WHERE c.claim_id = a.claim_id)) l
  JOIN notice_recipients r ON r.notice_id = (l ->> 'noticeId')::uuid
  WHERE (l ->> 'line')::int = a.line AND r.outcome = 'accepted')`;

export interface AssociationListing {
  sort: Order<AssociationSort>;
  after?: Place | undefined;
  limit: number;
}

function associationListSql(scope: Scope, filter: AssociationFilter, { sort, after, limit }: AssociationListing) {
  const where = new Conditions();
  where.add(withinScope(scope, where.parameters, 'a'));
  if (filter.associationId !== undefined) where.add(`a.association_id = ${where.parameter(filter.associationId)}`);
  if (filter.state !== undefined) where.add(`${associationSorts.endedAt.sql} ${filter.state === 'live' ? '=' : '<'} 'infinity'`);
  where.addAny('a.tenant_id', filter.tenantId);
  where.addAny('a.partner_id', filter.partnerId);
  if (filter.target !== undefined) where.add(`a.target = ${where.parameter(filter.target)}`);
  if (filter.isNotifiedOnly === true) where.add(isNotified);
  const { condition, orderBy, value } = ordered(associationSorts[sort.by], 'a.association_id', sort, after, where);
  if (condition !== null) where.add(condition);
  const page = `SELECT a.*, ${value} AS sort_value FROM associations a WHERE ${where.sql}
    ORDER BY ${orderBy} LIMIT ${where.parameter(limit)}`;
  return {
    sql: `SELECT a.association_id AS "associationId", a.claim_id AS "claimId", a.line, a.target, a.activities,
      c.number, c.state ->> 'policy' AS policy, nullif(c.customer_name, '') AS "customerName",
      (SELECT l.product FROM claim_lines l WHERE l.claim_id = a.claim_id AND l.line = a.line) AS product,
      a.partner_account_id AS "partnerAccountId", a.partner_id AS "partnerId", a.tenant_id AS "tenantId",
      (SELECT d.facts -> 'location' ->> 'legalName' FROM directory_answers d
        WHERE d.claim_id = a.claim_id AND d.facts -> 'location' ->> 'partnerId' = a.partner_id
        ORDER BY d.asked_at DESC LIMIT 1) AS "partnerName",
      ${iso('a.official_at')} AS "officialAt", ${iso('a.ended_at')} AS "endedAt", a.sort_value AS "sortValue" FROM (${page}) a JOIN claims c ON c.claim_id = a.claim_id ORDER BY ${orderBy}`,
    parameters: where.parameters,
  };
}

/** Lists a page of the associations inside a scope. `tables/associations.ts` writes them. */
export async function listAssociations(
  database: Queryable,
  scope: Scope,
  filter: AssociationFilter,
  listing: AssociationListing,
): Promise<Page<AssociationRow>> {
  const { sql, parameters } = associationListSql(scope, filter, { ...listing, limit: listing.limit + 1 });
  const found = await database.query<(AssociationRow & { sortValue: string })[]>(sql, parameters);
  return cutPage(found, listing.limit, ({ associationId }) => associationId);
}
