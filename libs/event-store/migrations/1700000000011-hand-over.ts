import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the few events that are handed over among all that happen. */
export class HandOver1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX claim_events_handed_over ON claim_events (transaction_id, position)
        WHERE type IN ('LinesMadeOfficial', 'AssociationEnded', 'AssociationTransferred', 'AssociationChecked');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX claim_events_handed_over');
  }
}
