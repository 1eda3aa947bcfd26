import type { ProblemError } from '#libs/problems/index.js';
import { type Column, headerErrors, noteColumns, place, readColumn, unreadableCell } from './column.kinds.js';
import type { TableForm } from './sent-rows.js';

/** The columns of a CSV import. Several items in a cell are separated by `;`. */
export const importColumns = {
  programme: { path: ['programme'], kind: 'code', description: 'The programme, by its name; `sample` if it is empty.' },
  name: {
    path: ['name'],
    kind: 'text',
    description: 'What the claim is called.',
    isRequired: true,
    example: 'Teams adoption at Northwind',
  },
  partnerId: {
    path: ['partnerId'],
    kind: 'identifier',
    description: 'The location of the partner that claims.',
    digits: 4,
    isRequired: true,
    example: '1240371',
  },
  tenantId: {
    path: ['tenantId'],
    kind: 'identifier',
    description: "The customer's tenant.",
    isRequired: true,
    example: 'db602352-d033-497b-973d-8e81d5de0d3a',
  },
  domain: { path: ['domain'], kind: 'identifier', description: "A domain of the customer's tenant.", example: 'northwind-traders.example' },
  area: {
    path: ['area'],
    kind: 'code',
    description: 'The solution area, as the catalogue names it.',
    isRequired: true,
    example: 'modern_work_security',
  },
  products: {
    path: ['products'],
    kind: 'codes',
    description: 'Products, as the catalogue names them; each becomes a line of the claim.',
    isRequired: true,
    example: 'teams;exchange',
  },
  subscriptionIds: { path: ['subscriptionIds'], kind: 'identifiers', description: 'Subscriptions, in the order of the products.' },
  activities: { path: ['activities'], kind: 'codes', description: 'What the partner does, for every product.', example: 'usage' },
  customerName: {
    path: ['contacts', 'customer', 'name'],
    kind: 'text',
    description: 'Who receives the notice: name.',
    example: 'Alex Carter',
  },
  customerTitle: {
    path: ['contacts', 'customer', 'title'],
    kind: 'text',
    description: 'Who receives the notice: position.',
    example: 'Head of IT',
  },
  customerEmail: {
    path: ['contacts', 'customer', 'email'],
    kind: 'text',
    description: 'Who receives the notice: email address.',
    example: 'alex.carter@northwind-traders.example',
  },
  partnerName: {
    path: ['contacts', 'partner', 'name'],
    kind: 'text',
    description: "The partner's contact: name.",
    example: 'Robin Fields',
  },
  partnerEmail: {
    path: ['contacts', 'partner', 'email'],
    kind: 'text',
    description: "The partner's contact: email address.",
    example: 'claims@evergreen.example',
  },
  technicalName: { path: ['contacts', 'technical', 'name'], kind: 'text', description: 'The technical contact: name.' },
  technicalTitle: { path: ['contacts', 'technical', 'title'], kind: 'text', description: 'The technical contact: position.' },
  technicalEmail: { path: ['contacts', 'technical', 'email'], kind: 'text', description: 'The technical contact: email address.' },
  sellerName: { path: ['revenue', 'sellerName'], kind: 'text', description: 'Revenue association: the seller.' },
  revenueCustomerName: {
    path: ['revenue', 'customerName'],
    kind: 'text',
    description: 'Revenue association: the customer, as in the sale.',
  },
  solutionName: { path: ['revenue', 'solutionName'], kind: 'text', description: 'Revenue association: the solution.' },
  acknowledgementVersion: {
    path: ['acknowledgementVersion'],
    kind: 'number',
    description: 'The version of the terms that the partner accepts.',
    example: '1',
  },
  transactionOn: { path: ['transactionOn'], kind: 'date', description: 'The day of the transaction.' },
  isOptedOutOfIncentives: {
    path: ['isOptedOutOfIncentives'],
    kind: 'flag',
    description: 'Whether the partner does without incentives.',
    example: 'false',
  },
  externalReference: { path: ['externalReference'], kind: 'reference', description: "The partner's own reference.", example: 'CRM-4711' },
  tags: { path: ['tags'], kind: 'texts', description: "The partner's own tags.", example: 'migration;q4' },
  evidenceFileName: { path: ['evidence', 'fileName'], kind: 'text', description: 'One evidence file: its name.' },
  evidenceBase64: {
    path: ['evidence', 'contentBase64'],
    kind: 'base64',
    description: 'One evidence file of at most 256 KiB: its content.',
  },
  evidenceSignedOn: { path: ['evidence', 'signedOn'], kind: 'date', description: 'One evidence file: the day on which it was signed.' },
} as const satisfies Record<string, Column>;

type ColumnName = keyof typeof importColumns;
const columnNames = [...Object.keys(importColumns), ...noteColumns];
const isColumn = (name: string): name is ColumnName => Object.hasOwn(importColumns, name);
const required = Object.entries<Column>(importColumns).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));

/** Parses the cells of a row into the body of a claim, or reports the unreadable ones. Empty cells are left out. */
function claimOfCells(header: string[], cells: string[]): { body: Record<string, unknown>; errors: ProblemError[] } {
  const body: Record<string, unknown> = {};
  const errors: ProblemError[] = [];
  for (const [index, name] of header.entries()) {
    const cell = cells[index]?.trim();
    if (cell === undefined || cell === '' || !isColumn(name)) continue;
    const column: Column = importColumns[name];
    const result = readColumn(cell, column);
    if ('fault' in result) errors.push(unreadableCell(name, result.fault));
    else place(body, column.path, result.value);
  }
  const {
    products,
    subscriptionIds,
    activities = [],
    evidence,
    ...rest
  } = body as Record<string, unknown> & { products?: string[]; subscriptionIds?: string[] };
  const lines = products?.map((product, index) => ({ product, subscriptionId: subscriptionIds?.[index] || null, activities }));
  const claim = { ...rest, ...(lines && { lines }), ...(evidence !== undefined && { evidence: [evidence] }) };
  return { body: claim, errors };
}

/** Returns the column that a field in the body of a claim came from. */
export function columnOf(pointer: string): string | undefined {
  const path = pointer.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  const ofLine: Record<string, ColumnName> = { product: 'products', subscriptionId: 'subscriptionIds', activities: 'activities' };
  if (path[0] === 'lines') return ofLine[path[1] ?? ''] ?? 'products';
  return Object.entries<Column>(importColumns).find(([, column]) => column.path.join('/') === path.join('/'))?.[0];
}

/** A table of new claims. */
export const importTable: TableForm = {
  columnNames,
  headerErrors: (header) => headerErrors(header, columnNames, required),
  read: claimOfCells,
  columnOf,
};
