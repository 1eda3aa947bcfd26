import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Browser sessions, log-out tokens that were used, and sessions that an operator ended. */
export class Sessions1796000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The limits of a session are about a person at a keyboard, so they run in real time: the clock of a sandbox can jump by months.
      CREATE TABLE sessions (
        session_id uuid PRIMARY KEY,
        -- SHA-256 of the cookie, so that nobody can sign in with what the database holds.
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        issuer text NOT NULL,
        -- Of the access token, as everywhere in cpor, and of the ID token: some issuers give each client its own name for a person.
        subject text NOT NULL,
        issuer_subject text NOT NULL,
        -- The issuer's own id of its session ("sid"), by which it ends ours.
        issuer_session text,
        sealed_tokens bytea NOT NULL,
        access_expires_at timestamptz NOT NULL,
        browser text NOT NULL,
        signed_in_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        used_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 70);
      CREATE INDEX sessions_by_subject ON sessions (subject);
      CREATE INDEX sessions_by_issuer_subject ON sessions (issuer_subject);
      CREATE INDEX sessions_by_issuer_session ON sessions (issuer_session) WHERE issuer_session IS NOT NULL;
      GRANT SELECT, INSERT, DELETE, UPDATE (sealed_tokens, access_expires_at, used_at) ON sessions TO cpor_app;

      -- A log-out token is used once. It is forgotten when it would be refused as too old.
      CREATE TABLE used_logout_tokens (
        token_id bytea PRIMARY KEY CHECK (octet_length(token_id) = 32),
        forget_at timestamptz NOT NULL
      );
      GRANT SELECT, INSERT, DELETE ON used_logout_tokens TO cpor_app;

      -- Who ended the sessions of somebody else: the record is kept, the sessions are deleted.
      CREATE TABLE session_ends (
        end_id uuid PRIMARY KEY,
        subject text NOT NULL,
        session_ids uuid[] NOT NULL,
        ended_by text NOT NULL,
        ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX session_ends_by_subject ON session_ends (subject);
      GRANT SELECT, INSERT ON session_ends TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE session_ends, used_logout_tokens, sessions');
  }
}
