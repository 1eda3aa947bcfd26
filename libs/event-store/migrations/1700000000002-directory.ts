import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Directory1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The built-in customer directory. The application fills it (sample data, imports) and reads it once per command.
      create table directory_accounts (
        account_id uuid primary key,
        legal_name text not null,
        is_agreement_active boolean not null
      );

      create table directory_locations (
        partner_id text primary key check (partner_id ~ '^[0-9]{4,10}$'),
        account_id uuid not null references directory_accounts,
        name text not null,
        type text not null,
        is_profile_complete boolean not null
      );
      create index on directory_locations (account_id);

      create table directory_enrolments (
        partner_id text not null references directory_locations,
        programme text not null,
        state text not null check (state in ('enrolled', 'pending', 'ended')),
        valid_until date,
        primary key (partner_id, programme)
      );

      create table directory_tenants (
        tenant_id uuid primary key,
        name text not null,
        country text not null check (country ~ '^[A-Z]{2}$'),
        language text not null check (language in ('en', 'ru')),
        is_public_sector boolean not null
      );

      create table directory_tenant_domains (
        domain text primary key check (domain = lower(domain)),
        tenant_id uuid not null references directory_tenants,
        position integer not null
      );
      create index on directory_tenant_domains (tenant_id);

      -- Personal data.
      create table directory_tenant_admins (
        admin_id uuid primary key,
        tenant_id uuid not null references directory_tenants,
        name text not null,
        email text not null,
        position integer not null
      );
      create index on directory_tenant_admins (tenant_id);

      create table directory_tenant_workloads (
        tenant_id uuid not null references directory_tenants,
        workload text not null,
        primary key (tenant_id, workload)
      );

      create table directory_subscriptions (
        subscription_id uuid primary key,
        tenant_id uuid not null references directory_tenants,
        product text not null,
        family text not null check (family in ('dynamics', 'microsoft_365', 'other')),
        channel text not null check (channel in ('volume_licensing', 'web_direct', 'csp')),
        state text not null check (state in ('not_provisioned', 'active', 'in_grace', 'suspended', 'expired')),
        ends_on date
      );
      create index on directory_subscriptions (tenant_id);

      create table directory_orders (
        order_id text primary key check (order_id = lower(order_id)),
        tenant_id uuid not null references directory_tenants
      );

      grant select, insert, update, delete on
        directory_accounts, directory_locations, directory_enrolments, directory_tenants, directory_tenant_domains,
        directory_tenant_admins, directory_tenant_workloads, directory_subscriptions, directory_orders
      to cpor_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE directory_orders, directory_subscriptions, directory_tenant_workloads, directory_tenant_admins, directory_tenant_domains, directory_tenants, directory_enrolments, directory_locations, directory_accounts',
    );
  }
}
