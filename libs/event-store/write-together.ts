import type { EntityManager } from 'typeorm';
import { prepared } from './prepared.js';

/** A statement that writes rows. */
export interface Write {
  /** Without a `WITH` of its own that writes. */
  sql: string;
  /** The values of `$1`, `$2` and so on. */
  parameters: unknown[];
}

const statements = new Map<string, string>();

/**
 * Executes writes as one statement, which takes a single round trip. Each sees the rows as they were before all of them, so none may depend on
 * another. Returns the rows of the last one's `RETURNING`.
 */
export async function writeTogether<Row>(manager: EntityManager, others: Write[], last: Write): Promise<Row[]> {
  const writes = [...others, last];
  const sqls = writes.map(({ sql }) => sql);
  const key = sqls.join(';');
  const statement = statements.get(key) ?? prepared(joined(writes));
  statements.set(key, statement);
  const [rows] = await manager.query<[Row[], number]>(
    statement,
    writes.flatMap(({ parameters }) => parameters),
  );
  return rows;
}

function joined(writes: Write[]): string {
  let offset = 0;
  const renumbered = writes.map(({ sql, parameters }) => {
    const before = offset;
    offset += parameters.length;
    return sql.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + before}`);
  });
  const last = renumbered.pop()!;
  const others = renumbered.map((sql, index) => `write_${index + 1} AS (${sql})`);
  return others.length === 0 ? last : `WITH ${others.join(',\n')}\n${last}`;
}
