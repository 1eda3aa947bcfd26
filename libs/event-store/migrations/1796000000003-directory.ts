import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The built-in customer directory. Sample data and imports fill it; each command reads it once. */
export class Directory1796000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE directory_accounts (
        account_id uuid PRIMARY KEY,
        legal_name text NOT NULL,
        is_agreement_active boolean NOT NULL
      );

      CREATE TABLE directory_locations (
        partner_id text PRIMARY KEY CHECK (partner_id ~ '^[0-9]{4,10}$'),
        account_id uuid NOT NULL REFERENCES directory_accounts,
        name text NOT NULL,
        type text NOT NULL,
        is_profile_complete boolean NOT NULL
      );
      CREATE INDEX ON directory_locations (account_id);

      CREATE TABLE directory_enrolments (
        partner_id text NOT NULL REFERENCES directory_locations,
        programme text NOT NULL,
        state text NOT NULL CHECK (state IN ('enrolled', 'pending', 'ended')),
        valid_until date,
        PRIMARY KEY (partner_id, programme)
      );

      CREATE TABLE directory_tenants (
        tenant_id uuid PRIMARY KEY,
        name text NOT NULL,
        country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
        language text NOT NULL CHECK (language IN ('en', 'ru')),
        is_public_sector boolean NOT NULL
      );

      CREATE TABLE directory_tenant_domains (
        domain text PRIMARY KEY CHECK (domain = lower(domain)),
        tenant_id uuid NOT NULL REFERENCES directory_tenants,
        position integer NOT NULL
      );
      CREATE INDEX ON directory_tenant_domains (tenant_id);

      -- Personal data.
      CREATE TABLE directory_tenant_admins (
        admin_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES directory_tenants,
        name text NOT NULL,
        email text NOT NULL,
        position integer NOT NULL
      );
      CREATE INDEX ON directory_tenant_admins (tenant_id);
      CREATE INDEX directory_tenant_admins_by_address ON directory_tenant_admins (lower(email));

      CREATE TABLE directory_tenant_workloads (
        tenant_id uuid NOT NULL REFERENCES directory_tenants,
        workload text NOT NULL,
        PRIMARY KEY (tenant_id, workload)
      );

      CREATE TABLE directory_subscriptions (
        subscription_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES directory_tenants,
        product text NOT NULL,
        family text NOT NULL CHECK (family IN ('dynamics', 'microsoft_365', 'other')),
        -- Any channel: one that does not count is a reason to refuse a claim, so the directory must be able to hold it.
        channel text NOT NULL CHECK (channel ~ '^[a-z][a-z0-9_]{0,63}$'),
        state text NOT NULL CHECK (state IN ('not_provisioned', 'active', 'in_grace', 'suspended', 'expired')),
        ends_on date,
        provisioned_on date,
        grace_ends_on date,
        -- The subscription that renews this one. No foreign key: it may be named before the directory has it.
        successor_id uuid,
        CONSTRAINT directory_subscriptions_successor CHECK (successor_id <> subscription_id),
        CONSTRAINT directory_subscriptions_grace CHECK (grace_ends_on IS NULL OR (ends_on IS NOT NULL AND grace_ends_on >= ends_on))
      );
      CREATE INDEX ON directory_subscriptions (tenant_id);
      CREATE INDEX ON directory_subscriptions (successor_id) WHERE successor_id IS NOT NULL;

      CREATE TABLE directory_orders (
        order_id text PRIMARY KEY CHECK (order_id = lower(order_id)),
        tenant_id uuid NOT NULL REFERENCES directory_tenants
      );

      GRANT SELECT, INSERT, UPDATE, DELETE ON
        directory_accounts, directory_locations, directory_enrolments, directory_tenants, directory_tenant_domains,
        directory_tenant_admins, directory_tenant_workloads, directory_subscriptions, directory_orders
      TO cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE directory_orders, directory_subscriptions, directory_tenant_workloads, directory_tenant_admins, directory_tenant_domains,
        directory_tenants, directory_enrolments, directory_locations, directory_accounts
    `);
  }
}
