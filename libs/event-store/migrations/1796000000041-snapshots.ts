import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links to one submitted version of a claim for somebody outside, what they show, and who opened them when. */
export class Snapshots1796000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE snapshots (
        snapshot_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        submission integer NOT NULL,
        -- The side whose people made it: the partner sees its own links only.
        side text NOT NULL CHECK (side IN ('partner', 'vendor')),
        fields text[] NOT NULL,
        -- What the link shows, as canonical JSON. It is never written again.
        content text NOT NULL,
        content_sha256 bytea NOT NULL,
        -- For whom the link was made: a text of the claim, in personal_data.
        text_id uuid,
        made_by text NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        fingerprint text NOT NULL,
        -- Null once the claim's retention is over: the link is void for good.
        token_hash bytea UNIQUE,
        -- The head of the link's log: a forger of the log's end has to forge this as well.
        last_sequence integer NOT NULL DEFAULT 0,
        last_hash bytea NOT NULL DEFAULT ''::bytea
      );
      CREATE INDEX snapshots_of_claim ON snapshots (claim_id, made_at);
      GRANT SELECT, INSERT, UPDATE (fingerprint, token_hash, last_sequence, last_hash) ON snapshots TO cpor_app;

      -- One chain for each link: it was made, opened, revoked. An opening has no subject: whoever has the link needs no account.
      CREATE TABLE snapshot_entries (
        snapshot_id uuid NOT NULL REFERENCES snapshots,
        sequence integer NOT NULL,
        kind text NOT NULL CHECK (kind IN ('made', 'opened', 'revoked')),
        at timestamptz NOT NULL,
        subject text,
        hash bytea NOT NULL,
        PRIMARY KEY (snapshot_id, sequence)
      );
      CREATE UNIQUE INDEX snapshot_entries_revoked ON snapshot_entries (snapshot_id) WHERE kind = 'revoked';
      GRANT SELECT, INSERT ON snapshot_entries TO cpor_app;
      -- Even where the cluster's default privileges grant more.
      REVOKE DELETE, TRUNCATE ON snapshots FROM cpor_app, PUBLIC;
      REVOKE UPDATE, DELETE, TRUNCATE ON snapshot_entries FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE snapshot_entries, snapshots');
  }
}
