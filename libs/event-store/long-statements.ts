import type { DataSource, EntityManager } from 'typeorm';
import { LimitedClient } from './limited-pool.js';

/** For what looks at everything there is, such as an export: milliseconds for one statement. */
export const longStatementMs = 60_000;

/**
 * Lets the statements of this transaction take longer than usual, or all that follow on its connection until `endLongStatements`.
 * Both sides are told: the server would cancel them, and we would give the connection up.
 */
export async function allowLongStatements(manager: EntityManager, reach: 'transaction' | 'connection' = 'transaction'): Promise<void> {
  await manager.query(`SET ${reach === 'transaction' ? 'LOCAL ' : ''}statement_timeout = ${longStatementMs}`);
  const client: unknown = await manager.queryRunner?.connect();
  // Back in the pool it has its usual limit again.
  if (client instanceof LimitedClient) client.useLimit(longStatementMs);
}

export async function endLongStatements(manager: EntityManager): Promise<void> {
  await manager.query('RESET statement_timeout');
}

/** The same database for long statements, each in a transaction of its own. */
export function patient(source: DataSource): Pick<EntityManager, 'query'> {
  return {
    query: <Result>(text: string, parameters?: unknown[]) =>
      source.transaction(async (manager) => {
        await allowLongStatements(manager);
        return manager.query<Result>(text, parameters as never);
      }),
  };
}
