import type { UsageListData, UsageRow, UsageSet } from '@cpor/client';
import { defineCommand, numberOf } from '../shell/command.js';

export const usageCommand = defineCommand({
  about: 'shows the usage of your associations, by month',
  args: [{ name: 'SET', about: 'the data set; without it, the sets are listed', isOptional: true }],
  options: {
    from: { type: 'string', value: 'MONTH', about: 'first month, such as 2026-01' },
    to: { type: 'string', value: 'MONTH', about: 'last month' },
    limit: { type: 'string', value: 'NUMBER', about: 'show at most this many rows; default: 100' },
  },
  examples: ['cpor usage', 'cpor usage workload_usage --from 2026-01', 'cpor usage seats --limit 1000 --json'],
  async run({ values, args: [set], terminal, session }) {
    const limit = numberOf(values.limit ?? '100', '--limit');
    const cpor = await session.connect();
    if (set === undefined) {
      const columns = [
        { title: 'set', of: (one: UsageSet) => one.name },
        { title: 'columns', of: (one: UsageSet) => one.columns.map(({ name }) => name).join(', ') },
      ];
      return terminal.table(await cpor.usage.sets().toArray(), columns, 'There are no data sets for you.');
    }
    const { from, to } = values;
    const query = { set, ...(from !== undefined && { from }), ...(to !== undefined && { to }) } as NonNullable<UsageListData['query']>;
    const rows = await cpor.usage.list(query).toArray(limit);
    const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
    const columns = [
      { title: 'month', of: ({ month }: UsageRow) => month.slice(0, 7) },
      { title: 'target', of: ({ target }: UsageRow) => target },
      ...names.map((name) => ({ title: name, of: (row: UsageRow) => (row.suppressed.includes(name) ? '(few)' : row.values[name]) })),
    ];
    terminal.table(rows, columns, 'There is no usage yet.');
  },
});
