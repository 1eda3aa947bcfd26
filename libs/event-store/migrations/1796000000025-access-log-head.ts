import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The head of a customer's log is locked, and updated by the very statement that writes its entries, so it exists. Asking PostgreSQL again for each
 * entry took a third of the time that a read of ten thousand associations took. `cpor verify` reports entries without a head.
 */
export class AccessLogHead1796000000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_entries DROP CONSTRAINT access_entries_tenant_id_fkey');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE access_entries ADD CONSTRAINT access_entries_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES access_logs',
    );
  }
}
