import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { toEvent } from '#libs/event-store/index.js';
import { type FeedEvent, feedEventsOf, type FeedType } from './feed-event.js';

type Queryable = Pick<EntityManager, 'query'>;

/** Where a reader stands: behind the `index`th of the events that the claim's event at this place of the feed hands over. */
export interface FeedPosition {
  place: string;
  index: number;
  /** Of the feed's chain at that place: a database that was set back, and went on differently, does not know it. */
  mark: string;
}

/** Where a reader stood before the feed had places: behind an event, in the order of the transactions of a cluster. */
export interface FormerPlace {
  transactionId: string;
  position: string;
  index: number;
}

export const beginning: FeedPosition = { place: '0', index: 0, mark: '' };

export interface PlacedEvent {
  event: FeedEvent;
  /** From here the reader goes on once it is done with this event. */
  place: FeedPosition;
}

export interface FeedPage {
  items: PlacedEvent[];
  /** Where the next page begins, also when nothing was found: whatever lies before was looked at. */
  next: FeedPosition;
  /** Whether more lies ready. */
  hasMore: boolean;
}

interface SourceRow {
  claim_id: string;
  version: number;
  place: string;
  mark: string;
}

const mark = (row: string) => `substr(encode(${row}.hash, 'hex'), 1, 24)`;

const sourcesSql = (ofAccount: string) => `
  SELECT h.claim_id, h.version, h.place::text, ${mark('h')} AS mark
  FROM handed_over h JOIN claims c USING (claim_id)
  WHERE h.place >= $1::bigint AND ${ofAccount}
  ORDER BY h.place LIMIT $2`;

/**
 * Where a reader with this cursor goes on, or null when this database never told what the cursor stands behind: it was restored to an earlier
 * state, or took over from another before it had all of it. A cursor from before the feed had places goes on where nothing is left out.
 */
export async function findPlace(database: Queryable, cursor: FeedPosition | FormerPlace): Promise<FeedPosition | null> {
  if ('transactionId' in cursor) return findFormer(database, cursor);
  if (cursor.place === beginning.place) return beginning;
  const [row] = await database.query<{ mark: string }[]>(`SELECT ${mark('h')} AS mark FROM handed_over h WHERE place = $1`, [cursor.place]);
  return row !== undefined && row.mark === cursor.mark ? cursor : null;
}

/** Behind the last place of which all was behind the cursor, too: what stood in between by transactions is told again, with the same ids. */
async function findFormer(database: Queryable, { transactionId, position, index }: FormerPlace): Promise<FeedPosition | null> {
  if (transactionId === '0') return beginning;
  await handOver(database);
  const [row] = await database.query<{ place: string; mark: string; before: string | null; before_mark: string | null }[]>(
    `SELECT own.place::text, ${mark('own')} AS mark, between.place::text AS before, ${mark('earlier')} AS before_mark
     FROM claim_events e JOIN handed_over own USING (claim_id, version)
     CROSS JOIN LATERAL (
       SELECT min(h.place) - 1 AS place FROM claim_events later JOIN handed_over h USING (claim_id, version)
       WHERE (later.transaction_id, later.position) > (e.transaction_id, e.position) AND h.place < own.place) between
     LEFT JOIN handed_over earlier ON earlier.place = between.place
     WHERE e.transaction_id = $1::xid8 AND e.position = $2::bigint`,
    [transactionId, position],
  );
  if (row === undefined) return null;
  if (row.before === null) return { place: row.place, index, mark: row.mark };
  return row.before_mark === null ? beginning : { place: row.before, index: Number.MAX_SAFE_INTEGER, mark: row.before_mark };
}

const handOverSql = 'SELECT hand_over()';

/** PostgreSQL's code for a write where only reading is allowed: what has its place can be read all the same. */
const readOnly = '25006';

/** Gives places to what was written since the last reader came. */
async function handOver(database: Queryable): Promise<void> {
  try {
    await database.query(handOverSql);
  } catch (error) {
    if ((error as { driverError?: { code?: string } }).driverError?.code !== readOnly) throw error;
  }
}

/**
 * Reads what is handed over behind a place, within a scope and in the order in which it became certain: what a slow transaction writes gets its
 * place when it is committed, behind every place that was told. A reader that keeps the place of the last event it is done with sees each event
 * once, wherever it stops.
 */
export async function readFeed(
  database: Queryable,
  scope: Scope,
  { after, types, limit }: { after: FeedPosition; types?: FeedType[] | undefined; limit: number },
): Promise<FeedPage> {
  if (scope.kind !== 'everything' && scope.kind !== 'partner') return { items: [], next: after, hasMore: false };
  await handOver(database);
  const parameters: unknown[] = [after.place, limit + 1];
  const ofAccount = scope.kind === 'everything' ? 'true' : `c.partner_account_id = $${parameters.push(scope.accountId)}`;
  const sources = await database.query<SourceRow[]>(sourcesSql(ofAccount), parameters);
  const found = await eventsOf(database, sources);
  const isOpen = ({ event }: PlacedEvent) =>
    (types === undefined || types.includes(event.type)) &&
    (scope.kind === 'everything' || scope.locations === 'all' || scope.locations.includes(event.partnerId));
  const ahead = found.filter(({ place }) => isBehind(place, after));
  const shown = ahead.filter(isOpen).slice(0, limit);
  const isCut = ahead.filter(isOpen).length > shown.length;
  const next = isCut ? shown.at(-1)!.place : (behindAll(sources, found) ?? after);
  return { items: shown, next, hasMore: isCut || sources.length > limit };
}

const isBehind = (place: FeedPosition, after: FeedPosition): boolean => place.place !== after.place || place.index > after.index;

/** Behind everything that was looked at, also behind what handed nothing over. */
function behindAll(sources: SourceRow[], found: PlacedEvent[]): FeedPosition | undefined {
  const last = sources.at(-1);
  if (last === undefined) return undefined;
  const { place, mark } = last;
  return { place, index: found.filter((one) => one.place.place === place).length, mark };
}

/** What each source hands over, in the order of the sources. Claims are read whole: what an event means depends on what went before. */
async function eventsOf(database: Queryable, sources: SourceRow[]): Promise<PlacedEvent[]> {
  const claims = await database.query<{ claim_id: string; events: Parameters<typeof toEvent>[0][] }[]>(
    `SELECT claim_id, jsonb_agg(to_jsonb(e) - 'hash' - 'transaction_id' ORDER BY e.version) AS events
     FROM claim_events e WHERE claim_id = ANY($1) GROUP BY claim_id`,
    [[...new Set(sources.map(({ claim_id: claimId }) => claimId))]],
  );
  const told = new Map(claims.map(({ claim_id: claimId, events }) => [claimId, feedEventsOf(claimId, events.map(toEvent))]));
  return sources.flatMap(({ claim_id: claimId, version, place, mark }) =>
    told
      .get(claimId)!
      .filter((event) => event.version === version)
      .map((event, index) => ({ event, place: { place, index: index + 1, mark } })),
  );
}
