import { Link } from 'react-router';
import type { Association } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { type Filters, SortHeader } from '../lists/index.js';
import { useProgramme } from '../programme-labels/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';

const standardSort = '-officialAt';

export function AssociationsTable({ associations, filters }: { associations: Association[]; filters: Filters }) {
  const t = useTexts(texts);
  const { can } = useSession();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
      <table className="table">
        <thead>
          <tr>
            <SortHeader by="target" filters={filters} standard={standardSort}>
              {t('product')}
            </SortHeader>
            <th scope="col">{t('customer')}</th>
            <th scope="col">{t('partner')}</th>
            <th scope="col">{t('state')}</th>
            <SortHeader by="officialAt" filters={filters} standard={standardSort}>
              {t('since')}
            </SortHeader>
            <SortHeader by="endedAt" filters={filters} standard={standardSort}>
              {t('until')}
            </SortHeader>
            <th scope="col">{t('claim')}</th>
            {can('usage.read') && <th scope="col">{t('usage')}</th>}
          </tr>
        </thead>
        <tbody>
          {associations.map((association) => (
            <AssociationRow key={association.associationId} association={association} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AssociationRow({ association }: { association: Association }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { can } = useSession();
  const { words } = useProgramme(association.policy);
  const product = words.product(association.product);
  const customer = association.customerName ?? association.tenantId;
  return (
    <tr>
      <th scope="row">{product}</th>
      <td>{customer}</td>
      <td>
        {association.partnerName ?? association.partnerAccountId} <span className="muted">({association.partnerId})</span>
      </td>
      <td>
        <Badge tone={association.isLive ? 'success' : 'neutral'}>{t(association.isLive ? 'live' : 'ended')}</Badge>
      </td>
      <td className="nowrap">{format.day(association.officialAt)}</td>
      <td className="nowrap">{association.endedAt !== null && format.day(association.endedAt)}</td>
      <td>
        <Link to={`/claims/${association.claimId}`}>{association.number}</Link>
      </td>
      {can('usage.read') && (
        <td>
          {association.isLive && (
            <Link to={`/usage?associationId=${association.associationId}`} aria-label={t('usageOf', { product, customer })}>
              {t('usage')}
            </Link>
          )}
        </td>
      )}
    </tr>
  );
}
