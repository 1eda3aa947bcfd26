import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row that readiness writes to, and a clock that nobody may move unless "cpor migrate" of a sandbox says so. */
export class Faults1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE write_probe (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        written_at timestamptz NOT NULL
      ) WITH (fillfactor = 20);
      INSERT INTO write_probe (written_at) VALUES (clock_timestamp());
      GRANT SELECT, UPDATE ON write_probe TO cpor_app;
      REVOKE INSERT, UPDATE ON sandbox_clock FROM cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE write_probe;
      GRANT INSERT, UPDATE ON sandbox_clock TO cpor_app;
    `);
  }
}
