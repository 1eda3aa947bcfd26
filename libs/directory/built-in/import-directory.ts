import { type DirectoryDocument, type DirectoryFault, parseDirectory } from './directory-document.js';
import type { Queryable } from '../queryable.js';
import { type GivenRow, type GivenRows, type TableChanges, writeDirectory } from './write-directory.js';

export type DirectoryImport = { ok: true; changes: TableChanges[] } | { ok: false; faults: DirectoryFault[] };

/**
 * Imports a document into the built-in directory, atomically and idempotently. Rows are inserted or updated. Tenants and locations that the
 * document does not mention are kept, unless it `replaces` the directory; those that it mentions lose the domains, administrators, workloads
 * and enrolments it does not list. A faulty document changes nothing.
 */
export async function importDirectory(database: Queryable, input: unknown, { replaces = false } = {}): Promise<DirectoryImport> {
  const parsed = parseDirectory(input);
  if (!parsed.ok) return parsed;
  return { ok: true, changes: await writeDirectory(database, rowsByTable(parsed.document), replaces ? 'all' : 'of_owners') };
}

function rowsByTable({ accounts, tenants }: DirectoryDocument): GivenRows {
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

function tenantRows(tenants: DirectoryDocument['tenants']): GivenRows {
  const ofEach = <Item>(items: (tenant: DirectoryDocument['tenants'][number]) => Item[], row: (item: Item, position: number) => GivenRow) =>
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
