import type { ClaimFilter, ClaimSort, Page, Place } from '#libs/read-models/index.js';
import { statusLabels } from '#libs/claims/index.js';

/** A claim with everything that lists use, read without any filter. */
export interface OracleRow {
  claimId: string;
  number: string;
  name: string;
  phase: keyof typeof statusLabels;
  area: string;
  products: string[];
  activities: string[];
  tags: string[];
  reasons: string[];
  accountId: string;
  partnerId: string;
  tenantId: string;
  customer: string;
  domain: string;
  externalReference: string | null;
  isOpen: boolean;
  dueAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export const oracleSql = `
  SELECT claim_id AS "claimId", number, name, phase, area, products, activities, tags, reasons, partner_account_id AS "accountId",
    partner_id AS "partnerId", tenant_id AS "tenantId", customer_name AS customer, domain, external_reference AS "externalReference",
    is_open AS "isOpen", to_json(due_at) #>> '{}' AS "dueAt", to_json(created_at) #>> '{}' AS "createdAt", to_json(updated_at) #>> '{}' AS "updatedAt"
  FROM claims`;

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .match(/[\p{L}\p{N}]+/gu) ?? [];
const intersects = (values: string[], wanted: string[] | undefined) =>
  wanted === undefined || values.some((value) => wanted.includes(value));
const isOneOf = (value: string, wanted: string[] | undefined) => intersects([value], wanted);

function hasWords(query: string | undefined, ...texts: string[]): boolean {
  if (query === undefined) return true;
  const asked = query.replace(/\.\p{Alphabetic}{2,}\s*$/u, '');
  const wanted = wordsOf(asked);
  const last = asked === query ? wanted.at(-1) : undefined;
  const words = texts.flatMap(wordsOf);
  const isMet = (word: string) => words.some((known) => (word === last && word.length > 1 ? known.startsWith(word) : known === word));
  return wanted.length > 0 && wanted.every(isMet);
}

/** Returns whether a claim matches a filter: a second implementation, independent of the product's. */
export function matches(row: OracleRow, filter: ClaimFilter): boolean {
  const { externalReference, isOpen, dueAfter, dueBefore, updatedAfter } = filter;
  const digits = row.number.replace(/^CLM-/, '');
  const at = (instant: string) => Date.parse(instant);
  return (
    isOneOf(row.phase, filter.phase) &&
    isOneOf(statusLabels[row.phase].en, filter.status) &&
    isOneOf(row.area, filter.area) &&
    isOneOf(row.partnerId, filter.partnerId) &&
    isOneOf(row.tenantId, filter.tenantId) &&
    intersects(row.products, filter.product) &&
    intersects(row.activities, filter.activity) &&
    intersects(row.reasons, filter.reason) &&
    intersects(row.tags, filter.tag) &&
    (externalReference === undefined || row.externalReference === externalReference) &&
    (isOpen === undefined || row.isOpen === isOpen) &&
    (dueAfter === undefined || (row.dueAt !== null && at(row.dueAt) >= at(dueAfter))) &&
    (dueBefore === undefined || (row.dueAt !== null && at(row.dueAt) < at(dueBefore))) &&
    (updatedAfter === undefined || at(row.updatedAt) > at(updatedAfter)) &&
    hasWords(filter.customer, row.customer, row.domain) &&
    hasWords(filter.q, row.name, digits, digits.replace(/^0+/, ''), row.domain, row.customer)
  );
}

const keys: Record<ClaimSort, (row: OracleRow) => string> = {
  createdAt: (row) => instant(row.createdAt),
  updatedAt: (row) => instant(row.updatedAt),
  nextDeadline: (row) => (row.dueAt === null ? 'never' : instant(row.dueAt)),
  number: (row) => row.number.replace(/^CLM-/, '').padStart(19, '0'),
  name: (row) => row.name.toLowerCase(),
  phase: (row) => row.phase,
  area: (row) => row.area,
  partnerId: (row) => row.partnerId,
  tenantId: (row) => row.tenantId,
  customer: (row) => row.customer.toLowerCase(),
  domain: (row) => row.domain,
  externalReference: (row) => row.externalReference ?? '',
};

const instant = (text: string): string => new Date(text).toISOString();

/** Returns the ids of rows in the order of a sort; ids break ties. */
export function inOrder(rows: OracleRow[], by: ClaimSort, isDescending: boolean): string[] {
  const isTiedByCreation = ['phase', 'tenantId'].includes(by);
  const keyed = rows.map((row) => ({
    keys: [keys[by](row), isTiedByCreation ? instant(row.createdAt) : '', row.claimId],
    id: row.claimId,
  }));
  keyed.sort((a, b) => compare(a.keys, b.keys));
  return (isDescending ? keyed.reverse() : keyed).map(({ id }) => id);
}

function compare(a: string[], b: string[]): number {
  const at = a.findIndex((key, index) => key !== b[index]);
  return at === -1 ? 0 : a[at]! < b[at]! ? -1 : 1;
}

/** Reads a list page by page to its end, and calls `between` after each page. */
export async function pageThrough<Row>(
  list: (after: Place | undefined) => Promise<Page<Row>>,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Row[]> {
  const seen: Row[] = [];
  for (let after: Place | undefined; ; ) {
    const { rows, next } = await list(after);
    seen.push(...rows);
    if (next === null) return seen;
    after = next;
    await between();
  }
}
