import { useEffect, useRef } from 'react';
import { Banner } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { ClaimForm, FormField } from './claim-form.js';
import { texts } from './texts.js';
import type { Conflict } from './use-claim-form.js';

const labels = {
  programme: 'programme',
  partnerId: 'location',
  tenantId: 'tenantId',
  domain: 'domain',
  area: 'area',
  lines: 'choices',
  name: 'name',
  externalReference: 'externalReference',
  tags: 'tags',
  customer: 'customerContact',
  partner: 'partnerContact',
  technical: 'technicalContact',
  revenue: 'revenue',
  transactionOn: 'transactionOn',
  isOptedOutOfIncentives: 'incentives',
  acknowledgementVersion: 'acknowledgement',
} as const satisfies Record<FormField, keyof (typeof texts)['en']>;

/** What somebody else has saved meanwhile, and what became of the input here. */
export function ConflictNotice({ conflict }: { conflict: Conflict }) {
  const t = useTexts(texts);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [conflict]);
  const { changed, kept, form, theirs } = conflict;
  return (
    <div ref={box} tabIndex={-1}>
      <Banner tone="warning" isAlert title={t('conflictTitle')}>
        <p>{t('conflictWhat')}</p>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('conflictField')}</th>
              <th scope="col">{t('conflictTheirs')}</th>
              <th scope="col">{t('conflictMine')}</th>
            </tr>
          </thead>
          <tbody>
            {changed.map((field) => (
              <tr key={field}>
                <th scope="row">{t(labels[field])}</th>
                <td>{shown(theirs[field])}</td>
                <td>{kept.includes(field) ? t('conflictKept', { value: shown(form[field]) }) : t('conflictAdopted')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Banner>
    </div>
  );
}

function shown(value: ClaimForm[FormField]): string {
  if (Array.isArray(value)) return value.map(({ product, activities }) => `${product} (${activities.join(', ')})`).join('; ') || '–';
  if (typeof value === 'boolean') return value ? '✓' : '–';
  if (value !== null && typeof value === 'object')
    return (
      Object.values(value)
        .filter((text) => text !== '')
        .join(', ') || '–'
    );
  return String(value ?? '') || '–';
}
