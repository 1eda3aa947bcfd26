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
