import { type DirectoryDocument, type DirectoryFault, parseDirectory } from './directory-document.js';
import { type Queryable, rowsOf } from '../queryable.js';

export type DirectoryImport = { ok: true; rows: number; written: number } | { ok: false; faults: DirectoryFault[] };

interface Table {
  name: string;
  key: string[];
  columns: Record<string, string>;
  /** Table of the owner. A document lists all rows of an owner, so rows that it leaves out are deleted. */
  owner?: string;
}

const tables: Table[] = [
  {
    name: 'directory_accounts',
    key: ['account_id'],
    columns: { account_id: 'uuid', legal_name: 'text', is_agreement_active: 'boolean' },
  },
  {
    name: 'directory_locations',
    key: ['partner_id'],
    columns: { partner_id: 'text', account_id: 'uuid', name: 'text', type: 'text', is_profile_complete: 'boolean' },
  },
  {
    name: 'directory_enrolments',
    key: ['partner_id', 'programme'],
    columns: { partner_id: 'text', programme: 'text', state: 'text', valid_until: 'date' },
    owner: 'directory_locations',
  },
  {
    name: 'directory_tenants',
    key: ['tenant_id'],
    columns: { tenant_id: 'uuid', name: 'text', country: 'text', language: 'text', is_public_sector: 'boolean' },
  },
  {
    name: 'directory_tenant_domains',
    key: ['domain'],
    columns: { domain: 'text', tenant_id: 'uuid', position: 'integer' },
    owner: 'directory_tenants',
  },
  {
    name: 'directory_tenant_admins',
    key: ['admin_id'],
    columns: { admin_id: 'uuid', tenant_id: 'uuid', name: 'text', email: 'text', position: 'integer' },
    owner: 'directory_tenants',
  },
  {
    name: 'directory_tenant_workloads',
    key: ['tenant_id', 'workload'],
    columns: { tenant_id: 'uuid', workload: 'text' },
    owner: 'directory_tenants',
  },
  {
    name: 'directory_subscriptions',
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
  },
  { name: 'directory_orders', key: ['order_id'], columns: { order_id: 'text', tenant_id: 'uuid' } },
];

/**
 * Imports a document into the built-in directory, atomically and idempotently. Rows are inserted or updated. Tenants and locations that the
 * document does not mention are kept; those that it mentions lose the domains, administrators, workloads and enrolments it does not list.
 * A faulty document changes nothing.
 */
export async function importDirectory(database: Queryable, input: unknown): Promise<DirectoryImport> {
  const parsed = parseDirectory(input);
  if (!parsed.ok) return parsed;
  const rows = rowsByTable(parsed.document);
  const parameters = tables.map((table) => JSON.stringify(rows[table.name]));
  const [answer] = rowsOf<{ written: number }>(await database.query(importSql, parameters));
  return { ok: true, rows: Object.values(rows).flat().length, written: answer?.written ?? 0 };
}

// A single statement is a transaction of its own on any connection. Foreign keys are checked at its end.
const importSql = `with ${tables.flatMap(tableSql).join(',\n')}
select (${tables.map((table) => `(select count(*) from ${table.name}_written)`).join(' + ')})::integer as written`;

function tableSql(table: Table, index: number): string[] {
  const names = Object.keys(table.columns);
  const definition = names.map((column) => `${column} ${table.columns[column]}`).join(', ');
  const values = names.filter((column) => !table.key.includes(column));
  const current = values.map((column) => `t.${column}`).join(', ');
  const wanted = values.map((column) => `excluded.${column}`).join(', ');
  const conflict =
    values.length === 0
      ? 'do nothing'
      : `do update set (${values.join(', ')}) = row(${wanted}) where (${current}) is distinct from (${wanted})`;
  return [
    `${table.name}_given as (select * from jsonb_to_recordset($${index + 1}::jsonb) as r(${definition}))`,
    `${table.name}_written as (
      insert into ${table.name} as t (${names.join(', ')}) select ${names.join(', ')} from ${table.name}_given
      on conflict (${table.key.join(', ')}) ${conflict} returning 1)`,
    ...removalSql(table),
  ];
}

function removalSql({ name, key, owner }: Table): string[] {
  if (owner === undefined) return [];
  const ownerKey = owner === 'directory_tenants' ? 'tenant_id' : 'partner_id';
  return [
    `${name}_removed as (
      delete from ${name} t where t.${ownerKey} in (select ${ownerKey} from ${owner}_given)
        and (${key.map((column) => `t.${column}`).join(', ')}) not in (select ${key.join(', ')} from ${name}_given))`,
  ];
}

function rowsByTable({ accounts, tenants }: DirectoryDocument): Record<string, object[]> {
  const locations = accounts.flatMap((account) => account.locations.map((location) => ({ ...location, accountId: account.accountId })));
  return {
    directory_accounts: accounts.map((account) => ({
      account_id: account.accountId,
      legal_name: account.legalName,
      is_agreement_active: account.isAgreementActive,
    })),
    directory_locations: locations.map((location) => ({
      partner_id: location.partnerId,
      account_id: location.accountId,
      name: location.name,
      type: location.type,
      is_profile_complete: location.isProfileComplete,
    })),
    directory_enrolments: locations.flatMap((location) =>
      location.enrolments.map((enrolment) => ({
        partner_id: location.partnerId,
        programme: enrolment.programme,
        state: enrolment.state,
        valid_until: enrolment.validUntil,
      })),
    ),
    ...tenantRows(tenants),
  };
}

function tenantRows(tenants: DirectoryDocument['tenants']): Record<string, object[]> {
  const ofEach = <Item>(items: (tenant: DirectoryDocument['tenants'][number]) => Item[], row: (item: Item, position: number) => object) =>
    tenants.flatMap((tenant) => items(tenant).map((item, position) => ({ tenant_id: tenant.tenantId, ...row(item, position) })));
  return {
    directory_tenants: tenants.map((tenant) => ({
      tenant_id: tenant.tenantId,
      name: tenant.name,
      country: tenant.country,
      language: tenant.language,
      is_public_sector: tenant.isPublicSector,
    })),
    directory_tenant_domains: ofEach(
      (tenant) => tenant.domains,
      (domain, position) => ({ domain, position }),
    ),
    directory_tenant_admins: ofEach(
      (tenant) => tenant.admins,
      (admin, position) => ({ admin_id: admin.adminId, name: admin.name, email: admin.email, position }),
    ),
    directory_tenant_workloads: ofEach(
      (tenant) => tenant.workloads,
      (workload) => ({ workload }),
    ),
    directory_subscriptions: ofEach(
      (tenant) => tenant.subscriptions,
      ({ subscriptionId, provisionedOn, endsOn, graceEndsOn, successorId, ...facts }) => ({
        subscription_id: subscriptionId,
        provisioned_on: provisionedOn,
        ends_on: endsOn,
        grace_ends_on: graceEndsOn,
        successor_id: successorId,
        ...facts,
      }),
    ),
    directory_orders: ofEach(
      (tenant) => tenant.orders,
      (orderId) => ({ order_id: orderId }),
    ),
  };
}
