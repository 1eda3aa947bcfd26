import { call } from '../api/index.js';
import { type AssociationList, type Association, associationsList } from '../client/index.js';
import { EmptyState, SelectField } from '../design/index.js';
import { Loading, LoadMore, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { AssociationsTable } from './associations-table.js';
import { texts } from './texts.js';

/** Partners of record and their targets, past and present. */
export function Component() {
  const t = useTexts(texts);
  const filters = useFilters();
  const pages = usePages<Association, AssociationList>(['associations', filters.query], (cursor) =>
    call(() => associationsList({ query: { ...filters.query, ...(cursor && { cursor }) } })),
  );
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('what')}</p>
      <search className="row">
        <SelectField
          name="state"
          label={t('state')}
          emptyLabel={t('any')}
          value={filters.get('state')}
          options={[
            { value: 'live', label: t('live') },
            { value: 'ended', label: t('ended') },
          ]}
          onChange={(event) => filters.set({ state: event.target.value })}
        />
      </search>
      {pages.error ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <EmptyState title={t(Object.keys(filters.query).length === 0 ? 'noneTitle' : 'noMatchTitle')}>
          <p>{t('noneWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <AssociationsTable associations={pages.items} filters={filters} />
          <LoadMore pages={pages} />
        </>
      )}
    </>
  );
}
