import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../api/index.js';
import { eventsList, type FeedEvent } from '../client/index.js';

const pauseMs = 5_000;
const mostKept = 500;

interface Feed {
  /** Oldest first; of a long feed the latest few hundred that were read. */
  items: FeedEvent[];
  /** Where to go on; undefined before the first answer. */
  next: string | undefined;
  hasMore: boolean;
  error: unknown;
  isReading: boolean;
}

const nothing: Feed = { items: [], next: undefined, hasMore: true, error: null, isReading: false };

/** Reads the feed as a system does that integrates it: from a cursor onwards, then asks again for what has come since. */
export function useFeed(after: string, types: FeedEvent['type'][], isFollowing: boolean) {
  const [feed, setFeed] = useState<Feed>(nothing);
  const position = useRef<string | undefined>(undefined);
  const isBusy = useRef(false);
  const key = types.join(',');

  const read = useCallback(
    async (limit: number): Promise<boolean> => {
      if (isBusy.current) return false;
      isBusy.current = true;
      setFeed((before) => ({ ...before, isReading: true }));
      try {
        const from = position.current ?? after;
        const kinds = key === '' ? [] : (key.split(',') as FeedEvent['type'][]);
        const page = await call(() =>
          eventsList({ query: { limit, ...(from && { after: from }), ...(kinds.length > 0 && { types: kinds }) } }),
        );
        position.current = page.next;
        setFeed(({ items }) => ({
          items: [...items, ...page.items].slice(-mostKept),
          next: page.next,
          hasMore: page.hasMore,
          error: null,
          isReading: false,
        }));
        return page.hasMore;
      } catch (error) {
        setFeed((before) => ({ ...before, error, isReading: false }));
        return false;
      } finally {
        isBusy.current = false;
      }
    },
    [after, key],
  );

  useEffect(() => {
    void read(100);
  }, [read]);

  const isAtEnd = feed.next !== undefined && !feed.hasMore;
  useEffect(() => {
    if (!isFollowing || !isAtEnd) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(100), pauseMs);
    return () => clearInterval(timer);
  }, [isFollowing, isAtEnd, read]);

  return {
    ...feed,
    more: () => void read(100),
    async toEnd() {
      while (await read(1_000));
    },
  };
}
