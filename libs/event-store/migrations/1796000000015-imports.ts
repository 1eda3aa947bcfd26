import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bulk imports of claims. What a partner sent is kept only until its row is processed. */
export class Imports1796000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE claim_imports (
        import_id uuid PRIMARY KEY,
        -- The caller and key of the request; null until every row has been received.
        request_id uuid UNIQUE,
        fingerprint text,
        partner_account_id text NOT NULL,
        actor jsonb NOT NULL,
        submits boolean NOT NULL,
        state text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'running', 'paused', 'cancelled', 'done')),
        created_at timestamptz NOT NULL DEFAULT cpor_now(),
        ended_at timestamptz
      );
      CREATE INDEX claim_imports_under_way ON claim_imports (created_at) WHERE state IN ('receiving', 'running');

      CREATE TABLE claim_import_rows (
        import_id uuid NOT NULL REFERENCES claim_imports ON DELETE CASCADE,
        row integer NOT NULL,
        -- The claim as it was sent, with its personal data; erased when the outcome is written, since the claim then has its own copy.
        content jsonb,
        claim_id uuid,
        -- The command whose outcome becomes the row's.
        command_id uuid,
        outcome text CHECK (outcome IN ('drafted', 'accepted', 'refused', 'cancelled')),
        findings jsonb NOT NULL DEFAULT '[]',
        settled_at timestamptz,
        PRIMARY KEY (import_id, row),
        CHECK (outcome IS NULL OR content IS NULL)
      );
      CREATE INDEX claim_import_rows_waiting ON claim_import_rows (import_id, row) WHERE outcome IS NULL;

      GRANT SELECT, INSERT, UPDATE, DELETE ON claim_imports, claim_import_rows TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE claim_import_rows, claim_imports');
  }
}
