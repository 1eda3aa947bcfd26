import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Companies list their imports, the latest first: ids are in order of time. */
export class ImportLists1796000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX claim_imports_of_partner ON claim_imports (partner_account_id, import_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX claim_imports_of_partner');
  }
}
