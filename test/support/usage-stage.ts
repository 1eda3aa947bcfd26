import { expect } from 'chai';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type Json, type Reply, startTestApi, type TestApi } from './api.js';
import { addTenants, type ClaimServices, type TestClaim } from './claims.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { evergreen, evergreenAustin, ironbridge } from './sample-directory.js';
import { associationsOf, claimInWindow, csvOf, monthFrom, officialClaim, passDays, publishUsageProgramme } from './usage.js';
import { TestDirectory } from './worker.js';

export type Tenant = { tenantId: string; domain: string };

type TenantName = 'plain' | 'austin' | 'small' | 'baseline' | 'tenure' | 'private' | 'pending';
type ClaimName = TenantName | 'rival';

const tenantNames: TenantName[] = ['plain', 'austin', 'small', 'baseline', 'tenure', 'private', 'pending'];

/**
 * Use it for tests of usage over HTTP: a database with the API on it, and customers with two months of usage, each under a different
 * programme. All are Evergreen's, one of its Austin office; a rival holds another workload of `plain`, and `pending` is not official yet.
 */
export class UsageStage {
  tenants!: Record<TenantName, Tenant>;
  claims!: Record<ClaimName, TestClaim>;
  /** Association ids by claim. */
  associations!: Record<Exclude<ClaimName, 'pending'>, string>;
  api!: TestApi;
  viewer!: string;
  executive!: string;
  private firstMonth!: string;

  private constructor(readonly database: TestDatabase) {}

  static async start(): Promise<UsageStage> {
    const stage = new UsageStage(await createTestDatabase());
    try {
      await stage.claim();
      await passDays(stage.database.source, 62);
      stage.api = await startTestApi({ database: stage.database });
      stage.viewer = await stage.api.token('usage_viewer');
      stage.executive = await stage.api.token('usage_executive');
      await stage.importCsv('workload_usage', stage.workloadRows());
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.api?.close();
    await this.database.close();
  }

  private async claim(): Promise<void> {
    const { source } = this.database;
    const services: ClaimServices = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    await publishUsageProgramme(source, 'brief', {});
    await publishUsageProgramme(source, 'small', { suppressBelow: 10 });
    await publishUsageProgramme(source, 'baseline', { hasBaselineMonth: true });
    await publishUsageProgramme(source, 'tenure', { afterEnd: 'months_of_tenure' });
    await publishUsageProgramme(source, 'private', { executiveColumns: ['CustomerName', 'PaidAvailableUnits'] });
    const added = await addTenants(source, tenantNames.length);
    this.tenants = Object.fromEntries(tenantNames.map((name, index) => [name, added[index]])) as Record<TenantName, Tenant>;
    const { tenants } = this;
    const claimOf = (programme: string, tenant: Tenant, products: string[], partner = evergreen) =>
      officialClaim(services, { programme, tenant, products, partner });
    this.claims = {
      plain: await claimOf('brief', tenants.plain, ['exchange']),
      rival: await claimOf('brief', tenants.plain, ['teams'], ironbridge),
      austin: await claimOf('brief', tenants.austin, ['exchange'], evergreenAustin),
      small: await claimOf('small', tenants.small, ['exchange', 'teams']),
      baseline: await claimOf('baseline', tenants.baseline, ['exchange']),
      tenure: await claimOf('tenure', tenants.tenure, ['exchange']),
      private: await claimOf('private', tenants.private, ['exchange']),
      pending: await claimInWindow(services, { programme: 'sample', tenant: tenants.pending, products: ['exchange'] }),
    };
    const idOf = async (name: ClaimName, tenant: Tenant, product = 'exchange') =>
      (await associationsOf(source, this.claims[name]))[`workload:${tenant.tenantId}:${product}`]!;
    this.associations = {
      plain: await idOf('plain', tenants.plain),
      rival: await idOf('rival', tenants.plain, 'teams'),
      austin: await idOf('austin', tenants.austin),
      small: await idOf('small', tenants.small),
      baseline: await idOf('baseline', tenants.baseline),
      tenure: await idOf('tenure', tenants.tenure),
      private: await idOf('private', tenants.private),
    };
    const [{ local }] = await source.query<[{ local: string }]>(
      `SELECT to_char(min(official_at) AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS local FROM associations`,
    );
    this.firstMonth = local;
  }

  /** Returns the first day of a month, counted from the month in which the associations started. */
  month(offset: number): string {
    return monthFrom(this.firstMonth, offset);
  }

  get(path: string, token = this.viewer): Promise<Reply> {
    return this.api.call('GET', path, { token });
  }

  usageOf(associationId: string, query = '', token = this.viewer): Promise<Reply> {
    return this.get(`/v1/associations/${associationId}/usage?set=workload_usage${query}`, token);
  }

  async importCsv(set: string, csv: string): Promise<void> {
    const token = await this.api.token('vendor_admin');
    const reply = await this.api.call('POST', `/v1/usage/imports?set=${set}`, {
      token,
      body: csv,
      headers: { 'content-type': 'text/csv' },
    });
    expect(reply.status, reply.text).to.equal(201);
  }

  /** Returns five months of two workloads for every customer; `small` has few users in one of them. */
  private workloadRows(): string {
    return csvOf(
      tenantNames.flatMap((name) =>
        ['Exchange', 'Microsoft Teams'].flatMap((workload) =>
          [-2, -1, 0, 1, 2].map((offset) => ({
            CustomerTenantId: this.tenants[name].tenantId,
            CustomerName: `Customer ${name}`,
            WorkloadName: workload,
            MonthlyActiveUsers: name === 'small' && workload === 'Exchange' && offset === 1 ? 7 : 100 + offset,
            PaidAvailableUnits: 200,
            ClaimId: 'CLM-999999',
            MpnId: '999999',
            Date: this.month(offset),
          })),
        ),
      ),
    );
  }

  /** Adds a live association of the plain claim on another target. Returns its id. */
  async addAssociation(target: string): Promise<string> {
    const [row] = await this.database.source.query<[{ id: string }]>(
      `INSERT INTO associations
         (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
       SELECT gen_random_uuid(), claim_id, 2, $2, partner_account_id, partner_id, tenant_id, activities, official_at
       FROM associations WHERE association_id = $1 RETURNING association_id AS id`,
      [this.associations.plain, target],
    );
    return row.id;
  }

  seatRow(subscriptionId: string, on: string, sku = 'S1') {
    return {
      SubscriptionId: subscriptionId,
      Month: on,
      SKU: 'Sales Enterprise',
      SKUId: sku,
      CustomerTenantId: this.tenants.plain.tenantId,
      CustomerMarket: 'US',
      AvailableSeats: 50,
      AssignedSeats: 40,
      ActiveSeats: 20,
    };
  }
}

export const itemsOf = ({ body }: Reply): Json[] => body['items'] as Json[];

export const monthsOf = (reply: Reply): string[] => itemsOf(reply).map((item) => item['month'] as string);
