import type { EntityManager } from 'typeorm';
import type { Principal, Scope } from '#libs/auth/index.js';
import { type Reach, readPage } from './search-page.js';
import { withinScope } from '../within-scope.js';
import { addFilter, type AskedOf, type ClaimFilter } from './claim-filter.js';
import type { Conditions } from './conditions.js';
import { type ClaimSummary, summaryColumns } from './claim-list.js';
import type { Order, Page, Place, SortColumn } from './keyset-page.js';
import { iso } from '../sql-instants.js';

export interface QueuedClaim extends ClaimSummary {
  reviewDueAt: string;
  tasks: { for: string; lines: number[]; since: string; until: string | null }[];
  /** Whether another partner claims or holds the target of a line. */
  isCompeting: boolean;
}

export interface ReviewFilter extends ClaimFilter {
  isCompeting?: boolean | undefined;
}

/** The most urgent first. */
export const reviewOrder = {
  column: { sql: 'c.review_due_at', kind: 'instant' },
  sort: { by: 'reviewDueAt', isDescending: false },
} as const satisfies { column: SortColumn; sort: Order };

const columns = `${summaryColumns}, ${iso('c.review_due_at')} AS "reviewDueAt", c.sort_value AS "sortValue", c.is_competing AS "isCompeting",
  jsonb_path_query_array(c.position, '$.waiting[*] ? (@.mover == "reviewer")') AS tasks`;

/** Lists the claims that wait for review, the most urgent first. Leaves out claims that this reviewer may not review (R21). */
export function listReviews(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  reviewer: Pick<Principal, 'subject' | 'partnerAccountId' | 'actsFor'>,
  { isCompeting, ...filter }: ReviewFilter,
  page: { after?: Place | undefined; limit: number },
  reach?: Reach,
): Promise<Page<QueuedClaim>> {
  const past = scope.kind === 'everything' ? (scope.actsFor ?? []) : [];
  const own = [...past, ...reviewer.actsFor, reviewer.partnerAccountId].filter((id) => id !== null);
  const queued = (where: Conditions) => {
    where.add('c.review_due_at IS NOT NULL');
    if (isCompeting !== undefined) where.add(`c.is_competing = ${isCompeting}`);
  };
  const visible = (where: Conditions) => {
    where.add(withinScope(scope, where.parameters));
    where.add(`c.partner_account_id <> ALL (${where.parameter(own)})`);
    where.add(`NOT ${where.parameter(reviewer.subject)} = ANY (c.barred_reviewers)`);
  };
  const wanted = (where: Conditions, asked: AskedOf) => {
    queued(where);
    addFilter(filter, where, asked);
  };
  return readPage<QueuedClaim>(database, { ...reviewOrder, ...page, columns, walked: queued, visible, wanted }, reach);
}
