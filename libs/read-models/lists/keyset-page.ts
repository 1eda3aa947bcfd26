import type { Conditions } from './conditions.js';
import { exact } from '../sql-instants.js';

/** What rows can be sorted by: SQL that is never null. */
export interface SortColumn {
  sql: string;
  kind: 'text' | 'instant';
  /** What orders the many rows of one value before their ids do, as an index has it: it never changes, and is found by the id. */
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

/** A page of a list, and the place after which the next one goes on: null when there is none. */
export interface Page<Row> {
  rows: Row[];
  next: Place | null;
}

/** Cuts what was read, one row more than a page if there are as many, down to the page. */
export function cutPage<Row extends object>(read: (Row & { sortValue: string })[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const last = read.length > limit ? read[limit - 1] : undefined;
  return { rows: read.slice(0, limit).map(shown), next: last === undefined ? null : { value: last.sortValue, id: idOf(last) } };
}

const shown = <Row extends object>({ sortValue: _, ...row }: Row & { sortValue: string }): Row => row as unknown as Row;

/** The order of a list, and the condition that goes on after a place. Ids break ties, so that every row has one place. */
export function ordered(column: SortColumn, id: string, { isDescending }: Order, after: Place | undefined, where: Conditions) {
  const columns = [column.sql, ...(column.tie === undefined ? [] : [column.tie.sql]), id];
  return {
    orderBy: columns.map((one) => `${one} ${isDescending ? 'DESC' : 'ASC'}`).join(', '),
    value: column.kind === 'instant' ? exact(column.sql) : column.sql,
    condition: after === undefined ? null : `(${columns.join(', ')}) ${isDescending ? '<' : '>'} (${placeSql(column, after, where)})`,
  };
}

function placeSql({ kind, tie }: SortColumn, after: Place, where: Conditions): string {
  const value = `${where.parameter(after.value)}::${kind === 'instant' ? 'timestamptz' : 'text'}`;
  const id = `${where.parameter(after.id)}::uuid`;
  return [value, ...(tie === undefined ? [] : [tie.of(id)]), id].join(', ');
}
