import { useSearchParams } from 'react-router';

/** The filters of a list, kept in the page's address: they can be shared, bookmarked and gone back to. */
export interface Filters {
  /** As the API takes them. A filter with several values is separated by commas. */
  readonly query: Record<string, string>;
  get(name: string): string;
  /** Sets or, with an empty value, removes filters. */
  set(changes: Record<string, string>): void;
  clear(): void;
}

/** Reads and writes the query string. Filters that are typed replace the current entry of the browser's history, so that "back" leaves the list. */
export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const query = Object.fromEntries([...params].filter(([, value]) => value !== ''));
  return {
    query,
    get: (name) => params.get(name) ?? '',
    set(changes) {
      const next = new URLSearchParams(params);
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      setParams(next, { replace: true });
    },
    clear: () => setParams({}, { replace: true }),
  };
}
