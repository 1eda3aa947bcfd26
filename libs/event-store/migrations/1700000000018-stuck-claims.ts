import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims of which a step failed and is to be tried again: so that it is seen, and so that they hold nobody else up. */
export class StuckClaims1700000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stuck_claims (
        -- No foreign key: to write a fault down must not wait for whoever holds the claim.
        claim_id uuid PRIMARY KEY,
        -- What was tried: 'look_up' or 'execute'.
        step text NOT NULL,
        -- In our own words: no message of a database or a directory, which may name people.
        fault text NOT NULL,
        attempts integer NOT NULL DEFAULT 1,
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- Settlements that many claims share leave it alone until then.
        next_at timestamptz NOT NULL
      );
      CREATE INDEX stuck_claims_recent ON stuck_claims (last_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON stuck_claims TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stuck_claims');
  }
}
