import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which rules the state in a claim's row was folded, and at which version, so that executing a command need not read all events. */
export class FoldedStates1796000000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The version is part of it, because processes of an earlier build change the state without knowing the column.
    await runner.query('ALTER TABLE claims ADD COLUMN folded text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE claims DROP COLUMN folded');
  }
}
