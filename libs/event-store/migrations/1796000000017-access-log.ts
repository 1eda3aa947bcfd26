import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who read usage figures, or tried to. The application can add entries, never change or delete them. */
export class AccessLog1796000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The head of each customer's log: a forger of the log's end has to forge this as well.
      CREATE TABLE access_logs (
        tenant_id uuid PRIMARY KEY,
        last_sequence bigint NOT NULL DEFAULT 0,
        last_hash bytea NOT NULL DEFAULT ''::bytea
      );
      GRANT SELECT, INSERT, UPDATE ON access_logs TO cpor_app;

      CREATE TABLE access_entries (
        tenant_id uuid NOT NULL REFERENCES access_logs,
        sequence bigint NOT NULL,
        access_id uuid NOT NULL,
        at timestamptz NOT NULL,
        kind text NOT NULL CHECK (kind IN ('read', 'export', 'refused')),
        subject text NOT NULL,
        partner_account_id text NOT NULL,
        partner_id text NOT NULL,
        association_id uuid NOT NULL,
        claim_id uuid NOT NULL,
        target text NOT NULL,
        set_name text NOT NULL,
        from_month date,
        to_month date,
        row_count integer NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (tenant_id, sequence)
      );
      CREATE INDEX access_entries_exported ON access_entries (partner_account_id, access_id) WHERE kind = 'export';
      CREATE INDEX access_entries_by_subject ON access_entries (subject, access_id);

      -- Refused attempts to read the usage of one association. The id is the one asked for: there may be no such association.
      CREATE TABLE usage_refusals (
        refusal_id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT cpor_now(),
        code text NOT NULL CHECK (code IN ('usage_ended', 'not_found')),
        subject text NOT NULL,
        partner_account_id text,
        association_id uuid NOT NULL,
        set_name text NOT NULL,
        from_month date,
        to_month date
      );
      CREATE INDEX usage_refusals_by_partner ON usage_refusals (partner_account_id, refusal_id);
      CREATE INDEX usage_refusals_by_subject ON usage_refusals (subject, refusal_id);
      GRANT SELECT, INSERT ON access_entries, usage_refusals TO cpor_app;
      -- Even where the cluster's default privileges grant more.
      REVOKE UPDATE, DELETE, TRUNCATE ON access_entries, usage_refusals FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_refusals, access_entries, access_logs');
  }
}
