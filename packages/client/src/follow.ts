import type { RequestOptions } from './options.js';
import type { Page } from './pages.js';
import { pause } from './transport/pause.js';

export interface FollowOptions extends RequestOptions {
  /** How long to wait after the last event before asking for more, in milliseconds. Default: 5,000. */
  pollMs?: number;
}

/**
 * Visits what a feed holds and then what is added, without end: stop by `break` or by the signal. After a fault, or in another process, continue after
 * the `cursor` of the last event that you have processed.
 * @param read reads the page after a cursor
 */
export async function* follow<Item>(
  read: (after: string | undefined) => Promise<Page<Item>>,
  after: string | undefined,
  { pollMs = 5_000, signal }: FollowOptions = {},
): AsyncGenerator<Item, never, void> {
  let cursor = after;
  for (;;) {
    const { items, next, hasMore } = await read(cursor);
    yield* items;
    cursor = next ?? cursor;
    if (hasMore !== true) await pause(pollMs, signal);
  }
}
