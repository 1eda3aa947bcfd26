/** Runs one SQL statement: a pg pool or client, or TypeORM's DataSource, QueryRunner or EntityManager. */
export interface Queryable {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** Returns the rows of a result: TypeORM returns them as such, pg wraps them in an object. */
export function rowsOf<Row>(result: unknown): Row[] {
  return Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
}
