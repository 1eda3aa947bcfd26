import type { ClaimUpdateColumns, ImportColumns } from '../client/index.js';
import type { TableFile } from './read-file.js';

type Column = Omit<ClaimUpdateColumns['columns'][number], 'description'> & { isRequired: boolean };

/** What the API reads in a table of either kind. */
export interface KnownColumns extends Pick<ImportColumns, 'noteColumns' | 'maximumRows' | 'maximumBytes'> {
  columns: Column[];
  /** Every row needs a value in one of these; none where rows name no claim. */
  namedBy: string[];
  /** What a cell says to empty its field; null where there is nothing to empty. */
  clearMarker: string | null;
}

/** What a column of the file is taken for: the API's name, '' if it is left out, null if it must be decided. */
export type Taken = string | null;

export interface CellFault {
  /** Row number from 1. */
  row: number;
  column: string;
  kind: 'missing' | 'nameless' | 'notCleared' | 'value' | 'spreadsheet' | 'rounded' | 'date' | 'number' | 'flag' | 'short' | 'stray';
  cell: string;
}

export interface TableCheck {
  /** Required columns that no column of the file is taken for. */
  missing: string[];
  /** No column names the claims to be changed. */
  isNameless: boolean;
  /** Columns that several columns of the file are taken for. */
  repeated: string[];
  /** How many columns of the file must still be decided. */
  undecided: number;
  faults: CellFault[];
  /** Rows with at least one fault. */
  faultyRows: number;
}

const key = (name: string): string => name.replace(/[\s_-]+/g, '').toLowerCase();

/** Takes each heading for the column of the same name; case, spaces, hyphens and underscores do not count. Columns without a name are left out. */
export function takenFor(heading: string[], { columns, noteColumns }: Pick<KnownColumns, 'columns' | 'noteColumns'>): Taken[] {
  const names = new Map([...columns.map(({ name }) => name), ...noteColumns].map((name) => [key(name), name]));
  return heading.map((cell) => (cell.trim() === '' ? '' : (names.get(key(cell)) ?? null)));
}

/** The known column whose name is nearest to an unknown heading; undefined if none is near. */
export function suggestionFor(heading: string, names: string[]): string | undefined {
  const asked = key(heading);
  const ranked = names.map((name) => ({ name, distance: distanceOf(asked, key(name)) })).sort((a, b) => a.distance - b.distance);
  const near = ranked.find(({ name, distance }) => distance <= Math.max(1, Math.floor(key(name).length / 4)));
  return near?.name ?? names.find((name) => asked.length >= 4 && (key(name).startsWith(asked) || asked.startsWith(key(name))));
}

/** The number of letters to add, drop or change (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++)
      current[column] = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1),
      );
    previous = current;
  }
  return previous[b.length]!;
}

/** Finds what the API would refuse for certain. Whether the values are right, only the API knows. */
export function checkTable({ rows }: TableFile, taken: Taken[], { columns, noteColumns, namedBy, clearMarker }: KnownColumns): TableCheck {
  const names = taken.filter((name): name is string => name !== null && name !== '');
  const required = columns.filter(({ isRequired }) => isRequired);
  const used = taken.flatMap((name, index) => {
    const column = columns.find((each) => each.name === name);
    return column === undefined ? [] : [{ index, column }];
  });
  const width = taken.findLastIndex((name) => name !== '' && !noteColumns.includes(name ?? '')) + 1;
  const faults = rows.flatMap((cells, place) => {
    const row = place + 1;
    if (cells.length < width) return [{ row, column: '', kind: 'short' as const, cell: String(cells.length) }];
    const stray = cells.slice(taken.length).find((cell) => cell.trim() !== '');
    if (stray !== undefined) return [{ row, column: '', kind: 'stray' as const, cell: stray }];
    const cellOf = (name: string) => cells[taken.indexOf(name)]?.trim() ?? '';
    const action = cellOf('action').toLowerCase();
    const isNamed = namedBy.length === 0 || namedBy.some((name) => cellOf(name) !== '');
    const unnamed = isNamed ? [] : [{ row, column: '', kind: 'nameless' as const, cell: '' }];
    const ofCells = used.flatMap(({ index, column }): CellFault[] => {
      const cell = cells[index]?.trim() ?? '';
      const isMissing = column.isRequired || column.requiredFor.some((each) => each === action);
      const kind = cell === '' ? (isMissing ? 'missing' : null) : cell === clearMarker ? clearedFault(column) : faultOf(cell, column);
      return kind === null ? [] : [{ row, column: column.name, kind, cell }];
    });
    return [...unnamed, ...ofCells];
  });
  return {
    missing: required.map(({ name }) => name).filter((name) => !names.includes(name)),
    isNameless: namedBy.length > 0 && !namedBy.some((name) => names.includes(name)),
    repeated: [...new Set(names.filter((name, index) => names.indexOf(name) !== index))],
    undecided: taken.filter((name) => name === null).length,
    faults,
    faultyRows: new Set(faults.map(({ row }) => row)).size,
  };
}

/** Whether the columns have to be put right before anything is sent. */
export const isBlocking = ({ missing, isNameless, repeated, undecided }: TableCheck): boolean =>
  isNameless || missing.length + repeated.length + undecided > 0;

/** What cannot be changed is compared with the claim, which only the API knows. */
const clearedFault = ({ isClearable, pointer }: Column): CellFault['kind'] | null =>
  isClearable || pointer === null ? null : 'notCleared';

const spreadsheetError = /^#(?:N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|#+)$/i;

function faultOf(cell: string, { kind, values }: Column): CellFault['kind'] | null {
  const value = /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;
  if (spreadsheetError.test(value)) return 'spreadsheet';
  if ((kind === 'identifier' || kind === 'identifiers') && /^\d([.,]\d+)?E\+\d+$/i.test(value)) return 'rounded';
  if (kind === 'number' && !/^\d{1,9}$/.test(value)) return 'number';
  if (values !== null && !values.includes(value.toLowerCase())) return 'value';
  if (kind === 'date' && !isReadableDate(value)) return 'date';
  // Spreadsheets write truth values in several languages, so only what is certainly none is a fault.
  return kind === 'flag' && /\d{2}|[@;]/.test(value) ? 'flag' : null;
}

function isReadableDate(value: string): boolean {
  if (/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]0?0:00.*)?$/.test(value)) return true;
  const [, first, mark, second] = /^(\d{1,2})([-/.])(\d{1,2})\2\d{4}([ T]0?0:00.*)?$/.exec(value) ?? [];
  if (mark === undefined) return false;
  return mark === '.' || first === second || Number(first) > 12 || Number(second) > 12;
}

/** The table with the columns that are taken for something, named as the API names them. Cells that belong to no column stay, to be refused. */
export function tableToSend({ rows }: TableFile, taken: Taken[]): string[][] {
  const kept = taken.flatMap((name, index) => (name === null || name === '' ? [] : [index]));
  return [
    kept.map((index) => taken[index]!),
    ...rows.map((cells) => [...kept.flatMap((index) => cells[index] ?? []), ...cells.slice(taken.length)]),
  ];
}
