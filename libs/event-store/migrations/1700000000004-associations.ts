import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What comes after official, what stands between rivals, and letters that only tell. */
export class Associations1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE associations
        ADD COLUMN end_reason text,
        ADD COLUMN is_eligible boolean NOT NULL DEFAULT true,
        -- As far as is known: the subscription's end, or the end of the term.
        ADD COLUMN ends_on date;
      CREATE INDEX associations_by_tenure ON associations (target, official_at);

      -- Until when the same partner account waits after the customer's refusal.
      ALTER TABLE claim_lines ADD COLUMN cool_down_until timestamptz;
      -- Clocks run on claims whose lines are all official, too.
      DROP INDEX claims_open_by_alarm;
      CREATE INDEX claims_by_alarm ON claims (alarm_at) WHERE alarm_at IS NOT NULL;

      CREATE TABLE partner_blocks (
        block_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        claim_id uuid NOT NULL REFERENCES claims,
        tenant_id text NOT NULL,
        partner_account_id text NOT NULL,
        blocked_at timestamptz NOT NULL,
        lifted_at timestamptz
      );
      CREATE INDEX partner_blocks_in_force ON partner_blocks (tenant_id, partner_account_id) WHERE lifted_at IS NULL;

      -- Who has acted for which partner, on any claim.
      CREATE TABLE partner_subjects (
        subject text NOT NULL,
        partner_account_id text NOT NULL,
        PRIMARY KEY (subject, partner_account_id)
      );
      INSERT INTO partner_subjects
        SELECT DISTINCT subject, partner_account_id FROM claims, jsonb_array_elements_text(state -> 'partnerSubjects') AS subject;

      -- Written with the event that they tell of, sent afterwards, each once.
      CREATE TABLE letters (
        letter_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        kind text NOT NULL,
        person_id uuid NOT NULL,
        event_version integer NOT NULL,
        about jsonb NOT NULL,
        written_at timestamptz NOT NULL DEFAULT cpor_now(),
        attempts integer NOT NULL DEFAULT 0,
        attempted_at timestamptz,
        outcome text CHECK (outcome IN ('accepted', 'failed')),
        settled_at timestamptz,
        response text
      );
      CREATE INDEX letters_to_send ON letters (claim_id) WHERE outcome IS NULL;

      GRANT SELECT, INSERT ON partner_blocks, partner_subjects, letters TO cpor_app;
      GRANT UPDATE (lifted_at) ON partner_blocks TO cpor_app;
      GRANT UPDATE (attempts, attempted_at, outcome, settled_at, response) ON letters TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE letters, partner_subjects, partner_blocks;
      DROP INDEX claims_by_alarm, associations_by_tenure;
      CREATE INDEX claims_open_by_alarm ON claims (alarm_at) WHERE is_open;
      ALTER TABLE claim_lines DROP COLUMN cool_down_until;
      ALTER TABLE associations DROP COLUMN end_reason, DROP COLUMN is_eligible, DROP COLUMN ends_on;
    `);
  }
}
