/** What every list of the API returns. */
export interface Page<Item> {
  items: Item[];
  /** Cursor of the next page; null on the last. */
  next: string | null;
  /** Of a feed, whose `next` never ends. */
  hasMore?: boolean;
}

type ItemOf<List extends Page<unknown>> = List['items'][number];

/**
 * A list that is read page by page, as far as you read it:
 * `for await (const claim of cpor.claims.list())` visits every item, `await cpor.claims.list()` reads the first page.
 */
export class Pages<List extends Page<unknown>> implements PromiseLike<List>, AsyncIterable<ItemOf<List>> {
  /** @param read reads the page at a cursor, or the first one */
  constructor(private readonly read: (cursor?: string) => Promise<List>) {}

  /** Reads the first page. */
  then<Value = List, Failure = never>(
    resolve?: ((page: List) => Value | PromiseLike<Value>) | null,
    reject?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    return this.read().then(resolve, reject);
  }

  /** Visits the pages instead of the items. */
  async *pages(): AsyncGenerator<List, void, void> {
    let cursor: string | undefined;
    for (;;) {
      const page = await this.read(cursor);
      yield page;
      if (page.next === null || page.hasMore === false) return;
      cursor = page.next;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ItemOf<List>, void, void> {
    for await (const { items } of this.pages()) yield* items as ItemOf<List>[];
  }

  /** Reads all items into an array, or the first `limit` of them. */
  async toArray(limit = Number.POSITIVE_INFINITY): Promise<ItemOf<List>[]> {
    const all: ItemOf<List>[] = [];
    if (limit <= 0) return all;
    for await (const item of this) {
      all.push(item);
      if (all.length >= limit) break;
    }
    return all;
  }
}
