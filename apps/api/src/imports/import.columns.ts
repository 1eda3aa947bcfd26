import { pasted } from '#libs/identifiers/index.js';
import type { ProblemError } from '#libs/problems/index.js';
import { type Cell, readCell, readDate, readFlag, readIdentifier, readWholeNumber, unmarked } from '#libs/tables/index.js';

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
type ColumnKind = (typeof columnKinds)[number];

interface Column {
  /** Where the cell belongs in the body of a claim. */
  path: string[];
  kind: ColumnKind;
  isRequired?: boolean;
  /** For a sample file; a column without one is not in it. */
  example?: string;
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
const reference = (cell: string): Cell => (/^\d[.,]\d+E\+\d{2}$/i.test(cell) ? readIdentifier(cell) : readCell(cell));

/** Parses a cell that is not empty. */
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

/** The columns of a CSV import. Several items in a cell are separated by `;`. */
export const importColumns = {
  programme: { path: ['programme'], kind: 'code' },
  name: { path: ['name'], kind: 'text', isRequired: true, example: 'Teams adoption at Northwind' },
  partnerId: { path: ['partnerId'], kind: 'identifier', isRequired: true, example: '1240371' },
  tenantId: { path: ['tenantId'], kind: 'identifier', isRequired: true, example: 'db602352-d033-497b-973d-8e81d5de0d3a' },
  domain: { path: ['domain'], kind: 'identifier', example: 'northwind-traders.example' },
  area: { path: ['area'], kind: 'code', isRequired: true, example: 'modern_work_security' },
  products: { path: ['products'], kind: 'codes', isRequired: true, example: 'teams;exchange_online' },
  subscriptionIds: { path: ['subscriptionIds'], kind: 'identifiers' },
  activities: { path: ['activities'], kind: 'codes', example: 'usage' },
  customerName: { path: ['contacts', 'customer', 'name'], kind: 'text', example: 'Alex Carter' },
  customerTitle: { path: ['contacts', 'customer', 'title'], kind: 'text', example: 'Head of IT' },
  customerEmail: { path: ['contacts', 'customer', 'email'], kind: 'text', example: 'alex.carter@northwind-traders.example' },
  partnerName: { path: ['contacts', 'partner', 'name'], kind: 'text', example: 'Robin Fields' },
  partnerEmail: { path: ['contacts', 'partner', 'email'], kind: 'text', example: 'claims@evergreen.example' },
  technicalName: { path: ['contacts', 'technical', 'name'], kind: 'text' },
  technicalTitle: { path: ['contacts', 'technical', 'title'], kind: 'text' },
  technicalEmail: { path: ['contacts', 'technical', 'email'], kind: 'text' },
  sellerName: { path: ['revenue', 'sellerName'], kind: 'text' },
  revenueCustomerName: { path: ['revenue', 'customerName'], kind: 'text' },
  solutionName: { path: ['revenue', 'solutionName'], kind: 'text' },
  acknowledgementVersion: { path: ['acknowledgementVersion'], kind: 'number', example: '1' },
  transactionOn: { path: ['transactionOn'], kind: 'date' },
  isOptedOutOfIncentives: { path: ['isOptedOutOfIncentives'], kind: 'flag', example: 'false' },
  externalReference: { path: ['externalReference'], kind: 'reference', example: 'CRM-4711' },
  tags: { path: ['tags'], kind: 'texts', example: 'migration;q4' },
  evidenceFileName: { path: ['evidence', 'fileName'], kind: 'text' },
  evidenceBase64: { path: ['evidence', 'contentBase64'], kind: 'base64' },
  evidenceSignedOn: { path: ['evidence', 'signedOn'], kind: 'date' },
} as const satisfies Record<string, Column>;

/** Names that a file of refused rows carries for the person who mends it. They are read and dropped, so that the file can be sent as it is. */
export const noteColumns = ['importRow', 'importError'];

type ColumnName = keyof typeof importColumns;
export const columnNames = [...Object.keys(importColumns), ...noteColumns];
const isColumn = (name: string): name is ColumnName => Object.hasOwn(importColumns, name);

/** Finds unknown, repeated and missing columns in a header. */
export function headerErrors(header: string[]): ProblemError[] {
  const error = (field: string, message: string) => ({ field, code: 'import_header', message });
  const required = Object.entries<Column>(importColumns).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
  return [
    ...header.filter((name) => !columnNames.includes(name)).map((name) => error(name.slice(0, 100), 'Unknown column')),
    ...header.filter((name, index) => header.indexOf(name) !== index).map((name) => error(name.slice(0, 100), 'This column is repeated')),
    ...required.filter((name) => !header.includes(name)).map((name) => error(name, 'This column is required')),
  ];
}

type Node = Record<string, unknown>;

/** Parses the cells of a row into the body of a claim, or reports the unreadable ones. Empty cells are left out. */
export function claimOfCells(header: string[], cells: string[]): { body: Record<string, unknown>; errors: ProblemError[] } {
  const body: Node = {};
  const errors: ProblemError[] = [];
  for (const [index, name] of header.entries()) {
    const cell = cells[index]?.trim();
    if (cell === undefined || cell === '' || !isColumn(name)) continue;
    const { path, kind }: Column = importColumns[name];
    const result = faultOf(cell) ?? readers[kind](cell);
    if ('fault' in result) {
      errors.push({ field: name, code: 'import_cell_unreadable', message: result.fault });
      continue;
    }
    const place = path.slice(0, -1).reduce((node, key) => (node[key] ??= {}) as Node, body);
    place[path.at(-1)!] = result.value;
  }
  const {
    products,
    subscriptionIds,
    activities = [],
    evidence,
    ...rest
  } = body as Node & { products?: string[]; subscriptionIds?: string[] };
  const lines = products?.map((product, index) => ({ product, subscriptionId: subscriptionIds?.[index] || null, activities }));
  const claim = { ...rest, ...(lines && { lines }), ...(evidence !== undefined && { evidence: [evidence] }) };
  return { body: claim, errors };
}

/** Finds spreadsheet error values, which may appear in any cell. */
function faultOf(cell: string): { fault: string } | undefined {
  const read = readCell(cell);
  return 'fault' in read ? read : undefined;
}

/** Returns the column that a field in the body of a claim came from. */
export function columnOf(pointer: string): string | undefined {
  const path = pointer.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  const ofLine: Record<string, ColumnName> = { product: 'products', subscriptionId: 'subscriptionIds', activities: 'activities' };
  if (path[0] === 'lines') return ofLine[path[1] ?? ''] ?? 'products';
  return Object.entries<Column>(importColumns).find(([, column]) => column.path.join('/') === path.join('/'))?.[0];
}
