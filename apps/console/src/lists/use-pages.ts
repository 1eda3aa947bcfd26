import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Reads a keyset list page by page. `key` names the list and everything that changes its content. */
export function usePages<Item, Answer extends Page<Item>>(
  key: unknown[],
  fetchPage: (cursor: string | undefined) => Promise<Answer & Page<Item>>,
  options: { refetchInterval?: number; staleTime?: number; refetchOnWindowFocus?: boolean } = {},
) {
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    ...options,
  });
  const items: Item[] | undefined = pages.data?.pages.flatMap((page) => page.items);
  return { ...pages, items, first: pages.data?.pages[0] };
}
