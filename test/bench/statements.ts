import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Stack } from '#libs/embedded/index.js';

export interface Statement {
  text: string;
  calls: number;
  /** Read or written. */
  rows: number;
  /** Milliseconds of planning and execution. */
  ms: number;
  /** Milliseconds of planning. */
  planMs: number;
}

/** What PostgreSQL did since `reset`. */
export interface DatabaseWork {
  statements: Statement[];
  commits: number;
  walBytes: number;
}

/** Counts the statements of a stack's database by `pg_stat_statements`, which needs its superuser and a restart. */
export class StatementCounter {
  private walStart = '0/0';
  private commitsBefore = 0;

  private constructor(private readonly superuser: pg.Client) {}

  static async open(stack: Stack): Promise<StatementCounter> {
    const credentials = JSON.parse(await readFile(join(stack.dataDirectory, 'postgres', 'credentials.json'), 'utf8')) as {
      superuserPassword: string;
    };
    const url = new URL(stack.addresses.databaseUrl);
    const options = { host: url.hostname, port: Number(url.port), user: 'postgres', password: credentials.superuserPassword };
    const database = url.pathname.slice(1);
    const setting = new pg.Client({ ...options, database });
    await setting.connect();
    await setting.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
    await setting.query('ALTER SYSTEM SET pg_stat_statements.track_planning = on');
    await setting.end();
    await stack.parts.postgres!.stop();
    await stack.parts.postgres!.start();
    const superuser = new pg.Client({ ...options, database });
    // It may outlive the server when a measurement fails, and must not hide why.
    superuser.on('error', () => undefined);
    await superuser.connect();
    await superuser.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    return new StatementCounter(superuser);
  }

  async reset(): Promise<void> {
    await this.superuser.query('SELECT pg_stat_statements_reset()');
    const { rows } = await this.superuser.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    this.walStart = rows[0]!.lsn;
    this.commitsBefore = await this.commits();
  }

  /** Reads what was done since `reset`, the most expensive statement first. */
  async read(): Promise<DatabaseWork> {
    const { rows } = await this.superuser.query<Statement>(
      `SELECT regexp_replace(query, '\\s+', ' ', 'g') AS text, calls::float8, rows::float8, total_exec_time + total_plan_time AS ms,
         total_plan_time AS "planMs"
       FROM pg_stat_statements WHERE query !~ 'pg_stat|pg_current_wal' AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY ms DESC`,
    );
    const { rows: wal } = await this.superuser.query<{ bytes: number }>(
      'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn)::float8 AS bytes',
      [this.walStart],
    );
    return { statements: rows, commits: (await this.commits()) - this.commitsBefore, walBytes: wal[0]!.bytes };
  }

  async close(): Promise<void> {
    await this.superuser.end();
  }

  private async commits(): Promise<number> {
    // A backend's statistics reach the view about a second after it goes idle.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const { rows } = await this.superuser.query<{ commits: number }>(
      'SELECT xact_commit::float8 AS commits FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]!.commits;
  }
}
