import { LineChart } from '../charts/index.js';
import type { UsageSet } from '../client/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { MonthTable } from './month-table.js';
import { texts } from './texts.js';

/** Counts share one chart, so that active, assigned and available can be compared; each kind of other number has its own. */
export function UsageCharts({ set, table }: { set: UsageSet; table: MonthTable }) {
  const t = useTexts(texts);
  const format = useFormat();
  const typeOf = (measure: string) => set.columns.find(({ name }) => name === measure)?.type;
  const labels = table.months.map(format.month);
  const seriesOf = (types: string[]) =>
    table.measures
      .map((name, index) => ({ name, values: table.cells.map((row) => row[index]?.value ?? null) }))
      .filter(({ name, values }) => types.includes(typeOf(name) ?? '') && values.some((value) => value !== null));
  const counts = seriesOf(['count', 'decimal']).slice(0, 4);
  const shares = seriesOf(['percent']);
  return (
    <div className="charts">
      {counts.length > 0 && (
        <LineChart
          title={t('chart', { measures: format.list(counts.map(({ name }) => name)) })}
          labels={labels}
          series={counts}
          formatValue={format.number}
        />
      )}
      {shares.length > 0 && (
        <LineChart title={t('percentChart')} labels={labels} series={shares} formatValue={(value) => `${format.number(value)} %`} />
      )}
    </div>
  );
}
