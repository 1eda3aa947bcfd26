import type { DataSource } from 'typeorm';
import { wholePlace } from '#libs/event-feed/index.js';

/** Places that one dispatch covers. */
const placesAtOnce = 10_000;
/** An endpoint that has work to do but has not been seen at it for as long is woken again: its wake-up may be lost. */
const wakeAgainAfterSeconds = 60;
/** How long finished deliveries can be looked at. */
export const keptDays = 30;

export interface Dispatched {
  /** Endpoints to wake. */
  endpointIds: string[];
  /** Whether more of the feed can be dispatched at once. */
  hasMore: boolean;
}

/**
 * Notes which endpoints have something new to read, and returns those to wake. An endpoint that is noted already is at work or waits for its
 * next attempt, so a busy one costs nothing here. One process at a time; others return at once.
 */
export async function dispatchWebhooks(source: DataSource): Promise<Dispatched> {
  return source.transaction(async (manager) => {
    const [row] = await manager.query<{ place: string }[]>('SELECT place::text FROM webhook_dispatch FOR UPDATE SKIP LOCKED');
    if (row === undefined) return { endpointIds: [], hasMore: false };
    await manager.query('SELECT assign_feed_places()');
    const [{ last }] = await manager.query<[{ last: string }]>('SELECT coalesce(max(place), 0)::text AS last FROM feed_places');
    const end = Math.min(Number(last), Number(row.place) + placesAtOnce);
    if (end <= Number(row.place)) return { endpointIds: await forgotten(manager), hasMore: false };
    const [noted] = await manager.query<[{ id: string; isEnabled: boolean }[], number]>(
      `WITH owners AS (
         SELECT DISTINCT c.partner_account_id::text AS partner, c.tenant_id::text AS tenant
         FROM feed_places p JOIN claims c USING (claim_id) WHERE p.place > $1 AND p.place <= $2)
       UPDATE webhook_endpoints SET unread_place = $1, unread_index = ${wholePlace}
       WHERE unread_place IS NULL AND (owner_kind = 'vendor'
         OR (owner_kind = 'partner' AND owner_id IN (SELECT partner FROM owners))
         OR (owner_kind = 'tenant' AND owner_id IN (SELECT tenant FROM owners)))
       RETURNING endpoint_id AS id, disabled_because IS NULL AS "isEnabled"`,
      [row.place, end],
    );
    await manager.query('UPDATE webhook_dispatch SET place = $1', [end]);
    return {
      endpointIds: [...noted.filter(({ isEnabled }) => isEnabled).map(({ id }) => id), ...(await forgotten(manager))],
      hasMore: end < Number(last),
    };
  });
}

async function forgotten(database: Pick<DataSource, 'query'>): Promise<string[]> {
  const [rows] = await database.query<[{ id: string }[], number]>(
    `UPDATE webhook_endpoints e SET worked_at = clock_timestamp()
     WHERE disabled_because IS NULL AND coalesce(paused_until, '-infinity') <= clock_timestamp()
       AND coalesce(worked_at, created_at) < clock_timestamp() - make_interval(secs => ${wakeAgainAfterSeconds})
       AND (unread_place IS NOT NULL OR EXISTS (SELECT FROM webhook_deliveries d
         WHERE d.endpoint_id = e.endpoint_id AND d.state = 'pending' AND d.next_attempt_at <= clock_timestamp()))
     RETURNING endpoint_id AS id`,
  );
  return rows.map(({ id }) => id);
}

/** Returns whether there is anybody to dispatch to. */
export async function hasEndpoints(database: Pick<DataSource, 'query'>): Promise<boolean> {
  const [row] = await database.query<[{ any: boolean }]>('SELECT EXISTS (SELECT FROM webhook_endpoints) AS any');
  return row.any;
}

/** Deletes deliveries that were finished long ago. Returns how many. */
export async function forgetOldDeliveries(database: Pick<DataSource, 'query'>): Promise<number> {
  const [, count] = await database.query<[unknown, number]>(
    `DELETE FROM webhook_deliveries WHERE (endpoint_id, event_id) IN (
       SELECT endpoint_id, event_id FROM webhook_deliveries
       WHERE state <> 'pending' AND finished_at < clock_timestamp() - make_interval(days => ${keptDays}) LIMIT 10000)`,
  );
  return count;
}
