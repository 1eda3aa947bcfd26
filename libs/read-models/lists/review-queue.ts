import type { EntityManager } from 'typeorm';
import type { Principal, Scope } from '#libs/auth/index.js';
import { type Reach, readPage } from './search-page.js';
import { withinScope } from '../within-scope.js';
import { addFilter, type AskedOf, type ClaimFilter } from './claim-filter.js';
import { Conditions } from './conditions.js';
import { type ClaimSummary, summaryColumns } from './claim-list.js';
import type { Order, Page, Place, SortColumn } from './keyset-page.js';
import { iso } from '../sql-instants.js';

export interface QueuedClaim extends ClaimSummary {
  reviewDueAt: string;
  /** Of the calendar that counted the claim's deadlines. */
  zone: string | null;
  tasks: { for: string; lines: number[]; since: string; until: string | null }[];
  /** Whether another partner claims or holds the target of a line. */
  isCompeting: boolean;
  /** Who has taken the review; null while nobody has. */
  reviewer: string | null;
}

export interface ReviewFilter extends ClaimFilter {
  isCompeting?: boolean | undefined;
  /** Whether the caller has taken the review. */
  isMine?: boolean | undefined;
  /** Whether anybody has. */
  isTaken?: boolean | undefined;
}

type Reviewer = Pick<Principal, 'subject' | 'partnerAccountId' | 'actsFor'>;

/** The most urgent first. */
export const reviewOrder = {
  column: { sql: 'c.review_due_at', kind: 'instant' },
  sort: { by: 'reviewDueAt', isDescending: false },
} as const satisfies { column: SortColumn; sort: Order };

const columns = `${summaryColumns}, ${iso('c.review_due_at')} AS "reviewDueAt", c.sort_value AS "sortValue", c.is_competing AS "isCompeting", c.reviewer,
  c.state #>> '{clocks,0,deadline,zone}' AS zone,
  jsonb_path_query_array(c.position, '$.waiting[*] ? (@.mover == "reviewer")') AS tasks`;

/** Lists the claims that wait for review, the most urgent first. Leaves out claims that this reviewer may not review (R21). */
export function listReviews(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  reviewer: Reviewer,
  { isCompeting, isMine, isTaken, ...filter }: ReviewFilter,
  page: { after?: Place | undefined; limit: number },
  reach?: Reach,
): Promise<Page<QueuedClaim>> {
  const queued = (where: Conditions) => {
    where.add('c.review_due_at IS NOT NULL');
    if (isCompeting !== undefined) where.add(`c.is_competing = ${isCompeting}`);
  };
  const visible = (where: Conditions) => addReviewable(scope, reviewer, where);
  const wanted = (where: Conditions, asked: AskedOf) => {
    queued(where);
    if (isMine !== undefined) where.add(`c.reviewer IS ${isMine ? 'NOT ' : ''}DISTINCT FROM ${where.parameter(reviewer.subject)}`);
    if (isTaken !== undefined) where.add(`c.reviewer IS ${isTaken ? 'NOT ' : ''}NULL`);
    addFilter(filter, where, asked);
  };
  return readPage<QueuedClaim>(database, { ...reviewOrder, ...page, columns, walked: queued, visible, wanted }, reach);
}

/** Leaves out what this reviewer may not review (R21). */
function addReviewable(scope: Scope, reviewer: Reviewer, where: Conditions): void {
  const past = scope.kind === 'everything' ? (scope.actsFor ?? []) : [];
  const own = [...past, ...reviewer.actsFor, reviewer.partnerAccountId].filter((id) => id !== null);
  where.add(withinScope(scope, where.parameters));
  where.add(`c.partner_account_id <> ALL (${where.parameter(own)})`);
  where.add(`NOT ${where.parameter(reviewer.subject)} = ANY (c.barred_reviewers)`);
}

/**
 * Returns the most urgent claim whose review this reviewer may start and nobody has taken, or is about to take: neither one of the `excluded`
 * claims nor one with a review that is accepted and not yet started.
 */
export async function nextToReview(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  reviewer: Reviewer,
  { isCompeting, ...filter }: ReviewFilter,
  excluded: string[],
): Promise<string | null> {
  const where = new Conditions();
  where.add('c.review_due_at IS NOT NULL');
  where.add('c.reviewer IS NULL');
  if (isCompeting !== undefined) where.add(`c.is_competing = ${isCompeting}`);
  where.add(`c.claim_id <> ALL (${where.parameter(excluded)}::uuid[])`);
  where.add(`EXISTS (SELECT FROM claim_lines l WHERE l.claim_id = c.claim_id AND l.phase = 'submitted')`);
  where.add(`NOT EXISTS (SELECT FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.outcome IS NULL AND i.type = 'startReview')`);
  addReviewable(scope, reviewer, where);
  addFilter(filter, where);
  const [row] = await database.query<{ id: string }[]>(
    `SELECT c.claim_id AS id FROM claims c WHERE ${where.sql} ORDER BY c.review_due_at, c.claim_id LIMIT 1`,
    where.parameters,
  );
  return row?.id ?? null;
}
