import { memo, useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { claimTexts } from '../claim-words/index.js';
import type { ClaimSummary } from '../client/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { type Filters, SortHeader } from '../lists/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { type CellTools, type ColumnName, columnOf } from './columns.js';
import { texts } from './texts.js';

const standardSort = '-createdAt';

interface Props {
  claims: ClaimSummary[];
  filters: Filters;
  shown: readonly ColumnName[];
  codes: ProgrammeWords;
  /** Whether these rows still belong to the filters before. */
  isOld: boolean;
}

export function ClaimsTable({ claims, filters, shown, codes, isOld }: Props) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const tools = useMemo(() => ({ format, codes, words }), [format, codes, words]);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('caption')} aria-busy={isOld}>
      <table className="table claims-table">
        <thead>
          <tr>
            <SortHeader by="number" filters={filters} standard={standardSort}>
              {t('number')}
            </SortHeader>
            {shown.map((name) => {
              const { text, sort } = columnOf(name);
              return sort === undefined ? (
                <th key={name} scope="col">
                  {t(text)}
                </th>
              ) : (
                <SortHeader key={name} by={sort} filters={filters} standard={standardSort}>
                  {t(text)}
                </SortHeader>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {claims.map((claim) => (
            <ClaimRow key={claim.claimId} claim={claim} shown={shown} tools={tools} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  claim: ClaimSummary;
  shown: readonly ColumnName[];
  tools: CellTools;
}

/** Another page of claims renders its own rows only: a list may have a thousand. For the mouse the whole row is the link's. */
const ClaimRow = memo(function ClaimRow({ claim, shown, tools }: RowProps) {
  const navigate = useNavigate();
  return (
    <tr onClick={(event) => !isWithinControl(event.target) && void navigate(`/claims/${claim.claimId}`)}>
      <th scope="row" className="nowrap">
        <Link to={`/claims/${claim.claimId}`}>{claim.number}</Link>
      </th>
      {shown.map((name) => {
        const { isNarrow, cell } = columnOf(name);
        return (
          <td key={name} className={isNarrow ? 'nowrap' : undefined}>
            {cell(claim, tools)}
          </td>
        );
      })}
    </tr>
  );
});

/** Selecting text or using a link in a row opens nothing else. */
const isWithinControl = (target: EventTarget): boolean =>
  (target instanceof Element && target.closest('a, button') !== null) || window.getSelection()?.isCollapsed === false;
