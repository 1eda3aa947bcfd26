import type { FeedEvent } from '#libs/event-feed/index.js';
import type { WebhookFormat } from './endpoint.js';

/** The type of an event that an owner sends to try an endpoint. */
export const testType = 'webhook.test';

export interface WebhookEvent {
  eventId: string;
  type: string;
  /** RFC 3339. */
  recordedAt: string;
  claimId: string | null;
  /** Orders the events of one claim. */
  sequence: number | null;
  /** What `GET /v1/events` returns for it. */
  data: object;
}

/** The feed's event, as a webhook carries it. `cursor` continues the feed after it. */
export const webhookEventOf = (event: FeedEvent, cursor: string): WebhookEvent => ({
  eventId: event.eventId,
  type: event.type,
  recordedAt: event.recordedAt,
  claimId: event.claimId,
  sequence: event.version,
  data: { ...event, cursor },
});

export const contentTypes: Record<WebhookFormat, string> = {
  standard: 'application/json',
  cloudevents: 'application/cloudevents+json',
};

/** The body of a webhook: `type`, `timestamp` and `data` as Standard Webhooks asks, or CloudEvents 1.0. */
export function bodyOf(event: WebhookEvent, format: WebhookFormat, source: string): string {
  const { eventId, type, recordedAt, claimId, sequence, data } = event;
  if (format === 'standard') return JSON.stringify({ type, timestamp: recordedAt, ...(sequence !== null && { sequence }), data });
  return JSON.stringify({
    specversion: '1.0',
    id: eventId,
    source,
    type,
    ...(claimId !== null && { subject: claimId }),
    time: recordedAt,
    // The extension "sequence" is text that sorts as the numbers do.
    ...(sequence !== null && { sequence: String(sequence).padStart(10, '0') }),
    datacontenttype: 'application/json',
    data,
  });
}
