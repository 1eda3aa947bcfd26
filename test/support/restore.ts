import { Client } from 'pg';

/** Use it to test a restore. Copies every row and sequence into another database with the same tables, as a dump and restore would. */
export async function copyRows(from: string, to: string): Promise<void> {
  const [source, target] = [new Client({ connectionString: from }), new Client({ connectionString: to })];
  await Promise.all([source.connect(), target.connect()]);
  try {
    // As in a restore, rows are copied without triggers and foreign keys.
    await target.query('SET session_replication_role = replica');
    const { rows: tables } = await source.query<{ name: string; columns: string }>(
      `SELECT table_name AS name, string_agg(quote_ident(column_name), ', ') AS columns
       FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'migrations' AND is_generated = 'NEVER' GROUP BY 1`,
    );
    for (const { name, columns } of tables) {
      const { rows } = await source.query<{ row: object }>(`SELECT to_jsonb(t) AS row FROM ${name} t`);
      await target.query(`DELETE FROM ${name}`);
      await target.query(
        `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, $1)`,
        [JSON.stringify(rows.map(({ row }) => row))],
      );
    }
    const { rows: counters } = await source.query<{ name: string; last: string | null }>(
      `SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE 'migrations%'`,
    );
    for (const { name, last } of counters) if (last !== null) await target.query('SELECT setval($1, $2)', [name, last]);
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}
