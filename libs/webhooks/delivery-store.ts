import type { DataSource, EntityManager } from 'typeorm';
import { wholePlace } from '#libs/event-feed/index.js';
import type { Delivery, DeliveryState } from './delivery.js';
import type { WebhookEvent } from './payload.js';

type Queryable = Pick<EntityManager, 'query'>;

const columns = `
  endpoint_id AS "endpointId", event_id AS "eventId", sequence::text, type, claim_id AS "claimId", body, state, attempts,
  next_attempt_at AS "nextAttemptAt", finished_at AS "finishedAt", created_at AS "createdAt", log`;

export interface DeliveryFilter {
  state?: DeliveryState | undefined;
  type?: string | undefined;
  claimId?: string | undefined;
  /** Only deliveries before this one. */
  before?: string | undefined;
  limit: number;
}

/** Lists deliveries of an endpoint, the newest first. */
export function listDeliveries(database: Queryable, endpointId: string, filter: DeliveryFilter): Promise<Delivery[]> {
  const { state = null, type = null, claimId = null, before = null, limit } = filter;
  return database.query<Delivery[]>(
    `SELECT ${columns} FROM webhook_deliveries
     WHERE endpoint_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR type = $3)
       AND ($4::uuid IS NULL OR claim_id = $4) AND ($5::bigint IS NULL OR sequence < $5)
     ORDER BY sequence DESC LIMIT $6`,
    [endpointId, state, type, claimId, before, limit],
  );
}

export async function findDelivery(database: Queryable, endpointId: string, eventId: string): Promise<Delivery | null> {
  const [row] = await database.query<Delivery[]>(`SELECT ${columns} FROM webhook_deliveries WHERE endpoint_id = $1 AND event_id = $2`, [
    endpointId,
    eventId,
  ]);
  return row ?? null;
}

/** An event with the body in which an endpoint gets it. */
export type OutgoingEvent = Pick<WebhookEvent, 'eventId' | 'type' | 'claimId'> & { body: string };

/**
 * Puts events in an endpoint's queue, in their order. One that is there already stays as it is, unless it was finished before the instant at
 * which the owner last asked for everything again.
 */
export async function enqueue(database: Queryable, endpointId: string, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  await database.query(
    `INSERT INTO webhook_deliveries (endpoint_id, event_id, type, claim_id, body)
     SELECT $1, "eventId", type, "claimId", body
     FROM jsonb_to_recordset($2::jsonb) AS o("eventId" uuid, type text, "claimId" uuid, body text, number int)
     ORDER BY number
     ON CONFLICT (endpoint_id, event_id) DO UPDATE
       SET state = 'pending', attempts = 0, next_attempt_at = clock_timestamp(), finished_at = NULL, body = excluded.body
       WHERE webhook_deliveries.finished_at < (SELECT replayed_at FROM webhook_endpoints WHERE endpoint_id = $1)`,
    [endpointId, JSON.stringify(events.map(({ eventId, type, claimId, body }, number) => ({ eventId, type, claimId, body, number })))],
  );
}

/** Queues a finished delivery again, or lets a waiting one go at once. */
export async function retryDelivery(database: Queryable, endpointId: string, eventId: string): Promise<void> {
  await database.query(
    `UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = clock_timestamp(), finished_at = NULL
     WHERE endpoint_id = $1 AND event_id = $2`,
    [endpointId, eventId],
  );
}

/** Queues what was given up since an instant. Returns how many. */
export async function retryGivenUp(database: Queryable, endpointId: string, since: Date): Promise<number> {
  const [, count] = await database.query<[unknown, number]>(
    `UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = clock_timestamp(), finished_at = NULL
     WHERE endpoint_id = $1 AND state = 'given_up' AND created_at >= $2`,
    [endpointId, since],
  );
  return count;
}

/**
 * Has an endpoint read the feed again from an instant on, so that everything since is delivered once more. The place is found by halving:
 * events get their places in nearly the order in which they were recorded, and the margin covers the rest.
 */
export async function replaySince(source: DataSource, endpointId: string, since: Date): Promise<void> {
  const margin = 1_000n;
  await source.transaction(async (manager) => {
    await manager.query('SELECT assign_feed_places()');
    const [{ last }] = await manager.query<[{ last: string }]>('SELECT coalesce(max(place), 0)::text AS last FROM feed_places');
    let [low, high] = [0n, BigInt(last)];
    while (low < high) {
      const middle = (low + high + 1n) / 2n;
      const [row] = await manager.query<{ isBefore: boolean }[]>(
        `SELECT e.recorded_at < $2 AS "isBefore" FROM feed_places p JOIN claim_events e USING (claim_id, version) WHERE p.place = $1`,
        [middle.toString(), since],
      );
      if (row?.isBefore === true) low = middle;
      else high = middle - 1n;
    }
    const [{ first }] = await manager.query<[{ first: string }]>(
      `SELECT coalesce(min(p.place) - 1, $1::bigint)::text AS first FROM feed_places p JOIN claim_events e USING (claim_id, version)
       WHERE p.place > $1::bigint - ${margin} AND p.place <= $1::bigint AND e.recorded_at >= $2`,
      [low.toString(), since],
    );
    await manager.query(
      `UPDATE webhook_endpoints SET replayed_at = clock_timestamp(),
         unread_place = least(coalesce(unread_place, $2::bigint), $2::bigint), unread_index = CASE WHEN unread_place < $2::bigint THEN unread_index ELSE ${wholePlace} END
       WHERE endpoint_id = $1`,
      [endpointId, first],
    );
  });
}
