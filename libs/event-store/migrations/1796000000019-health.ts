import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The row that readiness writes to: a database that can only be read is not ready. */
export class Health1796000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE write_probe (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        written_at timestamptz NOT NULL
      ) WITH (fillfactor = 20);
      INSERT INTO write_probe (written_at) VALUES (clock_timestamp());
      GRANT SELECT, UPDATE ON write_probe TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE write_probe');
  }
}
