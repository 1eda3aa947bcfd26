/** Where a column's value comes from. */
export type ColumnSource =
  /** Identifies the row: its customer, what is used, and the month. */
  | 'tenant'
  | 'workload'
  | 'subscription'
  | 'month'
  /** Distinguishes rows of the same target and month. */
  | 'dimension'
  /** Stored in the row as it was imported. */
  | 'row'
  /** Comes from the reader's own association. The file's value is ignored, so that no row can name another partner. */
  | 'claim_number'
  | 'partner_id'
  | 'associated_on'
  | 'attribution'
  /** Calculated from other columns. */
  | 'difference'
  | 'percentage';

export interface UsageColumn {
  /** As the vendor publishes it. */
  name: string;
  source: ColumnSource;
  type: 'guid' | 'text' | 'month' | 'date' | 'count' | 'decimal' | 'percent';
  isRequired: boolean;
  /** Revenue and personal data: served to executive viewers only. */
  isExecutive: boolean;
  /** Counts people, and is suppressed when the count is smaller than the policy allows. */
  isSuppressible: boolean;
  /** For a calculated column: the two columns that are subtracted or divided. Suppressed whenever one of them is. */
  of?: [string, string];
  /** The name by which aggregates can be grouped by this column. */
  groupBy?: 'sku' | 'geography' | 'category';
}

export interface UsageSet {
  name: UsageSetName;
  title: string;
  columns: UsageColumn[];
}

type Traits = Partial<Omit<UsageColumn, 'name' | 'source' | 'type'>>;

const column = (name: string, source: ColumnSource, type: UsageColumn['type'], traits: Traits = {}): UsageColumn => ({
  name,
  source,
  type,
  isRequired: false,
  isExecutive: false,
  isSuppressible: false,
  ...traits,
});

const required = { isRequired: true };
const tenant = column('CustomerTenantId', 'tenant', 'guid', required);
const workload = column('WorkloadName', 'workload', 'text', required);
const subscription = column('SubscriptionId', 'subscription', 'guid', required);
const date = column('Date', 'month', 'month', required);
const customerName = column('CustomerName', 'row', 'text');
/** Counts of people; small ones are suppressed if the policy says so. */
const people = (name: string, traits: Traits = {}) => column(name, 'row', 'count', { isSuppressible: true, ...traits });
const count = (name: string, traits: Traits = {}) => column(name, 'row', 'count', traits);
const association = [
  column('ClaimId', 'claim_number', 'text'),
  column('MpnId', 'partner_id', 'text'),
  column('DateAssociated', 'associated_on', 'date'),
  column('PartnerAttributionType', 'attribution', 'text'),
];

const sets = {
  workload_usage: {
    title: 'Workload usage, monthly',
    columns: [
      tenant,
      customerName,
      workload,
      people('MonthlyActiveUsers', required),
      count('PaidAvailableUnits', required),
      ...association,
      date,
    ],
  },
  seats: {
    title: 'Seats of subscriptions',
    columns: [
      subscription,
      column('SubscriptionStartDate', 'row', 'date'),
      column('SubscriptionEndDate', 'row', 'date'),
      column('SubscriptionState', 'row', 'text'),
      column('Month', 'month', 'month', required),
      column('SKU', 'row', 'text', { groupBy: 'sku' }),
      column('SKUId', 'dimension', 'text', required),
      column('FreeOrPaid', 'row', 'text'),
      column('SalesModel', 'row', 'text'),
      customerName,
      tenant,
      column('CustomerTPID', 'row', 'text'),
      column('CustomerSegment', 'row', 'text'),
      column('CustomerMarket', 'row', 'text', { groupBy: 'geography' }),
      ...association,
      count('AvailableSeats', required),
      people('AssignedSeats', required),
      people('ActiveSeats', required),
      column('DeploymentOpportunity', 'difference', 'count', { of: ['AvailableSeats', 'AssignedSeats'] }),
      column('ActiveUsagePercent', 'percentage', 'percent', { of: ['ActiveSeats', 'AvailableSeats'] }),
    ],
  },
  business_applications_usage: {
    title: 'Business Applications usage, monthly',
    columns: [
      tenant,
      customerName,
      subscription,
      column('MetricType', 'dimension', 'text', required),
      column('WorkloadCategory', 'dimension', 'text', { ...required, groupBy: 'category' }),
      column('SKUGroup', 'dimension', 'text', { ...required, groupBy: 'sku' }),
      people('PAMAU'),
      people('MAC'),
      people('MAU'),
      ...association,
      date,
    ],
  },
  teams_detail: {
    title: 'Teams meetings, calls and phone, monthly',
    columns: [
      tenant,
      customerName,
      workload,
      count('MeetingCount'),
      column('AverageDailyMeetings', 'row', 'decimal'),
      column('MeetingMinutes', 'row', 'decimal'),
      column('CallMinutes', 'row', 'decimal'),
      ...['Meeting', 'Call', 'Phone'].flatMap((what) => ['Desktop', 'Mobile', 'Web'].map((where) => people(`${what}${where}Users`))),
      people('ThirdPartyAppUsers'),
      ...association,
      date,
    ],
  },
  ems_detail: {
    title: 'Enterprise Mobility and Security by service, monthly',
    columns: [
      tenant,
      customerName,
      workload,
      column('ServiceName', 'dimension', 'text', { ...required, groupBy: 'category' }),
      people('MonthlyActiveUsers', required),
      count('PaidAvailableUnits', required),
      ...association,
      date,
    ],
  },
  aggregates: {
    title: 'Recognised revenue, seats and users, monthly',
    columns: [
      tenant,
      customerName,
      column('WorkloadName', 'workload', 'text'),
      column('SubscriptionId', 'subscription', 'guid'),
      column('SKU', 'dimension', 'text', { groupBy: 'sku' }),
      column('CustomerMarket', 'row', 'text', { groupBy: 'geography' }),
      column('CPORRevenue', 'row', 'decimal', { isExecutive: true }),
      count('CPORPaidSeats'),
      people('CPORActiveUsers'),
      count('NewSubscriptions'),
      ...association,
      date,
    ],
  },
} satisfies Record<string, Omit<UsageSet, 'name'>>;

export type UsageSetName = keyof typeof sets;

export const usageSetNames = Object.keys(sets) as [UsageSetName, ...UsageSetName[]];

/** The data sets of domain.md 9, by name. A set that names a workload or a subscription, whichever is filled in, has both columns. */
export const usageSets = Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, { name, ...set }])) as Record<
  UsageSetName,
  UsageSet
>;

const fromFile: readonly ColumnSource[] = ['tenant', 'workload', 'subscription', 'month', 'dimension', 'row'];
const measured: readonly UsageColumn['type'][] = ['count', 'decimal', 'percent'];

/** Returns whether the value comes from the file. */
export const isImported = ({ source }: UsageColumn): boolean => fromFile.includes(source);

/** Returns whether the value is stored among the row's figures. What identifies target and month has its own database columns. */
export const isStored = ({ source }: UsageColumn): boolean => ['workload', 'dimension', 'row'].includes(source);

/** Returns whether the value can be summed or charted. */
export const isMeasure = ({ type }: UsageColumn): boolean => measured.includes(type);
