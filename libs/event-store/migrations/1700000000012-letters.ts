import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Letters to the vendor, the wording of each letter, and what the report of late reviews reads. */
export class Letters1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Nobody's in person: such a letter goes to the vendor's address of the policy.
      ALTER TABLE letters ALTER COLUMN person_id DROP NOT NULL;
      -- Which wording was sent, so that it can be said later what somebody was told.
      ALTER TABLE letters ADD COLUMN text_version integer;
      GRANT UPDATE (text_version) ON letters TO cpor_app;
      CREATE INDEX claim_events_breaches ON claim_events (at, claim_id, version) WHERE type = 'DeadlineBreached';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX claim_events_breaches;
      ALTER TABLE letters DROP COLUMN text_version;
      DELETE FROM letters WHERE person_id IS NULL;
      ALTER TABLE letters ALTER COLUMN person_id SET NOT NULL;
    `);
  }
}
