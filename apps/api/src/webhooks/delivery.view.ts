import { z } from 'zod';
import { type Delivery, deliveryStates, keptDays } from '#libs/webhooks/index.js';
import { cursor, limit } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { instant, text, uuid } from '../http/text.schema.js';

const at = z.iso.datetime();

const Attempt = z
  .object({
    at,
    ms: z.int().min(0).max(1_000_000),
    status: z.int().min(100).max(999).nullable().describe('Of the answer; null when there was none.'),
    fault: z
      .string()
      .nullable()
      .describe('Why there was no answer: `address_refused`, `dns`, `connect`, `tls`, `timeout`, `cut`, `protocol` or `url`.'),
    excerpt: z.string().describe('The beginning of the answer, or what went wrong.'),
  })
  .meta({ id: 'WebhookAttempt' });

export const DeliveryView = z
  .object({
    deliveryId: z.guid().describe('The `webhook-id`: the id of the event, the same at every attempt.'),
    type: z.string(),
    claimId: z.guid().nullable(),
    state: z.enum(deliveryStates).describe('`given_up`: every attempt failed. Retry it, or replay.'),
    attempts: z.int().min(0).max(1_000),
    nextAttemptAt: at.nullable(),
    finishedAt: at.nullable(),
    createdAt: at,
  })
  .meta({ id: 'WebhookDelivery', description: `One event to one endpoint. Kept for ${keptDays} days after it was finished.` });
export const DeliveryList = listOf(DeliveryView);

export const DeliveryDetail = DeliveryView.extend({
  body: z.string().describe('What is sent, before signing.'),
  log: z.array(Attempt).describe('The latest attempts, the oldest first.'),
}).meta({ id: 'WebhookDeliveryDetail', description: 'A delivery with its body and the answers to it.' });

export const DeliveryQuery = z.strictObject({
  state: z.enum(deliveryStates).optional(),
  type: text(100).optional(),
  claimId: uuid.optional(),
  cursor: cursor(z.string().regex(/^\d{1,18}$/)).optional(),
  limit,
});

export const NewReplay = z
  .strictObject({
    since: instant.describe('Events that were recorded at or after this instant.'),
    deliveries: z
      .enum(['all', 'given_up'])
      .describe('`given_up` tries again what was given up; `all` sends everything once more, in order, with the same ids.'),
  })
  .meta({ id: 'NewWebhookReplay', example: { since: '2026-11-01T00:00:00Z', deliveries: 'given_up' } });

export const deliveryView = ({ eventId, nextAttemptAt, finishedAt, createdAt, ...delivery }: Delivery): z.output<typeof DeliveryView> => ({
  deliveryId: eventId,
  type: delivery.type,
  claimId: delivery.claimId,
  state: delivery.state,
  attempts: delivery.attempts,
  nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  finishedAt: finishedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

export const deliveryDetail = (delivery: Delivery): z.output<typeof DeliveryDetail> => ({
  ...deliveryView(delivery),
  body: delivery.body,
  log: delivery.log,
});
