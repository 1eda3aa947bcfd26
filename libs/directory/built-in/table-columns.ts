import { z } from 'zod';
import { type Cell, readCell, readDate, readFlag, readIdentifier, readMonth } from '#libs/tables/index.js';
import { code, domain, email, endDateOrNull, guid, isoDateOrNull, language, name, partnerId } from '../field-schemas.js';

/** What the programmes in force call their products. */
export interface ProductName {
  /** A code, a label or a synonym, in lower case. */
  name: string;
  code: string;
  unit: 'subscription' | 'workload';
  family: string | null;
}

export interface TableColumn {
  /** Headings of Partner Center, in order of preference after the name of the column. Case, spaces, hyphens and underscores do not count. */
  headings?: string[];
  /** Reads a cell that is not empty. */
  read: (cell: string) => Cell<unknown>;
  /** Whether the value is a list of what each of its headings has, because one alone may say too little. */
  isList?: boolean;
  /** Whether the table must have the column. */
  isRequired?: boolean;
  /** Whether a cell may be empty. It then leaves the value as it is, or says that there is none if the value is `null`. */
  whenEmpty?: 'as_it_is' | null;
}

/** Words of one meaning, by the code for it. A word stands for itself in any case, with spaces, hyphens or underscores. */
type Vocabulary = Record<string, string[]>;

const normal = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');

const valid =
  (read: (cell: string) => Cell, schema: z.ZodType<unknown>) =>
  (cell: string): Cell<unknown> => {
    const found = read(cell);
    if ('fault' in found) return found;
    const parsed = schema.safeParse(found.value);
    return parsed.success ? { value: parsed.data } : { fault: `The value ${parsed.error.issues[0]?.message ?? 'is not valid'}.` };
  };

const word =
  (vocabulary: Vocabulary) =>
  (cell: string): Cell => {
    const found = Object.entries(vocabulary).find(([own, words]) => [own, ...words].some((one) => normal(one) === normal(cell)));
    return found === undefined
      ? { fault: `The value must be one of: ${Object.values(vocabulary).flat().join(', ')}.` }
      : { value: found[0] };
  };

/** Makes a code of a name that no catalogue has: `Visio Plan 2` becomes `visio_plan_2`. */
export function codeOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return (/^[a-z]/.test(plain) ? plain : `x_${plain}`).slice(0, 64);
}

const channels: Vocabulary = {
  volume_licensing: ['Volume Licensing', 'VL', 'Enterprise Agreement', 'EA', 'MPSA', 'Open'],
  web_direct: ['Web Direct', 'Direct', 'MOSP'],
  csp: ['CSP', 'Cloud Solution Provider', 'CSP Direct', 'CSP Indirect', 'CSP Tier 1', 'CSP Tier 2'],
};

/** The words of the lifecycle of subscriptions, and those of the reports. */
const subscriptionStates: Vocabulary = {
  active: ['Active', 'Enabled'],
  in_grace: ['In grace', 'Grace', 'Grace period', 'Warning'],
  suspended: ['Suspended'],
  expired: ['Expired', 'Disabled', 'Canceled', 'Cancelled', 'Deleted', 'Deprovisioned', 'Inactive'],
  not_provisioned: ['Not provisioned', 'Pending'],
};

/** The statuses of Partner Center's list of incentives. */
const enrolmentStates: Vocabulary = {
  enrolled: ['Enrolled', 'Renewed'],
  pending: ['Pending', 'Action required', 'Enrolling', 'Invited', 'Validating enrollment', 'Validating'],
  ended: ['Ended', 'Discontinued', 'Inactive', 'Ineligible', 'Inactive / Ineligible', 'Expired', 'Unenrolled', 'Declined'],
};

const anyChannel = (cell: string): Cell => {
  const found = word(channels)(cell);
  return 'value' in found ? found : { value: codeOf(cell) };
};

const month = (cell: string): Cell => (/^\d{4}-\d{2}$/.test(cell) ? { value: `${cell}-01` } : readMonth(cell));
const locale = (cell: string): Cell => ({ value: cell.trim().toLowerCase().split(/[-_]/)[0] ?? '' });

const required = { isRequired: true } as const;
const tenantId = { headings: ['CustomerTenantId', 'Microsoft ID'], read: valid(readIdentifier, guid), ...required };
const locationId = { headings: ['MPNId'], read: valid(readIdentifier, partnerId), ...required };
const optionalFlag = { read: readFlag, whenEmpty: 'as_it_is' } as const;

/** The tables that fill the directory, by the name of their option, and their columns by name. */
export const importedTables = {
  customers: {
    tenantId,
    name: { headings: ['CustomerTenantName', 'Company name', 'CustomerName'], read: valid(readCell, name), ...required },
    domain: { headings: ['Primary domain name', 'TenantDomainName'], read: valid(readCell, domain), ...required },
    language: { read: valid(locale, language), whenEmpty: 'as_it_is' },
    isPublicSector: optionalFlag,
  },
  admins: {
    tenantId,
    adminId: { headings: ['objectId', 'id'], read: valid(readIdentifier, guid), ...required },
    name: { headings: ['displayName'], read: valid(readCell, name), ...required },
    email: { headings: ['mail', 'userPrincipalName'], read: valid(readCell, email), ...required },
  },
  subscriptions: {
    subscriptionId: { headings: ['SubscriptionGuid'], read: valid(readIdentifier, guid), ...required },
    tenantId,
    product: { headings: ['RawProductName', 'SKU', 'ReportingProductName'], read: valid(readCell, name), isList: true, ...required },
    family: { headings: ['ProductFamily'], read: valid(readCell, name), whenEmpty: 'as_it_is' },
    channel: { headings: ['SalesChannel', 'SalesModel'], read: anyChannel, ...required },
    state: { headings: ['SubscriptionState', 'SubscriptionStatus'], read: word(subscriptionStates), ...required },
    provisionedOn: { headings: ['SubscriptionStartDate'], read: valid(readDate, isoDateOrNull), whenEmpty: null },
    endsOn: { headings: ['SubscriptionEndDate'], read: valid(readDate, endDateOrNull), whenEmpty: null, ...required },
    graceEndsOn: { read: valid(readDate, endDateOrNull), whenEmpty: null },
    successorId: { read: valid(readIdentifier, guid), whenEmpty: null },
    month: { read: month, whenEmpty: 'as_it_is' },
  },
  workloads: {
    tenantId,
    workload: { headings: ['WorkloadName'], read: valid(readCell, name), ...required },
  },
  locations: {
    partnerId: locationId,
    name: { headings: ['PartnerName'], read: valid(readCell, name), ...required },
    accountId: { headings: ['globalAccountId'], read: valid(readIdentifier, guid), whenEmpty: 'as_it_is' },
    globalPartnerId: { headings: ['PGA_MPNId'], read: valid(readIdentifier, partnerId), whenEmpty: 'as_it_is' },
    legalName: { headings: ['PGA_PartnerName'], read: valid(readCell, name), ...required },
    type: { read: valid(readCell, code), whenEmpty: 'as_it_is' },
    isAgreementActive: optionalFlag,
    isProfileComplete: optionalFlag,
  },
  enrolments: {
    partnerId: locationId,
    programme: { read: valid(readCell, code), ...required },
    state: { headings: ['status'], read: word(enrolmentStates), whenEmpty: 'as_it_is' },
    validUntil: { read: valid(readDate, endDateOrNull), whenEmpty: null },
  },
} satisfies Record<string, Record<string, TableColumn>>;

export type ImportedTable = keyof typeof importedTables;
