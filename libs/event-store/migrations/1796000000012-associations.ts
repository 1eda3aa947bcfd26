import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners associated with customers (official lines), and partners that a customer has blocked. */
export class Associations1796000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE associations (
        association_id uuid PRIMARY KEY,
        claim_id uuid NOT NULL REFERENCES claims,
        line integer NOT NULL,
        target text NOT NULL,
        partner_account_id text NOT NULL,
        partner_id text NOT NULL,
        tenant_id text NOT NULL,
        activities text[] NOT NULL,
        official_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        is_eligible boolean NOT NULL DEFAULT true,
        -- As far as is known: the end of the subscription, or of the term.
        ends_on date
      );
      -- One partner per target, whatever the code does.
      CREATE UNIQUE INDEX associations_one_partner_per_target ON associations (target) WHERE ended_at IS NULL;
      CREATE INDEX associations_by_claim ON associations (claim_id);
      CREATE INDEX associations_by_tenure ON associations (target, official_at);
      CREATE INDEX associations_by_reader ON associations (partner_account_id, association_id);
      -- The orders of the list of associations.
      CREATE INDEX associations_by_beginning ON associations (official_at, association_id);
      CREATE INDEX associations_by_end ON associations (coalesce(ended_at, 'infinity'), association_id);
      CREATE INDEX associations_by_partner ON associations (partner_account_id, official_at, association_id);
      CREATE INDEX associations_by_location ON associations (partner_id, official_at, association_id);
      CREATE INDEX associations_by_tenant ON associations (tenant_id, official_at, association_id);
      CREATE INDEX associations_by_target ON associations (target, association_id);
      GRANT SELECT, INSERT, UPDATE ON associations TO cpor_app;

      CREATE TABLE partner_blocks (
        block_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        claim_id uuid NOT NULL REFERENCES claims,
        tenant_id text NOT NULL,
        partner_account_id text NOT NULL,
        blocked_at timestamptz NOT NULL,
        lifted_at timestamptz
      );
      CREATE INDEX partner_blocks_in_force ON partner_blocks (tenant_id, partner_account_id) WHERE lifted_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (lifted_at) ON partner_blocks TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE partner_blocks, associations');
  }
}
