import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to each claim, chained by hashes. The application can add events, never change or delete them. */
export class Events1796000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE claim_events (
        claim_id uuid NOT NULL REFERENCES claims,
        version integer NOT NULL,
        type text NOT NULL,
        at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        by jsonb NOT NULL,
        command_id uuid,
        data jsonb NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (claim_id, version)
      );
      -- The report of late reviews.
      CREATE INDEX claim_events_breaches ON claim_events (at, claim_id, version) WHERE type = 'DeadlineBreached';
      GRANT SELECT, INSERT ON claim_events TO cpor_app;
      -- Even where the cluster's default privileges grant more.
      REVOKE UPDATE, DELETE, TRUNCATE ON claim_events FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE claim_events');
  }
}
