import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  ['notice_recipients', 'recipient_id'],
  ['letters', 'letter_id'],
] as const;

/** What is wrong with the delivery of a mail, so that operators can list it. All columns are null for a mail without trouble. */
export class Deliveries1796000000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, id] of tables)
      await runner.query(`
        ALTER TABLE ${table}
          ADD trouble text CHECK (trouble IN ('retrying', 'failed', 'undeliverable')),
          ADD trouble_since timestamptz,
          ADD fault_code text,
          -- Of the last attempt while it is retried; of a mail that was given up, \`response\` has the words.
          ADD fault text,
          ADD next_attempt_at timestamptz;
        UPDATE ${table} SET trouble_since = settled_at,
          trouble = CASE WHEN response IN ('The address was erased.', 'The address cannot be written in an SMTP command.')
            THEN 'undeliverable' ELSE 'failed' END,
          fault_code = coalesce(substring(response FROM '^[45]\\d\\d'), 'unknown')
        WHERE outcome = 'failed';
        -- Mails without trouble are in neither index, and no write of theirs touches one. Those given up accumulate, hence the second.
        CREATE INDEX ${table}_in_trouble ON ${table} (trouble_since, ${id}) WHERE trouble IS NOT NULL;
        CREATE INDEX ${table}_retried ON ${table} (trouble_since, ${id}) WHERE trouble = 'retrying';
      `);
    await runner.query('GRANT UPDATE (trouble, trouble_since, fault_code, fault, next_attempt_at) ON letters TO cpor_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table] of tables)
      await runner.query(`ALTER TABLE ${table} DROP trouble, DROP trouble_since, DROP fault_code, DROP fault, DROP next_attempt_at`);
  }
}
