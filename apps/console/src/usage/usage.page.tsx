import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { usageSeries, usageSets } from '../client/index.js';
import { EmptyState, SelectField, TextField } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useFilters } from '../lists/index.js';
import { targetCode } from './target-code.js';
import { texts } from './texts.js';
import { UsageCharts } from './usage-charts.js';
import { UsageExports } from './usage-exports.js';
import { UsageTable } from './usage-table.js';
import { measuresOf, useMonthTable } from './use-month-table.js';

/** Figures of live associations: as charts, as a table, and as files (domain.md 9). */
export function Component() {
  const t = useTexts(texts);
  const format = useFormat();
  const filters = useFilters();
  const sets = useQuery({ queryKey: ['usage-sets'], queryFn: () => call(() => usageSets()), staleTime: Infinity });
  const set = sets.data?.items.find(({ name }) => name === filters.get('set')) ?? sets.data?.items[0];
  const choice = set && {
    set,
    associationId: filters.get('associationId') || undefined,
    from: filters.get('from') || undefined,
    to: filters.get('to') || undefined,
  };
  const usage = useMonthTable(choice);
  const error = sets.error ?? usage.error;
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('logged')}</p>
      {sets.data && set && (
        <search className="row">
          <SelectField
            name="set"
            label={t('set')}
            value={set.name}
            options={sets.data.items.map(({ name, title }) => ({ value: name, label: title }))}
            onChange={(event) => filters.set({ set: event.target.value, associationId: filters.get('associationId') })}
          />
          <AssociationField setName={set.name} measure={measuresOf(set)[0]} filters={filters} />
          <TextField
            name="from"
            type="month"
            label={t('from')}
            value={filters.get('from')}
            onChange={(event) => filters.set({ from: event.target.value })}
          />
          <TextField
            name="to"
            type="month"
            label={t('to')}
            value={filters.get('to')}
            onChange={(event) => filters.set({ to: event.target.value })}
          />
        </search>
      )}
      {error ? (
        <ProblemNotice error={error} onRetry={() => void (sets.error ? sets.refetch() : usage.refetch())} />
      ) : usage.data === undefined || set === undefined ? (
        <Loading />
      ) : (
        <>
          <p className="small muted">
            {usage.data.latestMonth === null || usage.data.importedAt === null
              ? t('noData')
              : t('fresh', { month: format.month(usage.data.latestMonth), at: format.instant(usage.data.importedAt) })}
          </p>
          {usage.data.table.months.length === 0 ? (
            <EmptyState title={t('noneTitle')}>
              <p>{t('noneWhat')}</p>
            </EmptyState>
          ) : (
            <>
              <UsageCharts set={set} table={usage.data.table} />
              <UsageTable setName={set.name} table={usage.data.table} filters={filters} />
            </>
          )}
        </>
      )}
      {error === null && <UsageExports />}
    </>
  );
}

/** The associations that have figures to read. A viewer of usage may not list associations, but the series name those it may read. */
function AssociationField({
  setName,
  measure,
  filters,
}: {
  setName: string;
  measure: string | undefined;
  filters: ReturnType<typeof useFilters>;
}) {
  const t = useTexts(texts);
  const series = useQuery({
    queryKey: ['usage-associations', setName],
    queryFn: () => call(() => usageSeries({ query: { set: setName as 'seats', measure: measure ?? '', limit: 100 } })),
    enabled: measure !== undefined,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const options = series.data?.items.map(({ associationId, claimNumber, target }) => ({
    value: associationId,
    label: `${targetCode(target)} · ${claimNumber}`,
  }));
  return (
    <SelectField
      name="associationId"
      label={t('association')}
      emptyLabel={t('all')}
      value={filters.get('associationId')}
      options={options ?? []}
      onChange={(event) => filters.set({ associationId: event.target.value })}
    />
  );
}
