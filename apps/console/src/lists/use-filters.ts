import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { rememberList } from './back-link.js';

/** New values of filters by name: one, several, or none (an empty text or list). */
export type FilterChanges = Record<string, string | string[]>;

/** The filters of a list, kept in the page's address: they can be shared, bookmarked and gone back to. */
export interface Filters {
  /** As the API takes them; of a filter with several values, the last. */
  readonly query: Record<string, string>;
  /** As the API takes them; a filter with several values is a list. */
  readonly queries: Record<string, string | string[]>;
  get: (name: string) => string;
  all: (name: string) => string[];
  set: (changes: FilterChanges) => void;
  /** The address with other filters, for links. */
  addressWith: (changes: FilterChanges) => string;
  clear: () => void;
}

/** Returns the query string with some filters changed. */
function changed(params: URLSearchParams, changes: FilterChanges): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const each of [value].flat()) if (each !== '') next.append(name, each);
  }
  return next;
}

/** Reads and writes the query string. Changes replace the current entry of the browser's history, so that "back" leaves the list. */
export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const { pathname, search } = useLocation();
  useEffect(() => rememberList(pathname, search), [pathname, search]);
  // The router renders a new address a moment later; a control that was just used must not fall back until then.
  const [ahead, setAhead] = useState({ of: params, params });
  const current = ahead.of === params ? ahead.params : params;
  // What is typed is set later than it was rendered: the filters may have changed since.
  const latest = useRef(current);
  useEffect(() => {
    latest.current = current;
  }, [current]);
  return useMemo(() => {
    const given = [...current].filter(([, value]) => value !== '');
    const all = (name: string) => given.filter(([each]) => each === name).map(([, value]) => value);
    const write = (next: URLSearchParams) => {
      latest.current = next;
      setAhead({ of: params, params: next });
      setParams(next, { replace: true, preventScrollReset: true });
    };
    return {
      query: Object.fromEntries(given),
      queries: Object.fromEntries(given.map(([name, value]) => [name, all(name).length > 1 ? all(name) : value])),
      get: (name) => current.get(name) ?? '',
      all,
      set: (changes) => write(changed(latest.current, changes)),
      addressWith: (changes) => `?${changed(current, changes)}`,
      clear: () => write(new URLSearchParams()),
    };
  }, [current, params, setParams]);
}
