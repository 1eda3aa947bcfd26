/** A table of the built-in directory, as imports write it. */
export interface DirectoryTable {
  name: DirectoryTableName;
  /** What a report calls its rows. */
  label: string;
  key: string[];
  /** Columns and their types. */
  columns: Record<string, string>;
  /** SQL of the value in a new row, where an import does not state one. */
  defaults?: Record<string, string>;
  /** SQL of the value in a known row, where an import does not state one. Default: the value stays. `g.row` is what the import states. */
  kept?: Record<string, string>;
  /** Table whose rows these belong to, by the column of the same name. They are removed with them. */
  owner?: { table: DirectoryTableName; key: string };
}

export type DirectoryTableName =
  | 'directory_accounts'
  | 'directory_locations'
  | 'directory_enrolments'
  | 'directory_tenants'
  | 'directory_tenant_domains'
  | 'directory_tenant_admins'
  | 'directory_tenant_workloads'
  | 'directory_subscriptions'
  | 'directory_orders';

const tenant = { table: 'directory_tenants', key: 'tenant_id' } as const;

/** Owners before what they own. */
export const directoryTables: DirectoryTable[] = [
  {
    name: 'directory_accounts',
    label: 'accounts',
    key: ['account_id'],
    columns: { account_id: 'uuid', legal_name: 'text', is_agreement_active: 'boolean' },
    defaults: { is_agreement_active: 'true' },
  },
  {
    name: 'directory_locations',
    label: 'locations',
    key: ['partner_id'],
    columns: { partner_id: 'text', account_id: 'uuid', name: 'text', type: 'text', is_profile_complete: 'boolean' },
    defaults: { type: `'standard'`, is_profile_complete: 'true' },
    owner: { table: 'directory_accounts', key: 'account_id' },
  },
  {
    name: 'directory_enrolments',
    label: 'enrolments',
    key: ['partner_id', 'programme'],
    columns: { partner_id: 'text', programme: 'text', state: 'text', valid_until: 'date' },
    defaults: { state: `'enrolled'` },
    owner: { table: 'directory_locations', key: 'partner_id' },
  },
  {
    name: 'directory_tenants',
    label: 'customers',
    key: ['tenant_id'],
    columns: { tenant_id: 'uuid', name: 'text', country: 'text', language: 'text', is_public_sector: 'boolean' },
    defaults: { language: `'en'`, is_public_sector: 'false' },
  },
  {
    name: 'directory_tenant_domains',
    label: 'domains',
    key: ['domain'],
    columns: { domain: 'text', tenant_id: 'uuid', position: 'integer' },
    defaults: { position: '0' },
    owner: tenant,
  },
  {
    name: 'directory_tenant_admins',
    label: 'administrators',
    key: ['admin_id'],
    columns: { admin_id: 'uuid', tenant_id: 'uuid', name: 'text', email: 'text', position: 'integer' },
    defaults: { position: '0' },
    owner: tenant,
  },
  {
    name: 'directory_tenant_workloads',
    label: 'workloads',
    key: ['tenant_id', 'workload'],
    columns: { tenant_id: 'uuid', workload: 'text' },
    owner: tenant,
  },
  {
    name: 'directory_subscriptions',
    label: 'subscriptions',
    key: ['subscription_id'],
    columns: {
      subscription_id: 'uuid',
      tenant_id: 'uuid',
      product: 'text',
      family: 'text',
      channel: 'text',
      state: 'text',
      provisioned_on: 'date',
      ends_on: 'date',
      grace_ends_on: 'date',
      successor_id: 'uuid',
    },
    // A grace period belongs to its end: it does not follow a term that was renewed.
    kept: { grace_ends_on: `case when (g.row ->> 'ends_on')::date is not distinct from t.ends_on then t.grace_ends_on end` },
    owner: tenant,
  },
  { name: 'directory_orders', label: 'orders', key: ['order_id'], columns: { order_id: 'text', tenant_id: 'uuid' }, owner: tenant },
];
