import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Monthly usage figures and the imports that bring them. */
export class Usage1796000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SEQUENCE usage_loads;
      GRANT USAGE ON SEQUENCE usage_loads TO cpor_app;
      -- One row per file. Every attempt to import it is a load of its own, and readers see the rows of published loads only, so that updating
      -- one row here makes all figures of the file visible at once.
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
      GRANT SELECT, INSERT, UPDATE ON usage_imports TO cpor_app;

      CREATE TABLE usage_import_errors (
        load_no bigint NOT NULL,
        position integer NOT NULL,
        line integer NOT NULL,
        column_name text,
        code text NOT NULL,
        PRIMARY KEY (load_no, position)
      );

      -- The newest published load of a figure is the one that is read; older ones stay until they are pruned.
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
      GRANT SELECT, INSERT, DELETE ON usage_import_errors, usage_rows TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE usage_rows, usage_import_errors, usage_imports;
      DROP SEQUENCE usage_loads;
    `);
  }
}
