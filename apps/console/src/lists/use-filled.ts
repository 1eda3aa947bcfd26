import { useEffect, useRef } from 'react';

interface Pages {
  data: { pages: { items: unknown[] }[] } | undefined;
  hasNextPage: boolean;
  isFetching: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage(): Promise<unknown>;
}

const pagesInARow = 20;

/**
 * Goes on reading while pages come empty: a search for something rare answers with what it has looked through so far, and a place to go on. After
 * twenty empty pages in a row the person decides. Returns whether it is still reading.
 */
export function useFilled(pages: Pages): boolean {
  const { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = pages;
  const read = data?.pages ?? [];
  const empty = read.length - 1 - read.findLastIndex(({ items }) => items.length > 0);
  const goesOn = hasNextPage && !isFetchNextPageError && empty > 0 && empty % pagesInARow !== 0;
  const next = useRef(fetchNextPage);
  useEffect(() => {
    next.current = fetchNextPage;
  });
  useEffect(() => {
    if (goesOn && !isFetching) void next.current();
  }, [goesOn, isFetching, empty]);
  return goesOn;
}
