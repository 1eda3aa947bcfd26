import { call } from '../api/index.js';
import { dayOf, endOfDay, startOfDay } from '../claims-list/days.js';
import { type Access, accessesList } from '../client/index.js';
import { Button, EmptyState, SelectField, TextField } from '../design/index.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { type Filters, useFilters, usePages } from '../lists/index.js';
import { AccessesTable } from './accesses-table.js';
import { PortalFrame, type Tenant } from './portal-frame.js';
import { texts } from './texts.js';
import { portalKey } from './use-answer.js';
import { useKnownAssociations, useTargetNames } from './use-target-names.js';

/** The customer's own log of who read which of its data (domain.md 9). The filters are those of the API, in the address. */
export function Component() {
  const t = useTexts(texts);
  return <PortalFrame title={t('accessesTitle')}>{(tenant) => <Accesses tenant={tenant} />}</PortalFrame>;
}

function Accesses({ tenant: { tenantId } }: { tenant: Tenant }) {
  const t = useTexts(texts);
  const filters = useFilters();
  const known = useKnownAssociations(tenantId);
  const nameOf = useTargetNames(known);
  const pages = usePages<Access, { items: Access[]; next: string | null }>([...portalKey, 'accesses', filters.query], (cursor) =>
    call(() => accessesList({ path: { tenantId }, query: { ...filters.query, limit: 50, ...(cursor && { cursor }) } })),
  );
  const isFiltered = Object.keys(filters.query).length > 0;
  const names = new Map(known.map((association) => [association.target, nameOf(association)]));
  const file = new URLSearchParams({ ...filters.query, format: 'csv' });
  return (
    <>
      <p className="muted prose">{t('accessesWhat')}</p>
      <search className="row">
        <SelectField
          name="partnerId"
          label={t('about')}
          emptyLabel={t('anyPartner')}
          value={filters.get('partnerId')}
          options={withChosen(
            new Map(
              known.map(({ partnerId, partnerName }) => [partnerId, partnerName === null ? partnerId : `${partnerName} (${partnerId})`]),
            ),
            filters.get('partnerId'),
          )}
          onChange={(event) => filters.set({ partnerId: event.target.value })}
        />
        <SelectField
          name="target"
          label={t('product')}
          emptyLabel={t('anyProduct')}
          value={filters.get('target')}
          options={withChosen(names, filters.get('target'))}
          onChange={(event) => filters.set({ target: event.target.value })}
        />
        <Days filters={filters} />
        {isFiltered && (
          <Button kind="quiet" onClick={filters.clear}>
            {t('clear')}
          </Button>
        )}
      </search>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <EmptyState title={t(isFiltered ? 'noMatch' : 'noAccesses')}>
          <p>{t(isFiltered ? 'noMatchWhat' : 'noAccessesWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <div>
            <a className="button" href={`/v1/tenants/${tenantId}/accesses/export?${file}`} download>
              {t('csv')}
            </a>
          </div>
          <AccessesTable accesses={pages.items} names={names} />
          <LoadMore pages={pages} />
        </>
      )}
    </>
  );
}

/** The two dates of the filter, as days of the reader. The address holds the instants that the API takes. */
function Days({ filters }: { filters: Filters }) {
  const t = useTexts(texts);
  return (
    <>
      <TextField
        name="from"
        type="date"
        label={t('from')}
        value={dayOf(filters.get('from'))}
        onChange={({ target: { value } }) => filters.set({ from: value === '' ? '' : startOfDay(value) })}
      />
      <TextField
        name="to"
        type="date"
        label={t('to')}
        value={dayOf(filters.get('to'), { lastMoment: true })}
        onChange={({ target: { value } }) => filters.set({ to: value === '' ? '' : endOfDay(value) })}
      />
    </>
  );
}

/** The options of a filter; one from the address that is not among them stands for itself. */
function withChosen(labels: Map<string, string>, chosen: string): { value: string; label: string }[] {
  const all = chosen === '' || labels.has(chosen) ? labels : new Map([...labels, [chosen, chosen]]);
  return [...all].map(([value, label]) => ({ value, label }));
}
