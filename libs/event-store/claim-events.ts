import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ClaimEvent } from '#libs/claims/index.js';
import { canonicalJson } from './canonical-json.js';
import type { Write } from './write-together.js';

/** An event as it is stored. */
export type RecordedEvent = ClaimEvent & { version: number; recordedAt: string; commandId: string | null };

interface EventRow {
  claim_id: string;
  version: number;
  type: string;
  at: Date | string;
  recorded_at: Date | string;
  by: RecordedEvent['by'];
  command_id: string | null;
  data: unknown;
  hash: Buffer;
}

/** Hashes an event together with everything before it on the same claim: a changed, missing or added row breaks every later hash. */
export function chainHash(previous: Buffer, claimId: string, event: RecordedEvent): Buffer {
  const { version, type, at, recordedAt, by, commandId, data } = event;
  const text = canonicalJson({ claimId, version, type, at, recordedAt, by: { kind: by.kind, subject: by.subject }, commandId, data });
  return createHash('sha256').update(previous).update(text).digest();
}

const appendSql = `
  INSERT INTO claim_events (claim_id, version, type, at, recorded_at, by, command_id, data, hash)
  SELECT $1, version, type, at, "recordedAt", by, "commandId", data, decode(hash, 'hex')
  FROM jsonb_to_recordset($2::jsonb)
    AS e(version int, type text, at timestamptz, "recordedAt" timestamptz, by jsonb, "commandId" uuid, data jsonb, hash text)
  ORDER BY version`;

/** The events that follow `lastHash`, to be appended under the claim's lock, and the hash of the last one. */
export function chainedEvents(claimId: string, lastHash: Buffer, events: RecordedEvent[]): { write: Write; hash: Buffer } {
  let hash = lastHash;
  const rows = events.map((event) => {
    hash = chainHash(hash, claimId, event);
    return { ...event, hash: hash.toString('hex') };
  });
  return { write: { sql: appendSql, parameters: [claimId, JSON.stringify(rows)] }, hash };
}

/** Reads the events of one claim, oldest first. */
export async function readEvents(manager: EntityManager, claimId: string): Promise<RecordedEvent[]> {
  const rows = await manager.query<EventRow[]>('SELECT * FROM claim_events WHERE claim_id = $1 ORDER BY version', [claimId]);
  return rows.map(toEvent);
}

export function toEvent(row: Omit<EventRow, 'claim_id' | 'hash'>): RecordedEvent {
  return {
    type: row.type,
    at: new Date(row.at).toISOString(),
    by: row.by,
    data: row.data,
    version: row.version,
    recordedAt: new Date(row.recorded_at).toISOString(),
    commandId: row.command_id,
  } as RecordedEvent;
}

export interface BrokenChain {
  claimId: string;
  /** The first version that was changed or is missing. */
  version: number;
  reason: 'hash_differs' | 'event_missing' | 'events_missing_at_end';
}

type ChainRow = { chain_of: string; chain_version: number; last_hash: Buffer } & (EventRow | { [Column in keyof EventRow]: null });

/** One statement, so that a claim and its events come from the same snapshot while others write. */
const chainsSql = `
  SELECT c.claim_id AS chain_of, c.version AS chain_version, c.last_hash, e.*
  FROM (SELECT claim_id, version, last_hash FROM claims WHERE claim_id > $1 ORDER BY claim_id LIMIT 500) c
  LEFT JOIN claim_events e ON e.claim_id = c.claim_id
  ORDER BY c.claim_id, e.version`;

/** Checks the hash chain of every claim, page by page so that memory stays bounded. */
export async function* verifyChains(manager: EntityManager): AsyncGenerator<{ claims: number; events: number; broken: BrokenChain[] }> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await manager.query<ChainRow[]>(chainsSql, [after]);
    if (rows.length === 0) return;
    const chains = [...Map.groupBy(rows, (row) => row.chain_of).values()];
    yield {
      claims: chains.length,
      events: rows.filter((row) => row.claim_id !== null).length,
      broken: chains.flatMap((chain) => findBreak(chain) ?? []),
    };
    after = rows.at(-1)!.chain_of;
  }
}

function findBreak(chain: ChainRow[]): BrokenChain | null {
  const { chain_of: claimId, chain_version, last_hash } = chain[0]!;
  const events = chain.filter((row): row is ChainRow & EventRow => row.claim_id !== null);
  let hash: Buffer = Buffer.alloc(0);
  for (const [index, row] of events.entries()) {
    if (row.version !== index + 1) return { claimId, version: index + 1, reason: 'event_missing' };
    hash = chainHash(hash, claimId, toEvent(row));
    if (!hash.equals(row.hash)) return { claimId, version: row.version, reason: 'hash_differs' };
  }
  if (events.length < chain_version) return { claimId, version: events.length + 1, reason: 'events_missing_at_end' };
  // The claim's row holds the last hash too, so rewriting the end of a chain takes two forgeries.
  return hash.equals(last_hash) ? null : { claimId, version: events.length, reason: 'hash_differs' };
}
