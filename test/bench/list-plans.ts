import { DataSource } from 'typeorm';
import type { TestApi } from '../support/api.js';

export interface Statement {
  sql: string;
  parameters: unknown[];
}

/** The statements that an API in this process sends while it answers, but for its clock. */
export async function recordStatements(api: TestApi, work: () => Promise<unknown>): Promise<Statement[]> {
  const { manager } = api.app.get(DataSource);
  const statements: Statement[] = [];
  const original = manager.query.bind(manager);
  manager.query = ((sql: string, parameters: unknown[] = []) => {
    if (!sql.startsWith('SELECT cpor_now()')) statements.push({ sql, parameters });
    return original(sql, parameters);
  }) as typeof manager.query;
  try {
    await work();
  } finally {
    manager.query = original;
  }
  return statements;
}
