import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { type UsageAggregate, usageAggregates, usageSeries, type UsageSet } from '../client/index.js';
import { type MonthTable, tableOfSeries, tableOfSums } from './month-table.js';

const numeric = ['count', 'decimal', 'percent'];

/** Names of the columns that can be drawn. */
export const measuresOf = (set: UsageSet): string[] => set.columns.filter(({ type }) => numeric.includes(type)).map(({ name }) => name);

interface Choice {
  set: UsageSet;
  /** Undefined for the sums of all associations. */
  associationId: string | undefined;
  from: string | undefined;
  to: string | undefined;
}

export interface UsageData {
  table: MonthTable;
  latestMonth: string | null;
  importedAt: string | null;
}

/** Reads what the page shows. Each reading is logged, and the customer sees it, so nothing is read again unasked. */
export function useMonthTable(choice: Choice | undefined) {
  const { associationId, from, to } = choice ?? {};
  return useQuery({
    queryKey: ['usage', choice?.set.name, associationId, from, to],
    queryFn: () => (choice!.associationId === undefined ? readSums(choice!) : readSeries(choice!, choice!.associationId)),
    enabled: choice !== undefined,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

type SetName = 'workload_usage';

const spanOf = ({ set, from, to }: Choice) => ({ set: set.name as SetName, ...(from && { from }), ...(to && { to }) });

async function readSums(choice: Choice): Promise<UsageData> {
  const sums: UsageAggregate[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await call(() => usageAggregates({ query: { ...spanOf(choice), by: 'month', ...(cursor && { cursor }) } }));
    sums.push(...page.items);
    if (page.next === null) return { table: tableOfSums(measuresOf(choice.set), sums), ...page.freshness };
    cursor = page.next;
  }
}

async function readSeries(choice: Choice, associationId: string): Promise<UsageData> {
  const measures = measuresOf(choice.set);
  const answers = await Promise.all(
    measures.map((measure) => call(() => usageSeries({ query: { ...spanOf(choice), measure, associationId } }))),
  );
  const table = tableOfSeries(
    measures,
    answers.map(({ items }) => items[0]),
  );
  return { table, ...(answers[0]?.freshness ?? { latestMonth: null, importedAt: null }) };
}
