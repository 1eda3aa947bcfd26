import type { QueuedClaim } from '@cpor/client';
import { defineCommand, numberOf } from '../shell/command.js';

const columns = [
  { title: 'number', of: ({ number }: QueuedClaim) => number },
  { title: 'due', of: ({ reviewDueAt }: QueuedClaim) => reviewDueAt.slice(0, 16).replace('T', ' ') },
  { title: 'customer', of: ({ customerName, domain }: QueuedClaim) => customerName ?? domain },
  { title: 'products', of: ({ products }: QueuedClaim) => products.join(', ') },
  { title: 'partner', of: ({ partnerId }: QueuedClaim) => partnerId },
  { title: 'status', of: ({ status }: QueuedClaim) => status },
];

export const queueCommand = defineCommand({
  about: 'lists what waits for a reviewer, the most urgent first',
  options: {
    mine: { type: 'boolean', about: 'only what you have taken' },
    untaken: { type: 'boolean', about: 'only what nobody has taken' },
    search: { type: 'string', value: 'TEXT', about: 'only claims in which this text occurs' },
    limit: { type: 'string', value: 'NUMBER', about: 'show at most this many; default: 50' },
  },
  examples: ['cpor review queue --untaken', 'cpor review queue --mine --json'],
  async run({ values, terminal, session }) {
    const limit = numberOf(values.limit ?? '50', '--limit');
    const cpor = await session.connect();
    const query = {
      ...(values.mine && { isMine: true }),
      ...(values.untaken && { isTaken: false }),
      ...(values.search !== undefined && { q: values.search }),
    };
    terminal.table(await cpor.reviewQueue.list(query).toArray(limit), columns, 'Nothing waits for a reviewer.');
  },
});
