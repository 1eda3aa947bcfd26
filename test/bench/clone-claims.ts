import type pg from 'pg';
import type { TestClaim } from '../support/claims.js';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Gives each identifier in a row's text one of the copy's own; `$1` are the identifiers of the original. */
const renamedFunction = `
  CREATE OR REPLACE FUNCTION bench_renamed(body text, ids text[], number text, copy int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE id text; BEGIN
    FOREACH id IN ARRAY ids LOOP body := replace(body, id, md5(id || copy)::uuid::text); END LOOP;
    RETURN replace(body, number, 'W' || copy);
  END $$`;

interface Column {
  table: string;
  columns: string;
}

/** Every table that refers to claims, with the columns that a row is given. */
const tablesSql = `
  SELECT c.table_name AS table, string_agg(quote_ident(a.column_name), ', ' ORDER BY a.ordinal_position) AS columns
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
  JOIN information_schema.columns a USING (table_schema, table_name)
  WHERE c.table_schema = 'public' AND c.column_name = 'claim_id' AND t.table_type = 'BASE TABLE'
    AND a.is_identity = 'NO' AND a.is_generated = 'NEVER' AND coalesce(a.column_default, '') NOT LIKE 'nextval%'
  GROUP BY c.table_name`;

/**
 * Copies every row of a claim, under identifiers of its own and for a tenant of its own, and returns the ids of the copies. Hashes are copied too, so
 * no chain of a copy is valid. `derive` are statements that bring derived rows up to date.
 */
export async function cloneClaims(
  superuser: pg.Client,
  { claimId, number, partner }: TestClaim,
  count: number,
  derive: string[],
): Promise<string[]> {
  await superuser.query('SET session_replication_role = replica');
  await superuser.query(renamedFunction);
  const { rows: tables } = await superuser.query<Column>(tablesSql);
  const originals = await Promise.all(
    tables.map(
      async ({ table }) =>
        (await superuser.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE claim_id = $1`, [claimId])).rows,
    ),
  );
  const found = originals.flat().flatMap(({ row }) => row.match(uuid) ?? []);
  const kept = new Set(partner.actsFor);
  const ids = [...new Set(found)].filter((id) => !kept.has(id));
  for (const { table, columns } of tables) {
    await superuser.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns
        .split(', ')
        .map((column) => `(r).${column}`)
        .join(', ')} FROM (
         SELECT jsonb_populate_record(NULL::${table}, bench_renamed(to_jsonb(t)::text, $2, $3, copy)::jsonb) AS r
         FROM ${table} t, generate_series(1, $4::int) AS copy WHERE claim_id = $1 OFFSET 0) copies`,
      [claimId, ids, number, count],
    );
  }
  await superuser.query('TRUNCATE claim_counts, claim_count_changes');
  for (const statement of derive) await superuser.query(statement);
  await superuser.query('SET session_replication_role = origin');
  await superuser.query('VACUUM ANALYZE');
  const { rows } = await superuser.query<{ id: string }>('SELECT md5($1 || copy)::uuid::text AS id FROM generate_series(1, $2::int) copy', [
    claimId,
    count,
  ]);
  return rows.map(({ id }) => id);
}
