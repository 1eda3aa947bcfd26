import { exact } from '../sql-instants.js';
import type { Conditions } from './conditions.js';

/** A column that rows can be sorted by: SQL that is never null. */
export interface SortColumn {
  sql: string;
  kind: 'text' | 'instant';
  /** Orders the rows that share a value, before their ids do, as an index has it. It never changes and can be found by the id. */
  tie?: { sql: string; of: (id: string) => string };
}

export interface Order<Name extends string = string> {
  by: Name;
  isDescending: boolean;
}

/** The last row of a page: the value it was sorted by, and its id. */
export interface Place {
  value: string;
  id: string;
}

/** A page of a list, and the place after which the next one begins; null on the last page. */
export interface Page<Row> {
  rows: Row[];
  next: Place | null;
}

/** Columns that serve paging and are not shown. */
export interface PagingColumns {
  sortValue: string;
  note?: unknown;
}

/** Cuts rows down to a page and strips their paging columns. Read one row more than the limit, so that a further page is noticed. */
export function cutPage<Row extends PagingColumns>(
  found: Row[],
  limit: number,
  idOf: (row: Row) => string,
): Page<Omit<Row, keyof PagingColumns>> {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    rows: found.slice(0, limit).map(({ sortValue: _, note: __, ...row }) => row),
    next: last === undefined ? null : { value: last.sortValue, id: idOf(last) },
  };
}

/** Returns the SQL of a list's order, and of the condition that continues after a place. Ids break ties, so that every row has one place. */
export function ordered(column: SortColumn, id: string, { isDescending }: Order, after: Place | undefined, where: Conditions) {
  const columns = [column.sql, ...(column.tie === undefined ? [] : [column.tie.sql]), id];
  return {
    orderBy: columns.map((sql) => `${sql} ${isDescending ? 'DESC' : 'ASC'}`).join(', '),
    value: column.kind === 'instant' ? exact(column.sql) : column.sql,
    condition: after === undefined ? null : `(${columns.join(', ')}) ${isDescending ? '<' : '>'} (${placeSql(column, after, where)})`,
  };
}

function placeSql({ kind, tie }: SortColumn, after: Place, where: Conditions): string {
  const value = `${where.parameter(after.value)}::${kind === 'instant' ? 'timestamptz' : 'text'}`;
  const id = `${where.parameter(after.id)}::uuid`;
  return [value, ...(tie === undefined ? [] : [tie.of(id)]), id].join(', ');
}
