import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { databaseFaultOf, toEvent } from '#libs/event-store/index.js';
import { withinScope } from '#libs/read-models/index.js';
import { isShownTo } from '#libs/timeline/index.js';
import { forCustomer } from './claim-change.js';
import { type FeedEvent, type FeedEventOf, feedEventsOf, type FeedType, type SourcedEvent, sourceTypesOf } from './feed-event.js';

type Queryable = Pick<EntityManager, 'query'>;

/** A position in the feed: after the `index`th feed event made from the claim event at `place`. */
export interface FeedPosition {
  place: string;
  index: number;
  /** The start of the feed's hash at that place. A database that was restored and went on differently has another one there. */
  mark: string;
}

export const beginning: FeedPosition = { place: '0', index: 0, mark: '' };

/** A position as readers keep it. */
export const feedCursor = (position: FeedPosition): string => Buffer.from(JSON.stringify(position)).toString('base64url');

export interface PlacedEvent<Type extends FeedType = FeedType> {
  event: FeedEventOf<Type>;
  /** Where to continue after this event. */
  place: FeedPosition;
}

export interface FeedReading<Type extends FeedType> {
  after: FeedPosition;
  types?: readonly Type[] | undefined;
  limit: number;
  /** Places that one page looks at: a reader with a small scope in a large feed gets short pages rather than slow ones. */
  placesPerPage?: number;
}

export interface FeedPage<Type extends FeedType = FeedType> {
  items: PlacedEvent<Type>[];
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

/** The index after every event of a place: none has as many. */
export const wholePlace = 100_000;

/** Reads the events of a range of places that a scope may contain. What a row cannot tell, `isVisible` decides. */
function sourcesSql(scope: Scope, types: readonly FeedType[] | undefined, parameters: unknown[]): string {
  const ofTypes = types === undefined ? '' : 'JOIN claim_events e ON e.claim_id = p.claim_id AND e.version = p.version';
  const isOfTypes = types === undefined ? 'true' : `e.type = ANY($${parameters.push(sourceTypesOf(types))})`;
  return `
    SELECT p.claim_id, p.version, p.place::text, ${mark('p')} AS mark
    FROM feed_places p JOIN claims c ON c.claim_id = p.claim_id ${ofTypes}
    WHERE p.place >= $1::bigint AND p.place <= $2::bigint AND ${isOfTypes} AND ${mayBeIn(scope, parameters)}
    ORDER BY p.place LIMIT $3`;
}

/** A claim keeps its company, and its customer from the first notice on. The location is the event's, not the claim's present one. */
function mayBeIn(scope: Scope, parameters: unknown[]): string {
  switch (scope.kind) {
    case 'partner':
      return `c.partner_account_id = $${parameters.push(scope.accountId)}`;
    case 'tenant':
      return `c.tenant_id = $${parameters.push(scope.tenantId)}`;
    default:
      return withinScope(scope, parameters);
  }
}

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
export async function readFeed<Type extends FeedType = FeedType>(
  database: Queryable,
  scope: Scope,
  { after, types, limit, placesPerPage = 10_000 }: FeedReading<Type>,
): Promise<FeedPage<Type>> {
  if (scope.kind === 'nothing') return { items: [], next: after, hasMore: false };
  await assignPlaces(database);
  const lastPlace = Number(after.place) + placesPerPage;
  const end = await endOfPage(database, lastPlace);
  if (end === null) return { items: [], next: after, hasMore: false };
  // A place that was read to its end is not looked at again.
  const first = BigInt(after.place) + (after.index >= wholePlace ? 1n : 0n);
  const parameters: unknown[] = [first.toString(), end.place, limit + 1];
  const sources = await database.query<SourceRow[]>(sourcesSql(scope, types, parameters), parameters);
  const found = await eventsOf(database, sources);
  const wanted = found.filter(
    ({ place, sourced }) =>
      isAfter(place, after) &&
      (types === undefined || (types as readonly FeedType[]).includes(sourced.event.type)) &&
      isVisible(sourced, scope),
  );
  const items = wanted
    .slice(0, limit)
    .map(({ place, sourced }) => ({ place, event: forReader(sourced.event, scope) as FeedEventOf<Type> }));
  const isCut = wanted.length > items.length;
  const isFull = sources.length > limit;
  const next = isCut ? items.at(-1)!.place : pastAllOf(isFull ? sources.at(-1)! : end);
  return { items, next, hasMore: isCut || isFull || !end.isLast };
}

/** The last place that a page looks at; null while the feed is empty. */
async function endOfPage(database: Queryable, atMost: number): Promise<{ place: string; mark: string; isLast: boolean } | null> {
  const [end] = await database.query<{ place: string; mark: string; isLast: boolean }[]>(
    `SELECT p.place::text, ${mark('p')} AS mark, NOT EXISTS (SELECT FROM feed_places later WHERE later.place > p.place) AS "isLast"
     FROM feed_places p WHERE p.place <= $1 ORDER BY p.place DESC LIMIT 1`,
    [atMost],
  );
  return end ?? null;
}

const isAfter = (position: FeedPosition, after: FeedPosition): boolean => position.place !== after.place || position.index > after.index;

const pastAllOf = ({ place, mark }: Pick<SourceRow, 'place' | 'mark'>): FeedPosition => ({ place, index: wholePlace, mark });

function isVisible({ event, source, isCustomerTold }: SourcedEvent, scope: Scope): boolean {
  switch (scope.kind) {
    case 'everything':
      return true;
    case 'partner':
      return isShownTo(source, 'partner') && (scope.locations === 'all' || scope.locations.includes(event.partnerId));
    case 'tenant':
      return isCustomerTold && isShownTo(source, 'customer');
    case 'nothing':
      return false;
  }
}

function forReader(event: FeedEvent, scope: Scope): FeedEvent {
  return scope.kind === 'tenant' && 'phase' in event ? { ...event, ...forCustomer(event) } : event;
}

interface PlacedSource {
  sourced: SourcedEvent;
  place: FeedPosition;
}

/** The feed events of each source, in the order of the sources. Claims are read in full, because an event's meaning depends on those before it. */
async function eventsOf(database: Queryable, sources: SourceRow[]): Promise<PlacedSource[]> {
  if (sources.length === 0) return [];
  const claims = await database.query<{ claim_id: string; events: Parameters<typeof toEvent>[0][] }[]>(
    `SELECT claim_id, jsonb_agg(to_jsonb(e) - 'hash' ORDER BY e.version) AS events
     FROM claim_events e WHERE claim_id = ANY($1) GROUP BY claim_id`,
    [[...new Set(sources.map(({ claim_id: claimId }) => claimId))]],
  );
  const feeds = new Map(
    claims.map(({ claim_id: claimId, events }) => [
      claimId,
      Map.groupBy(feedEventsOf(claimId, events.map(toEvent)), ({ event }) => event.version),
    ]),
  );
  return sources.flatMap(({ claim_id: claimId, version, place, mark }) =>
    (feeds.get(claimId)!.get(version) ?? []).map((sourced, index) => ({ sourced, place: { place, index: index + 1, mark } })),
  );
}
