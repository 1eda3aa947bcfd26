import type { DataSource, EntityManager } from 'typeorm';

export type Connection = Pick<DataSource | EntityManager, 'query'>;

/** What is published by version. A version never changes once it is there. */
export type Table = 'policies' | 'calendars';

/** What every published document carries. */
export interface Versioned {
  name: string;
  version: number;
  /** ISO date, from 00:00 UTC. */
  effectiveFrom: string;
}

export interface Published<Body = Versioned> {
  version: number;
  effectiveFrom: string;
  /** When it was published, RFC 3339; null for what was there before that was recorded. */
  publishedAt: string | null;
  /** The issuer's id of who published it; null for what came with the product. */
  publishedBy: string | null;
  /** When and by whom it was taken back before it took effect; null for one that stands. */
  withdrawnAt: string | null;
  withdrawnBy: string | null;
  body: Body;
}

interface Row {
  version: number;
  effective_from: Date;
  published_at: Date | null;
  published_by: string | null;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
  body: Versioned;
}

const withdrawals: Record<Table, string> = {
  policies: 'LEFT JOIN policy_withdrawals USING (name, version)',
  calendars: 'CROSS JOIN (SELECT NULL::timestamptz AS withdrawn_at, NULL::text AS withdrawn_by) AS never',
};

/** Every version of a name, the newest first, those that were taken back included; none for a name that is not known. */
export async function publishedVersions<Body extends Versioned>(on: Connection, table: Table, name: string): Promise<Published<Body>[]> {
  const rows = await on.query<Row[]>(
    `SELECT version, effective_from, published_at, published_by, withdrawn_at, withdrawn_by, body FROM ${table} ${withdrawals[table]}
     WHERE name = $1 ORDER BY version DESC`,
    [name],
  );
  return rows.map((row) => ({
    version: row.version,
    effectiveFrom: row.effective_from.toISOString().slice(0, 10),
    publishedAt: row.published_at?.toISOString() ?? null,
    publishedBy: row.published_by,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    withdrawnBy: row.withdrawn_by,
    body: row.body as Body,
  }));
}

/** Adds a version; false when its number is taken by now. */
export async function addVersion(on: Connection, table: Table, body: Versioned, by: string | null): Promise<boolean> {
  const added = await on.query<unknown[]>(
    `INSERT INTO ${table} (name, version, effective_from, body, published_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING version`,
    [body.name, body.version, body.effectiveFrom, body, by],
  );
  return added.length > 0;
}

/**
 * Takes a programme's version back, and says whether that stands. A version is past taking back a minute before it takes effect, since
 * other processes go on for seconds with the versions they know, and for good once a claim names it.
 */
export async function withdrawVersion(on: Connection, name: string, version: number, by: string | null): Promise<boolean> {
  await on.query(
    `INSERT INTO policy_withdrawals (name, version, withdrawn_by)
     SELECT name, version, $3 FROM policies
     WHERE name = $1 AND version = $2 AND effective_from > cpor_now() + interval '1 minute'
       AND NOT EXISTS (SELECT FROM claims WHERE state ->> 'policy' = policies.name || '@' || policies.version)
     ON CONFLICT DO NOTHING`,
    [name, version, by],
  );
  const rows = await on.query<unknown[]>('SELECT FROM policy_withdrawals WHERE name = $1 AND version = $2', [name, version]);
  return rows.length > 0;
}
