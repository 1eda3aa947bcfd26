import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails: notices, which open the customer's window, and letters, which inform and ask nothing. */
export class Mails1796000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row per mail: the hash of its link's token, and what became of its delivery.
      CREATE TABLE notice_recipients (
        recipient_id uuid PRIMARY KEY,
        notice_id uuid NOT NULL,
        claim_id uuid NOT NULL REFERENCES claims,
        kind text NOT NULL,
        person_id uuid NOT NULL,
        token_hash bytea UNIQUE,
        text_version integer,
        attempts integer NOT NULL DEFAULT 0,
        attempted_at timestamptz,
        outcome text CHECK (outcome IN ('accepted', 'failed')),
        settled_at timestamptz,
        response text
      );
      CREATE INDEX notice_recipients_by_notice ON notice_recipients (notice_id);
      CREATE INDEX notice_recipients_by_claim ON notice_recipients (claim_id);
      CREATE INDEX notice_recipients_by_person ON notice_recipients (person_id);
      GRANT SELECT, INSERT, UPDATE ON notice_recipients TO cpor_app;

      -- Written in the transaction of the event that they report; each is sent afterwards, once.
      CREATE TABLE letters (
        letter_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        kind text NOT NULL,
        -- Null when the letter goes to the vendor, whose address is in the policy.
        person_id uuid,
        event_version integer NOT NULL,
        about jsonb NOT NULL,
        written_at timestamptz NOT NULL DEFAULT cpor_now(),
        attempts integer NOT NULL DEFAULT 0,
        attempted_at timestamptz,
        outcome text CHECK (outcome IN ('accepted', 'failed')),
        settled_at timestamptz,
        response text,
        -- Which wording was sent, so that it can be shown later.
        text_version integer
      );
      CREATE INDEX letters_to_send ON letters (claim_id) WHERE outcome IS NULL;
      GRANT SELECT, INSERT, UPDATE (attempts, attempted_at, outcome, settled_at, response, text_version) ON letters TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE letters, notice_recipients');
  }
}
