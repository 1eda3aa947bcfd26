import { claimTexts } from '../claim-words/index.js';
import { Button } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { Filters } from '../lists/index.js';
import { reasonLabel } from './columns.js';
import { type FilterName, filterNames } from './filter-names.js';
import { texts } from './texts.js';
import type { Labels } from './use-labels.js';

/** What the list is limited to, each with a button that takes it away. The search itself is visible in its field. */
export function ActiveFilters({ filters, labels: { codes } }: { filters: Filters; labels: Labels }) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const phaseWord = (phase: string) => (phase in claimTexts.en ? words(phase as keyof typeof claimTexts.en) : phase);
  // An address may hold anything; the API says what is wrong with it.
  const instant = (text: string) => (Number.isNaN(Date.parse(text)) ? text : format.instant(text));
  const shown: Record<Exclude<FilterName, 'q'>, (value: string) => string> = {
    phase: phaseWord,
    status: (status) => status,
    area: codes.area,
    activity: (code) => codes.activity(code),
    product: codes.product,
    partnerId: (partnerId) => t('isLocation', { partnerId }),
    tenantId: (tenantId) => t('isTenant', { tenantId }),
    customer: (customer) => t('isCustomer', { customer }),
    reason: (code) => reasonLabel(codes, code),
    tag: (tag) => t('isTag', { tag }),
    externalReference: (reference) => t('isReference', { reference }),
    isOpen: (isOpen) => t(isOpen === 'true' ? 'isOpen' : 'isClosed'),
    dueAfter: (at) => t('isDueAfter', { instant: instant(at) }),
    dueBefore: (at) => t('isDueBefore', { instant: instant(at) }),
    updatedAfter: (at) => t('isUpdatedAfter', { instant: instant(at) }),
  };
  const active = filterNames.flatMap((name) =>
    name === 'q' ? [] : filters.all(name).map((value) => ({ name, value, text: shown[name](value) })),
  );
  if (active.length === 0 && filters.get('q') === '') return null;
  return (
    <div className="row">
      {active.length > 0 && (
        <ul className="chips" aria-label={t('active')}>
          {active.map(({ name, value, text }) => (
            <li key={`${name} ${value}`}>
              <button
                type="button"
                className="chip"
                aria-label={t('remove', { filter: text })}
                onClick={() => filters.set({ [name]: filters.all(name).filter((each) => each !== value) })}
              >
                {text} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Button kind="quiet" onClick={filters.clear}>
        {t('clear')}
      </Button>
    </div>
  );
}
