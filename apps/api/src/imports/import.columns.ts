import { pasted } from '#libs/identifiers/index.js';
import type { ProblemError } from '#libs/problems/index.js';
import { type Cell, readCell, readDate, readFlag, readIdentifier, readWholeNumber, unmarked } from '#libs/tables/index.js';

interface Column {
  /** Where the cell belongs in the body of a claim. */
  path: string[];
  isRequired?: boolean;
  /** Parses a cell that is not empty. */
  read?: (cell: string) => Cell<unknown>;
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

/** The columns of a CSV import. Several items in a cell are separated by `;`. */
export const importColumns = {
  programme: { path: ['programme'] },
  name: { path: ['name'], isRequired: true },
  partnerId: { path: ['partnerId'], isRequired: true, read: identifier },
  tenantId: { path: ['tenantId'], isRequired: true, read: identifier },
  domain: { path: ['domain'], read: identifier },
  area: { path: ['area'], isRequired: true },
  products: { path: ['products'], isRequired: true, read: codes },
  subscriptionIds: { path: ['subscriptionIds'], read: identifiers },
  activities: { path: ['activities'], read: codes },
  customerName: { path: ['contacts', 'customer', 'name'] },
  customerTitle: { path: ['contacts', 'customer', 'title'] },
  customerEmail: { path: ['contacts', 'customer', 'email'] },
  partnerName: { path: ['contacts', 'partner', 'name'] },
  partnerEmail: { path: ['contacts', 'partner', 'email'] },
  technicalName: { path: ['contacts', 'technical', 'name'] },
  technicalTitle: { path: ['contacts', 'technical', 'title'] },
  technicalEmail: { path: ['contacts', 'technical', 'email'] },
  sellerName: { path: ['revenue', 'sellerName'] },
  revenueCustomerName: { path: ['revenue', 'customerName'] },
  solutionName: { path: ['revenue', 'solutionName'] },
  acknowledgementVersion: { path: ['acknowledgementVersion'], read: readWholeNumber },
  transactionOn: { path: ['transactionOn'], read: readDate },
  isOptedOutOfIncentives: { path: ['isOptedOutOfIncentives'], read: readFlag },
  externalReference: { path: ['externalReference'], read: reference },
  tags: { path: ['tags'], read: list },
  evidenceFileName: { path: ['evidence', 'fileName'] },
  evidenceBase64: { path: ['evidence', 'contentBase64'] },
  evidenceSignedOn: { path: ['evidence', 'signedOn'], read: readDate },
} as const satisfies Record<string, Column>;

type ColumnName = keyof typeof importColumns;
export const columnNames = Object.keys(importColumns);
const isColumn = (name: string): name is ColumnName => Object.hasOwn(importColumns, name);

/** Finds unknown, repeated and missing columns in a header. */
export function headerErrors(header: string[]): ProblemError[] {
  const error = (field: string, message: string) => ({ field, code: 'import_header', message });
  const required = Object.entries<Column>(importColumns).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
  return [
    ...header.filter((name) => !isColumn(name)).map((name) => error(name.slice(0, 100), 'Unknown column')),
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
    const { path, read = readCell }: Column = importColumns[name];
    const result = faultOf(cell) ?? read(cell);
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
