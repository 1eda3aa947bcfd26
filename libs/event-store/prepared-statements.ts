import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** Runs statements that each connection parses and plans once, for the few that come hundreds of times a second. */
export class PreparedStatements {
  private readonly names = new Map<string, string>();

  constructor(private readonly source: DataSource) {}

  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    // TypeORM has no way to name a statement; the pool beneath it does.
    const { master: pool } = this.source.driver as unknown as { master: Pool };
    const { rows } = await pool.query({ name: this.nameOf(text), text, values });
    return rows as Row[];
  }

  private nameOf(text: string): string {
    const name = this.names.get(text) ?? createHash('sha256').update(text).digest('base64url').slice(0, 20);
    this.names.set(text, name);
    return name;
  }
}
