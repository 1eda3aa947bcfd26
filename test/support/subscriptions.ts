import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type DirectoryDocument, importDirectory } from '#libs/directory/index.js';

type Tenant = DirectoryDocument['tenants'][number];
type Subscription = Tenant['subscriptions'][number];
type Account = DirectoryDocument['accounts'][number];

/** Returns a subscription for the directory. Default: a plain Dynamics subscription without an end. */
export const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  subscriptionId: randomUUID(),
  product: 'sales',
  family: 'dynamics',
  channel: 'volume_licensing',
  state: 'active',
  provisionedOn: '2025-01-01',
  endsOn: null,
  graceEndsOn: null,
  successorId: null,
  ...more,
});

/** Use it when a customer's subscriptions change over time: a new customer in the directory. */
export class TestCustomer {
  readonly tenantId = randomUUID();
  readonly domain = `customer-${this.tenantId.slice(0, 8)}.example`;
  private readonly adminId = randomUUID();

  constructor(private readonly source: DataSource) {}

  /** Updates the customer's subscriptions in the directory. */
  async setSubscriptions(...subscriptions: Subscription[]): Promise<void> {
    const { tenantId, domain, adminId } = this;
    const tenant: Tenant = {
      tenantId,
      name: `Customer ${domain}`,
      country: 'US',
      language: 'en',
      isPublicSector: false,
      domains: [domain],
      admins: [{ adminId, name: 'Admin', email: `admin@${domain}` }],
      workloads: ['exchange', 'teams'],
      subscriptions,
      orders: [],
    };
    await importDocument(this.source, { accounts: [], tenants: [tenant] });
  }
}

/** Use it when a partner's enrolments change over time: a new company with two locations in the directory. */
export class TestPartner {
  readonly accountId = randomUUID();
  readonly partnerId = digits();
  readonly otherPartnerId = digits();

  constructor(private readonly source: DataSource) {}

  async setEnrolments(...programmes: string[]): Promise<void> {
    const location = (partnerId: string): Account['locations'][number] => ({
      partnerId,
      name: `Location ${partnerId}`,
      type: 'standard',
      isProfileComplete: true,
      enrolments: programmes.map((programme) => ({ programme, state: 'enrolled', validUntil: null })),
    });
    const locations = [location(this.partnerId), location(this.otherPartnerId)];
    const account = { accountId: this.accountId, legalName: 'Lakeside Consulting', isAgreementActive: true, locations };
    await importDocument(this.source, { accounts: [account], tenants: [] });
  }
}

const digits = (): string => `9${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;

async function importDocument(source: DataSource, document: DirectoryDocument): Promise<void> {
  const imported = await source.transaction((manager) => importDirectory(manager, document));
  if (!imported.ok) throw new Error(`The document was not imported: ${JSON.stringify(imported.faults).slice(0, 300)}`);
}
