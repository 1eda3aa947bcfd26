import { Link } from 'react-router';
import { call } from '../api/index.js';
import { type Breach, type BreachList, breachesList } from '../client/index.js';
import { Badge, SelectField } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { DayFilter, instantsOf, ReportList } from '../reports/index.js';
import { durationIn } from './duration.js';
import { texts } from './texts.js';

const clocks = ['review_start', 'review_decision', 'overall_decision', 'dispute_decision'] as const;

/** Deadlines that the vendor missed, newest first. */
export function Component() {
  const t = useTexts(texts);
  const format = useFormat();
  const filters = useFilters();
  const clock = clocks.find((each) => each === filters.get('clock'));
  const query = { ...instantsOf(filters), ...(clock && { clock }) };
  const pages = usePages<Breach, BreachList>(['breaches', query], (cursor) =>
    call(() => breachesList({ query: { ...query, limit: 50, ...(cursor && { cursor }) } })),
  );
  const late = (breach: Breach) => t('late', durationIn(breach.lateBySeconds));
  return (
    <ReportList
      title={t('title')}
      what={t('what')}
      filters={
        <>
          <SelectField
            name="clock"
            label={t('clock')}
            emptyLabel={t('anyClock')}
            options={clocks.map((value) => ({ value, label: t(value) }))}
            value={filters.get('clock')}
            onChange={({ target }) => filters.set({ clock: target.value })}
          />
          <DayFilter name="from" label={t('from')} filters={filters} />
          <DayFilter name="to" label={t('to')} filters={filters} />
        </>
      }
      isFiltered={Object.keys(query).length > 0}
      onClear={filters.clear}
      pages={pages}
      keyOf={({ claimId, version }) => `${claimId}/${version}`}
      empty={{ title: t('noneTitle'), what: t('noneWhat') }}
      fileName="missed-deadlines.csv"
      columns={[
        { title: t('claim'), cell: ({ claimId, number }) => <Link to={`/claims/${claimId}`}>{number}</Link>, csv: ({ number }) => number },
        { title: t('clock'), cell: (breach) => t(breach.clock), csv: (breach) => breach.clock },
        { title: t('lines'), cell: ({ lines }) => lines.join(', '), csv: ({ lines }) => lines.join(' ') },
        { title: t('dueAt'), cell: ({ dueAt }) => format.instant(dueAt), csv: ({ dueAt }) => dueAt },
        { title: t('lateBy'), cell: late, csv: ({ lateBySeconds }) => String(lateBySeconds), isNumber: true },
        {
          title: t('settled'),
          cell: ({ settledAt }) => (settledAt === null ? <Badge tone="danger">{t('pending')}</Badge> : format.instant(settledAt)),
          csv: ({ settledAt }) => settledAt ?? '',
        },
      ]}
    />
  );
}
