import { z } from 'zod';
import { feedTypes } from '#libs/event-feed/index.js';
import { disabledReasons, type Endpoint, webhookFormats } from '#libs/webhooks/index.js';
import { listOf } from '../http/listing.js';
import { label, mailAddress, partnerId, text } from '../http/text.schema.js';

/** What an owner decides about an endpoint. */
const settings = {
  url: text(2_000)
    .describe('https, without user, password or fragment. Addresses that are not public are refused, here and at every delivery.')
    .meta({ format: 'uri', example: 'https://partner.example/cpor' }),
  description: label(500).describe('For people.'),
  types: z
    .array(z.enum(feedTypes))
    .min(1)
    .max(feedTypes.length)
    .nullable()
    .describe('Only events of these types; null for all, also those that are added later.'),
  locations: z.array(partnerId).min(1).max(500).nullable().describe('PartnerIDs of a partner’s locations; null for all that you cover.'),
  format: z
    .enum(webhookFormats)
    .describe('`standard` is Standard Webhooks’ own body, `cloudevents` CloudEvents 1.0 in its structured JSON form.'),
  contactEmail: mailAddress.nullable().describe('Who is told when the endpoint is disabled.'),
};

export const NewEndpoint = z
  .strictObject({
    ...settings,
    description: settings.description.default(''),
    types: settings.types.default(null),
    locations: settings.locations.default(null),
    format: settings.format.default('standard'),
    contactEmail: settings.contactEmail.default(null),
  })
  .meta({
    id: 'NewWebhookEndpoint',
    example: { url: 'https://partner.example/cpor', types: ['claim.information_requested', 'association.official'] },
  });

export const EndpointChange = z
  .strictObject(settings)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Must name at least one field')
  .meta({ id: 'WebhookEndpointChange', example: { description: 'Our incentive engine' } });

const at = z.iso.datetime();
const count = z.int().min(0).max(1_000_000_000);

export const EndpointView = z
  .object({
    endpointId: z.guid(),
    ...settings,
    contactEmail: z.string().nullable(),
    state: z
      .enum(['enabled', 'failing', 'disabled'])
      .describe('`failing`: the last attempts failed, and the endpoint is tried every ten minutes until one succeeds.'),
    disabledBecause: z
      .enum(disabledReasons)
      .nullable()
      .describe('`owner`; `gone`: it answered 410; `failing`: every attempt has failed for three days.'),
    disabledAt: at.nullable(),
    failingSince: at.nullable(),
    pausedUntil: at.nullable().describe('Nothing is sent before.'),
    deliveredAt: at.nullable().describe('When a delivery last succeeded.'),
    pending: count.describe('Events that are queued for delivery.'),
    isBehind: z.boolean().describe('Whether more events follow the queued ones.'),
    version: z.int().min(1).max(999_999_999).describe('The ETag without its quotes.'),
    createdBy: z.string(),
    createdAt: at,
  })
  .meta({ id: 'WebhookEndpoint', description: 'Where events are sent to.' });

const secret = z
  .string()
  .describe('Verifies signatures. Shown once: keep it safe.')
  .meta({ example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });

export const CreatedEndpoint = EndpointView.extend({ secret }).meta({
  id: 'CreatedWebhookEndpoint',
  description: 'The endpoint with its secret.',
});

export const EndpointList = listOf(EndpointView);

export const NewSecret = z
  .strictObject({
    overlapHours: z.int().min(0).max(168).default(24).describe('How long the previous secret signs beside the new one.'),
  })
  .meta({ id: 'NewWebhookSecret', example: { overlapHours: 24 } });

export const SecretView = z.object({ secret, previousEndsAt: at }).meta({ id: 'WebhookSecret' });

export const Enabling = z
  .strictObject({
    skipMissed: z
      .boolean()
      .default(false)
      .describe('Whether to drop what was not delivered in the meantime. Otherwise the endpoint continues where it stopped.'),
  })
  .meta({ id: 'WebhookEnabling', example: { skipMissed: false } });

export function endpointView(endpoint: Endpoint): z.output<typeof EndpointView> {
  const { endpointId, url, description, types, locations, format, contactEmail, disabledBecause, pending, isBehind, version, createdBy } =
    endpoint;
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    endpointId,
    url,
    description,
    types,
    locations,
    format,
    contactEmail,
    state: disabledBecause !== null ? 'disabled' : endpoint.failingSince !== null ? 'failing' : 'enabled',
    disabledBecause,
    disabledAt: iso(endpoint.disabledAt),
    failingSince: iso(endpoint.failingSince),
    pausedUntil: iso(endpoint.pausedUntil),
    deliveredAt: iso(endpoint.deliveredAt),
    pending,
    isBehind,
    version,
    createdBy,
    createdAt: endpoint.createdAt.toISOString(),
  };
}
