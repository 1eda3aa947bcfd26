import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { call } from '../api/index.js';
import { claimTexts } from '../claim-words/index.js';
import { claimListsOverview } from '../client/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { Filters } from '../lists/index.js';
import { phases } from './phases.js';
import { texts } from './texts.js';

/** How many claims are in each phase, and a link to them. The counts are of everything in the person's scope. */
export function PhaseTabs({ filters }: { filters: Filters }) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const { data } = useQuery({ queryKey: ['claims', 'summary'], queryFn: () => call(() => claimListsOverview()), staleTime: 30_000 });
  const chosen = filters.all('phase');
  const countOf = (phase: string) => data?.phases.find((each) => each.phase === phase)?.claims ?? 0;
  const shown = phases.filter((phase) => countOf(phase) > 0 || chosen.includes(phase));
  const isOverdue =
    data !== undefined && filters.get('dueBefore') !== '' && Date.parse(filters.get('dueBefore')) <= Date.parse(data.countedAt);
  const tab = (key: string, text: string, count: number | undefined, address: string, isCurrent: boolean) => (
    <li key={key}>
      <Link className="phase-tab" to={address} preventScrollReset aria-current={isCurrent ? 'true' : undefined}>
        {text} {count !== undefined && <span className="phase-count">{format.number(count)}</span>}
      </Link>
    </li>
  );
  return (
    <nav aria-label={t('byPhase')}>
      <ul className="phase-tabs">
        {tab(
          'all',
          t('all'),
          data?.claims,
          filters.addressWith({ phase: '', status: '', dueBefore: '' }),
          chosen.length === 0 && !isOverdue,
        )}
        {data !== undefined &&
          data.overdue > 0 &&
          tab('overdue', words('overdue'), data.overdue, filters.addressWith({ phase: '', dueBefore: data.countedAt }), isOverdue)}
        {shown.map((phase) =>
          tab(
            phase,
            words(phase),
            data && countOf(phase),
            filters.addressWith({ phase, dueBefore: '' }),
            chosen.length === 1 && chosen[0] === phase,
          ),
        )}
      </ul>
    </nav>
  );
}
