import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Published versions of programmes (their policies) and calendars. A version never changes: claims and deadlines refer to it by number. */
export class Programmes1796000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE policies (
        name text NOT NULL,
        version integer NOT NULL,
        effective_from timestamptz NOT NULL,
        body jsonb NOT NULL,
        published_at timestamptz DEFAULT cpor_now(),
        -- Null for versions that came with the product.
        published_by text,
        PRIMARY KEY (name, version)
      );
      CREATE TABLE calendars (
        name text NOT NULL,
        version integer NOT NULL,
        effective_from timestamptz NOT NULL,
        body jsonb NOT NULL,
        published_at timestamptz DEFAULT cpor_now(),
        published_by text,
        PRIMARY KEY (name, version)
      );
      -- Versions withdrawn before they took effect. They stay on record, and their numbers are not reused.
      CREATE TABLE policy_withdrawals (
        name text NOT NULL,
        version integer NOT NULL,
        withdrawn_at timestamptz NOT NULL DEFAULT cpor_now(),
        withdrawn_by text,
        PRIMARY KEY (name, version),
        FOREIGN KEY (name, version) REFERENCES policies
      );
      GRANT SELECT, INSERT ON policies, calendars, policy_withdrawals TO cpor_app;
      -- Even where the cluster's default privileges grant more.
      REVOKE UPDATE, DELETE, TRUNCATE ON policies, calendars FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE policy_withdrawals, calendars, policies');
  }
}
