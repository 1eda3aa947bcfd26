import { v5 as uuidV5 } from 'uuid';
import { isBefore } from '#libs/claims/instants.js';
import { subscriptionFamily } from '../field-schemas.js';
import type { DirectoryTableName } from './directory-tables.js';
import type { TableFault, TableRow } from './read-table.js';
import { codeOf, type ImportedTable, type ProductName } from './table-columns.js';
import type { GivenRow } from './write-directory.js';

/** An account that the files name by the PartnerID of its global account; its ID is derived from that. */
export interface NamedAccount {
  accountId: string;
  globalPartnerId: string;
  legalName: string;
}

/** What an import reads with its rows. */
export interface Context {
  products: ProductName[];
  /** Names that no catalogue has. */
  unknownProducts: Set<string>;
  accounts: Map<string, NamedAccount>;
}

/** A row of the directory and the line that states it. */
export interface Stated {
  table: DirectoryTableName;
  row: GivenRow;
  source: TableRow;
}

/** Turns a line into the rows of the directory that it states. */
export function statedBy(table: ImportedTable, source: TableRow, context: Context, faults: TableFault[]): Stated[] {
  const { values } = source;
  const row = (name: DirectoryTableName, columns: Record<string, unknown>): Stated => ({
    table: name,
    // A column without a value is left out, and keeps the value that the directory has.
    row: Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as GivenRow,
    source,
  });
  const fault = (column: string | null, message: string): Stated[] => {
    faults.push({ file: source.file, line: source.line, column, message });
    return [];
  };
  switch (table) {
    case 'customers':
      return [
        row('directory_tenants', {
          tenant_id: values['tenantId'],
          name: values['name'],
          language: values['language'],
          is_public_sector: values['isPublicSector'],
        }),
        row('directory_tenant_domains', { domain: values['domain'], tenant_id: values['tenantId'] }),
      ];
    case 'admins':
      return [
        row('directory_tenant_admins', {
          admin_id: values['adminId'],
          tenant_id: values['tenantId'],
          name: values['name'],
          email: values['email'],
        }),
      ];
    case 'workloads':
      return [
        row('directory_tenant_workloads', {
          tenant_id: values['tenantId'],
          workload: productOf([values['workload'] as string], 'workload', context).code,
        }),
      ];
    case 'enrolments':
      return [
        row('directory_enrolments', {
          partner_id: values['partnerId'],
          programme: values['programme'],
          state: values['state'],
          valid_until: values['validUntil'],
        }),
      ];
    case 'subscriptions': {
      const { graceEndsOn, endsOn, subscriptionId, successorId } = values as Record<string, string | null | undefined>;
      if (graceEndsOn != null && (endsOn == null || isBefore(graceEndsOn, endsOn)))
        return fault('graceEndsOn', 'The date must not be earlier than endsOn.');
      if (successorId != null && successorId === subscriptionId)
        return fault('successorId', 'The value must not be the subscription itself.');
      const names = values['product'] as string[];
      const product = productOf(names, 'subscription', context);
      return [
        row('directory_subscriptions', {
          subscription_id: subscriptionId,
          tenant_id: values['tenantId'],
          product: product.code,
          family: statedFamily(values['family']) ?? product.family ?? familyOf([values['family'], ...names].join(' ')),
          channel: values['channel'],
          state: values['state'],
          provisioned_on: values['provisionedOn'],
          ends_on: endsOn,
          grace_ends_on: graceEndsOn,
          successor_id: successorId,
        }),
      ];
    }
    case 'locations':
      return locationRows(values as Record<string, string | undefined>, row, fault, context);
  }
}

/** Namespace of account IDs. Changing it would give every account another ID. */
const accountNamespace = '6f0d5c0a-3f0e-5d39-9d0c-7f6a4f5b2c11';

/** Partner Center numbers global accounts like locations; claims and tokens know them by a GUID, which is derived from the number. */
const accountIdOf = (globalPartnerId: string): string => uuidV5(globalPartnerId, accountNamespace);

function locationRows(
  values: Record<string, string | undefined>,
  row: (name: DirectoryTableName, columns: Record<string, unknown>) => Stated,
  fault: (column: string | null, message: string) => Stated[],
  { accounts }: Context,
): Stated[] {
  const { partnerId, globalPartnerId, legalName, isAgreementActive } = values;
  // The line of the global account itself, which cannot claim.
  if (partnerId === globalPartnerId && partnerId !== undefined) return [];
  if (values['accountId'] === undefined && globalPartnerId === undefined)
    return fault('accountId', 'The company is missing: fill in accountId (a GUID) or PGA_MPNId.');
  const accountId = values['accountId'] ?? accountIdOf(globalPartnerId!);
  if (values['accountId'] === undefined && legalName !== undefined)
    accounts.set(accountId, { accountId, globalPartnerId: globalPartnerId!, legalName });
  return [
    row('directory_accounts', { account_id: accountId, legal_name: legalName, is_agreement_active: isAgreementActive }),
    row('directory_locations', {
      partner_id: partnerId,
      account_id: accountId,
      name: values['name'],
      type: values['type'],
      is_profile_complete: values['isProfileComplete'],
    }),
  ];
}

/** Finds a product of a catalogue by any of its names: a code, label or synonym. Otherwise makes a code of the most detailed name. */
function productOf(
  names: string[],
  unit: ProductName['unit'],
  { products, unknownProducts }: Context,
): { code: string; family: string | null } {
  const found = products.find((product) => product.unit === unit && names.some((name) => name.toLowerCase() === product.name));
  if (found !== undefined) return found;
  const name = names[1] ?? names[0] ?? '';
  if (!/^[a-z][a-z0-9_]*$/.test(name)) unknownProducts.add(name);
  return { code: codeOf(name), family: null };
}

const statedFamily = (value: unknown): string | null => subscriptionFamily.safeParse(value).data ?? null;

function familyOf(text: string): string {
  if (/dynamics|d365|power (?:apps|automate|bi|pages|virtual agents)/i.test(text)) return 'dynamics';
  return /microsoft[ _]?365|office[ _]?365|\b[mo]365\b|exchange|sharepoint|teams/i.test(text) ? 'microsoft_365' : 'other';
}
