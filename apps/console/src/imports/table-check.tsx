import { Banner, Button } from '../design/index.js';
import { useFormat } from '../i18n/index.js';
import { type CellFault, isBlocking, type KnownColumns, suggestionFor, type TableCheck, type Taken, takenFor } from './check-table.js';
import { type Translate, useImportTexts } from './file-zone.js';
import type { TableFile } from './read-file.js';
import { type ImportText, labelOf } from './texts.js';

const shownRows = 5;
const shownFaults = 20;

const faultTexts: Record<CellFault['kind'], ImportText> = {
  missing: 'faultMissing',
  nameless: 'faultNameless',
  notCleared: 'faultNotCleared',
  value: 'faultValue',
  spreadsheet: 'faultSpreadsheet',
  rounded: 'faultRounded',
  date: 'faultDate',
  number: 'faultNumber',
  flag: 'faultFlag',
  short: 'faultShort',
  stray: 'faultStray',
};

interface Props {
  file: TableFile;
  taken: Taken[];
  known: KnownColumns;
  check: TableCheck;
  onTaken(taken: Taken[]): void;
}

/** What is wrong with a table, what each of its columns becomes, and its first rows. */
export function TableCheckView({ file, taken, known, check, onTaken }: Props) {
  const t = useImportTexts();
  const format = useFormat();
  const isBlocked = isBlocking(check);
  const valuesOf = (name: string) => format.list(known.columns.find((column) => column.name === name)?.values ?? []);
  return (
    <>
      {isBlocked ? (
        <Banner tone="danger" isAlert title={t('columnsOf')}>
          {check.missing.length > 0 && (
            <p>
              {t('missing', { columns: format.list(check.missing) })} {t('missingWhat')}
            </p>
          )}
          {check.isNameless && <p>{t('nameless', { columns: format.list(known.namedBy) })}</p>}
          {check.repeated.length > 0 && <p>{t('repeated', { columns: format.list(check.repeated) })}</p>}
          {check.undecided > 0 && <p>{t('undecided', { count: check.undecided })}</p>}
        </Banner>
      ) : (
        <Banner tone="success" title={t('ready')} />
      )}
      {!isBlocked && check.faultyRows > 0 && (
        <Banner tone="warning" title={t('faults', { rows: check.faultyRows })}>
          <p>{t('faultsWhat')}</p>
          <ul className="import-faults">
            {check.faults.slice(0, shownFaults).map((fault) => (
              <li key={`${fault.row} ${fault.column}`}>
                <strong>{t('inRow', { row: format.number(fault.row) })}</strong>{' '}
                {t(faultTexts[fault.kind], {
                  column: fault.column,
                  cell: fault.cell.slice(0, 60),
                  columns: format.list(known.namedBy),
                  values: valuesOf(fault.column),
                })}
              </li>
            ))}
          </ul>
          {check.faults.length > shownFaults && <p>{t('moreFaults', { count: check.faults.length - shownFaults })}</p>}
        </Banner>
      )}
      <Decisions file={file} taken={taken} known={known} repeated={check.repeated} onTaken={onTaken} />
      <section className="stack-tight">
        <h3>{t('preview')}</h3>
        <div className="table-frame" tabIndex={0} role="region" aria-label={t('preview')}>
          <table className="table import-preview">
            <thead>
              <tr>
                <th scope="col">{t('row')}</th>
                {file.heading.map((heading, index) => (
                  <th key={index} scope="col" data-undecided={taken[index] === null || undefined}>
                    <ColumnHead heading={heading} taken={taken[index] ?? null} known={known} t={t} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {file.rows.slice(0, shownRows).map((cells, row) => (
                <tr key={row}>
                  <th scope="row">{row + 1}</th>
                  {file.heading.map((_, index) => (
                    <td key={index} className={taken[index] === '' ? 'muted' : undefined}>
                      <span className="import-cell">{cells[index]}</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

interface HeadProps {
  heading: string;
  taken: Taken;
  known: KnownColumns;
  t: Translate;
}

/** What a column of the file is called, and what it becomes. */
function ColumnHead({ heading, taken, known, t }: HeadProps) {
  if (heading.trim() === '') return <span className="muted">{t('noName')}</span>;
  const column = known.columns.find(({ name }) => name === taken);
  const label = known.noteColumns.includes(taken ?? '') ? 'labelNote' : column && labelOf(column.pointer);
  return (
    <div className="import-column">
      <strong>{heading}</strong>
      <span className="small muted">{label !== undefined ? t(label) : taken === '' ? t('left') : (taken ?? t('unknown'))}</span>
    </div>
  );
}

interface DecisionsProps {
  file: TableFile;
  taken: Taken[];
  known: KnownColumns;
  repeated: string[];
  onTaken(taken: Taken[]): void;
}

/** A choice for each column that was not known by its name, and for those that are taken for the same. */
function Decisions({ file, taken, known, repeated, onTaken }: DecisionsProps) {
  const t = useImportTexts();
  const names = known.columns.map(({ name }) => name);
  const usual = takenFor(file.heading, known);
  const open = file.heading.flatMap((heading, index) =>
    usual[index] === null || repeated.includes(taken[index] ?? '') ? [{ heading, index }] : [],
  );
  if (open.length === 0) return null;
  const take = (index: number, name: Taken) => onTaken(taken.map((each, place) => (place === index ? name : each)));
  return (
    <section className="stack-tight">
      <h3>{t('decisions')}</h3>
      <ul className="import-decisions">
        {open.map(({ heading, index }) => {
          const now = taken[index] ?? null;
          const suggestion = now === null ? suggestionFor(heading, names) : undefined;
          return (
            <li key={index} className="row">
              <strong className="import-heading">{heading}</strong>
              <select
                className="input import-choice"
                aria-label={t('takeAs', { heading })}
                aria-invalid={now === null || undefined}
                value={now ?? '?'}
                onChange={(event) => take(index, event.target.value)}
              >
                {now === null && <option value="?">{t('decide')}</option>}
                <option value="">{t('leaveOut')}</option>
                {[...names, ...known.noteColumns].map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
              {suggestion !== undefined && (
                <Button kind="quiet" onClick={() => take(index, suggestion)}>
                  {t('suggestion', { column: suggestion })}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
