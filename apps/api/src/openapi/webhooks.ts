import { contentTypes } from '#libs/webhooks/index.js';

const header = (name: string, description: string, schema: Record<string, unknown>) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema,
});

const retried = {
  'Retry-After': { description: 'Seconds or an HTTP date, before which nothing is sent to you.', schema: { type: 'string' } },
};

/** The `webhooks` of the OpenAPI document: what is sent to the endpoints that callers register, and what they are expected to answer. */
export const webhooks = {
  event: {
    post: {
      operationId: 'webhook_receive',
      summary: 'Receive an event',
      description:
        'Sent to your endpoint for every event in your scope, signed as Standard Webhooks (https://www.standardwebhooks.com) describes. Answer within 15 seconds. The same event may arrive twice, with the same `webhook-id`. Events of one claim arrive in the order of `sequence`; those of different claims in any.',
      tags: ['webhooks'],
      security: [],
      parameters: [
        header('webhook-id', 'Id of the event, the same at every attempt: process each once.', { type: 'string', format: 'uuid' }),
        header('webhook-timestamp', 'When this attempt was made, in seconds since 1970. Refuse what is older than five minutes.', {
          type: 'string',
          pattern: '^\\d{1,12}$',
          example: '1767225600',
        }),
        header(
          'webhook-signature',
          '`v1,` and the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` in base64, keyed with the bytes that follow `whsec_` in the secret (base64). While a secret is replaced there are several, separated by spaces: one must verify.',
          { type: 'string', example: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' },
        ),
      ],
      requestBody: {
        required: true,
        content: {
          [contentTypes.standard]: { schema: { $ref: '#/components/schemas/WebhookEvent' } },
          [contentTypes.cloudevents]: { schema: { $ref: '#/components/schemas/WebhookCloudEvent' } },
        },
      },
      responses: {
        '2XX': { description: 'Delivered. The body is not used; its beginning is shown with the delivery.' },
        '410': { description: 'The endpoint no longer exists: it is disabled.' },
        '429': { description: 'Try again later.', headers: retried },
        '503': { description: 'Try again later.', headers: retried },
        default: { description: 'Failed, redirects included. It is tried again, ten times over three days.' },
      },
    },
  },
};
