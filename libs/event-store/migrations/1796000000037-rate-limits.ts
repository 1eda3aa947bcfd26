import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is left of each caller's limits, as all API processes see it. Unlogged: after a crash every limit starts full. */
export class RateLimits1796000000037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE rate_limits (
        -- Hash of a limit and a caller.
        bucket text PRIMARY KEY,
        -- Below zero when processes together have admitted more than there was.
        remaining double precision NOT NULL,
        requests double precision NOT NULL,
        seconds double precision NOT NULL,
        at timestamptz NOT NULL
      ) WITH (fillfactor = 50);
      GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rate_limits');
  }
}
