import type { ClaimSummary } from '@cpor/client';
import { defineCommand, numberOf } from '../shell/command.js';
import { filterOptions, queryOf } from './filters.js';

const columns = [
  { title: 'number', of: ({ number }: ClaimSummary) => number },
  { title: 'phase', of: ({ phase }: ClaimSummary) => phase },
  { title: 'customer', of: ({ customerName, domain }: ClaimSummary) => customerName ?? domain },
  { title: 'products', of: ({ products }: ClaimSummary) => products.join(', ') },
  { title: 'next deadline', of: ({ nextDeadlineAt }: ClaimSummary) => nextDeadlineAt?.slice(0, 16).replace('T', ' ') },
  { title: 'name', of: ({ name }: ClaimSummary) => name },
];

/** The API gives no longer ones. */
const longestPage = 100;

export const listCommand = defineCommand({
  about: 'lists claims, the newest first',
  options: {
    ...filterOptions,
    limit: { type: 'string', value: 'NUMBER', about: 'show at most this many; default: 50' },
    all: { type: 'boolean', about: 'show all, however many they are' },
  },
  examples: ['cpor claims list --open', 'cpor claims list --phase draft --sort name', 'cpor claims list --all --json | jq length'],
  async run({ values, terminal, session }) {
    const limit = values.all ? Number.POSITIVE_INFINITY : numberOf(values.limit ?? '50', '--limit');
    const cpor = await session.connect();
    const claims = await cpor.claims.list({ ...queryOf(values), limit: Math.min(limit + 1, longestPage) }).toArray(limit + 1);
    terminal.table(claims.slice(0, limit), columns, 'There is no such claim.');
    if (claims.length > limit) terminal.say(`There are more. Use --limit or --all to see them.`);
  },
});
