import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasure of personal data, the legal holds that prevent it, and the records of both. */
export class Retention1796000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A hold is placed once and released once. The reason is a personal text of the claim.
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
      -- A fingerprint is derived from the text, and is erased with it.
      GRANT SELECT, INSERT, UPDATE (fingerprint) ON legal_holds, legal_hold_releases TO cpor_app;
      GRANT SELECT ON legal_holds_in_force TO cpor_app;

      -- What was erased, when and by whom: ids only, written in the transaction that erased.
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

      -- Who was given the data held about a person: one row for each part of an export.
      CREATE TABLE contact_exports (
        export_id uuid NOT NULL,
        part integer NOT NULL,
        person_ids uuid[] NOT NULL,
        exported_by text NOT NULL,
        exported_at timestamptz NOT NULL DEFAULT cpor_now(),
        PRIMARY KEY (export_id, part)
      );
      CREATE INDEX contact_exports_by_person ON contact_exports USING gin (person_ids);
      GRANT SELECT, INSERT ON erasures, erasure_reports, contact_exports TO cpor_app;
    `);
    await runner.query(`
      -- The only ways to erase. They run with the owner's privileges and leave out what is under a legal hold, whatever the caller asks.
      -- Both return the ids of what they erased.
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION erase_personal_data, erase_evidence;
      DROP VIEW legal_holds_in_force;
      DROP TABLE contact_exports, erasure_reports, erasures, legal_hold_releases, legal_holds;
    `);
  }
}
