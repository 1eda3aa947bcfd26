import { call } from '../api/index.js';
import { claimTexts } from '../claim-words/index.js';
import { claimListsList, type ClaimSummary } from '../client/index.js';
import { Button, EmptyState, LinkButton, SelectField, TextField } from '../design/index.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { useSession } from '../session/index.js';
import { ClaimsTable } from './claims-table.js';
import { texts } from './texts.js';

const phases = [
  'draft',
  'submitted',
  'under_review',
  'action_required',
  'consent_pending',
  'official',
  'ended',
  'rejected',
  'disputed',
  'rejected_final',
  'canceled',
] as const;

/** "Customer claims" (domain.md 13): everything in the person's scope, by filters that are part of the address. */
export function Component() {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const { can } = useSession();
  const filters = useFilters();
  const pages = usePages<ClaimSummary, { items: ClaimSummary[]; next: string | null }>(['claims', filters.query], (cursor) =>
    call(() => claimListsList({ query: { ...filters.query, ...(cursor && { cursor }) } })),
  );
  const isFiltered = Object.keys(filters.query).length > 0;
  return (
    <>
      <div className="row-between">
        <h1>{t('title')}</h1>
        {can('claims.create') && (
          <LinkButton kind="primary" to="/claims/new">
            {t('newClaim')}
          </LinkButton>
        )}
      </div>
      <search className="row">
        <TextField
          name="q"
          type="search"
          label={t('search')}
          placeholder={t('searchHint')}
          defaultValue={filters.get('q')}
          onChange={(event) => filters.set({ q: event.target.value })}
        />
        <SelectField
          name="phase"
          label={t('phase')}
          emptyLabel={t('anyPhase')}
          value={filters.get('phase')}
          options={phases.map((phase) => ({ value: phase, label: words(phase) }))}
          onChange={(event) => filters.set({ phase: event.target.value })}
        />
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
        <EmptyState title={t(isFiltered ? 'noMatchTitle' : 'noneTitle')}>
          <p>{t(isFiltered ? 'noMatchWhat' : 'noneWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <ClaimsTable claims={pages.items} filters={filters} />
          <LoadMore pages={pages} />
        </>
      )}
    </>
  );
}
