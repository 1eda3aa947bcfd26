import type { EntityManager } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { toEvent } from '#libs/event-store/index.js';
import { type HandOverEvent, handOverEvents, type HandOverType, sourceTypes } from './hand-over-event.js';

/** Where a reader stands: behind the `index`th of the events that this event of a claim hands over. */
export interface HandOverPlace {
  transactionId: string;
  position: string;
  index: number;
}

export const beginning: HandOverPlace = { transactionId: '0', position: '0', index: 0 };

export interface PlacedEvent {
  event: HandOverEvent;
  /** From here the reader goes on once it is done with this event. */
  place: HandOverPlace;
}

export interface HandOverPage {
  items: PlacedEvent[];
  /** Where the next page begins, also when nothing was found: whatever lies before was looked at. */
  next: HandOverPlace;
  /** Whether more lies ready. */
  hasMore: boolean;
}

interface SourceRow {
  claim_id: string;
  version: number;
  transaction_id: string;
  position: string;
}

/**
 * Events of transactions that are over, and below every transaction that is not: a slow writer's events are never passed by, they come
 * later, at a place behind the reader's.
 */
const sourcesSql = (ofAccount: string) => `
  SELECT e.claim_id, e.version, e.transaction_id::text, e.position::text
  FROM claim_events e JOIN claims c USING (claim_id)
  WHERE e.type IN (${sourceTypes.map((type) => `'${type}'`).join(', ')})
    AND (e.transaction_id, e.position) >= ($1::xid8, $2::bigint)
    AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) AND ${ofAccount}
  ORDER BY e.transaction_id, e.position LIMIT $3`;

/**
 * Reads what is handed over behind a place, within a scope and in the order in which it became certain. A reader that keeps the place of the
 * last event it is done with sees each event once, wherever it stops.
 */
export async function readHandOver(
  database: Pick<EntityManager, 'query'>,
  scope: Scope,
  { after, types, limit }: { after: HandOverPlace; types?: HandOverType[] | undefined; limit: number },
): Promise<HandOverPage> {
  if (scope.kind !== 'everything' && scope.kind !== 'partner') return { items: [], next: after, hasMore: false };
  const parameters: unknown[] = [after.transactionId, after.position, limit + 1];
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

const isBehind = (place: HandOverPlace, after: HandOverPlace): boolean =>
  place.transactionId !== after.transactionId || place.position !== after.position || place.index > after.index;

/** Behind everything that was looked at, also behind what handed nothing over. */
function behindAll(sources: SourceRow[], found: PlacedEvent[]): HandOverPlace | undefined {
  const last = sources.at(-1);
  if (last === undefined) return undefined;
  const { transaction_id: transactionId, position } = last;
  return { transactionId, position, index: found.filter(({ place }) => place.position === position).length };
}

/** What each source hands over, in the order of the sources. Claims are read whole: what an event means depends on what went before. */
async function eventsOf(database: Pick<EntityManager, 'query'>, sources: SourceRow[]): Promise<PlacedEvent[]> {
  const claims = await database.query<{ claim_id: string; events: Parameters<typeof toEvent>[0][] }[]>(
    `SELECT claim_id, jsonb_agg(to_jsonb(e) - 'hash' - 'transaction_id' ORDER BY e.version) AS events
     FROM claim_events e WHERE claim_id = ANY($1) GROUP BY claim_id`,
    [[...new Set(sources.map(({ claim_id: claimId }) => claimId))]],
  );
  const told = new Map(claims.map(({ claim_id: claimId, events }) => [claimId, handOverEvents(claimId, events.map(toEvent))]));
  return sources.flatMap(({ claim_id: claimId, version, transaction_id: transactionId, position }) =>
    told
      .get(claimId)!
      .filter((event) => event.version === version)
      .map((event, index) => ({ event, place: { transactionId, position, index: index + 1 } })),
  );
}
