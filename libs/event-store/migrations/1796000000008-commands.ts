import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The inbox of each claim: the commands it was sent, their outcomes, and what the directory said at the time. */
export class Commands1796000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Commands are executed in the order of this table, and the outcome is written in the transaction that writes the events.
      CREATE TABLE claim_commands (
        command_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        type text NOT NULL,
        actor jsonb NOT NULL,
        body jsonb NOT NULL,
        expected_version integer,
        fingerprint text NOT NULL,
        received_at timestamptz NOT NULL,
        outcome jsonb,
        settled_at timestamptz,
        -- The place among the claim's executed commands, each chained by its hash to the one before it.
        settled_number integer,
        hash bytea
      );
      CREATE INDEX claim_commands_open ON claim_commands (claim_id, received_at, sequence) WHERE outcome IS NULL;
      CREATE INDEX claim_commands_open_by_age ON claim_commands (received_at) WHERE outcome IS NULL;
      CREATE UNIQUE INDEX claim_commands_by_claim ON claim_commands (claim_id, settled_number);
      -- Personal data that came with refused commands is erased after a while.
      CREATE INDEX claim_commands_refused ON claim_commands (claim_id) WHERE outcome ->> 'status' = 'refused';
      -- Who sent what, and when, is written once.
      GRANT SELECT, INSERT, UPDATE (outcome, settled_at, settled_number, hash, fingerprint) ON claim_commands TO cpor_app;

      -- The directory's answers that commands and closing windows relied on.
      CREATE TABLE directory_answers (
        answer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        command_id uuid,
        asked_at timestamptz NOT NULL,
        facts jsonb NOT NULL
      );
      CREATE INDEX directory_answers_by_claim ON directory_answers (claim_id, asked_at DESC);
      CREATE INDEX directory_answers_by_command ON directory_answers (command_id) WHERE command_id IS NOT NULL;
      GRANT SELECT, INSERT ON directory_answers TO cpor_app;

      -- Claims whose last step failed and will be retried, so that operators see them and they never block others.
      CREATE TABLE stuck_claims (
        -- No foreign key: recording a fault must not wait for the transaction that holds the claim.
        claim_id uuid PRIMARY KEY,
        -- 'look_up' or 'execute'.
        step text NOT NULL,
        -- In our own words: messages of databases and directories may name people.
        fault text NOT NULL,
        attempts integer NOT NULL DEFAULT 1,
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- Until then, batches that many claims share leave this one out.
        next_at timestamptz NOT NULL
      );
      CREATE INDEX stuck_claims_recent ON stuck_claims (last_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON stuck_claims TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stuck_claims, directory_answers, claim_commands');
  }
}
