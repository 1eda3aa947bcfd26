import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasure and what stands in its way. The application can erase through two functions, and change nothing else of what people wrote or sent. */
export class Retention1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- History of legal holds: a hold is placed, and released, once. Why is personal data of the claim.
      CREATE TABLE legal_holds (
        hold_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        text_id uuid NOT NULL,
        placed_by text NOT NULL,
        placed_at timestamptz NOT NULL DEFAULT cpor_now(),
        fingerprint text NOT NULL
      );
      CREATE INDEX legal_holds_by_claim ON legal_holds (claim_id);
      CREATE TABLE legal_hold_releases (
        hold_id uuid PRIMARY KEY REFERENCES legal_holds,
        release_id uuid NOT NULL UNIQUE,
        text_id uuid,
        released_by text NOT NULL,
        released_at timestamptz NOT NULL DEFAULT cpor_now(),
        fingerprint text NOT NULL
      );
      CREATE VIEW legal_holds_in_force AS
        SELECT h.hold_id, h.claim_id FROM legal_holds h WHERE NOT EXISTS (SELECT FROM legal_hold_releases r WHERE r.hold_id = h.hold_id);

      -- What was erased, when and by whom, in ids; written in the transaction that erased it.
      CREATE TABLE erasures (
        erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        report_id uuid NOT NULL,
        claim_id uuid NOT NULL REFERENCES claims,
        cause text NOT NULL CHECK (cause IN ('retention', 'request')),
        person_ids uuid[] NOT NULL,
        evidence_ids uuid[] NOT NULL,
        erased_by text NOT NULL,
        erased_at timestamptz NOT NULL DEFAULT cpor_now()
      );
      CREATE INDEX erasures_by_claim ON erasures (claim_id);
      CREATE INDEX erasures_by_report ON erasures (report_id);
      CREATE TABLE erasure_reports (
        report_id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('due', 'person')),
        requested_by text NOT NULL,
        started_at timestamptz NOT NULL,
        finished_at timestamptz NOT NULL DEFAULT cpor_now(),
        report jsonb NOT NULL
      );

      -- Who was handed what is held about a person, a row for each part of an export.
      CREATE TABLE contact_exports (
        export_id uuid NOT NULL,
        part integer NOT NULL,
        person_ids uuid[] NOT NULL,
        exported_by text NOT NULL,
        exported_at timestamptz NOT NULL DEFAULT cpor_now(),
        PRIMARY KEY (export_id, part)
      );
      CREATE INDEX contact_exports_by_person ON contact_exports USING gin (person_ids);

      CREATE INDEX personal_data_by_address ON personal_data (lower(content ->> 'email'), person_id) WHERE kind IN ('contact', 'tenant_admin');
      CREATE INDEX directory_tenant_admins_by_address ON directory_tenant_admins (lower(email));
      CREATE INDEX notice_recipients_by_person ON notice_recipients (person_id);
      -- What came with refused commands is erased after a while.
      CREATE INDEX claim_commands_refused ON claim_commands (claim_id) WHERE outcome ->> 'status' = 'refused';

      ALTER TABLE personal_data ADD CONSTRAINT personal_data_erased CHECK ((content IS NULL) = (erased_at IS NOT NULL));
      ALTER TABLE evidence_files ALTER COLUMN file_name DROP NOT NULL, ADD COLUMN erased_at timestamptz;
      ALTER TABLE evidence_files ADD CONSTRAINT evidence_files_erased
        CHECK (CASE WHEN erased_at IS NULL THEN file_name IS NOT NULL ELSE file_name IS NULL AND content = '' END);
    `);
    await runner.query(`
      -- With the rights of the owner: nothing under a legal hold is erased, whatever code runs. Both answer the ids of what they erased.
      CREATE FUNCTION erase_personal_data(ids uuid[]) RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE personal_data SET content = NULL, erased_at = cpor_now()
        WHERE person_id = ANY (ids) AND erased_at IS NULL AND claim_id NOT IN (SELECT claim_id FROM legal_holds_in_force)
        RETURNING person_id
      $$;
      CREATE FUNCTION erase_evidence(ids uuid[]) RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE evidence_files SET content = '', file_name = NULL, erased_at = cpor_now()
        WHERE id = ANY (ids) AND erased_at IS NULL AND claim_id NOT IN (SELECT claim_id FROM legal_holds_in_force)
        RETURNING id
      $$;
      REVOKE ALL ON FUNCTION erase_personal_data, erase_evidence FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION erase_personal_data, erase_evidence TO cpor_app;
      REVOKE UPDATE ON personal_data FROM cpor_app;
      GRANT SELECT, INSERT ON legal_holds, legal_hold_releases, erasures, erasure_reports, contact_exports TO cpor_app;
      GRANT SELECT ON legal_holds_in_force TO cpor_app;
      GRANT USAGE ON SEQUENCE erasures_erasure_id_seq TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      GRANT UPDATE ON personal_data TO cpor_app;
      DROP FUNCTION erase_personal_data, erase_evidence;
      ALTER TABLE evidence_files DROP CONSTRAINT evidence_files_erased;
      UPDATE evidence_files SET file_name = '' WHERE file_name IS NULL;
      ALTER TABLE evidence_files ALTER COLUMN file_name SET NOT NULL, DROP COLUMN erased_at;
      ALTER TABLE personal_data DROP CONSTRAINT personal_data_erased;
      DROP INDEX claim_commands_refused, notice_recipients_by_person, directory_tenant_admins_by_address, personal_data_by_address;
      DROP VIEW legal_holds_in_force;
      DROP TABLE contact_exports, erasure_reports, erasures, legal_hold_releases, legal_holds;
    `);
  }
}
