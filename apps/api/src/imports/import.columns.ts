import type { ProblemError } from '#libs/problems/index.js';

interface Column {
  /** Where the cell goes in the body of a claim. */
  path: string[];
  isRequired?: boolean;
  /** Makes the value of a cell that is not empty. */
  read?: (cell: string) => unknown;
}

const list = (cell: string): string[] => cell.split(';').map((item) => item.trim());
/** Digits only: what is not a number is left for the schema to name. */
const wholeNumber = (cell: string): unknown => (/^\d{1,9}$/.test(cell) ? Number(cell) : cell);
const flag = (cell: string): unknown => ({ true: true, false: false })[cell.toLowerCase()] ?? cell;

/** The columns of a CSV import. Cells of several items have `;` between them. */
export const importColumns = {
  programme: { path: ['programme'] },
  name: { path: ['name'], isRequired: true },
  partnerId: { path: ['partnerId'], isRequired: true },
  tenantId: { path: ['tenantId'], isRequired: true },
  domain: { path: ['domain'] },
  area: { path: ['area'], isRequired: true },
  products: { path: ['products'], isRequired: true, read: list },
  subscriptionIds: { path: ['subscriptionIds'], read: list },
  activities: { path: ['activities'], read: list },
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
  acknowledgementVersion: { path: ['acknowledgementVersion'], read: wholeNumber },
  transactionOn: { path: ['transactionOn'] },
  isOptedOutOfIncentives: { path: ['isOptedOutOfIncentives'], read: flag },
  externalReference: { path: ['externalReference'] },
  tags: { path: ['tags'], read: list },
  evidenceFileName: { path: ['evidence', 'fileName'] },
  evidenceBase64: { path: ['evidence', 'contentBase64'] },
  evidenceSignedOn: { path: ['evidence', 'signedOn'] },
} as const satisfies Record<string, Column>;

type ColumnName = keyof typeof importColumns;
const isColumn = (name: string): name is ColumnName => Object.hasOwn(importColumns, name);

/** What is wrong with a header: columns that are unknown, named twice or missing. */
export function headerErrors(header: string[]): ProblemError[] {
  const error = (field: string, message: string) => ({ field, code: 'import_header', message });
  const required = Object.entries<Column>(importColumns).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
  return [
    ...header.filter((name) => !isColumn(name)).map((name) => error(name.slice(0, 100), 'No column has this name')),
    ...header.filter((name, index) => header.indexOf(name) !== index).map((name) => error(name.slice(0, 100), 'The column is there twice')),
    ...required.filter((name) => !header.includes(name)).map((name) => error(name, 'This column is required')),
  ];
}

type Node = Record<string, unknown>;

/** Turns the cells of a row into the body of a claim. An empty cell says nothing. */
export function claimOfCells(header: string[], cells: string[]): Record<string, unknown> {
  const body: Node = {};
  for (const [index, name] of header.entries()) {
    const cell = cells[index]?.trim();
    if (cell === undefined || cell === '' || !isColumn(name)) continue;
    const { path, read }: Column = importColumns[name];
    const place = path.slice(0, -1).reduce((node, key) => (node[key] ??= {}) as Node, body);
    place[path.at(-1)!] = read === undefined ? cell : read(cell);
  }
  const {
    products,
    subscriptionIds,
    activities = [],
    evidence,
    ...rest
  } = body as Node & { products?: string[]; subscriptionIds?: string[] };
  const lines = products?.map((product, index) => ({ product, subscriptionId: subscriptionIds?.[index] || null, activities }));
  return { ...rest, ...(lines && { lines }), ...(evidence !== undefined && { evidence: [evidence] }) };
}

/** The column from which a place in the body of a claim came, for whoever sent a table. */
export function columnOf(pointer: string): string | undefined {
  const path = pointer.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  const ofLine: Record<string, ColumnName> = { product: 'products', subscriptionId: 'subscriptionIds', activities: 'activities' };
  if (path[0] === 'lines') return ofLine[path[1] ?? ''] ?? 'products';
  return Object.entries<Column>(importColumns).find(([, column]) => column.path.join('/') === path.join('/'))?.[0];
}
