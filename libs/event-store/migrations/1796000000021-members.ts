import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles that account admins have assigned to their people, and the record of every change, to which the application can only add. */
export class Members1796000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE role_assignments (
        partner_account_id text NOT NULL,
        subject text NOT NULL,
        roles text[] NOT NULL CHECK (
          roles <@ ARRAY['claim_admin', 'claim_user', 'account_admin', 'usage_viewer', 'usage_executive'] AND cardinality(roles) > 0
        ),
        -- PartnerIDs, or only '*' for all locations of the account.
        locations text[] NOT NULL CHECK (cardinality(locations) > 0 AND (NOT '*' = ANY (locations) OR cardinality(locations) = 1)),
        -- How many changes there have been for this person, so that a version is never used twice.
        version integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT cpor_now(),
        assigned_by text NOT NULL,
        assigned_at timestamptz NOT NULL DEFAULT cpor_now(),
        -- When the person first and last used the roles, to the hour.
        first_seen_at timestamptz,
        last_seen_at timestamptz,
        PRIMARY KEY (partner_account_id, subject)
      );
      CREATE INDEX role_assignments_by_subject ON role_assignments (subject, created_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON role_assignments TO cpor_app;

      CREATE TABLE role_changes (
        change_id uuid PRIMARY KEY,
        partner_account_id text NOT NULL,
        subject text NOT NULL,
        changed_by text NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT cpor_now(),
        -- Null before the first assignment, and after the last was taken away.
        from_roles text[],
        from_locations text[],
        to_roles text[],
        to_locations text[]
      );
      CREATE INDEX role_changes_by_account ON role_changes (partner_account_id, change_id);
      CREATE INDEX role_changes_by_subject ON role_changes (partner_account_id, subject, change_id);
      GRANT SELECT, INSERT ON role_changes TO cpor_app;
      -- Even where the cluster's default privileges grant more.
      REVOKE UPDATE, DELETE, TRUNCATE ON role_changes FROM cpor_app, PUBLIC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE role_changes, role_assignments');
  }
}
