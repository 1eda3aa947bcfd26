/** What runs one SQL statement: a pg pool or client, or TypeORM's DataSource, QueryRunner or EntityManager. */
export interface Queryable {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** TypeORM answers a SELECT with its rows, pg with an object around them. */
export function rowsOf<Row>(result: unknown): Row[] {
  return Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
}
