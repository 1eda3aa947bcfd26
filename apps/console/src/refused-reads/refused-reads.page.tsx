import { call } from '../api/index.js';
import { refusalsList, type UsageRefusal, type UsageRefusals } from '../client/index.js';
import { TextField } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useFilters, usePages, useTypedFilter } from '../lists/index.js';
import { ReportList } from '../reports/index.js';
import { texts } from './texts.js';

/** Attempts to read usage that were refused, newest first. */
export function Component() {
  const t = useTexts(texts);
  const format = useFormat();
  const filters = useFilters();
  const account = filters.get('partnerAccountId');
  const typed = useTypedFilter(filters, 'partnerAccountId');
  const query = account === '' ? {} : { partnerAccountId: account };
  const pages = usePages<UsageRefusal, UsageRefusals>(['refused-reads', query], (cursor) =>
    call(() => refusalsList({ query: { ...query, limit: 50, ...(cursor && { cursor }) } })),
  );
  const months = ({ fromMonth, toMonth }: UsageRefusal) =>
    [fromMonth, toMonth].flatMap((month) => (month === null ? [] : [format.month(month)])).join(' – ') || t('allMonths');
  const owner = ({ association }: UsageRefusal) =>
    association === null ? t('noAssociation') : `${association.claimNumber}, ${association.target}, ${association.partnerAccountId}`;
  return (
    <ReportList
      title={t('title')}
      what={t('what')}
      filters={
        <TextField
          type="search"
          name="partnerAccountId"
          label={t('account')}
          maxLength={100}
          autoComplete="off"
          value={typed.value}
          onChange={typed.onChange}
          onKeyDown={(event) => event.key === 'Enter' && typed.commit()}
        />
      }
      isFiltered={account !== ''}
      onClear={filters.clear}
      pages={pages}
      keyOf={({ refusalId }) => refusalId}
      empty={{ title: t('noneTitle'), what: t('noneWhat') }}
      fileName="refused-reads.csv"
      columns={[
        { title: t('at'), cell: ({ at }) => <span className="nowrap">{format.instant(at)}</span>, csv: ({ at }) => at },
        {
          title: t('who'),
          cell: ({ subject, partnerAccountId }) => (
            <>
              {subject} <div className="small muted">{partnerAccountId ?? t('noAccount')}</div>
            </>
          ),
          csv: ({ subject, partnerAccountId }) => `${subject} ${partnerAccountId ?? ''}`.trim(),
        },
        { title: t('why'), cell: ({ code }) => t(code), csv: ({ code }) => code },
        { title: t('data'), cell: ({ set }) => <code>{set}</code>, csv: ({ set }) => set },
        { title: t('months'), cell: months, csv: ({ fromMonth, toMonth }) => `${fromMonth ?? ''}/${toMonth ?? ''}` },
        { title: t('association'), cell: owner, csv: ({ associationId }) => associationId },
      ]}
    />
  );
}
