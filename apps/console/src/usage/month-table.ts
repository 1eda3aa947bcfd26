import type { UsageAggregate, UsageSeriesOfTarget } from '../client/index.js';

/** Why a cell has its value, or has none. */
export type CellState = UsageSeriesOfTarget['points'][number]['state'];

export interface Cell {
  value: number | null;
  state: CellState;
}

/** Measures by month: what the chart draws, the table shows and the file contains. */
export interface MonthTable {
  months: string[];
  measures: string[];
  /** By month, then by measure, in the orders above. */
  cells: Cell[][];
}

/** Sums over all associations. A sum that leaves suppressed cells out says so. */
export function tableOfSums(measures: string[], sums: UsageAggregate[]): MonthTable {
  const months = sums.map(({ month }) => month);
  const cells = sums.map(({ values, suppressed }) =>
    measures.map((measure): Cell => {
      const value = values[measure] ?? null;
      return { value, state: suppressed.includes(measure) ? 'suppressed' : value === null ? 'missing' : 'known' };
    }),
  );
  return { months, measures, cells };
}

/** The series of one association, one per measure, which all have the same months. */
export function tableOfSeries(measures: string[], series: (UsageSeriesOfTarget | undefined)[]): MonthTable {
  const months = series[0]?.points.map(({ month }) => month) ?? [];
  const missing: Cell = { value: null, state: 'missing' };
  const byMonth = series.map((one) => new Map(one?.points.map(({ month, value, state }): [string, Cell] => [month, { value, state }])));
  return { months, measures, cells: months.map((month) => byMonth.map((points) => points.get(month) ?? missing)) };
}
