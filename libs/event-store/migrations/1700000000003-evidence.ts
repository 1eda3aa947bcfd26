import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that prove the partner's work. Never deleted after submission; the application may only add them. */
export class Evidence1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE evidence_files (
        id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        media_type text NOT NULL,
        file_name text NOT NULL,
        size_bytes integer NOT NULL,
        content bytea NOT NULL,
        signed_on date,
        uploaded_by text NOT NULL,
        uploaded_at timestamptz NOT NULL DEFAULT cpor_now(),
        superseded_by uuid REFERENCES evidence_files,
        scan_result text NOT NULL CHECK (scan_result IN ('clean', 'unscanned'))
      );
      -- Compressed formats throughout: trying again only costs time.
      ALTER TABLE evidence_files ALTER COLUMN content SET STORAGE EXTERNAL;
      CREATE INDEX evidence_files_by_claim ON evidence_files (claim_id);
      GRANT SELECT, INSERT, UPDATE (superseded_by) ON evidence_files TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE evidence_files');
  }
}
