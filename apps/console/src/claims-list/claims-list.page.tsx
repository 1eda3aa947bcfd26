import { useState } from 'react';
import { call } from '../api/index.js';
import { claimListsList, type ClaimSummary } from '../client/index.js';
import { Button, EmptyState, LinkButton } from '../design/index.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useColumns, useFilled, useFilters, usePages } from '../lists/index.js';
import { useSession } from '../session/index.js';
import { ActiveFilters } from './active-filters.js';
import './claims-list.css';
import { ClaimsTable } from './claims-table.js';
import { type ColumnName, columnNames, usualColumns } from './columns.js';
import { FilterPanel } from './filter-panel.js';
import { queryOf } from './filter-names.js';
import { ColumnMenu, ExportLinks } from './list-menus.js';
import { PhaseTabs } from './phase-tabs.js';
import { texts } from './texts.js';
import { TypedFilter } from './typed-filter.js';
import { useLabels } from './use-labels.js';

const pageSize = 50;
/** Going back to the list shows it as it was; what the person does meanwhile makes it read again. */
const freshForMs = 60_000;

/** "Customer claims" (domain.md 13): everything in the person's scope, by filters that are part of the address. */
export function Component() {
  const t = useTexts(texts);
  const session = useSession();
  const filters = useFilters();
  const labels = useLabels();
  const [isPanelOpen, setPanelOpen] = useState(false);
  const { shown, choose } = useColumns<ColumnName>('claims', columnNames, usualColumns);
  const query = queryOf(filters);
  const pages = usePages<ClaimSummary, { items: ClaimSummary[]; next: string | null }>(
    ['claims', 'list', query],
    (cursor) => call(() => claimListsList({ query: { ...query, limit: pageSize, ...(cursor && { cursor }) } })),
    { staleTime: freshForMs, refetchOnWindowFocus: false },
  );
  const isSearching = useFilled(pages);
  const { sort: _, ...limiting } = query;
  const isFiltered = Object.keys(limiting).length > 0;
  const isEmpty = pages.items?.length === 0;
  return (
    <>
      <div className="row-between">
        <h1>{t('title')}</h1>
        {session.can('claims.create') && (
          <LinkButton kind="primary" to="/claims/new">
            {t('newClaim')}
          </LinkButton>
        )}
      </div>
      <PhaseTabs filters={filters} />
      <search className="list-bar">
        <div className="list-search">
          <TypedFilter name="q" type="search" label={t('search')} placeholder={t('searchHint')} filters={filters} />
        </div>
        <Button aria-expanded={isPanelOpen} onClick={() => setPanelOpen(!isPanelOpen)}>
          {t('moreFilters')}
        </Button>
        <span className="list-bar-end">
          <ColumnMenu shown={shown} choose={choose} />
          <ExportLinks query={query} />
        </span>
      </search>
      {isPanelOpen && <FilterPanel filters={filters} labels={labels} />}
      <ActiveFilters filters={filters} labels={labels} />
      {pages.error && !pages.isFetchNextPageError ? (
        <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.items === undefined ? (
        <Loading />
      ) : isEmpty && !pages.hasNextPage ? (
        <EmptyState title={t(isFiltered ? 'noMatchTitle' : 'noneTitle')}>
          <p>{t(isFiltered ? 'noMatchWhat' : 'noneWhat')}</p>
          {isFiltered && <Button onClick={filters.clear}>{t('clear')}</Button>}
        </EmptyState>
      ) : (
        <>
          {!isEmpty && (
            <ClaimsTable claims={pages.items} filters={filters} shown={shown} codes={labels.codes} isOld={pages.isPlaceholderData} />
          )}
          {pages.isFetchNextPageError && <ProblemNotice error={pages.error} />}
          {isSearching ? (
            <p role="status">{t('searching')}</p>
          ) : (
            <div className="row">
              <LoadMore pages={pages} />
              <span role="status" className="small muted">
                {t('shown', { count: pages.items.length })}
              </span>
            </div>
          )}
        </>
      )}
    </>
  );
}
