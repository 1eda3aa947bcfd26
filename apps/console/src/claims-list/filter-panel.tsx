import { claimTexts } from '../claim-words/index.js';
import { Checkbox, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { Filters } from '../lists/index.js';
import { useSession } from '../session/index.js';
import { CheckList } from './check-list.js';
import { reasonLabel } from './columns.js';
import { dayOf, endOfDay, startOfDay } from './days.js';
import { phases } from './phases.js';
import { texts } from './texts.js';
import { TypedFilter } from './typed-filter.js';
import type { Labels } from './use-labels.js';

/** Every filter of the API that the bar above has no room for. */
export function FilterPanel({ filters, labels }: { filters: Filters; labels: Labels }) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const { me } = useSession();
  const { codes } = labels;
  const locations = me.partner?.locations ?? [];
  const list = (values: string[], label: (value: string) => string) => values.map((value) => ({ value, label: label(value) }));
  return (
    <div className="filter-panel card">
      <CheckList
        name="phase"
        label={t('phase')}
        filters={filters}
        options={list([...phases], (phase) => words(phase as (typeof phases)[number]))}
      />
      <CheckList name="area" label={t('area')} filters={filters} options={list(labels.areas, codes.area)} />
      <CheckList
        name="activity"
        label={t('activity')}
        filters={filters}
        options={list(labels.activities, (code) => codes.activity(code))}
      />
      <CheckList name="product" label={t('product')} filters={filters} options={list(labels.products, codes.product)} />
      <CheckList name="reason" label={t('reason')} filters={filters} options={list(labels.reasons, (code) => reasonLabel(codes, code))} />
      {locations.length > 1 && (
        <CheckList
          name="partnerId"
          label={t('location')}
          filters={filters}
          options={locations.map(({ partnerId, name }) => ({
            value: partnerId,
            label: name === null ? partnerId : `${name} (${partnerId})`,
          }))}
        />
      )}
      <div className="stack-tight">
        <TypedFilter name="customer" label={t('customerFilter')} filters={filters} />
        <TypedFilter name="tenantId" label={t('tenantId')} filters={filters} />
        {locations.length === 0 && <TypedFilter name="partnerId" label={t('location')} filters={filters} />}
      </div>
      <div className="stack-tight">
        <TypedFilter name="externalReference" label={t('externalReference')} filters={filters} />
        <TypedFilter name="tag" label={t('tag')} filters={filters} />
      </div>
      <div className="stack-tight">
        <TextField
          type="date"
          name="dueAfter"
          label={t('dueFrom')}
          value={dayOf(filters.get('dueAfter'))}
          onChange={(event) => filters.set({ dueAfter: event.target.value && startOfDay(event.target.value) })}
        />
        <TextField
          type="date"
          name="dueBefore"
          label={t('dueUntil')}
          value={dayOf(filters.get('dueBefore'), { lastMoment: true })}
          onChange={(event) => filters.set({ dueBefore: event.target.value && endOfDay(event.target.value) })}
        />
        <Checkbox
          name="isOpen"
          label={t('openOnly')}
          checked={filters.get('isOpen') === 'true'}
          onChange={(event) => filters.set({ isOpen: event.target.checked ? 'true' : '' })}
        />
      </div>
    </div>
  );
}
