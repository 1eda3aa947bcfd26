import { isBefore } from '#libs/claims/index.js';
import { pastedInLowerCase } from '#libs/identifiers/index.js';
import {
  hasLostDigits,
  isInScientificNotation,
  readCell as readSpreadsheetCell,
  readDate,
  readMonth as readMonthStart,
  unmarked,
} from '#libs/tables/index.js';
import { isImported, isStored, type UsageColumn, type UsageSet } from './sets.js';
import { subscriptionTarget, workloadTarget } from './target.js';

/** Why a row was refused, and how to fix it. The codes are stable. */
export const rowFaults = {
  cells_differ: 'The row has more or fewer cells than the header. Quote cells that contain a comma, and send empty cells too.',
  value_required: 'The value is missing. This column must not be empty.',
  guid_invalid: 'This is not a GUID. Send 8-4-4-4-12 hexadecimal digits.',
  month_invalid: 'This is not a month, or it is ambiguous. Send the first day of the month as an ISO date, such as 2026-03-01.',
  month_in_future: 'This month has not begun yet. Send nothing later than the current month.',
  date_invalid: 'This is not a date, or it is ambiguous. Send an ISO date, such as 2026-03-14.',
  number_invalid: 'This is not a valid number. Send plain digits, not negative, and without a fraction for counts.',
  cell_mangled:
    'A spreadsheet has replaced the value with an error (#N/A) or with scientific notation (1.24037E+06). Format the column as text and export the file again.',
  text_invalid: 'The text is longer than 200 characters or contains invalid characters. Shorten or correct it.',
  workload_unknown:
    "The programme's catalogue has no such workload. Send a code, label or synonym from the catalogue, or add the workload to it.",
  target_ambiguous: 'A row must name either a workload or a subscription. Fill in exactly one of the two columns.',
  row_repeated:
    'An earlier row of the file has the same target, month and dimensions. Only that row was stored; send each combination once.',
} as const;

export type RowFaultCode = keyof typeof rowFaults;

export interface RowFault {
  /** Line of the file, starting at 1. */
  line: number;
  column: string | null;
  code: RowFaultCode;
}

/** A row as it is stored. */
export interface UsageRow {
  line: number;
  target: string;
  tenantId: string;
  month: string;
  dimension: string;
  figures: Record<string, string | number>;
}

export interface RowRules {
  set: UsageSet;
  /** Workload codes by the names that files may use, in lower case. */
  workloads: ReadonlyMap<string, string>;
  /** ISO date of the first day of the current month. */
  currentMonth: string;
}

export interface HeaderFault {
  column: string;
  code: 'column_unknown' | 'column_missing' | 'column_repeated';
}

/** Matches a header with the published columns, ignoring case. Returns the columns in the file's order, and what is wrong with the header. */
export function readHeader(set: UsageSet, names: string[]): { columns: UsageColumn[]; faults: HeaderFault[] } {
  const known = new Map(set.columns.map((column) => [column.name.toLowerCase(), column]));
  const found = names.map((name) => known.get(name.toLowerCase()));
  const faults = names.flatMap((name, index): HeaderFault[] => {
    if (found[index] === undefined) return [{ column: name.slice(0, 100), code: 'column_unknown' }];
    return found.indexOf(found[index]) < index ? [{ column: name, code: 'column_repeated' }] : [];
  });
  const missing = set.columns.filter((column) => column.isRequired && !found.includes(column));
  const lacks = missing.map(({ name }): HeaderFault => ({ column: name, code: 'column_missing' }));
  return { columns: found.filter((column) => column !== undefined), faults: [...faults, ...lacks] };
}

/** Reads one record of a file. Returns the row to store, or every fault of the record. */
export function readRow(
  reader: CellReader,
  columns: UsageColumn[],
  cells: string[],
  line: number,
): { row: UsageRow; faults: [] } | { row: null; faults: RowFault[] } {
  if (cells.length !== columns.length) return { row: null, faults: [{ line, column: null, code: 'cells_differ' }] };
  const faults: RowFault[] = [];
  const row = { line, target: '', tenantId: '', month: '', dimension: '', figures: {} as UsageRow['figures'] };
  const used: { unit: 'workload' | 'subscription'; id: string }[] = [];
  const dimensions = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    if (!isImported(column)) continue;
    const read = reader.read(column, cells[index]!);
    if ('fault' in read) {
      faults.push({ line, column: column.name, code: read.fault });
      continue;
    }
    if (read.value === null) continue;
    if (isStored(column)) row.figures[column.name] = read.stored ?? read.value;
    if (column.source === 'tenant') row.tenantId = String(read.value);
    else if (column.source === 'month') row.month = String(read.value);
    else if (column.source === 'dimension') dimensions.set(column.name, String(read.value));
    else if (column.source === 'workload' || column.source === 'subscription') used.push({ unit: column.source, id: String(read.value) });
  }
  const [target] = used;
  if (faults.length === 0 && (target === undefined || used.length > 1)) faults.push({ line, column: null, code: 'target_ambiguous' });
  if (faults.length > 0 || target === undefined) return { row: null, faults };
  row.target = target.unit === 'workload' ? workloadTarget(row.tenantId, target.id) : subscriptionTarget(target.id);
  const named = reader.rules.set.columns.filter((column) => column.source === 'dimension');
  if (dimensions.size > 0) row.dimension = JSON.stringify(named.map(({ name }) => dimensions.get(name)?.toLowerCase() ?? null));
  return { row, faults: [] };
}

type Cell = { value: string | number | null; stored?: string } | { fault: RowFaultCode };

/** How many different texts of a column are remembered, and how long they may be. */
const maximumKnownCells = 1_000;
const maximumKnownLength = 200;

/** Reads the cells of a file. Months, ids and names repeat from row to row, so what a text means is worked out once and remembered. */
export class CellReader {
  private readonly known = new Map<UsageColumn, Map<string, Cell>>();

  constructor(readonly rules: RowRules) {}

  read(column: UsageColumn, text: string): Cell {
    const cells = this.known.get(column) ?? new Map<string, Cell>();
    this.known.set(column, cells);
    const known = cells.get(text);
    if (known !== undefined) return known;
    if (text.length > maximumKnownLength) return readCell(this.rules, column, text);
    const cell = readCell(this.rules, column, text);
    if (cells.size >= maximumKnownCells) cells.clear();
    cells.set(text, cell);
    return cell;
  }
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const maximumCount = 1_000_000_000_000;

function readCell(rules: RowRules, column: UsageColumn, sent: string): Cell {
  const text = unmarked(sent);
  if (text === '') return column.isRequired ? { fault: 'value_required' } : { value: null };
  const isRounded = column.type === 'text' ? hasLostDigits(text) : isInScientificNotation(text);
  if ('fault' in readSpreadsheetCell(text) || isRounded) return { fault: 'cell_mangled' };
  if (text.length > 200 || text.includes('\0') || !text.isWellFormed()) return { fault: 'text_invalid' };
  if (column.source === 'workload') {
    const code = rules.workloads.get(text.toLowerCase());
    return code === undefined ? { fault: 'workload_unknown' } : { value: code, stored: text };
  }
  switch (column.type) {
    case 'guid':
      return guid.test(pastedInLowerCase(text)) ? { value: pastedInLowerCase(text) } : { fault: 'guid_invalid' };
    case 'month':
      return readMonth(text, rules.currentMonth);
    case 'date':
      return asCell(readDate(text), 'date_invalid');
    case 'count':
      return /^\d{1,13}$/.test(text) && Number(text) <= maximumCount ? { value: Number(text) } : { fault: 'number_invalid' };
    case 'decimal':
    case 'percent':
      return /^\d{1,12}(\.\d{1,4})?$/.test(text) ? { value: Number(text) } : { fault: 'number_invalid' };
    case 'text':
      return { value: text };
  }
}

function readMonth(text: string, currentMonth: string): Cell {
  const month = asCell(readMonthStart(text), 'month_invalid');
  if ('fault' in month) return month;
  if (!/^20\d\d-(0[1-9]|1[0-2])-01$/.test(String(month.value))) return { fault: 'month_invalid' };
  return isBefore(currentMonth, String(month.value)) ? { fault: 'month_in_future' } : month;
}

const asCell = (read: { value: string } | { fault: string }, fault: RowFaultCode): Cell => ('fault' in read ? { fault } : read);
