import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { endReasons } from '#libs/claims/index.js';
import { beginning, findPlace, feedTypes, readFeed } from '#libs/event-feed/index.js';
import { Problem } from '#libs/problems/index.js';
import { cursor, encodeCursor } from '../http/cursor.js';
import { several } from '../http/listing.js';

const instant = z.iso.datetime();
const digits = z.string().regex(/^\d{1,18}$/);
const index = z.int().min(0).max(100_000);
const Place = z.union([
  z.strictObject({ place: digits, index, mark: z.string().regex(/^[0-9a-f]{0,24}$/) }),
  /** Cursors that were handed out before the feed had places. */
  z.strictObject({ transactionId: digits, position: digits, index }),
]);

export const EventQuery = z.strictObject({
  after: cursor(Place)
    .optional()
    .describe('`cursor` of the last processed event, or `next` of the previous page; omit it to start from the beginning.'),
  types: several(z.enum(feedTypes)).optional().describe('Only these types.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Maximum number of items per page.'),
});
export type EventQuery = z.output<typeof EventQuery>;

const EventView = z
  .object({
    eventId: z.string().describe('Stable across reads: use it to skip events you have already processed.'),
    type: z.enum(feedTypes).describe('New values may be added.'),
    cursor: z.string().describe('Continues after this event.'),
    at: instant.describe('When it takes effect.'),
    recordedAt: instant,
    version: z.int().min(1).max(1_000_000).describe('Version of the claim with this event; orders the events of one claim.'),
    claimId: z.string(),
    claimNumber: z.string(),
    line: z.int().min(1).max(100_000),
    associationId: z.string(),
    target: z.string(),
    tenantId: z.string(),
    partnerAccountId: z.string(),
    partnerId: z.string(),
    activities: z.array(z.string()),
    from: instant,
    to: instant.nullable(),
    endReason: z.enum(endReasons).nullable(),
    isIncentivised: z
      .boolean()
      .describe('Whether a programme may pay for one of the activities. cpor itself neither computes nor pays anything.'),
    isOptedOutOfIncentives: z.boolean(),
    isEligible: z
      .boolean()
      .describe('False once the directory reports that the location is not enrolled or the subscription is suspended.'),
  })
  .meta({ id: 'AssociationEvent' });

export const EventPage = z
  .object({
    items: z.array(EventView),
    next: z.string().describe('Where to continue; also set when there were no new events.'),
    hasMore: z.boolean().describe('Whether more events are available now; otherwise poll again later.'),
  })
  .meta({ id: 'AssociationEventPage' });

/** What is handed over, always within a scope. */
@Injectable()
export class EventReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, { after = beginning, types, limit }: EventQuery) {
    const place = await findPlace(this.source.manager, after);
    if (place === null) throw new Problem('events_set_back');
    const { items, next, hasMore } = await readFeed(this.source.manager, scope, { after: place, types, limit });
    return {
      items: items.map(({ event, place }) => ({ ...event, cursor: encodeCursor(place) })),
      next: encodeCursor(next),
      hasMore,
    };
  }
}
