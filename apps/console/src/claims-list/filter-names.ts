import type { ClaimListsListData } from '../client/index.js';
import type { Filters } from '../lists/index.js';

type Query = NonNullable<ClaimListsListData['query']>;
export type FilterName = Exclude<keyof Query, 'sort' | 'cursor' | 'limit'>;

/** Filters that the page offers or accepts in its address, in the order in which they are shown. */
export const filterNames = [
  'q',
  'phase',
  'status',
  'area',
  'activity',
  'product',
  'partnerId',
  'tenantId',
  'customer',
  'reason',
  'tag',
  'externalReference',
  'isOpen',
  'dueAfter',
  'dueBefore',
  'updatedAfter',
] as const satisfies FilterName[];

/** What the list and its export are asked for. Other parameters of the address, such as those of a link in a mail, are not the API's. */
export function queryOf(filters: Filters): Query {
  const known: string[] = [...filterNames, 'sort'];
  return Object.fromEntries(Object.entries(filters.queries).filter(([name]) => known.includes(name)));
}

/** The same query as text, for a plain link. */
export function queryText(query: Query, more: Record<string, string>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)]));
  return new URLSearchParams([...pairs, ...Object.entries(more)]).toString();
}
