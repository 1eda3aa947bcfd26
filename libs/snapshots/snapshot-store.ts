import { createHash, randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { canonicalJson } from '#libs/event-store/index.js';
import { hashToken } from '#libs/notices/index.js';
import type { SnapshotContent } from './content.js';
import type { SnapshotField, SnapshotSide } from './fields.js';
import { addEntry, type SnapshotFacts } from './snapshot-log.js';

type Queryable = Pick<EntityManager, 'query'>;

/*
 * The life of a link to a snapshot, `<public URL>/v/<token>`:
 *
 * 1. Made: the token is random and answered once. Only its hash is stored, and a repeated request replaces it (there is no mail to repeat, so
 *    nothing needs to be derived from a key as in ADR 4).
 * 2. Opened: `openSnapshot` checks the hash, notes the opening and returns what was stored, in one transaction.
 * 3. Void: revoked by an entry of its log, expired by the product's clock, or without a hash once the claim's retention is over
 *    (`libs/retention/personal-places.ts`).
 */

/** Returns the link of a token, as its holder uses it. */
export const snapshotUrl = (publicUrl: string, token: string): string => `${publicUrl}/v/${token}`;

/** A snapshot as its makers see it. */
export interface Snapshot {
  snapshotId: string;
  claimId: string;
  submission: number;
  side: SnapshotSide;
  fields: SnapshotField[];
  /** For whom it was made; null when nobody said so, or erased. */
  label: string | null;
  /** `erased`: the claim's retention is over. */
  state: 'open' | 'revoked' | 'expired' | 'erased';
  /** Of the content's canonical JSON, in lower-case hexadecimal digits. */
  contentSha256: string;
  madeBy: string;
  madeAt: string;
  expiresAt: string;
  revocation: { at: string; by: string } | null;
  openings: { count: number; firstAt: string | null; lastAt: string | null };
}

/** Whose snapshots of a claim are meant: the partner knows its own only, the vendor all. */
export interface SnapshotsOf {
  claimId: string;
  side: SnapshotSide;
}

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** $1 claim, $2 side of the caller. */
const seen = `s.claim_id = $1 AND ($2 = 'vendor' OR s.side = 'partner')`;

const snapshotSql = (where: string) => `
  SELECT s.snapshot_id AS "snapshotId", s.claim_id AS "claimId", s.submission, s.side, s.fields, words.content ->> 'text' AS label,
    CASE WHEN gone.at IS NOT NULL THEN 'revoked' WHEN s.token_hash IS NULL THEN 'erased' WHEN s.expires_at <= cpor_now() THEN 'expired'
      ELSE 'open' END AS state,
    encode(s.content_sha256, 'hex') AS "contentSha256", s.made_by AS "madeBy", ${iso('s.made_at')} AS "madeAt", ${iso('s.expires_at')} AS "expiresAt",
    CASE WHEN gone.at IS NOT NULL THEN jsonb_build_object('at', ${iso('gone.at')}, 'by', gone.subject) END AS revocation,
    (SELECT jsonb_build_object('count', count(*), 'firstAt', ${iso('min(at)')}, 'lastAt', ${iso('max(at)')})
      FROM snapshot_entries e WHERE e.snapshot_id = s.snapshot_id AND kind = 'opened') AS openings
  FROM snapshots s
  LEFT JOIN personal_data words ON words.person_id = s.text_id
  LEFT JOIN snapshot_entries gone ON gone.snapshot_id = s.snapshot_id AND gone.kind = 'revoked'
  WHERE ${where}`;

/** Lists a claim's snapshots, newest first. $3 and $4 are the place and the size of a page. */
export const listSnapshots = (
  database: Queryable,
  { claimId, side }: SnapshotsOf,
  { before, limit }: { before: { madeAt: string; snapshotId: string } | undefined; limit: number },
): Promise<Snapshot[]> =>
  database.query(
    `${snapshotSql(`${seen} AND ($3::timestamptz IS NULL OR (s.made_at, s.snapshot_id) < ($3, $4::uuid))`)}
     ORDER BY s.made_at DESC, s.snapshot_id DESC LIMIT $5`,
    [claimId, side, before?.madeAt ?? null, before?.snapshotId ?? null, limit],
  );

export async function findSnapshot(database: Queryable, { claimId, side }: SnapshotsOf, snapshotId: string): Promise<Snapshot | null> {
  const [found] = await database.query<Snapshot[]>(snapshotSql(`${seen} AND s.snapshot_id = $3`), [claimId, side, snapshotId]);
  return found ?? null;
}

/** What a link shows. @throws when it is not what was stored */
export async function readContent(database: Queryable, snapshotId: string): Promise<SnapshotContent> {
  const [row] = await database.query<[{ content: string; digest: Buffer }]>(
    'SELECT content, content_sha256 AS digest FROM snapshots WHERE snapshot_id = $1',
    [snapshotId],
  );
  return checkedContent(snapshotId, row.content, row.digest);
}

export interface NewSnapshot extends SnapshotsOf {
  /** Derived from caller, idempotency key and URL, so that a repeat has the same ID. */
  requestId: string;
  submission: number;
  fields: SnapshotField[];
  content: SnapshotContent;
  label: string | null;
  madeBy: string;
  /** RFC 3339 with milliseconds. */
  madeAt: string;
  expiresAt: string;
  fingerprint: string;
}

export type Making = { result: 'done'; token: string } | { result: 'conflict' } | { result: 'too_many' };

/** Makes a link, at most so many open ones for a claim. The same request again gets a new token, since the answer with the first may be lost. */
export async function makeSnapshot(source: DataSource, made: NewSnapshot, atMost: number): Promise<Making> {
  const token = randomBytes(32).toString('base64url');
  return source.transaction(async (manager): Promise<Making> => {
    // Neither a second request nor an erasure of the claim comes in between.
    await manager.query('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE', [made.claimId]);
    const [before] = await manager.query<{ fingerprint: string }[]>('SELECT fingerprint FROM snapshots WHERE snapshot_id = $1', [
      made.requestId,
    ]);
    if (before !== undefined) {
      if (before.fingerprint !== made.fingerprint) return { result: 'conflict' };
      await manager.query('UPDATE snapshots SET token_hash = $2 WHERE snapshot_id = $1 AND token_hash IS NOT NULL', [
        made.requestId,
        hashToken(token),
      ]);
      return { result: 'done', token };
    }
    if ((await countOpen(manager, made)) >= atMost) return { result: 'too_many' };
    await insert(manager, made, hashToken(token));
    return { result: 'done', token };
  });
}

async function countOpen(manager: EntityManager, { claimId, side }: SnapshotsOf): Promise<number> {
  const [row] = await manager.query<[{ open: number }]>(
    `SELECT count(*)::int AS open FROM snapshots s WHERE claim_id = $1 AND side = $2 AND token_hash IS NOT NULL AND expires_at > cpor_now()
       AND NOT EXISTS (SELECT FROM snapshot_entries e WHERE e.snapshot_id = s.snapshot_id AND kind = 'revoked')`,
    [claimId, side],
  );
  return row.open;
}

async function insert(manager: EntityManager, made: NewSnapshot, tokenHash: Buffer): Promise<void> {
  const { requestId: snapshotId, claimId, submission, side, fields, label, madeBy, madeAt, expiresAt, fingerprint } = made;
  const content = canonicalJson(made.content);
  const digest = sha256(content);
  const textId = label === null ? null : uuidV5('text', snapshotId);
  await manager.query(
    `INSERT INTO snapshots (snapshot_id, claim_id, submission, side, fields, content, content_sha256, text_id, made_by, made_at, expires_at,
       fingerprint, token_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [snapshotId, claimId, submission, side, fields, content, digest, textId, madeBy, madeAt, expiresAt, fingerprint, tokenHash],
  );
  if (textId !== null) {
    await manager.query(`INSERT INTO personal_data (person_id, claim_id, kind, content) VALUES ($1, $2, 'text', $3)`, [
      textId,
      claimId,
      { text: label },
    ]);
  }
  const facts: SnapshotFacts = { claimId, submission, side, fields, contentSha256: digest.toString('hex'), expiresAt };
  const head = { snapshotId, sequence: 0, hash: Buffer.alloc(0) };
  await addEntry(manager, head, { kind: 'made', at: madeAt, subject: madeBy }, facts);
}

interface LockedRow {
  sequence: number;
  hash: Buffer;
  now: string;
  isRevoked: boolean;
  isExpired: boolean;
}

/** Locks a snapshot's row, and reads afterwards what may have changed before the lock was held. */
async function lock(manager: EntityManager, snapshotId: string): Promise<LockedRow> {
  await manager.query('SELECT FROM snapshots WHERE snapshot_id = $1 FOR UPDATE', [snapshotId]);
  const [row] = await manager.query<[LockedRow]>(
    `SELECT last_sequence AS sequence, last_hash AS hash, ${iso('clock.now')} AS now, expires_at <= clock.now AS "isExpired",
       EXISTS (SELECT FROM snapshot_entries e WHERE e.snapshot_id = s.snapshot_id AND kind = 'revoked') AS "isRevoked"
     FROM snapshots s, (SELECT cpor_now() AS now OFFSET 0) clock WHERE snapshot_id = $1`,
    [snapshotId],
  );
  return row;
}

/** Revokes a link at once and for good. Once revoked it stays as it is. */
export async function revokeSnapshot(source: DataSource, snapshotId: string, by: string): Promise<void> {
  await source.transaction(async (manager) => {
    const { sequence, hash, now, isRevoked } = await lock(manager, snapshotId);
    if (isRevoked) return;
    await addEntry(manager, { snapshotId, sequence, hash }, { kind: 'revoked', at: now, subject: by });
  });
}

/** What the holder of a link gets. */
export interface OpenedSnapshot {
  content: SnapshotContent;
  contentSha256: string;
  expiresAt: string;
}

/**
 * Opens a link and notes that in its log; null when it is unknown, revoked, expired or erased.
 * @throws when the content is not what was stored
 */
export async function openSnapshot(source: DataSource, token: string): Promise<OpenedSnapshot | null> {
  const [found] = await source.query<{ snapshotId: string; content: string; digest: Buffer; expiresAt: string }[]>(
    `SELECT snapshot_id AS "snapshotId", content, content_sha256 AS digest, ${iso('expires_at')} AS "expiresAt" FROM snapshots WHERE token_hash = $1`,
    [hashToken(token)],
  );
  if (found === undefined) return null;
  const { snapshotId, content, digest, expiresAt } = found;
  const shown = checkedContent(snapshotId, content, digest);
  const isOpened = await source.transaction(async (manager) => {
    const { sequence, hash, now, isRevoked, isExpired } = await lock(manager, snapshotId);
    if (isRevoked || isExpired) return false;
    await addEntry(manager, { snapshotId, sequence, hash }, { kind: 'opened', at: now, subject: null });
    return true;
  });
  return isOpened ? { content: shown, contentSha256: digest.toString('hex'), expiresAt } : null;
}

/** Lists when a link was opened, newest first. `before` is the number at which the previous page ended. */
export const listOpenings = (
  database: Queryable,
  snapshotId: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<{ sequence: number; at: string }[]> =>
  database.query(
    `SELECT sequence, ${iso('at')} AS at FROM snapshot_entries
     WHERE snapshot_id = $1 AND kind = 'opened' AND ($2::int IS NULL OR sequence < $2) ORDER BY sequence DESC LIMIT $3`,
    [snapshotId, before ?? null, limit],
  );

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

function checkedContent(snapshotId: string, content: string, digest: Buffer): SnapshotContent {
  if (!sha256(content).equals(digest)) throw new Error(`The content of snapshot ${snapshotId} does not match its digest.`);
  return JSON.parse(content) as SnapshotContent;
}
