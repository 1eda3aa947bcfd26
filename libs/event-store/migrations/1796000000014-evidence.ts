import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that prove the partner's work. The application adds them and marks one as superseded; only erasure empties them. */
export class Evidence1796000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evidence_files (
        id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        media_type text NOT NULL,
        file_name text,
        size_bytes integer NOT NULL,
        -- Not compressed by the database: every accepted format already is.
        content bytea STORAGE EXTERNAL NOT NULL,
        signed_on date,
        uploaded_by text NOT NULL,
        uploaded_at timestamptz NOT NULL DEFAULT cpor_now(),
        superseded_by uuid REFERENCES evidence_files,
        scan_result text NOT NULL CHECK (scan_result IN ('clean', 'unscanned')),
        erased_at timestamptz,
        CONSTRAINT evidence_files_erased
          CHECK (CASE WHEN erased_at IS NULL THEN file_name IS NOT NULL ELSE file_name IS NULL AND content = '' END)
      );
      CREATE INDEX evidence_files_by_claim ON evidence_files (claim_id);
      GRANT SELECT, INSERT, UPDATE (superseded_by) ON evidence_files TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE evidence_files');
  }
}
