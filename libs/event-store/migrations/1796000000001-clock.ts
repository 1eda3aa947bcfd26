import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The role that the application runs as, and the product's clock, which the defaults of later tables read. */
export class Clock1796000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Roles belong to the cluster: another database may have created this one already.
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cpor_app') THEN CREATE ROLE cpor_app NOLOGIN; END IF;
      END $$;
      GRANT USAGE ON SCHEMA public TO cpor_app;
      -- Readiness counts the migrations that are missing.
      GRANT SELECT ON migrations TO cpor_app;

      -- How far the clock runs ahead in sandbox mode; empty elsewhere. "cpor migrate" lets the application write it in sandbox mode only.
      CREATE TABLE sandbox_clock (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        ahead interval NOT NULL
      );
      GRANT SELECT ON sandbox_clock TO cpor_app;
      CREATE FUNCTION cpor_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT date_trunc('milliseconds', clock_timestamp() + coalesce((SELECT ahead FROM sandbox_clock), interval '0'))
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION cpor_now;
      DROP TABLE sandbox_clock;
      REVOKE SELECT ON migrations FROM cpor_app;
    `);
  }
}
