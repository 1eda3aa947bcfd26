import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['notice_recipients', 'letters'];

/** A mail may be held for a person: after a restore nobody but the relay's log knows whether it was sent. */
export class HeldMails1796000000045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables)
      await runner.query(`
        ALTER TABLE ${table} DROP CONSTRAINT ${table}_trouble_check;
        -- Rows that are there satisfy the narrower check before it, so none has to be read under the lock.
        ALTER TABLE ${table} ADD CONSTRAINT ${table}_trouble_check CHECK (trouble IN ('retrying', 'failed', 'undeliverable', 'held')) NOT VALID;
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables)
      await runner.query(`
        UPDATE ${table} SET trouble = NULL, trouble_since = NULL, fault_code = NULL, fault = NULL WHERE trouble = 'held';
        ALTER TABLE ${table} DROP CONSTRAINT ${table}_trouble_check;
        ALTER TABLE ${table} ADD CONSTRAINT ${table}_trouble_check CHECK (trouble IN ('retrying', 'failed', 'undeliverable'));
      `);
  }
}
