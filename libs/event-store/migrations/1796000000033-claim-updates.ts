import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bulk updates of claims are imports of another kind: the same rows, states and pace. */
export class ClaimUpdates1796000000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE claim_imports
        ADD COLUMN kind text NOT NULL DEFAULT 'create' CHECK (kind IN ('create', 'update')),
        ADD COLUMN is_dry_run boolean NOT NULL DEFAULT false,
        -- What the sender of an update may change and do, by action, with the locations to which that extends.
        ADD COLUMN scopes jsonb;
      DROP INDEX claim_imports_of_partner;
      CREATE INDEX claim_imports_of_partner ON claim_imports (partner_account_id, kind, import_id);

      ALTER TABLE claim_import_rows
        -- By which people recognise the row; they stay when its content is erased.
        ADD COLUMN name text,
        ADD COLUMN external_reference text,
        -- What an update did: the fields that it changed, the action, and the claim's version afterwards.
        ADD COLUMN changes text[] NOT NULL DEFAULT '{}',
        ADD COLUMN action text CHECK (action IN ('submit', 'withdraw', 'disassociate')),
        ADD COLUMN version integer,
        DROP CONSTRAINT claim_import_rows_outcome_check,
        ADD CONSTRAINT claim_import_rows_outcome_check
          CHECK (outcome IN ('drafted', 'accepted', 'changed', 'unchanged', 'refused', 'cancelled'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM claim_imports WHERE kind = 'update';
      ALTER TABLE claim_import_rows
        DROP COLUMN name, DROP COLUMN external_reference, DROP COLUMN changes, DROP COLUMN action, DROP COLUMN version,
        DROP CONSTRAINT claim_import_rows_outcome_check,
        ADD CONSTRAINT claim_import_rows_outcome_check CHECK (outcome IN ('drafted', 'accepted', 'refused', 'cancelled'));
      DROP INDEX claim_imports_of_partner;
      ALTER TABLE claim_imports DROP COLUMN kind, DROP COLUMN is_dry_run, DROP COLUMN scopes;
      CREATE INDEX claim_imports_of_partner ON claim_imports (partner_account_id, import_id);
    `);
  }
}
