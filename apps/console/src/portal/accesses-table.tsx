import type { Access } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { mailWords } from './mail-words.js';
import { texts } from './texts.js';

/** Reads of the customer's data. `names`: what the targets are called. */
export function AccessesTable({ accesses, names }: { accesses: Access[]; names: Map<string, string> }) {
  const t = useTexts(texts);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('accessesTitle')}>
      <table className="table stacking" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {(['at', 'about', 'what', 'months', 'kind', 'rows'] as const).map((name) => (
              <th key={name} scope="col" role="columnheader" className={name === 'rows' ? 'number' : undefined}>
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {accesses.map((access) => (
            <Row key={`${access.accessId} ${access.claimNumber} ${access.target} ${access.set}`} access={access} names={names} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ access, names }: { access: Access; names: Map<string, string> }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const { at, kind, partner, target, set, fromMonth, toMonth, rows, claimNumber } = access;
  const product = names.get(target) ?? target.split(':').at(-1) ?? target;
  const months = [...new Set([fromMonth, toMonth].filter((month) => month !== null))].map((month) => format.month(month)).join(' – ');
  return (
    <tr role="row">
      <th scope="row" role="rowheader" className="nowrap">
        {format.instant(at)}
      </th>
      <td role="cell" data-label={t('about')}>
        {partner.legalName ?? partner.partnerId} <span className="small muted nowrap">{claimNumber}</span>
      </td>
      <td role="cell" data-label={t('what')}>
        {product}: {isSet(set) ? mail(`set_${set}`) : set}
      </td>
      <td role="cell" data-label={t('months')}>
        {months}
      </td>
      <td role="cell" data-label={t('kind')}>
        {kind === 'refused' ? (
          <>
            <Badge tone="warning">{t('kind_refused')}</Badge> {t('refusedWhy')}
          </>
        ) : (
          t(`kind_${kind}`)
        )}
      </td>
      <td role="cell" data-label={t('rows')} className="number">
        {format.number(rows)}
      </td>
    </tr>
  );
}

const sets = ['workload_usage', 'seats', 'business_applications_usage', 'teams_detail', 'ems_detail', 'aggregates'] as const;
const isSet = (code: string): code is (typeof sets)[number] => sets.some((set) => set === code);
