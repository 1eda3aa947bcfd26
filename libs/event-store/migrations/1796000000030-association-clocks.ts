import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many live associations of a claim have a clock, and with it a workflow: the reconciliation compares the two. */
export class AssociationClocks1796000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE claims ADD COLUMN association_clocks integer NOT NULL DEFAULT 0;
      UPDATE claims SET association_clocks = clocks.count FROM (
        SELECT claim_id, count(*) FROM claims, jsonb_array_elements(position -> 'associations') a
        WHERE a -> 'isLive' = 'true' AND a -> 'alarm' <> 'null' GROUP BY claim_id) clocks
      WHERE claims.claim_id = clocks.claim_id;
      CREATE INDEX claims_with_association_clocks ON claims (claim_id) INCLUDE (association_clocks) WHERE association_clocks > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE claims DROP COLUMN association_clocks');
  }
}
