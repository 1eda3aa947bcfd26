import type { Conditions } from './claim-filter.js';
import { exact } from './sql.js';

/** What rows can be sorted by: SQL that is never null. */
export interface SortColumn {
  sql: string;
  kind: 'text' | 'instant';
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

/** The order of a list, and the condition that goes on after a place. Ids break ties, so that every row has one place. */
export function ordered(column: SortColumn, id: string, { isDescending }: Order, after: Place | undefined, where: Conditions) {
  const direction = isDescending ? 'DESC' : 'ASC';
  const type = column.kind === 'instant' ? 'timestamptz' : 'text';
  const comparison = isDescending ? '<' : '>';
  return {
    orderBy: `${column.sql} ${direction}, ${id} ${direction}`,
    value: column.kind === 'instant' ? exact(column.sql) : column.sql,
    condition:
      after === undefined
        ? null
        : `(${column.sql}, ${id}) ${comparison} (${where.parameter(after.value)}::${type}, ${where.parameter(after.id)}::uuid)`,
  };
}
