import { DataSource } from 'typeorm';
import type { TestApi } from '../support/api.js';

export interface Statement {
  sql: string;
  parameters: unknown[];
}

/** Records the statements that an API in this process sends, except clock reads and EXPLAIN. */
export async function recordStatements(api: TestApi, work: () => Promise<unknown>): Promise<Statement[]> {
  const { manager } = api.app.get(DataSource);
  const statements: Statement[] = [];
  const original = manager.query.bind(manager);
  manager.query = ((sql: string, parameters: unknown[] = []) => {
    if (!sql.startsWith('SELECT cpor_now()') && !sql.startsWith('EXPLAIN')) statements.push({ sql, parameters });
    return original(sql, parameters);
  }) as typeof manager.query;
  try {
    await work();
  } finally {
    manager.query = original;
  }
  return statements;
}

/** Summarises a plan in one line: the nodes that read and sort, from the top, and the number of pages touched. */
export interface PlanSketch {
  nodes: string[];
  pages: number;
}

const node =
  /(Index(?: Only)? Scan|Bitmap Index Scan|Incremental Sort|Sort|Seq Scan)(?: Backward)?(?: (?:using|on) (\w+))?(?: on \w+(?: \w+)?)? {2}\(/;

/** Sketches the output of `EXPLAIN (ANALYZE, BUFFERS)`, without nodes that were never executed. */
export function sketchPlan(plan: string): PlanSketch {
  const executed = plan.split('\n').filter((line) => !line.includes('never executed'));
  const nodes = executed.flatMap((line) => {
    const [, kind, using] = node.exec(line) ?? [];
    return kind === undefined ? [] : [using === undefined ? kind.toLowerCase() : `${kind.toLowerCase().replace(' scan', '')} ${using}`];
  });
  const pages = (how: string) => Number(new RegExp(`Buffers: shared.*?${how}=(\\d+)`).exec(executed[1] ?? '')?.[1] ?? 0);
  return { nodes: [...new Set(nodes)], pages: pages('hit') + pages('read') };
}
