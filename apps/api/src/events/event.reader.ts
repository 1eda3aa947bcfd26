import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { endReasons, phases, publicClockNames } from '#libs/claims/index.js';
import { associationTypes, beginning, changeTypes, feedCursor, feedTypes, findPlace, readFeed } from '#libs/event-feed/index.js';
import { Problem } from '#libs/problems/index.js';
import { cursor } from '../http/cursor.js';
import { several } from '../http/listing.js';

const instant = z.iso.datetime();
const digits = z.string().regex(/^\d{1,18}$/);
const index = z.int().min(0).max(100_000);
const Place = z.strictObject({ place: digits, index, mark: z.string().regex(/^[0-9a-f]{0,24}$/) });

export const EventQuery = z.strictObject({
  after: cursor(Place)
    .optional()
    .describe('`cursor` of the last event you processed, or `next` of the previous page. If omitted, reads from the beginning.'),
  types: several(z.enum(feedTypes))
    .optional()
    .describe('Only events of these types. A reader that names none should ignore types it does not know.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Maximum number of items per page.'),
});
export type EventQuery = z.output<typeof EventQuery>;

const head = {
  eventId: z.string().describe('The same on every read, so that you can recognise events that you have processed.'),
  cursor: z.string().describe('Pass as `after` to continue after this event.'),
  at: instant.describe('Instant from which it applies.'),
  recordedAt: instant,
  version: z.int().min(1).max(1_000_000).describe('Version of the claim at the event. Orders the events of one claim.'),
  claimId: z.string(),
  claimNumber: z.string(),
  tenantId: z.string(),
  partnerAccountId: z.string(),
  partnerId: z.string().describe('Location of the claim or of the association.'),
  by: z.enum(['partner', 'reviewer', 'customer', 'operator', 'system']).describe('Who caused it.'),
};
const line = z.int().min(1).max(100_000);

export const AssociationEvent = z
  .object({
    ...head,
    type: z.enum(associationTypes),
    line,
    associationId: z.string(),
    target: z.string(),
    activities: z.array(z.string()),
    from: instant,
    to: instant.nullable(),
    endReason: z.enum(endReasons).nullable(),
    isIncentivised: z
      .boolean()
      .describe('Whether an incentive programme may pay for one of the activities. cpor calculates and pays nothing.'),
    isOptedOutOfIncentives: z.boolean(),
    isEligible: z
      .boolean()
      .describe('False once the directory has reported that the location is not enrolled or the subscription is suspended.'),
  })
  .meta({ id: 'AssociationEvent', description: 'An association began, ended, or gained or lost its eligibility.' });

export const ClaimChangeEvent = z
  .object({
    ...head,
    type: z.enum(Object.values(changeTypes)).describe('New values may be added.'),
    lines: z.array(line).describe('Lines that the change concerns; empty if it concerns the claim as a whole.'),
    phase: z.enum(phases).nullable().describe('Of the claim, after the change. Null for customers.'),
    reasons: z.array(z.string()).describe('Codes of the reasons or of the outcome.'),
    deadlines: z
      .array(z.object({ clock: z.enum(Object.values(publicClockNames)), lines: z.array(line), dueAt: instant }))
      .describe('Deadlines that the change has set.'),
    aboutId: z.string().nullable().describe('Id of the information request, notice, choice or evidence file that the change is about.'),
  })
  .meta({ id: 'ClaimChangeEvent', description: 'Any other change of a claim, in ids, codes and instants.' });

export const FeedEventView = z
  .discriminatedUnion('type', [AssociationEvent, ClaimChangeEvent])
  .meta({ id: 'FeedEvent', description: 'New types of events may be added.' });

export const EventPage = z
  .object({
    items: z.array(FeedEventView),
    next: z.string().describe('Pass as `after` to continue, even if there were no new events.'),
    hasMore: z.boolean().describe('Whether more events are available now, also when this page has none for you; if not, poll later.'),
  })
  .meta({ id: 'EventPage' });

/** Reads the event feed within the caller's scope. */
@Injectable()
export class EventReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, { after = beginning, types, limit }: EventQuery) {
    const place = await findPlace(this.source.manager, after);
    if (place === null) throw new Problem('events_set_back');
    const { items, next, hasMore } = await readFeed(this.source.manager, scope, { after: place, types, limit });
    return {
      items: items.map((item) => ({ ...item.event, cursor: feedCursor(item.place) })),
      next: feedCursor(next),
      hasMore,
    };
  }
}
