import type { EntityManager } from 'typeorm';
import type { Principal, Scope } from '#libs/auth/index.js';
import { type ClaimFilter, claimConditions } from './claim-filter.js';
import { type ClaimSummary, summaryColumns } from './claim-list.js';
import { type Place, ordered } from './keyset.js';
import { iso } from './sql.js';

export interface QueuedClaim extends ClaimSummary {
  reviewDueAt: string;
  tasks: { for: string; lines: number[]; since: string; until: string | null }[];
  /** Whether another partner wants, or holds, what a line asks for. */
  isCompeting: boolean;
  sortValue: string;
}

export interface ReviewFilter extends ClaimFilter {
  isCompeting?: boolean | undefined;
}

/** The statement that lists what a reviewer may act on, the least time left first. Nobody sees there what is not theirs to review (R21). */
export function reviewQueueSql(
  scope: Scope,
  reviewer: Pick<Principal, 'subject' | 'partnerAccountId' | 'actsFor'>,
  { isCompeting, ...filter }: ReviewFilter,
  { after, limit }: { after?: Place | undefined; limit: number },
) {
  const where = claimConditions(scope, filter);
  where.add('c.review_due_at IS NOT NULL');
  where.add(
    `c.partner_account_id <> ALL (${where.parameter([...reviewer.actsFor, reviewer.partnerAccountId].filter((id) => id !== null))})`,
  );
  if (isCompeting !== undefined) where.add(isCompeting ? 'c.is_competing' : 'NOT c.is_competing');
  where.add(`NOT ${where.parameter(reviewer.subject)} = ANY (c.barred_reviewers)`);
  const column = { sql: 'c.review_due_at', kind: 'instant' } as const;
  const { condition, orderBy, value } = ordered(column, 'c.claim_id', { by: 'reviewDueAt', isDescending: false }, after, where);
  if (condition !== null) where.add(condition);
  const page = `SELECT c.*, ${value} AS sort_value FROM claims c WHERE ${where.sql} ORDER BY ${orderBy} LIMIT ${where.parameter(limit)}`;
  return {
    sql: `SELECT ${summaryColumns}, ${iso('c.review_due_at')} AS "reviewDueAt", c.sort_value AS "sortValue", c.is_competing AS "isCompeting",
      jsonb_path_query_array(c.position, '$.waiting[*] ? (@.mover == "reviewer")') AS tasks FROM (${page}) c`,
    parameters: where.parameters,
  };
}

export function listReviews(database: Pick<EntityManager, 'query'>, ...query: Parameters<typeof reviewQueueSql>): Promise<QueuedClaim[]> {
  const { sql, parameters } = reviewQueueSql(...query);
  return database.query<QueuedClaim[]>(sql, parameters);
}
