import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A file waits in quarantine until the malware scanner has answered, and stays there if malware was found. */
export class EvidenceQuarantine1796000000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE evidence_files DROP CONSTRAINT evidence_files_scan_result_check;
      -- Rows that are there satisfy the narrower check before it, so none has to be read under the lock.
      ALTER TABLE evidence_files ADD CONSTRAINT evidence_files_scan_result_check
        CHECK (scan_result IN ('clean', 'unscanned', 'waiting', 'infected')) NOT VALID;
      CREATE INDEX evidence_files_waiting ON evidence_files (uploaded_at, id) WHERE scan_result = 'waiting' AND erased_at IS NULL;
      GRANT UPDATE (scan_result) ON evidence_files TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE UPDATE (scan_result) ON evidence_files FROM cpor_app;
      DROP INDEX evidence_files_waiting;
      ALTER TABLE evidence_files DROP CONSTRAINT evidence_files_scan_result_check;
      UPDATE evidence_files SET scan_result = 'unscanned' WHERE scan_result IN ('waiting', 'infected');
      ALTER TABLE evidence_files ADD CONSTRAINT evidence_files_scan_result_check CHECK (scan_result IN ('clean', 'unscanned'));
    `);
  }
}
