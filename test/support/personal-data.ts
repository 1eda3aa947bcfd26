import type { DataSource } from 'typeorm';

/** Use it to prove an erasure. Returns every column of the database, as `table.column`, that contains one of the words in any type or case. */
export async function columnsContaining(source: DataSource, words: string[]): Promise<string[]> {
  const columns = await source.query<{ table: string; column: string; type: string }[]>(
    `SELECT table_name AS "table", column_name AS "column", data_type AS type
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1, 2`,
  );
  const holding: string[] = [];
  for (const { table, column, type } of columns) {
    const text = type === 'bytea' ? `encode(held."${column}", 'escape')` : `held."${column}"::text`;
    const rows = await source.query<unknown[]>(
      `SELECT FROM "${table}" held WHERE EXISTS (SELECT FROM unnest($1::text[]) AS sought WHERE strpos(lower(${text}), lower(sought)) > 0) LIMIT 1`,
      [words],
    );
    if (rows.length > 0) holding.push(`${table}.${column}`);
  }
  return holding;
}
