import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims: the inbox, the events, and the rows that are read. The application's role may add events, never change or delete them. */
export class Claims1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The product's clock. In sandbox mode it runs ahead by an offset; elsewhere the table stays empty and it is the database's own.
      CREATE TABLE sandbox_clock (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        ahead interval NOT NULL
      );
      CREATE FUNCTION cpor_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT date_trunc('milliseconds', clock_timestamp() + coalesce((SELECT ahead FROM sandbox_clock), interval '0'))
      $$;

      CREATE TABLE policies (
        name text NOT NULL,
        version integer NOT NULL,
        effective_from timestamptz NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (name, version)
      );
      CREATE TABLE calendars (
        name text NOT NULL,
        version integer NOT NULL,
        effective_from timestamptz NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (name, version)
      );

      CREATE SEQUENCE claim_numbers START 1;
      CREATE TABLE claims (
        claim_id uuid PRIMARY KEY,
        number text NOT NULL UNIQUE,
        version integer NOT NULL DEFAULT 0,
        last_hash bytea NOT NULL DEFAULT ''::bytea,
        partner_account_id text NOT NULL,
        partner_id text NOT NULL DEFAULT '',
        tenant_id text NOT NULL DEFAULT '',
        name text NOT NULL DEFAULT '',
        external_reference text,
        phase text NOT NULL DEFAULT 'draft',
        is_open boolean NOT NULL DEFAULT false,
        -- The next deadline; a claim whose alarm lies in the past and still stands is overdue.
        alarm_at timestamptz,
        position jsonb,
        state jsonb,
        created_at timestamptz NOT NULL DEFAULT cpor_now(),
        updated_at timestamptz NOT NULL DEFAULT cpor_now()
      );
      CREATE INDEX claims_by_partner ON claims (partner_account_id, created_at DESC, claim_id DESC);
      CREATE INDEX claims_by_creation ON claims (created_at DESC, claim_id DESC);
      CREATE INDEX claims_by_phase ON claims (phase, created_at DESC, claim_id DESC);
      CREATE INDEX claims_by_tenant ON claims (tenant_id, created_at DESC, claim_id DESC);
      CREATE INDEX claims_open_by_alarm ON claims (alarm_at) WHERE is_open;

      CREATE TABLE claim_lines (
        claim_id uuid NOT NULL REFERENCES claims,
        line integer NOT NULL,
        phase text NOT NULL,
        product text NOT NULL,
        subscription_id text,
        target text NOT NULL,
        activities text[] NOT NULL,
        PRIMARY KEY (claim_id, line)
      );
      CREATE INDEX claim_lines_by_target ON claim_lines (target);

      -- The inbox. Its order is the order of events; the outcome is written in the transaction that made it.
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
        settled_at timestamptz
      );
      CREATE INDEX claim_commands_open ON claim_commands (claim_id, received_at, sequence) WHERE outcome IS NULL;
      CREATE INDEX claim_commands_open_by_age ON claim_commands (received_at) WHERE outcome IS NULL;

      CREATE TABLE claim_events (
        claim_id uuid NOT NULL REFERENCES claims,
        version integer NOT NULL,
        position bigint GENERATED ALWAYS AS IDENTITY,
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        type text NOT NULL,
        at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        by jsonb NOT NULL,
        command_id uuid,
        data jsonb NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (claim_id, version)
      );
      CREATE INDEX claim_events_by_position ON claim_events (transaction_id, position);

      -- What the directory said, kept with the command, or the closing window, that relied on it.
      CREATE TABLE directory_answers (
        answer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        command_id uuid,
        asked_at timestamptz NOT NULL,
        facts jsonb NOT NULL
      );
      CREATE INDEX directory_answers_by_claim ON directory_answers (claim_id, asked_at DESC);
      CREATE INDEX directory_answers_by_command ON directory_answers (command_id) WHERE command_id IS NOT NULL;

      -- Everything typed by or about people. Events and commands hold its ids only, so that erasing it leaves the chain whole.
      CREATE TABLE personal_data (
        person_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        kind text NOT NULL,
        content jsonb,
        created_at timestamptz NOT NULL DEFAULT cpor_now(),
        erased_at timestamptz
      );
      CREATE INDEX personal_data_by_claim ON personal_data (claim_id);

      CREATE TABLE associations (
        association_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        line integer NOT NULL,
        target text NOT NULL,
        partner_account_id text NOT NULL,
        partner_id text NOT NULL,
        tenant_id text NOT NULL,
        activities text[] NOT NULL,
        official_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      -- One partner per target, whatever code runs.
      CREATE UNIQUE INDEX associations_one_partner_per_target ON associations (target) WHERE ended_at IS NULL;
      CREATE INDEX associations_by_claim ON associations (claim_id);

      -- One row a mail: the link's token (hashed), and what became of the delivery.
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

      CREATE TABLE repairs (
        repair_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        reason text NOT NULL,
        repaired_at timestamptz NOT NULL DEFAULT cpor_now()
      );
    `);
    await runner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_app') THEN CREATE ROLE cpor_app NOLOGIN; END IF;
      END $$;
      GRANT USAGE ON SCHEMA public TO cpor_app;
      GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO cpor_app;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cpor_app;
      GRANT UPDATE ON claims, claim_lines, claim_commands, personal_data, associations, notice_recipients, sandbox_clock TO cpor_app;
      GRANT DELETE ON claim_lines TO cpor_app;
      REVOKE UPDATE, DELETE, TRUNCATE ON claim_events FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE repairs, notice_recipients, associations, personal_data, directory_answers, claim_events, claim_commands, claim_lines, claims,
        calendars, policies;
      DROP SEQUENCE claim_numbers;
      DROP FUNCTION cpor_now;
      DROP TABLE sandbox_clock;
    `);
  }
}
