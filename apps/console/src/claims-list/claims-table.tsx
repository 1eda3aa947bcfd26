import { Link } from 'react-router';
import { claimTexts, PhaseBadge } from '../claim-words/index.js';
import type { ClaimSummary } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { type Filters, SortHeader } from '../lists/index.js';
import { texts } from './texts.js';

const standardSort = '-createdAt';

export function ClaimsTable({ claims, filters }: { claims: ClaimSummary[]; filters: Filters }) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const header = (by: string, text: string) => (
    <SortHeader by={by} filters={filters} standard={standardSort}>
      {text}
    </SortHeader>
  );
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('caption')}>
      <table className="table">
        <thead>
          <tr>
            {header('number', t('number'))}
            {header('name', t('name'))}
            {header('customer', t('customer'))}
            <th scope="col">{t('phase')}</th>
            <th scope="col">{t('products')}</th>
            {header('dueAt', t('due'))}
            {header('updatedAt', t('updated'))}
          </tr>
        </thead>
        <tbody>
          {claims.map((claim) => (
            <tr key={claim.claimId}>
              <th scope="row" className="nowrap">
                <Link to={`/claims/${claim.claimId}`}>{claim.number}</Link>
              </th>
              <td>{claim.name}</td>
              <td>{claim.customerName ?? claim.domain ?? claim.tenantId}</td>
              <td>
                <PhaseBadge phase={claim.phase} />
              </td>
              <td>{format.list(claim.products)}</td>
              <td>
                <span className="row">
                  {claim.nextDeadline && format.instant(claim.nextDeadline.at)}
                  {claim.warnings.map((warning) => (
                    <Badge key={warning} tone={warning === 'overdue' ? 'danger' : 'warning'}>
                      {words(warning)}
                    </Badge>
                  ))}
                </span>
              </td>
              <td className="nowrap">{format.instant(claim.updatedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
