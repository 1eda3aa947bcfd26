import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** An entry of a customer's log: somebody read the usage of one association, or was refused. */
export interface Access {
  /** Shared by all entries of one request. */
  accessId: string;
  /** When access was decided. */
  at: string;
  /** `refused`: it was requested after the association had ended, and nothing was shown. */
  kind: 'read' | 'export' | 'refused';
  /** The reader's id at the token's issuer: a person or a system. */
  subject: string;
  partnerAccountId: string;
  partnerId: string;
  tenantId: string;
  associationId: string;
  claimId: string;
  target: string;
  set: string;
  /** First and last month returned, or requested where no row was found; ISO dates, or null. */
  fromMonth: string | null;
  toMonth: string | null;
  rows: number;
}

interface Entry extends Access {
  sequence: number;
}

interface Head {
  tenantId: string;
  sequence: string;
  hash: Buffer;
}

/** The members of an entry that are hashed, in this order, and stored. */
const members = [
  'accessId',
  'associationId',
  'at',
  'claimId',
  'fromMonth',
  'kind',
  'partnerAccountId',
  'partnerId',
  'rows',
  'sequence',
  'set',
  'subject',
  'target',
  'tenantId',
  'toMonth',
] satisfies (keyof Entry)[];

const textOf = (entry: Entry): string => JSON.stringify(entry, members);

/** Hashes an entry together with everything before it in the same customer's log. */
const chainHash = (previous: Buffer, text: string): Buffer => createHash('sha256').update(previous).update(text).digest();

/** $1 entries, $2 their hashes. */
const writeSql = `
  WITH written AS (
    INSERT INTO access_entries (tenant_id, sequence, access_id, at, kind, subject, partner_account_id, partner_id, association_id,
      claim_id, target, set_name, from_month, to_month, row_count, hash)
    SELECT "tenantId", sequence, "accessId", at, kind, subject, "partnerAccountId", "partnerId", "associationId",
      "claimId", target, set, "fromMonth", "toMonth", rows, decode(hash, 'hex')
    FROM ROWS FROM (
      json_to_recordset($1::json) AS ("tenantId" uuid, sequence bigint, "accessId" uuid, at timestamptz, kind text, subject text,
        "partnerAccountId" text, "partnerId" text, "associationId" uuid, "claimId" uuid, target text, set text, "fromMonth" date,
        "toMonth" date, rows int),
      unnest($2::text[])
    ) AS e("tenantId", sequence, "accessId", at, kind, subject, "partnerAccountId", "partnerId", "associationId", "claimId", target, set,
      "fromMonth", "toMonth", rows, hash)
    RETURNING tenant_id, sequence, hash
  ), ends AS (
    SELECT DISTINCT ON (tenant_id) tenant_id, sequence, hash FROM written ORDER BY tenant_id, sequence DESC
  )
  UPDATE access_logs l SET last_sequence = e.sequence, last_hash = e.hash FROM ends e WHERE l.tenant_id = e.tenant_id`;

/** Adds entries to their customers' logs, in the transaction of the read. Logs are locked in a fixed order, so that readers cannot deadlock. */
export async function recordAccesses(manager: EntityManager, accesses: Access[]): Promise<void> {
  if (accesses.length === 0) return;
  const heads = await lockLogs(manager, [...new Set(accesses.map(({ tenantId }) => tenantId))].sort());
  const entries = accesses.map((access) => {
    const head = heads.get(access.tenantId)!;
    head.sequence += 1;
    const text = textOf({ ...access, sequence: head.sequence });
    head.hash = chainHash(head.hash, text);
    return { text, hash: head.hash.toString('hex') };
  });
  await manager.query(writeSql, [`[${entries.map(({ text }) => text).join(',')}]`, entries.map(({ hash }) => hash)]);
}

async function lockLogs(manager: EntityManager, tenantIds: string[]): Promise<Map<string, { sequence: number; hash: Buffer }>> {
  await manager.query(
    'INSERT INTO access_logs (tenant_id) SELECT id FROM unnest($1::uuid[]) AS t(id) ORDER BY id ON CONFLICT (tenant_id) DO NOTHING',
    [tenantIds],
  );
  const heads = await manager.query<Head[]>(
    `SELECT tenant_id AS "tenantId", last_sequence AS sequence, last_hash AS hash
     FROM access_logs WHERE tenant_id = ANY($1) ORDER BY tenant_id FOR UPDATE`,
    [tenantIds],
  );
  return new Map(heads.map(({ tenantId, sequence, hash }) => [tenantId, { sequence: Number(sequence), hash }]));
}

export interface BrokenLog {
  tenantId: string;
  /** The first entry that was changed, removed or added. */
  sequence: number;
  reason: 'hash_differs' | 'entry_missing' | 'entries_missing_at_end' | 'entry_added';
}

const entryColumns = `tenant_id AS "tenantId", sequence::int AS sequence, access_id AS "accessId",
  to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, kind, subject, partner_account_id AS "partnerAccountId",
  partner_id AS "partnerId", association_id AS "associationId", claim_id AS "claimId", target, set_name AS set,
  from_month::text AS "fromMonth", to_month::text AS "toMonth", row_count AS rows`;

/** Checks the log of every customer, one at a time and in pages, so that memory stays bounded. */
export async function* verifyAccessLogs(manager: EntityManager): AsyncGenerator<{ logs: number; entries: number; broken: BrokenLog[] }> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const heads = await manager.query<Head[]>(
      `SELECT tenant_id AS "tenantId", last_sequence AS sequence, last_hash AS hash
       FROM access_logs WHERE tenant_id > $1 ORDER BY tenant_id LIMIT 500`,
      [after],
    );
    if (heads.length === 0) break;
    for (const head of heads) {
      const { entries, broken } = await verifyLog(manager, head);
      yield { logs: 1, entries, broken: broken === null ? [] : [broken] };
    }
    after = heads.at(-1)!.tenantId;
  }
  // One statement, so that a log and its end come from the same snapshot while others write.
  const added = await manager.query<BrokenLog[]>(
    `SELECT e.tenant_id AS "tenantId", min(e.sequence)::int AS sequence, 'entry_added' AS reason
     FROM access_entries e LEFT JOIN access_logs l USING (tenant_id) WHERE e.sequence > coalesce(l.last_sequence, 0) GROUP BY e.tenant_id`,
  );
  yield { logs: 0, entries: 0, broken: added };
}

async function verifyLog(manager: EntityManager, head: Head): Promise<{ entries: number; broken: BrokenLog | null }> {
  const { tenantId } = head;
  const last = Number(head.sequence);
  let hash: Buffer = Buffer.alloc(0);
  let at = 0;
  const broken = (sequence: number, reason: BrokenLog['reason']) => ({ entries: at, broken: { tenantId, sequence, reason } });
  while (at < last) {
    const page = await manager.query<(Entry & { hash: Buffer })[]>(
      `SELECT ${entryColumns}, hash FROM access_entries WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT 1000`,
      [tenantId, at, last],
    );
    if (page.length === 0) return broken(at + 1, 'entries_missing_at_end');
    for (const { hash: written, ...entry } of page) {
      if (entry.sequence !== at + 1) return broken(at + 1, 'entry_missing');
      hash = chainHash(hash, textOf(entry));
      if (!hash.equals(written)) return broken(entry.sequence, 'hash_differs');
      at = entry.sequence;
    }
  }
  return hash.equals(head.hash) ? { entries: at, broken: null } : broken(last, 'hash_differs');
}

/** An entry as the customer sees it. */
export interface CustomerAccess {
  sequence: number;
  accessId: string;
  at: string;
  kind: Access['kind'];
  partnerId: string;
  /** Legal name of the partner, from the directory today, otherwise from the claim's check; null when neither has it. */
  legalName: string | null;
  claimNumber: string;
  target: string;
  set: string;
  fromMonth: string | null;
  toMonth: string | null;
  rows: number;
}

export interface AccessFilter {
  partnerId?: string | undefined;
  target?: string | undefined;
  /** Instants; `to` is excluded. */
  from?: string | undefined;
  to?: string | undefined;
  /** Sequence number at which the previous page ended. */
  before?: number | undefined;
  limit: number;
}

/** Lists who read a customer's usage, newest first. */
export async function listAccesses(manager: EntityManager, tenantId: string, filter: AccessFilter): Promise<CustomerAccess[]> {
  const parameters: unknown[] = [tenantId, filter.limit];
  const conditions = ['e.tenant_id = $1'];
  const where = (sql: (parameter: string) => string, value: unknown) => {
    if (value !== undefined) conditions.push(sql(`$${parameters.push(value)}`));
  };
  where((partnerId) => `e.partner_id = ${partnerId}`, filter.partnerId);
  where((target) => `e.target = ${target}`, filter.target);
  where((instant) => `e.at >= ${instant}`, filter.from);
  where((instant) => `e.at < ${instant}`, filter.to);
  where((sequence) => `e.sequence < ${sequence}`, filter.before);
  return manager.query<CustomerAccess[]>(
    `SELECT e.sequence::int AS sequence, e.access_id AS "accessId", to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
       e.kind, e.partner_id AS "partnerId", coalesce(
         (SELECT legal_name FROM directory_accounts a WHERE a.account_id::text = e.partner_account_id),
         (SELECT facts -> 'location' ->> 'legalName' FROM directory_answers d
          WHERE d.claim_id = e.claim_id AND jsonb_typeof(facts -> 'location') = 'object' ORDER BY asked_at DESC LIMIT 1)
       ) AS "legalName", c.number AS "claimNumber", e.target, e.set_name AS set, e.from_month::text AS "fromMonth",
       e.to_month::text AS "toMonth", e.row_count AS rows
     FROM access_entries e JOIN claims c USING (claim_id)
     WHERE ${conditions.join(' AND ')} ORDER BY e.sequence DESC LIMIT $2`,
    parameters,
  );
}

/** An export as the partner that made it sees it. */
export interface ExportEntry {
  accessId: string;
  at: string;
  subject: string;
  set: string;
  fromMonth: string | null;
  toMonth: string | null;
  associations: number;
  rows: number;
}

/** Lists the exports of a partner's locations, newest first. They stay listed after the associations have ended (R18). */
export async function listExports(
  manager: EntityManager,
  partner: { accountId: string; locations: string[] | 'all' },
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<ExportEntry[]> {
  const parameters: unknown[] = [partner.accountId, limit];
  const conditions = ["kind = 'export'", 'partner_account_id = $1'];
  if (partner.locations !== 'all') conditions.push(`partner_id = ANY($${parameters.push(partner.locations)})`);
  // Later requests have greater access ids.
  if (before !== undefined) conditions.push(`access_id < $${parameters.push(before)}`);
  return manager.query<ExportEntry[]>(
    `SELECT access_id AS "accessId", to_char(min(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, subject, set_name AS set,
       min(from_month)::text AS "fromMonth", max(to_month)::text AS "toMonth", count(DISTINCT association_id)::int AS associations,
       sum(row_count)::int AS rows
     FROM access_entries WHERE ${conditions.join(' AND ')}
     GROUP BY access_id, subject, set_name ORDER BY access_id DESC LIMIT $2`,
    parameters,
  );
}
