import { createHash } from 'node:crypto';
import type { Queryable } from './fault.js';

/** A part of the event feed that is not as it was published. */
export type FeedFault =
  | { kind: 'feed_place_missing' | 'feed_differs'; place: string }
  | { kind: 'feed_leaves_out'; claimId: string; version: number };

const pageSize = 5_000;

interface FeedRow {
  place: string;
  hash: Buffer;
  event_hash: Buffer | null;
}

/** Checks that the feed has every place with its event, and that no event is left out. */
export async function* verifyFeed(database: Queryable): AsyncGenerator<{ checked: number; faults: FeedFault[] }> {
  let [last, hash]: [bigint, Buffer] = [0n, Buffer.alloc(0)];
  for (;;) {
    const rows = await database.query<FeedRow[]>(
      `SELECT p.place::text, p.hash, e.hash AS event_hash FROM feed_places p LEFT JOIN claim_events e USING (claim_id, version)
       WHERE p.place > $1 ORDER BY p.place LIMIT ${pageSize}`,
      [last.toString()],
    );
    if (rows.length === 0) break;
    for (const row of rows) {
      last += 1n;
      if (row.place !== last.toString()) {
        yield { checked: 0, faults: [{ kind: 'feed_place_missing', place: last.toString() }] };
        return;
      }
      hash = createHash('sha256')
        .update(hash)
        .update(row.event_hash ?? '')
        .digest();
      if (row.event_hash === null || !hash.equals(row.hash)) {
        yield { checked: 0, faults: [{ kind: 'feed_differs', place: row.place }] };
        return;
      }
    }
    yield { checked: rows.length, faults: [] };
  }
  const leftOut = await database.query<{ claimId: string; version: number }[]>(
    `SELECT claim_id AS "claimId", version FROM claim_events e
     WHERE NOT EXISTS (SELECT FROM feed_places p WHERE p.claim_id = e.claim_id AND p.version = e.version)
       AND NOT EXISTS (SELECT FROM feed_queue q WHERE q.claim_id = e.claim_id AND q.version = e.version)
     ORDER BY claim_id, version LIMIT 1000`,
  );
  yield { checked: 0, faults: leftOut.map((event) => ({ kind: 'feed_leaves_out', ...event })) };
}
