import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lets the audit trail prove that nothing was changed or removed. */
export class AuditTrail1796000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What each checkpoint must say. The operator keeps the checkpoints themselves, as files outside the database; each links to the one before it.
      CREATE TABLE checkpoints (
        number integer PRIMARY KEY,
        made_at timestamptz NOT NULL,
        digest text NOT NULL,
        previous text,
        -- Every claim number up to here is either a claim's or listed as unused.
        numbers_up_to bigint NOT NULL,
        unused_numbers int8multirange NOT NULL
      );
      GRANT SELECT, INSERT ON checkpoints TO cpor_app;
      -- Even where the cluster's default privileges grant more.
      REVOKE UPDATE, DELETE, TRUNCATE ON checkpoints FROM cpor_app, PUBLIC;

      -- Claims whose workflow the reconciliation had to repair.
      CREATE TABLE repairs (
        repair_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        reason text NOT NULL,
        repaired_at timestamptz NOT NULL DEFAULT cpor_now()
      );
      GRANT SELECT, INSERT ON repairs TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE repairs, checkpoints');
  }
}
