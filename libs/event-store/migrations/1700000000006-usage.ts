import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage rows and their imports, and the logs of who read them or tried to. The application's role may add to the logs, never change or delete them. */
export class Usage1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SEQUENCE usage_loads;
      -- One row a file. Each attempt to take it in is a load of its own; readers see the rows of published loads only,
      -- so that one update of one row here makes all of its figures visible at one instant.
      CREATE TABLE usage_imports (
        import_id uuid PRIMARY KEY,
        load_no bigint NOT NULL UNIQUE DEFAULT nextval('usage_loads'),
        set_name text NOT NULL,
        programme text NOT NULL,
        state text NOT NULL CHECK (state IN ('receiving', 'published', 'failed')),
        imported_by text NOT NULL,
        rows_read integer NOT NULL DEFAULT 0,
        rows_stored integer NOT NULL DEFAULT 0,
        rows_refused integer NOT NULL DEFAULT 0,
        latest_month date,
        sha256 text,
        failure text,
        failed_line integer,
        started_at timestamptz NOT NULL DEFAULT cpor_now(),
        published_at timestamptz
      );
      CREATE INDEX usage_imports_by_set ON usage_imports (set_name, load_no DESC);

      CREATE TABLE usage_import_errors (
        load_no bigint NOT NULL,
        position integer NOT NULL,
        line integer NOT NULL,
        column_name text,
        code text NOT NULL,
        PRIMARY KEY (load_no, position)
      );

      -- Monthly figures. Newer loads stand beside older ones until those are pruned; the newest published one is what is read.
      CREATE TABLE usage_rows (
        set_name text NOT NULL,
        target text NOT NULL,
        month date NOT NULL,
        dimension text NOT NULL,
        load_no bigint NOT NULL,
        line integer NOT NULL,
        tenant_id uuid NOT NULL,
        figures jsonb NOT NULL,
        PRIMARY KEY (set_name, target, month, dimension, load_no)
      );

      CREATE INDEX associations_by_reader ON associations (partner_account_id, association_id);

      -- The head of each customer's log; whoever rewrites the end of a log has two places to forge.
      CREATE TABLE access_logs (
        tenant_id uuid PRIMARY KEY,
        last_sequence bigint NOT NULL DEFAULT 0,
        last_hash bytea NOT NULL DEFAULT ''::bytea
      );
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

      -- Attempts to read an association by its id, in vain. The id is as it was asked for: there may be no such association.
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

      GRANT USAGE ON SEQUENCE usage_loads TO cpor_app;
      GRANT SELECT, INSERT, UPDATE ON usage_imports, access_logs TO cpor_app;
      GRANT SELECT, INSERT, DELETE ON usage_import_errors, usage_rows TO cpor_app;
      GRANT SELECT, INSERT ON access_entries, usage_refusals TO cpor_app;
      REVOKE UPDATE, DELETE, TRUNCATE ON access_entries, usage_refusals FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX associations_by_reader;
      DROP TABLE usage_refusals, access_entries, access_logs, usage_rows, usage_import_errors, usage_imports;
      DROP SEQUENCE usage_loads;
    `);
  }
}
