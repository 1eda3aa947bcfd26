import { type UpdateAction, updateActions } from '#libs/imports/index.js';
import type { ProblemError } from '#libs/problems/index.js';
import { claimTable } from '#libs/read-models/index.js';
import { unescapedFormula, unmarked } from '#libs/tables/index.js';
import { type Column, headerErrors, noteColumns, place, readColumn, unreadableCell } from './column.kinds.js';
import { columnOf, importColumns } from './import.columns.js';
import type { TableForm, TableRow } from './sent-rows.js';

/** A cell with this text clears its field; an empty one leaves it as it is. */
export const clearMarker = '<clear>';

/** Columns of new claims that no table can change: lines have more parts than cells, and files go to the claim. */
const isOfLinesOrFiles = ({ path: [first = ''] }: Column): boolean =>
  ['products', 'subscriptionIds', 'activities', 'evidence'].includes(first);

/** What a cleared field holds. A part of a contact or of the names of a revenue association becomes an empty text. */
const cleared: Record<string, unknown> = {
  domain: null,
  acknowledgementVersion: null,
  transactionOn: null,
  externalReference: null,
  tags: [],
};

/** What a row names its claim by, and what it does with it. */
const rowColumns = {
  claimId: { path: ['claimId'], kind: 'identifier', description: 'Names the claim: its id.' },
  number: {
    path: ['number'],
    kind: 'identifier',
    description: 'Names the claim where the id is empty: its number.',
    example: 'CLM-000123',
  },
  version: {
    path: ['version'],
    kind: 'number',
    description: 'The row counts only for this version of the claim. Without it, the row is applied to the present version.',
  },
  action: {
    path: ['action'],
    kind: 'code',
    description: 'What is done with the claim after the changes.',
    values: Object.keys(updateActions),
  },
  reason: { path: ['reason'], kind: 'text', description: 'Why the action is taken.', requiredFor: ['disassociate'] },
} as const satisfies Record<string, UpdateColumn>;

export interface UpdateColumn extends Column {
  /** Every value that it may have; upper and lower case count the same. */
  values?: readonly string[];
  /** Actions for which a row must have a value. */
  requiredFor?: readonly UpdateAction[];
}

/** Every column that is read. Those that an exported table has besides are compared with the claim, and cannot be changed. */
export const updateColumns: Record<string, UpdateColumn> = {
  ...rowColumns,
  ...Object.fromEntries(
    Object.entries<Column>(importColumns)
      .filter(([, column]) => !isOfLinesOrFiles(column))
      .map(([name, { isRequired: _, ...column }]) => [name, { ...column, ...clearedOf(name, column) }]),
  ),
};

function clearedOf(name: string, { path }: Column): Pick<Column, 'cleared'> {
  if (path[0] === 'contacts' || path[0] === 'revenue') return { cleared: '' };
  return Object.hasOwn(cleared, name) ? { cleared: cleared[name] } : {};
}

/** Columns of an export that no row can change. */
export const comparedColumns = Object.keys(claimTable).filter((name) => !Object.hasOwn(updateColumns, name));
const columnNames = [...Object.keys(updateColumns), ...comparedColumns, ...noteColumns];
/** The first of these that has a value names the claim. */
export const namingColumns = ['claimId', 'number', 'externalReference'] as const;
const names: readonly string[] = namingColumns;

/**
 * Parses the cells of a row into the body of an update. Cells of columns that an exported table has are passed on as well: whether one asks for
 * anything shows only beside the claim, so what is wrong with it counts only then.
 */
function updateOfCells(header: string[], cells: string[]): TableRow {
  const body: Record<string, unknown> = {};
  const errors: ProblemError[] = [];
  const sent: Record<string, string> = {};
  const unreadable: ProblemError[] = [];
  for (const [index, name] of header.entries()) {
    const cell = cells[index]?.trim();
    if (cell === undefined || cell === '' || noteColumns.includes(name)) continue;
    const isExported = Object.hasOwn(claimTable, name);
    if (isExported) sent[name] = cell;
    const column = updateColumns[name];
    if (column === undefined) continue;
    const result = unmarked(cell) === clearMarker ? clear(column) : readColumn(unescapedFormula(cell), column);
    if ('fault' in result) (isExported && !Object.hasOwn(rowColumns, name) ? unreadable : errors).push(unreadableCell(name, result.fault));
    else place(body, column.path, result.value);
  }
  return { body, errors, cells: sent, unreadable };
}

const clear = (column: Column): { value: unknown } | { fault: string } =>
  'cleared' in column ? { value: column.cleared } : { fault: 'This field cannot be cleared.' };

const nameless: ProblemError = {
  field: 'claimId',
  code: 'import_header',
  message: 'A column that names the claim is required: claimId, number or externalReference',
};

/** A table of changes to claims: an exported one, or any with some of its columns and those of new claims. */
export const updateTable: TableForm = {
  columnNames,
  headerErrors: (header) => [...headerErrors(header, columnNames, []), ...(header.some((name) => names.includes(name)) ? [] : [nameless])],
  read: updateOfCells,
  columnOf: (pointer) => (Object.hasOwn(rowColumns, pointer.slice(1)) ? pointer.slice(1) : columnOf(pointer)),
};
