import { Link } from 'react-router';
import { call } from '../api/index.js';
import { type Repair, type RepairList, repairsList } from '../client/index.js';
import { SelectField } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { DayFilter, instantsOf, ReportList } from '../reports/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';

const reasons = [
  'command_without_outcome',
  'alarm_overdue',
  'notice_not_attempted',
  'letter_not_attempted',
  'workflow_missing',
  'association_out_of_step',
] as const;

/** Claims that the reconciliation had to wake, newest first. */
export function Component() {
  const t = useTexts(texts);
  const format = useFormat();
  const filters = useFilters();
  const { can } = useSession();
  const reason = reasons.find((each) => each === filters.get('reason'));
  const query = { ...instantsOf(filters), ...(reason && { reason }) };
  const pages = usePages<Repair, RepairList>(['repairs', query], (cursor) =>
    call(() => repairsList({ query: { ...query, limit: 50, ...(cursor && { cursor }) } })),
  );
  return (
    <ReportList
      title={t('title')}
      what={t('what')}
      filters={
        <>
          <SelectField
            name="reason"
            label={t('reason')}
            emptyLabel={t('anyReason')}
            options={reasons.map((value) => ({ value, label: t(value) }))}
            value={filters.get('reason')}
            onChange={({ target }) => filters.set({ reason: target.value })}
          />
          <DayFilter name="from" label={t('from')} filters={filters} />
          <DayFilter name="to" label={t('to')} filters={filters} />
        </>
      }
      isFiltered={Object.keys(query).length > 0}
      onClear={filters.clear}
      pages={pages}
      keyOf={({ repairId }) => repairId}
      empty={{ title: t('noneTitle'), what: t('noneWhat') }}
      fileName="repairs.csv"
      columns={[
        {
          title: t('claim'),
          cell: ({ claimId, number }) => (can('claims.read') ? <Link to={`/claims/${claimId}`}>{number}</Link> : number),
          csv: ({ number }) => number,
        },
        {
          title: t('reason'),
          cell: (repair) => (repair.reason in texts.en ? t(repair.reason) : repair.reason),
          csv: (repair) => repair.reason,
        },
        { title: t('at'), cell: ({ repairedAt }) => format.instant(repairedAt), csv: ({ repairedAt }) => repairedAt },
      ]}
    />
  );
}
