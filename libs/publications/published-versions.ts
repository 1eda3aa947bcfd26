import type { DataSource, EntityManager } from 'typeorm';

export type Connection = Pick<DataSource | EntityManager, 'query'>;

/** The tables of published documents. A published version never changes. */
export type Table = 'policies' | 'calendars';

/** Fields of every published document. */
export interface Versioned {
  name: string;
  version: number;
  /** ISO date; the version takes effect at 00:00 UTC. */
  effectiveFrom: string;
}

export interface Published<Body = Versioned> {
  version: number;
  effectiveFrom: string;
  /** RFC 3339; null for versions that were published before this was recorded. */
  publishedAt: string | null;
  /** The publisher's subject at the token issuer; null for versions that ship with the product. */
  publishedBy: string | null;
  /** When and by whom the version was withdrawn before it took effect; null if it was not. */
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

/** Returns all versions of a name, newest first, including withdrawn ones; an empty list for an unknown name. */
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

/** Adds a version. Returns false if its number is already taken. */
export async function addVersion(on: Connection, table: Table, body: Versioned, by: string | null): Promise<boolean> {
  const added = await on.query<unknown[]>(
    `INSERT INTO ${table} (name, version, effective_from, body, published_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING version`,
    [body.name, body.version, body.effectiveFrom, body, by],
  );
  return added.length > 0;
}

/**
 * Withdraws a version of a programme and returns whether it is withdrawn. This is possible until a minute before the version takes effect,
 * because other processes use cached versions for some seconds, and only while no claim uses the version.
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
