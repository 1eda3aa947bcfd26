import type { ReactNode } from 'react';
import type { Filters } from './use-filters.js';

interface Props {
  /** The API's name of the column to sort by; a minus before it means descending. */
  by: string;
  filters: Filters;
  standard: string;
  children: ReactNode;
}

/** A column header that sorts. The first click sorts ascending, the next descending. */
export function SortHeader({ by, filters, standard, children }: Props) {
  const sort = filters.get('sort') || standard;
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none';
  const following = direction === 'ascending' ? `-${by}` : by;
  return (
    <th scope="col" aria-sort={direction}>
      <button type="button" className="sort" onClick={() => filters.set({ sort: following === standard ? '' : following })}>
        {children}
        <span aria-hidden="true">{direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : ''}</span>
      </button>
    </th>
  );
}
