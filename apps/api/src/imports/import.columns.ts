import type { ProblemError } from '#libs/problems/index.js';
import { type Column, headerErrors, noteColumns, place, readColumn, unreadableCell } from './column.kinds.js';
import type { TableForm } from './sent-rows.js';

/** The columns of a CSV import. Several items in a cell are separated by `;`. */
export const importColumns = {
  programme: { path: ['programme'], kind: 'code' },
  name: { path: ['name'], kind: 'text', isRequired: true, example: 'Teams adoption at Northwind' },
  partnerId: { path: ['partnerId'], kind: 'identifier', digits: 4, isRequired: true, example: '1240371' },
  tenantId: { path: ['tenantId'], kind: 'identifier', isRequired: true, example: 'db602352-d033-497b-973d-8e81d5de0d3a' },
  domain: { path: ['domain'], kind: 'identifier', example: 'northwind-traders.example' },
  area: { path: ['area'], kind: 'code', isRequired: true, example: 'modern_work_security' },
  products: { path: ['products'], kind: 'codes', isRequired: true, example: 'teams;exchange' },
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
