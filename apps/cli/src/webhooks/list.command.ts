import type { WebhookEndpoint } from '@cpor/client';
import { defineCommand } from '../shell/command.js';

const columns = [
  { title: 'endpoint', of: ({ endpointId }: WebhookEndpoint) => endpointId },
  { title: 'state', of: ({ state }: WebhookEndpoint) => state },
  { title: 'pending', of: ({ pending, isBehind }: WebhookEndpoint) => `${pending}${isBehind ? '+' : ''}` },
  { title: 'delivered', of: ({ deliveredAt }: WebhookEndpoint) => deliveredAt?.slice(0, 16).replace('T', ' ') },
  { title: 'url', of: ({ url }: WebhookEndpoint) => url },
];

export const endpointsCommand = defineCommand({
  about: 'lists your webhook endpoints',
  examples: ['cpor webhooks list'],
  async run({ terminal, session }) {
    const cpor = await session.connect();
    terminal.table(await cpor.webhooks.list().toArray(), columns, 'You have no webhook endpoint.');
  },
});
