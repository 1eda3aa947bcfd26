import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Everything typed by or about people. Events and commands hold only its ids, so that erasing it leaves their hash chains intact.
 * The application adds to it and erases through a function of the retention migration; it can change nothing.
 */
export class People1796000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE personal_data (
        person_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        kind text NOT NULL,
        content jsonb,
        created_at timestamptz NOT NULL DEFAULT cpor_now(),
        erased_at timestamptz,
        CONSTRAINT personal_data_erased CHECK ((content IS NULL) = (erased_at IS NOT NULL))
      );
      CREATE INDEX personal_data_by_claim ON personal_data (claim_id);
      CREATE INDEX personal_data_by_address ON personal_data (lower(content ->> 'email'), person_id) WHERE kind IN ('contact', 'tenant_admin');
      GRANT SELECT, INSERT ON personal_data TO cpor_app;

      -- Which users have acted for which partner, on any claim.
      CREATE TABLE partner_subjects (
        subject text NOT NULL,
        partner_account_id text NOT NULL,
        PRIMARY KEY (subject, partner_account_id)
      );
      GRANT SELECT, INSERT ON partner_subjects TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE partner_subjects, personal_data');
  }
}
