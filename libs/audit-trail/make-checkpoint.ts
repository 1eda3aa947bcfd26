import { createHash, type KeyObject } from 'node:crypto';
import { canonicalJson } from '#libs/event-store/index.js';
import { type CheckpointLine, CheckpointWriter, type ClaimLeaf } from './checkpoint-file.js';
import { claimNumbers } from './claim-numbers.js';
import { firstId, type Queryable } from './fault.js';

const pageSize = 1_000;

export interface MadeCheckpoint {
  number: number;
  claims: number;
  digest: string;
}

/**
 * Makes a checkpoint of the current state: the last event and command of each claim, each access log and each snapshot's log, all publications, the feed, and the claim
 * numbers. Claims are read page by page; what is added meanwhile does not invalidate earlier pages. `write` receives the file's text in chunks.
 * `keep` must make the file durable, and is called before the database records the checkpoint.
 */
export async function makeCheckpoint(
  database: Queryable,
  key: KeyObject,
  { write, keep }: { write: (text: string) => Promise<void>; keep: (number: number) => Promise<void> },
): Promise<MadeCheckpoint> {
  const [last] = await database.query<{ number: number; digest: string }[]>(
    'SELECT number, digest FROM checkpoints ORDER BY number DESC LIMIT 1',
  );
  const [clock] = await database.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  const writer = new CheckpointWriter();
  const number = (last?.number ?? 0) + 1;
  const madeAt = clock.now.toISOString();
  const previous = last?.digest ?? null;
  // Read before the claims, so that every number below has its claim among them.
  const numbers = await claimNumbers(database);
  let claims = 0;
  await write(writer.write({ kind: 'checkpoint', format: 1, number, madeAt, previous }));
  for await (const page of leaves(database)) {
    claims += page.filter(({ kind }) => kind === 'claim').length;
    await write(page.map((leaf) => writer.write(leaf)).join(''));
  }
  await write(writer.write({ kind: 'numbers', ...numbers }));
  const { text, digest } = writer.finish(key);
  await write(text);
  await keep(number);
  await database.query(
    'INSERT INTO checkpoints (number, made_at, digest, previous, numbers_up_to, unused_numbers) VALUES ($1, $2, $3, $4, $5, $6)',
    [number, madeAt, digest, previous, numbers.upTo, numbers.unused],
  );
  return { number, claims, digest };
}

async function* leaves(database: Queryable): AsyncGenerator<CheckpointLine[]> {
  for (let after = firstId; ; ) {
    const page = await claimLeaves(database, after);
    if (page.length === 0) break;
    yield page;
    after = page.at(-1)!.claimId;
  }
  for (let after = firstId; ; ) {
    const logs = await database.query<{ tenantId: string; entries: number; head: string }[]>(
      `SELECT tenant_id AS "tenantId", last_sequence::int AS entries, encode(last_hash, 'hex') AS head FROM access_logs
       WHERE tenant_id > $1 ORDER BY tenant_id LIMIT ${pageSize}`,
      [after],
    );
    if (logs.length === 0) break;
    yield logs.map((log) => ({ kind: 'access_log', ...log }));
    after = logs.at(-1)!.tenantId;
  }
  for (let after = firstId; ; ) {
    const snapshots = await database.query<{ snapshotId: string; entries: number; head: string }[]>(
      `SELECT snapshot_id AS "snapshotId", last_sequence AS entries, encode(last_hash, 'hex') AS head FROM snapshots
       WHERE snapshot_id > $1 ORDER BY snapshot_id LIMIT ${pageSize}`,
      [after],
    );
    if (snapshots.length === 0) break;
    yield snapshots.map((one) => ({ kind: 'snapshot', ...one }));
    after = snapshots.at(-1)!.snapshotId;
  }
  const feed = await database.query<{ place: string; head: string }[]>(
    `SELECT place::text, encode(hash, 'hex') AS head FROM feed_places ORDER BY feed_places.place DESC LIMIT 1`,
  );
  yield feed.map((end) => ({ kind: 'feed', ...end }));
  for (const of of ['programme', 'calendar'] as const) {
    const published = await database.query<{ name: string; version: number; body: unknown; effective_from: Date }[]>(
      `SELECT name, version, body, effective_from FROM ${publicationTables[of]} ORDER BY name, version`,
    );
    yield published.map((row) => ({ kind: 'publication', of, name: row.name, version: row.version, digest: publicationDigest(row) }));
  }
}

export const publicationTables = { programme: 'policies', calendar: 'calendars' } as const;

export const publicationDigest = ({ body, effective_from }: { body: unknown; effective_from: Date }): string =>
  createHash('sha256')
    .update(canonicalJson({ body, effectiveFrom: effective_from.toISOString() }))
    .digest('hex');

async function claimLeaves(database: Queryable, after: string): Promise<ClaimLeaf[]> {
  const rows = await database.query<Omit<ClaimLeaf, 'kind'>[]>(
    `SELECT c.claim_id AS "claimId", c.number, c.version, encode(c.last_hash, 'hex') AS head, coalesce(s.settled_number, 0) AS commands,
       coalesce(encode(s.hash, 'hex'), '') AS "commandsHead"
     FROM (SELECT claim_id, number, version, last_hash FROM claims WHERE claim_id > $1 ORDER BY claim_id LIMIT ${pageSize}) c
     LEFT JOIN LATERAL (
       SELECT settled_number, hash FROM claim_commands i WHERE i.claim_id = c.claim_id AND settled_number IS NOT NULL
       ORDER BY settled_number DESC LIMIT 1
     ) s ON true
     ORDER BY c.claim_id`,
    [after],
  );
  return rows.map((row) => ({ kind: 'claim', ...row }));
}
