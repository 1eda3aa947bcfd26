import type { WebhookDelivery } from '@cpor/client';
import { defineCommand, numberOf } from '../shell/command.js';

const columns = [
  { title: 'delivery', of: ({ deliveryId }: WebhookDelivery) => deliveryId },
  { title: 'type', of: ({ type }: WebhookDelivery) => type },
  { title: 'state', of: ({ state }: WebhookDelivery) => state },
  { title: 'attempts', of: ({ attempts }: WebhookDelivery) => attempts },
  { title: 'queued', of: ({ createdAt }: WebhookDelivery) => createdAt.slice(0, 19).replace('T', ' ') },
  {
    title: 'next attempt',
    of: ({ nextAttemptAt, state }: WebhookDelivery) => (state === 'pending' ? nextAttemptAt?.slice(0, 19).replace('T', ' ') : null),
  },
];

export const deliveriesCommand = defineCommand({
  about: 'lists what was sent to a webhook endpoint, the newest first',
  args: [{ name: 'ENDPOINT', about: 'id of the endpoint' }],
  options: {
    state: {
      type: 'string',
      choices: ['pending', 'delivered', 'given_up'],
      about: 'only those in this state: pending, delivered or given_up',
    },
    limit: { type: 'string', value: 'NUMBER', about: 'show at most this many; default: 50' },
  },
  examples: ['cpor webhooks deliveries ENDPOINT --state given_up'],
  async run({ values, args: [endpointId], terminal, session }) {
    const limit = numberOf(values.limit ?? '50', '--limit');
    const cpor = await session.connect();
    const state = values.state as WebhookDelivery['state'] | undefined;
    const query = { limit: Math.min(limit, 100), ...(state !== undefined && { state }) };
    terminal.table(await cpor.webhooks.deliveries(endpointId!, query).toArray(limit), columns, 'There is no such delivery.');
  },
});
