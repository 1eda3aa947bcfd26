import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { call } from '../api/index.js';
import { claimTexts } from '../claim-words/index.js';
import { type ClaimCount, claimListsCount, claimListsOverview } from '../client/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { FilterChanges, Filters } from '../lists/index.js';
import { queryOf } from './filter-names.js';
import { phases } from './phases.js';
import { texts } from './texts.js';

const freshForMs = 30_000;

/** How many claims are in each phase, within the other filters, and a link to them. */
export function PhaseTabs({ filters }: { filters: Filters }) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const overview = useQuery({
    queryKey: ['claims', 'summary'],
    queryFn: () => call(() => claimListsOverview()),
    staleTime: freshForMs,
  }).data;
  const dueBefore = filters.get('dueBefore');
  const isOverdue = overview !== undefined && dueBefore !== '' && Date.parse(dueBefore) <= Date.parse(overview.countedAt);
  const { sort: _sort, phase: _phase, status: _status, ...others } = queryOf(filters);
  if (isOverdue) delete others.dueBefore;
  const isLimited = Object.keys(others).length > 0;
  const count = useQuery({
    queryKey: ['claims', 'count', others],
    queryFn: () => call(() => claimListsCount({ query: others })),
    enabled: isLimited,
    staleTime: freshForMs,
    placeholderData: keepPreviousData,
  }).data;

  const chosen = filters.all('phase');
  const counted = isLimited ? count?.phases : overview?.phases;
  /** Undefined if it is not known. */
  const countOf = (phase: string) => (counted ? (counted.find((each) => each.phase === phase)?.claims ?? 0) : undefined);
  const shown = phases.filter((phase) => chosen.includes(phase) || countOf(phase) !== 0);
  const numberOf = (claims: number | undefined) => (claims === undefined ? null : format.number(claims));
  const total = isLimited ? count && totalOf(count) : numberOf(overview?.claims);
  const elsewhere: FilterChanges = isOverdue ? { dueBefore: '' } : {};
  const tab = (key: string, text: string, number: string | null | undefined, address: string, isCurrent: boolean) => (
    <li key={key}>
      <Link className="phase-tab" to={address} preventScrollReset aria-current={isCurrent ? 'true' : undefined}>
        {text} {number != null && <span className="phase-count">{number}</span>}
      </Link>
    </li>
  );

  function totalOf({ count: claims, precision }: ClaimCount): string {
    if (precision === 'exact') return format.number(claims);
    return t(precision === 'capped' ? 'moreThan' : 'about', { count: format.number(claims) });
  }

  if (overview === undefined) return null;
  return (
    <nav aria-label={t('byPhase')}>
      <ul className="phase-tabs">
        {tab('all', t('all'), total, filters.addressWith({ phase: '', status: '', ...elsewhere }), chosen.length === 0 && !isOverdue)}
        {(isOverdue || (overview.overdue > 0 && !isLimited)) &&
          tab(
            'overdue',
            words('overdue'),
            isLimited ? null : numberOf(overview.overdue),
            filters.addressWith({ phase: '', dueBefore: overview.countedAt }),
            isOverdue,
          )}
        {shown.map((phase) =>
          tab(
            phase,
            words(phase),
            numberOf(countOf(phase)),
            filters.addressWith({ phase, ...elsewhere }),
            chosen.length === 1 && chosen[0] === phase && !isOverdue,
          ),
        )}
      </ul>
    </nav>
  );
}
