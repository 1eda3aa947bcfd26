import { pasted } from '#libs/identifiers/index.js';
import type { ProblemError } from '#libs/problems/index.js';
import { type Cell, hasLostDigits, readCell, readDate, readFlag, readIdentifier, readWholeNumber, unmarked } from '#libs/tables/index.js';

/** What a cell contains; `texts`, `codes` and `identifiers` hold several items. */
export const columnKinds = [
  'text',
  'texts',
  'code',
  'codes',
  'identifier',
  'identifiers',
  'reference',
  'number',
  'date',
  'flag',
  'base64',
] as const;
export type ColumnKind = (typeof columnKinds)[number];

export interface Column {
  /** Where the cell belongs in the body of a claim. */
  path: string[];
  kind: ColumnKind;
  /** What it means, for those who fill it in. */
  description: string;
  isRequired?: boolean;
  /** For a sample file; a column without one is not in it. */
  example?: string;
  /** How many digits it has at least, if it consists of digits. */
  digits?: number;
  /** What an update stores when the cell says to clear the field; a column without it cannot be cleared. */
  cleared?: unknown;
}

const items = (cell: string, between: RegExp): string[] =>
  unmarked(cell)
    .split(between)
    .map((item) => item.trim());
const list = (cell: string): Cell<string[]> => ({ value: items(cell, /;/) });
/** Codes contain neither commas nor line breaks, so these also separate them: in a table with semicolons, a `;` would need quotes. */
const codes = (cell: string): Cell<string[]> => ({ value: items(cell, /[;,\n]/) });
const identifier = (cell: string): Cell => {
  const read = readIdentifier(cell);
  return 'fault' in read ? read : { value: pasted(read.value) };
};
const identifiers = (cell: string): Cell<string[]> => {
  const read = codes(cell);
  const each = 'value' in read ? read.value.map(identifier) : [];
  const fault = each.find((item) => 'fault' in item);
  return fault ?? { value: each.flatMap((item) => ('value' in item ? [item.value] : [])) };
};
/** A partner's own reference may look like any number, so a fault is reported only if digits were certainly lost. */
const reference = (cell: string): Cell => (hasLostDigits(unmarked(cell)) ? readIdentifier(cell) : readCell(cell));

const readers: Record<ColumnKind, (cell: string) => Cell<unknown>> = {
  text: readCell,
  texts: list,
  code: readCell,
  codes,
  identifier,
  identifiers,
  reference,
  number: readWholeNumber,
  date: readDate,
  flag: readFlag,
  base64: readCell,
};

/** Parses a cell that is not empty. */
export function readColumn(cell: string, { kind, digits = 0 }: Column): Cell<unknown> {
  // Spreadsheets write their error values into cells of every kind.
  const read = readCell(cell);
  if ('fault' in read) return read;
  const { value } = read;
  if (/^\d+$/.test(value) && value.length < digits)
    return {
      fault: `"${value}" has fewer than ${digits} digits: a spreadsheet may have dropped leading zeros. Format the column as text and enter the value again.`,
    };
  return readers[kind](cell);
}

type Node = Record<string, unknown>;

/** Puts a value where it belongs in a body. */
export function place(body: Node, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce((node, key) => (node[key] ??= {}) as Node, body);
  parent[path.at(-1)!] = value;
}

/** Finds unknown, repeated and missing columns in a header. */
export function headerErrors(header: string[], known: readonly string[], required: readonly string[]): ProblemError[] {
  const error = (field: string, message: string) => ({ field, code: 'import_header', message });
  return [
    ...header.filter((name) => !known.includes(name)).map((name) => error(name.slice(0, 100), 'Unknown column')),
    ...header.filter((name, index) => header.indexOf(name) !== index).map((name) => error(name.slice(0, 100), 'This column is repeated')),
    ...required.filter((name) => !header.includes(name)).map((name) => error(name, 'This column is required')),
  ];
}

export const unreadableCell = (field: string, message: string): ProblemError => ({ field, code: 'import_cell_unreadable', message });

/** Names that a file of refused rows carries for the person who mends it. They are read and dropped, so that the file can be sent as it is. */
export const noteColumns = ['importRow', 'importError'];
