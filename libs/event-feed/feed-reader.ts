import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { databaseFaultOf, toEvent } from '#libs/event-store/index.js';
import { type FeedEvent, feedEventsOf, type FeedType } from './feed-event.js';

type Queryable = Pick<EntityManager, 'query'>;

/** A position in the feed: after the `index`th feed event made from the claim event at `place`. */
export interface FeedPosition {
  place: string;
  index: number;
  /** The start of the feed's hash at that place. A database that was restored and went on differently has another one there. */
  mark: string;
}

export const beginning: FeedPosition = { place: '0', index: 0, mark: '' };

export interface PlacedEvent {
  event: FeedEvent;
  /** Where to continue after this event. */
  place: FeedPosition;
}

export interface FeedPage {
  items: PlacedEvent[];
  /** Where the next page begins. It moves past events that the page left out, and exists even when there are no items. */
  next: FeedPosition;
  /** Whether more events can be read at once. */
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
  SELECT p.claim_id, p.version, p.place::text, ${mark('p')} AS mark
  FROM feed_places p JOIN claims c USING (claim_id)
  WHERE p.place >= $1::bigint AND ${ofAccount}
  ORDER BY p.place LIMIT $2`;

/**
 * Checks that this database has issued a position. Returns null when it has not: it was restored to an earlier state, or took over from another
 * database before it had received everything.
 */
export async function findPlace(database: Queryable, position: FeedPosition): Promise<FeedPosition | null> {
  if (position.place === beginning.place) return beginning;
  const [row] = await database.query<{ mark: string }[]>(`SELECT ${mark('p')} AS mark FROM feed_places p WHERE place = $1`, [
    position.place,
  ]);
  return row !== undefined && row.mark === position.mark ? position : null;
}

/** Gives places to the events committed since the last read. A read-only database serves those that already have one. */
async function assignPlaces(database: Queryable): Promise<void> {
  try {
    await database.query('SELECT assign_feed_places()');
  } catch (error) {
    if (databaseFaultOf(error) !== 'database_read_only') throw error;
  }
}

/**
 * Reads a page of the feed within a scope. Events get their place after they were committed, so a slow transaction's events come after
 * everything that was read before. A reader that keeps the position of the last event it processed sees every event exactly once.
 */
export async function readFeed(
  database: Queryable,
  scope: Scope,
  { after, types, limit }: { after: FeedPosition; types?: FeedType[] | undefined; limit: number },
): Promise<FeedPage> {
  if (scope.kind !== 'everything' && scope.kind !== 'partner') return { items: [], next: after, hasMore: false };
  await assignPlaces(database);
  const parameters: unknown[] = [after.place, limit + 1];
  const ofAccount = scope.kind === 'everything' ? 'true' : `c.partner_account_id = $${parameters.push(scope.accountId)}`;
  const sources = await database.query<SourceRow[]>(sourcesSql(ofAccount), parameters);
  const found = await eventsOf(database, sources);
  const isWanted = ({ event }: PlacedEvent) =>
    (types === undefined || types.includes(event.type)) &&
    (scope.kind === 'everything' || scope.locations === 'all' || scope.locations.includes(event.partnerId));
  const wanted = found.filter((candidate) => isAfter(candidate.place, after) && isWanted(candidate));
  const items = wanted.slice(0, limit);
  const isCut = wanted.length > items.length;
  const next = isCut ? items.at(-1)!.place : (afterAll(sources, found) ?? after);
  return { items, next, hasMore: isCut || sources.length > limit };
}

const isAfter = (position: FeedPosition, after: FeedPosition): boolean => position.place !== after.place || position.index > after.index;

/** The position after everything that was read, including claim events that no feed event came from. */
function afterAll(sources: SourceRow[], found: PlacedEvent[]): FeedPosition | undefined {
  const last = sources.at(-1);
  if (last === undefined) return undefined;
  return { place: last.place, index: found.filter(({ place }) => place.place === last.place).length, mark: last.mark };
}

/** The feed events of each source, in the order of the sources. Claims are read in full, because an event's meaning depends on those before it. */
async function eventsOf(database: Queryable, sources: SourceRow[]): Promise<PlacedEvent[]> {
  const claims = await database.query<{ claim_id: string; events: Parameters<typeof toEvent>[0][] }[]>(
    `SELECT claim_id, jsonb_agg(to_jsonb(e) - 'hash' ORDER BY e.version) AS events
     FROM claim_events e WHERE claim_id = ANY($1) GROUP BY claim_id`,
    [[...new Set(sources.map(({ claim_id: claimId }) => claimId))]],
  );
  const feeds = new Map(claims.map(({ claim_id: claimId, events }) => [claimId, feedEventsOf(claimId, events.map(toEvent))]));
  return sources.flatMap(({ claim_id: claimId, version, place, mark }) =>
    feeds
      .get(claimId)!
      .filter((event) => event.version === version)
      .map((event, index) => ({ event, place: { place, index: index + 1, mark } })),
  );
}
