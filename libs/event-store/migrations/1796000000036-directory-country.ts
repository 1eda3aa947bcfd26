import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The country of a tenant may be unknown: no rule reads it, and not every export of customers has it. */
export class DirectoryCountry1796000000036 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE directory_tenants ALTER COLUMN country DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE directory_tenants SET country = 'US' WHERE country IS NULL;
      ALTER TABLE directory_tenants ALTER COLUMN country SET NOT NULL;
    `);
  }
}
