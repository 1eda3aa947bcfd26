import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from '#libs/event-store/index.js';

type Queryable = Pick<EntityManager, 'query'>;

/** The log of one link. Each entry is hashed with everything before it; the first with what the link shows, and to when. */
export interface LogHead {
  snapshotId: string;
  sequence: number;
  hash: Buffer;
}

export interface LogEntry {
  kind: 'made' | 'opened' | 'revoked';
  /** RFC 3339 with milliseconds. */
  at: string;
  /** Who made or revoked the link; null for openings. */
  subject: string | null;
}

/** What the first entry commits to. */
export interface SnapshotFacts {
  claimId: string;
  submission: number;
  side: string;
  fields: readonly string[];
  contentSha256: string;
  expiresAt: string;
}

export function entryHash(previous: Buffer, snapshotId: string, sequence: number, entry: LogEntry, facts: SnapshotFacts | null): Buffer {
  const { kind, at, subject } = entry;
  const text = canonicalJson({ snapshotId, sequence, kind, at, subject, facts: facts && { ...facts } });
  return createHash('sha256').update(previous).update(text).digest();
}

/** Adds an entry. The caller holds the lock of the snapshot's row and passes its facts with the first entry. */
export async function addEntry(database: Queryable, head: LogHead, entry: LogEntry, facts: SnapshotFacts | null = null): Promise<void> {
  const { snapshotId } = head;
  const sequence = head.sequence + 1;
  const hash = entryHash(head.hash, snapshotId, sequence, entry, facts);
  await database.query(
    `WITH written AS (
       INSERT INTO snapshot_entries (snapshot_id, sequence, kind, at, subject, hash) VALUES ($1, $2, $3, $4, $5, $6)
     )
     UPDATE snapshots SET last_sequence = $2, last_hash = $6 WHERE snapshot_id = $1`,
    [snapshotId, sequence, entry.kind, entry.at, entry.subject, hash],
  );
}

/** A link whose log or content is not as it was written. */
export interface BrokenSnapshot {
  snapshotId: string;
  reason: 'content_differs' | 'hash_differs' | 'entry_missing' | 'entries_missing_at_end' | 'entry_added';
}

interface StoredSnapshot extends SnapshotFacts {
  snapshotId: string;
  content: string;
  sequence: number;
  hash: Buffer;
}

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const pageSize = 1_000;

/** Checks every link's content and log, a page of snapshots at a time. */
export async function* verifySnapshots(
  database: Queryable,
): AsyncGenerator<{ snapshots: number; entries: number; broken: BrokenSnapshot[] }> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const snapshots = await database.query<StoredSnapshot[]>(
      `SELECT snapshot_id AS "snapshotId", claim_id AS "claimId", submission, side, fields, content, encode(content_sha256, 'hex') AS "contentSha256",
         ${iso('expires_at')} AS "expiresAt", last_sequence AS sequence, last_hash AS hash
       FROM snapshots WHERE snapshot_id > $1 ORDER BY snapshot_id LIMIT 100`,
      [after],
    );
    if (snapshots.length === 0) break;
    for (const snapshot of snapshots) yield { snapshots: 1, ...(await verifySnapshot(database, snapshot)) };
    after = snapshots.at(-1)!.snapshotId;
  }
  // One statement, so that a log and its end come from the same state while links are opened.
  const added = await database.query<{ snapshotId: string }[]>(
    `SELECT DISTINCT snapshot_id AS "snapshotId" FROM snapshot_entries e JOIN snapshots s USING (snapshot_id) WHERE e.sequence > s.last_sequence`,
  );
  yield { snapshots: 0, entries: 0, broken: added.map(({ snapshotId }) => ({ snapshotId, reason: 'entry_added' })) };
}

async function verifySnapshot(database: Queryable, snapshot: StoredSnapshot): Promise<{ entries: number; broken: BrokenSnapshot[] }> {
  const { snapshotId, content, sequence: last, hash: end, claimId, submission, side, fields, contentSha256, expiresAt } = snapshot;
  const facts = { claimId, submission, side, fields, contentSha256, expiresAt };
  let hash: Buffer = Buffer.alloc(0);
  let at = 0;
  const broken = (reason: BrokenSnapshot['reason']) => ({ entries: at, broken: [{ snapshotId, reason }] });
  if (createHash('sha256').update(content).digest('hex') !== contentSha256) return broken('content_differs');
  while (at < last) {
    const page = await database.query<(LogEntry & { sequence: number; written: Buffer })[]>(
      `SELECT sequence, kind, ${iso('at')} AS at, subject, hash AS written FROM snapshot_entries
       WHERE snapshot_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT ${pageSize}`,
      [snapshotId, at, last],
    );
    if (page.length === 0) return broken('entries_missing_at_end');
    for (const { sequence, written, ...entry } of page) {
      if (sequence !== at + 1) return broken('entry_missing');
      hash = entryHash(hash, snapshotId, sequence, entry, sequence === 1 ? facts : null);
      if (!hash.equals(written)) return broken('hash_differs');
      at = sequence;
    }
  }
  return last > 0 && hash.equals(end) ? { entries: at, broken: [] } : broken('hash_differs');
}
