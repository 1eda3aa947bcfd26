import { download, toCsv } from '../charts/index.js';
import { Button } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { Filters } from '../lists/index.js';
import type { Cell, MonthTable } from './month-table.js';
import { texts } from './texts.js';

interface Props {
  setName: string;
  table: MonthTable;
  filters: Filters;
}

/** The numbers of the charts, with a word where there is none. */
export function UsageTable({ setName, table, filters }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const shown = ({ value, state }: Cell): string => {
    if (value === null) return t(state === 'known' ? 'missing' : state);
    const number = format.number(value);
    return state === 'suppressed' ? t('partlySuppressed', { value: number }) : number;
  };
  const states = new Set(table.cells.flat().map(({ state }) => state));
  const saveTable = () => {
    const rows = table.months.map((month, index) => [month.slice(0, 7), ...(table.cells[index] ?? []).map(plain)]);
    download(`${setName}-by-month.csv`, toCsv([['Month', ...table.measures], ...rows]));
  };
  return (
    <section className="stack-tight">
      <div className="row-between">
        <h2>{t('tableCaption')}</h2>
        <div className="row">
          <Button onClick={saveTable}>{t('tableCsv')}</Button>
          <a className="button" href={exportAddress(setName, filters, 'csv')} download>
            {t('rowsCsv')}
          </a>
          <a className="button" href={exportAddress(setName, filters, 'json')} download>
            {t('rowsJson')}
          </a>
        </div>
      </div>
      <div className="table-frame" tabIndex={0} role="region" aria-label={t('tableCaption')}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('month')}</th>
              {table.measures.map((measure) => (
                <th key={measure} scope="col" className="number">
                  {measure}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.months.map((month, index) => (
              <tr key={month}>
                <th scope="row">{format.month(month)}</th>
                {table.cells[index]?.map((cell, column) => (
                  <td key={table.measures[column]} className={cell.value === null ? 'number muted' : 'number'}>
                    {shown(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {states.has('suppressed') && <p className="small muted">{t('whySuppressed')}</p>}
      {states.has('withheld') && <p className="small muted">{t('whyWithheld')}</p>}
      {states.has('missing') && <p className="small muted">{t('whyMissing')}</p>}
    </section>
  );
}

/** For a file: the bare number, or the reason in the word of the contract. */
const plain = ({ value, state }: Cell): string => (value === null ? state : String(value));

function exportAddress(set: string, filters: Filters, format: 'csv' | 'json'): string {
  const { from, to } = filters.query;
  return `/v1/usage/export?${new URLSearchParams({ set, ...(from && { from }), ...(to && { to }), format }).toString()}`;
}
