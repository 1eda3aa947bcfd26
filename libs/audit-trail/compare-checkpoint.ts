import {
  type AccessLogLeaf,
  type CheckpointHead,
  type ClaimLeaf,
  type FeedLeaf,
  type PublicationLeaf,
  readCheckpoint,
  type SignedCheckpoint,
  type SnapshotLeaf,
} from './checkpoint-file.js';
import { missingNumbers } from './claim-numbers.js';
import type { Queryable, RecordFault } from './fault.js';
import { publicationDigest, publicationTables } from './make-checkpoint.js';

/** A fault in something that a checkpoint anchors besides claims. */
export type AnchorFault =
  | { kind: 'checkpoint_unknown' | 'checkpoint_differs' | 'checkpoint_missing'; number: number }
  | { kind: 'log_missing' | 'log_entries_missing' | 'log_differs'; tenantId: string }
  | { kind: 'snapshot_missing' | 'snapshot_entries_missing' | 'snapshot_differs'; snapshotId: string }
  | { kind: 'feed_missing_since' | 'feed_differs_since'; at: string }
  | { kind: 'publication_missing' | 'publication_differs'; of: 'programme' | 'calendar'; name: string; version: number };

export interface Compared {
  claims: number;
  faults: RecordFault[];
  anchors: AnchorFault[];
}

const pageSize = 500;

/** Compares the database with a checkpoint whose signature was checked. Everything in it must still exist unchanged; later additions are fine. */
export async function* compareWithCheckpoint(database: Queryable, { file, head }: SignedCheckpoint): AsyncGenerator<Compared> {
  let claims: ClaimLeaf[] = [];
  let logs: AccessLogLeaf[] = [];
  let snapshots: SnapshotLeaf[] = [];
  for await (const line of readCheckpoint(file)) {
    if (line.kind === 'claim') claims.push(line);
    if (line.kind === 'access_log') logs.push(line);
    if (line.kind === 'snapshot') snapshots.push(line);
    if (claims.length === pageSize) {
      yield { claims: claims.length, faults: await claimFaults(database, claims, head), anchors: [] };
      claims = [];
    }
    if (logs.length === pageSize) {
      yield { claims: 0, faults: [], anchors: await logFaults(database, logs) };
      logs = [];
    }
    if (snapshots.length === pageSize) {
      yield { claims: 0, faults: [], anchors: await snapshotFaults(database, snapshots) };
      snapshots = [];
    }
    if (line.kind === 'feed') yield { claims: 0, faults: [], anchors: await feedFaults(database, line, head) };
    if (line.kind === 'publication') yield { claims: 0, faults: [], anchors: await publicationFaults(database, line) };
    if (line.kind === 'numbers') yield { claims: 0, faults: await missingUnanchored(database, line, file), anchors: [] };
  }
  const anchors = [...(await logFaults(database, logs)), ...(await snapshotFaults(database, snapshots))];
  yield { claims: claims.length, faults: await claimFaults(database, claims, head), anchors };
}

interface FoundClaim {
  claim_id: string;
  number: string | null;
  event_hash: string | null;
  command_hash: string | null;
}

async function claimFaults(database: Queryable, leaves: ClaimLeaf[], { madeAt: at }: CheckpointHead): Promise<RecordFault[]> {
  if (leaves.length === 0) return [];
  const rows = await database.query<FoundClaim[]>(
    `SELECT l."claimId" AS claim_id, c.number,
       (SELECT encode(hash, 'hex') FROM claim_events e WHERE e.claim_id = c.claim_id AND e.version = l.version AND l.version <= c.version) AS event_hash,
       (SELECT encode(hash, 'hex') FROM claim_commands i WHERE i.claim_id = c.claim_id AND i.settled_number = l.commands) AS command_hash
     FROM jsonb_to_recordset($1::jsonb) AS l("claimId" uuid, version int, commands int) LEFT JOIN claims c ON c.claim_id = l."claimId"`,
    [JSON.stringify(leaves)],
  );
  const found = new Map(rows.map((row) => [row.claim_id, row]));
  return leaves.flatMap((leaf) => {
    const { claimId, number } = leaf;
    const row = found.get(claimId)!;
    if (row.number === null) return [{ kind: 'claim_missing' as const, claimId, number }];
    return (
      [
        row.number !== number && { kind: 'number_differs', claimId, number },
        leaf.version > 0 && difference('events', leaf.head, row.event_hash, { claimId, number, at }),
        leaf.commands > 0 && difference('commands', leaf.commandsHead, row.command_hash, { claimId, number, at }),
      ] satisfies (RecordFault | false)[]
    ).filter((fault) => fault !== false);
  });
}

type Place = { claimId: string; number: string; at: string };

function difference(of: 'events' | 'commands', anchored: string, found: string | null, place: Place): RecordFault | false {
  if (found === anchored) return false;
  return { kind: found === null ? (`${of}_missing_since` as const) : (`${of}_differ_since` as const), ...place };
}

/** Finds claims that are gone and that the file does not contain, because they were made while it was written. Only their numbers are known. */
async function missingUnanchored(database: Queryable, numbers: { upTo: string; unused: string }, file: string): Promise<RecordFault[]> {
  const missing = await missingNumbers(database, numbers);
  if (missing.length === 0) return [];
  const anchored = new Set<string>();
  const wanted = new Set(missing.map(({ number }) => number));
  for await (const line of readCheckpoint(file)) if (line.kind === 'claim' && wanted.has(line.number)) anchored.add(line.number);
  return missing.filter(({ number }) => !anchored.has(number!));
}

async function logFaults(database: Queryable, leaves: AccessLogLeaf[]): Promise<AnchorFault[]> {
  if (leaves.length === 0) return [];
  const rows = await database.query<{ tenant_id: string; last: number | null; head: string | null }[]>(
    `SELECT l."tenantId" AS tenant_id, a.last_sequence::int AS last, CASE l.entries WHEN 0 THEN '' ELSE
       (SELECT encode(hash, 'hex') FROM access_entries e WHERE e.tenant_id = l."tenantId" AND e.sequence = l.entries) END AS head
     FROM jsonb_to_recordset($1::jsonb) AS l("tenantId" uuid, entries int) LEFT JOIN access_logs a ON a.tenant_id = l."tenantId"`,
    [JSON.stringify(leaves)],
  );
  const found = new Map(rows.map((row) => [row.tenant_id, row]));
  return leaves.flatMap(({ tenantId, entries, head }): AnchorFault[] => {
    const row = found.get(tenantId)!;
    if (row.last === null) return [{ kind: 'log_missing', tenantId }];
    if (row.last < entries || row.head === null) return [{ kind: 'log_entries_missing', tenantId }];
    return row.head === head ? [] : [{ kind: 'log_differs', tenantId }];
  });
}

async function snapshotFaults(database: Queryable, leaves: SnapshotLeaf[]): Promise<AnchorFault[]> {
  if (leaves.length === 0) return [];
  const rows = await database.query<{ snapshot_id: string; last: number | null; head: string | null }[]>(
    `SELECT l."snapshotId" AS snapshot_id, s.last_sequence AS last,
       (SELECT encode(hash, 'hex') FROM snapshot_entries e WHERE e.snapshot_id = l."snapshotId" AND e.sequence = l.entries) AS head
     FROM jsonb_to_recordset($1::jsonb) AS l("snapshotId" uuid, entries int) LEFT JOIN snapshots s ON s.snapshot_id = l."snapshotId"`,
    [JSON.stringify(leaves)],
  );
  const found = new Map(rows.map((row) => [row.snapshot_id, row]));
  return leaves.flatMap(({ snapshotId, entries, head }): AnchorFault[] => {
    const row = found.get(snapshotId)!;
    if (row.last === null) return [{ kind: 'snapshot_missing', snapshotId }];
    if (row.last < entries || row.head === null) return [{ kind: 'snapshot_entries_missing', snapshotId }];
    return row.head === head ? [] : [{ kind: 'snapshot_differs', snapshotId }];
  });
}

async function feedFaults(database: Queryable, { place, head }: FeedLeaf, { madeAt: at }: CheckpointHead): Promise<AnchorFault[]> {
  const [row] = await database.query<{ head: string }[]>(`SELECT encode(hash, 'hex') AS head FROM feed_places WHERE place = $1`, [place]);
  if (row === undefined) return [{ kind: 'feed_missing_since', at }];
  return row.head === head ? [] : [{ kind: 'feed_differs_since', at }];
}

async function publicationFaults(database: Queryable, { of, name, version, digest }: PublicationLeaf): Promise<AnchorFault[]> {
  const [row] = await database.query<{ body: unknown; effective_from: Date }[]>(
    `SELECT body, effective_from FROM ${publicationTables[of]} WHERE name = $1 AND version = $2`,
    [name, version],
  );
  if (row === undefined) return [{ kind: 'publication_missing', of, name, version }];
  return publicationDigest(row) === digest ? [] : [{ kind: 'publication_differs', of, name, version }];
}

interface CheckpointRow {
  number: number;
  digest: string;
  previous: string | null;
  upTo: string;
  unused: string;
}

/**
 * Checks the checkpoints that the database itself knows of: that none is missing between others, and that every claim with a number that the last
 * one recorded still exists. If a signed checkpoint is given, checks that it is one of them.
 */
export async function verifyCheckpoints(
  database: Queryable,
  signed: SignedCheckpoint | null,
): Promise<{ made: number; faults: RecordFault[]; anchors: AnchorFault[] }> {
  const rows = await database.query<CheckpointRow[]>(
    'SELECT number, digest, previous, numbers_up_to AS "upTo", unused_numbers AS unused FROM checkpoints ORDER BY number',
  );
  const anchors: AnchorFault[] = [];
  for (const [index, { number, previous }] of rows.entries()) {
    const before = rows[index - 1];
    if (number !== (before?.number ?? 0) + 1) anchors.push({ kind: 'checkpoint_missing', number: number - 1 });
    else if (previous !== (before?.digest ?? null)) anchors.push({ kind: 'checkpoint_differs', number });
  }
  if (signed !== null) {
    const known = rows.find(({ number }) => number === signed.head.number);
    if (known === undefined) anchors.push({ kind: 'checkpoint_unknown', number: signed.head.number });
    else if (known.digest !== signed.digest) anchors.push({ kind: 'checkpoint_differs', number: signed.head.number });
  }
  const last = rows.at(-1);
  return { made: rows.length, faults: last === undefined ? [] : await missingNumbers(database, last), anchors };
}
