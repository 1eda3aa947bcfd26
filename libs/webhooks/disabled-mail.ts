import type { DataSource } from 'typeorm';
import { html } from '#libs/html/index.js';
import type { Mailer } from '#libs/notices/index.js';
import type { DisabledReason } from './endpoint.js';
import { failingDays } from './delivery-results.js';

const reasons: Record<DisabledReason, string> = {
  gone: 'It answered 410 Gone, which says that it no longer exists.',
  failing: `Every delivery has failed for ${failingDays} days.`,
  owner: 'It was disabled on request.',
};

interface DisabledEndpoint {
  url: string;
  contactEmail: string;
  because: DisabledReason;
  disabledAt: Date;
}

/**
 * Tells the owner's contact that an endpoint was disabled, once. Does nothing for one that is enabled, that its owner has disabled, or that has
 * no contact. @throws MailFault when a later attempt may succeed
 */
export async function tellOwner(
  { source, mailer, mailFrom }: { source: DataSource; mailer: Mailer; mailFrom: string },
  endpointId: string,
): Promise<void> {
  const [endpoint] = await source.query<DisabledEndpoint[]>(
    `SELECT url, contact_email AS "contactEmail", disabled_because AS because, disabled_at AS "disabledAt" FROM webhook_endpoints
     WHERE endpoint_id = $1 AND disabled_because IN ('gone', 'failing') AND told_at IS NULL AND contact_email IS NOT NULL`,
    [endpointId],
  );
  if (endpoint === undefined) return;
  const { url, contactEmail, because, disabledAt } = endpoint;
  // The path may hold a key of the receiver.
  const host = new URL(url).host;
  const paragraphs = [
    `cpor no longer sends events to your webhook endpoint at ${host}. ${reasons[because]}`,
    'Nothing is lost. Once the endpoint works, enable it again with POST /v1/webhook-endpoints/{endpointId}/enable, or in the console: it then continues where it stopped. Meanwhile you can read the same events from GET /v1/events.',
    `Endpoint: ${endpointId}`,
  ];
  const address = /<([^<>]+)>/.exec(mailFrom)?.[1] ?? mailFrom;
  await mailer.send({
    to: contactEmail,
    subject: `Webhook endpoint at ${host} was disabled`,
    text: `${paragraphs.join('\n\n')}\n`,
    html: html`<!doctype html><html lang="en"><body>${paragraphs.map((text) => html`<p>${text}</p>`)}</body></html>`.toString(),
    messageId: `webhook-${endpointId}-${disabledAt.getTime()}@${address.split('@').at(-1)}`,
    envelopeFrom: address,
  });
  await source.query('UPDATE webhook_endpoints SET told_at = clock_timestamp() WHERE endpoint_id = $1', [endpointId]);
}
