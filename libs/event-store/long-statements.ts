import type { DataSource, EntityManager } from 'typeorm';
import { LimitedClient } from './limited-pool.js';

/** Milliseconds for one statement that reads the whole database, such as an export. */
export const longStatementMs = 60_000;

/**
 * Raises the limit for the statements of this transaction, or for everything on its connection until `endLongStatements`.
 * Both sides need the higher limit: the server would cancel the statement, and our client would give up the connection.
 */
export async function allowLongStatements(manager: EntityManager, reach: 'transaction' | 'connection' = 'transaction'): Promise<void> {
  await manager.query(`SET ${reach === 'transaction' ? 'LOCAL ' : ''}statement_timeout = ${longStatementMs}`);
  const client: unknown = await manager.queryRunner?.connect();
  // The pool restores the usual limit before the connection is used again.
  if (client instanceof LimitedClient) client.useLimit(longStatementMs);
}

export async function endLongStatements(manager: EntityManager): Promise<void> {
  await manager.query('RESET statement_timeout');
}

/** Returns the same database for long statements, each in a transaction of its own. */
export function patient(source: DataSource): Pick<EntityManager, 'query'> {
  return {
    query: <Result>(text: string, parameters: unknown[] = []) =>
      source.transaction(async (manager) => {
        await allowLongStatements(manager);
        return manager.query<Result>(text, parameters);
      }),
  };
}
