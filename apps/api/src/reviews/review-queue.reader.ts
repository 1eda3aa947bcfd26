import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Principal, Scope } from '#libs/auth/index.js';
import { ClaimSummaryView, listReviews, reviewOrder, summaryView, WaitingView } from '#libs/read-models/index.js';
import { reviewFilters } from '../claims/claim.query.js';
import { limit } from '../http/cursor.js';
import { Listing, listCursor, next } from '../http/listing.js';

export const ReviewQueueQuery = z.strictObject({ ...reviewFilters, cursor: listCursor, limit });
export type ReviewQueueQuery = z.output<typeof ReviewQueueQuery>;

export const ReviewQueue = z
  .object({
    items: z.array(
      ClaimSummaryView.extend({
        reviewDueAt: z.iso.datetime().describe('When a reviewer must act; for a hold, since when one should have.'),
        zone: z.string().nullable().describe('Time zone of the calendar that counts the deadlines of the claim; null while no clock runs.'),
        tasks: z.array(WaitingView).describe('Pending tasks.'),
        isCompeting: z.boolean().describe('Whether another partner claims or holds the target of a line.'),
        reviewer: z.string().nullable().describe('Subject of the reviewer who has taken the review; null while nobody has.'),
      }).meta({ id: 'QueuedClaim' }),
    ),
    next,
  })
  .meta({ id: 'ReviewQueue' });

/** Lists what one reviewer may act on. */
@Injectable()
export class ReviewQueueReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, principal: Principal, { cursor: place, limit: size, ...filter }: ReviewQueueQuery) {
    const listing = new Listing('review-queue', filter, reviewOrder.column, reviewOrder.sort);
    const { rows, next: following } = await listReviews(this.source.manager, scope, principal, filter, {
      after: listing.after(place),
      limit: size,
    });
    const items = rows.map(({ reviewDueAt, zone, tasks, isCompeting, reviewer, ...row }) => ({
      ...summaryView(row),
      reviewDueAt,
      zone,
      tasks,
      isCompeting,
      reviewer,
    }));
    return { items, next: listing.next(following) };
  }
}
