import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { ProgrammeLibrary } from '#libs/inbox/index.js';
import { evergreen, ironbridge, type Reply, startTestApi, type TestApi } from '../support/api.js';
import { addTenants, type ClaimSurroundings, customer, type TestClaim } from '../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../support/database.js';
import { associationsOf, claimInWindow, csvOf, monthFrom, officialClaim, passDays, publishUsageProgramme } from '../support/usage.js';
import { TestDirectory } from '../support/worker.js';

type Json = Record<string, any>;
type Tenant = { tenantId: string; domain: string };

const austin = { accountId: evergreen.accountId, partnerId: evergreen.otherPartnerId };

describe('Usage by HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let around: ClaimSurroundings;
  let tenants: Record<'plain' | 'austin' | 'small' | 'baseline' | 'tenure' | 'private' | 'pending', Tenant>;
  /** Ids of associations by what they are for. */
  let associations: Record<'plain' | 'rival' | 'austin' | 'small' | 'smallTeams' | 'baseline' | 'tenure' | 'private', string>;
  let claims: Record<string, TestClaim>;
  let viewer: string;
  let executive: string;
  /** First day of the month of the associations, and of months before and after it. */
  let month: (offset: number) => string;

  const get = (path: string, token = viewer): Promise<Reply> => api.call('GET', path, { token });
  const codeOf = ({ status, body }: Reply) => [status, body['code']];
  const usageOf = (associationId: string, query = '', token = viewer) =>
    get(`/v1/associations/${associationId}/usage?set=workload_usage${query}`, token);
  const monthsOf = ({ body }: Reply): string[] => (body['items'] as Json[]).map((item) => item['month'] as string);
  const importCsv = async (set: string, csv: string): Promise<Json> => {
    const token = await api.token('vendor_admin');
    const reply = await api.call('POST', `/v1/usage/imports?set=${set}`, { token, body: csv, headers: { 'content-type': 'text/csv' } });
    expect(reply.status, reply.text).to.equal(201);
    return reply.body;
  };

  before(async function () {
    this.timeout(120_000);
    database = await createTestDatabase();
    const { source } = database;
    around = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    await publishUsageProgramme(source, 'brief', {});
    await publishUsageProgramme(source, 'small', { suppressBelow: 10 });
    await publishUsageProgramme(source, 'baseline', { hasBaselineMonth: true });
    await publishUsageProgramme(source, 'tenure', { afterEnd: 'months_of_tenure' });
    await publishUsageProgramme(source, 'private', { executiveColumns: ['CustomerName', 'PaidAvailableUnits'] });
    const [plain, austinTenant, small, baseline, tenure, secret, pending] = await addTenants(source, 7);
    tenants = {
      plain: plain!,
      austin: austinTenant!,
      small: small!,
      baseline: baseline!,
      tenure: tenure!,
      private: secret!,
      pending: pending!,
    };
    const claimOf = (programme: string, tenant: Tenant, products: string[], partner = evergreen) =>
      officialClaim(around, { programme, tenant, products, partner });
    claims = {
      plain: await claimOf('brief', tenants.plain, ['exchange']),
      rival: await claimOf('brief', tenants.plain, ['teams'], { ...ironbridge, otherPartnerId: '' }),
      austin: await claimOf('brief', tenants.austin, ['exchange'], { ...austin, otherPartnerId: '' }),
      small: await claimOf('small', tenants.small, ['exchange', 'teams']),
      baseline: await claimOf('baseline', tenants.baseline, ['exchange']),
      tenure: await claimOf('tenure', tenants.tenure, ['exchange']),
      private: await claimOf('private', tenants.private, ['exchange']),
      pending: await claimInWindow(around, { programme: 'sample', tenant: tenants.pending, products: ['exchange'] }),
    };
    const idOf = async (name: string, tenant: Tenant, product: string) =>
      (await associationsOf(source, claims[name]!))[`workload:${tenant.tenantId}:${product}`]!;
    associations = {
      plain: await idOf('plain', tenants.plain, 'exchange'),
      rival: await idOf('rival', tenants.plain, 'teams'),
      austin: await idOf('austin', tenants.austin, 'exchange'),
      small: await idOf('small', tenants.small, 'exchange'),
      smallTeams: await idOf('small', tenants.small, 'teams'),
      baseline: await idOf('baseline', tenants.baseline, 'exchange'),
      tenure: await idOf('tenure', tenants.tenure, 'exchange'),
      private: await idOf('private', tenants.private, 'exchange'),
    };
    const [{ local }] = await source.query<[{ local: string }]>(
      `SELECT to_char(min(official_at) AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS local FROM associations`,
    );
    month = (offset) => monthFrom(local, offset);
    await passDays(source, 62);
    api = await startTestApi(database);
    viewer = await api.token('usage_viewer');
    executive = await api.token('usage_executive');
    await importCsv('workload_usage', workloadRows());
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  /** Five months of two workloads for every customer; the small one has few users in one of them. */
  const workloadRows = (): string =>
    csvOf(
      Object.entries(tenants).flatMap(([name, { tenantId }]) =>
        ['Exchange', 'Microsoft Teams'].flatMap((workload) =>
          [-2, -1, 0, 1, 2].map((offset) => ({
            CustomerTenantId: tenantId,
            CustomerName: `Customer ${name}`,
            WorkloadName: workload,
            MonthlyActiveUsers: name === 'small' && workload === 'Exchange' && offset === 1 ? 7 : 100 + offset,
            PaidAvailableUnits: 200,
            ClaimId: 'CLM-999999',
            MpnId: '999999',
            Date: month(offset),
          })),
        ),
      ),
    );

  describe('of an association', () => {
    it('is served from the month of the association on, by its published columns', async () => {
      const reply = await usageOf(associations.plain);
      expect(reply.status, reply.text).to.equal(200);
      expect(monthsOf(reply)).to.deep.equal([month(0), month(1), month(2)]);
      const [first] = reply.body['items'] as Json[];
      const [{ on }] = await database.source.query<[{ on: string }]>(
        `SELECT to_char(official_at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS on FROM associations WHERE association_id = $1`,
        [associations.plain],
      );
      expect(first).to.deep.equal({
        associationId: associations.plain,
        target: `workload:${tenants.plain.tenantId}:exchange`,
        month: month(0),
        values: {
          CustomerTenantId: tenants.plain.tenantId,
          CustomerName: 'Customer plain',
          WorkloadName: 'Exchange',
          MonthlyActiveUsers: 100,
          PaidAvailableUnits: 200,
          ClaimId: claims['plain']!.number,
          MpnId: evergreen.partnerId,
          DateAssociated: on,
          PartnerAttributionType: 'CPOR',
          Date: month(0),
        },
        suppressed: [],
      });
      expect(reply.headers.get('cache-control')).to.equal('private, no-store');
    });

    it('says how new the data is', async () => {
      const { freshness } = (await usageOf(associations.plain)).body as Json;
      expect(freshness.latestMonth).to.equal(month(2));
      const [{ at }] = await database.source.query<[{ at: Date }]>('SELECT published_at AS at FROM usage_imports');
      expect(freshness.importedAt).to.equal(at.toISOString());
    });

    it('is paged by month', async () => {
      const first = await usageOf(associations.plain, '&limit=2');
      expect(monthsOf(first)).to.deep.equal([month(0), month(1)]);
      const rest = await usageOf(associations.plain, `&limit=3&cursor=${first.body['next']}`);
      expect([monthsOf(rest), rest.body['next']]).to.deep.equal([[month(2)], null]);
    });

    it('tells an association without data from one that is closed', async () => {
      const reply = await get(`/v1/associations/${associations.plain}/usage?set=ems_detail`);
      expect([reply.status, reply.body['items'], reply.body['freshness']]).to.deep.equal([
        200,
        [],
        { latestMonth: null, importedAt: null },
      ]);
    });

    it('begins with the month that it was where the programme counts its days', async () => {
      const target = `workload:${tenants.austin.tenantId}:teams`;
      const associationId = await hold(target);
      await database.source.query('UPDATE associations SET official_at = $2, tenant_id = $3 WHERE association_id = $1', [
        associationId,
        `${month(1)}T03:30:00Z`,
        tenants.austin.tenantId,
      ]);
      expect(monthsOf(await usageOf(associationId))).to.deep.equal([month(0), month(1), month(2)]);
      await database.source.query('UPDATE associations SET ended_at = official_at WHERE association_id = $1', [associationId]);
    });

    it('holds a month before the association when the programme allows one', async () => {
      expect(monthsOf(await usageOf(associations.baseline))).to.deep.equal([month(-1), month(0), month(1), month(2)]);
    });
  });

  describe('cannot be had', () => {
    const holds = (reply: Reply, tenant: Tenant): boolean => reply.text.includes(tenant.tenantId);
    /** Everything that answers usage of more than one association. */
    const listings = [
      '/v1/usage?set=workload_usage&limit=1000',
      '/v1/usage/export?set=workload_usage',
      '/v1/usage/export?set=workload_usage&format=json',
      '/v1/usage/aggregates?set=workload_usage&by=customer',
      '/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&limit=100',
    ];

    for (const path of listings) {
      it(`by ${path} before official, of other locations or of other partners`, async () => {
        const seattle = await api.token('usage_viewer', { locations: [evergreen.partnerId] });
        const own = await get(path, seattle);
        expect(own.status, own.text).to.equal(200);
        expect(Object.keys(tenants).filter((name) => holds(own, tenants[name as keyof typeof tenants]))).to.have.members([
          'plain',
          'small',
          'baseline',
          'tenure',
          'private',
        ]);
        expect(own.text).not.to.include(`${tenants.plain.tenantId}:teams`);
        const rival = await get(path, await api.token('usage_viewer', { partner: ironbridge.accountId }));
        expect(Object.keys(tenants).filter((name) => holds(rival, tenants[name as keyof typeof tenants]))).to.deep.equal(['plain']);
        const nobody = await get(path, await api.token('usage_viewer', { partner: randomUUID() }));
        expect(Object.values(tenants).filter((tenant) => holds(nobody, tenant))).to.deep.equal([]);
      });
    }

    it("by another workload's row of the same tenant", async () => {
      const { body } = await get('/v1/usage?set=workload_usage&limit=1000');
      const own = (body['items'] as Json[]).filter((item) => item['values']['CustomerTenantId'] === tenants.plain.tenantId);
      expect(new Set(own.map((item) => item['values']['WorkloadName'] as string))).to.deep.equal(new Set(['Exchange']));
    });

    it("by a rival's association id, or one of another location, which are answered like one that does not exist", async () => {
      const seattle = await api.token('usage_viewer', { locations: [evergreen.partnerId] });
      const withoutIds = (reply: Reply) => ({ ...reply.body, instance: '', requestId: '' });
      const unknown = await usageOf(randomUUID());
      expect(codeOf(unknown)).to.deep.equal([404, 'not_found']);
      for (const [associationId, token] of [
        [associations.rival, viewer],
        [associations.austin, seattle],
      ] as const) {
        expect(withoutIds(await usageOf(associationId, '', token))).to.deep.equal(withoutIds(unknown));
        const series = await get(`/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${associationId}`, token);
        expect(codeOf(series)).to.deep.equal([404, 'not_found']);
      }
    });

    it('for months before the association, however they are asked for', async () => {
      const span = `&from=${month(-2)}&to=${month(-1)}`;
      expect(monthsOf(await usageOf(associations.plain, span))).to.deep.equal([]);
      expect(monthsOf(await usageOf(associations.baseline, span))).to.deep.equal([month(-1)]);
      const summed = await get(`/v1/usage/aggregates?set=workload_usage${span}&by=target`);
      expect((summed.body['items'] as Json[]).map((item) => item['key'] as string)).to.deep.equal([
        `workload:${tenants.baseline.tenantId}:exchange`,
      ]);
      const series = await get(`/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers${span}`);
      const points = (series.body['items'] as Json[]).flatMap((item) => item['points'] as Json[]);
      expect(points.map((point) => [point['month'], point['value']])).to.deep.equal([[month(-1), 99]]);
    });

    for (const role of [
      'claim_admin',
      'claim_user',
      'account_admin',
      'reviewer',
      'vendor_admin',
      'vendor_support',
      'operator',
      'tenant_admin',
    ] as const) {
      it(`by ${role}`, async () => {
        const token = await api.token(role);
        for (const path of [`/v1/associations/${associations.plain}/usage?set=workload_usage`, ...listings]) {
          expect(codeOf(await get(path, token)), path).to.deep.equal([403, 'forbidden']);
        }
      });
    }

    it("by the cursor of somebody else's page", async () => {
      const first = await get('/v1/usage?set=workload_usage&limit=1');
      const rival = await api.token('usage_viewer', { partner: ironbridge.accountId });
      const theirs = await get(`/v1/usage?set=workload_usage&limit=1000&cursor=${first.body['next']}`, rival);
      expect((theirs.body['items'] as Json[]).filter((item) => item['associationId'] !== associations.rival)).to.deep.equal([]);
      const cursor = Buffer.from(JSON.stringify({ associationId: associations.rival, month: month(0), dimension: '' })).toString(
        'base64url',
      );
      const own = await usageOf(associations.plain, `&cursor=${cursor}`);
      expect((own.body['items'] as Json[]).filter((item) => item['associationId'] !== associations.plain)).to.deep.equal([]);
    });

    it('of a subscription whose rows name another tenant', async () => {
      const subscriptionId = randomUUID();
      const associationId = await hold(`subscription:${subscriptionId}`);
      await importCsv('seats', csvOf([{ ...seatRow(subscriptionId, month(1)), CustomerTenantId: tenants.austin.tenantId }]));
      expect(monthsOf(await get(`/v1/associations/${associationId}/usage?set=seats`))).to.deep.equal([]);
    });
  });

  /** A live association of the plain claim on another target, as another programme would make it. */
  async function hold(target: string): Promise<string> {
    const [row] = await database.source.query<[{ id: string }]>(
      `INSERT INTO associations
         (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
       SELECT gen_random_uuid(), claim_id, 2, $2, partner_account_id, partner_id, tenant_id, activities, official_at
       FROM associations WHERE association_id = $1 RETURNING association_id AS id`,
      [associations.plain, target],
    );
    return row.id;
  }

  const seatRow = (subscriptionId: string, on: string, sku = 'S1') => ({
    SubscriptionId: subscriptionId,
    Month: on,
    SKU: 'Sales Enterprise',
    SKUId: sku,
    CustomerTenantId: tenants.plain.tenantId,
    CustomerMarket: 'US',
    AvailableSeats: 50,
    AssignedSeats: 40,
    ActiveSeats: 20,
  });

  describe('Small counts', () => {
    it('are held back, and so is what is worked out from them', async () => {
      const { body } = await usageOf(associations.small, `&from=${month(1)}&to=${month(1)}`, executive);
      const [row] = body['items'] as Json[];
      expect([row!['values']['MonthlyActiveUsers'], row!['values']['PaidAvailableUnits'], row!['suppressed']]).to.deep.equal([
        null,
        200,
        ['MonthlyActiveUsers'],
      ]);
      const subscriptionId = randomUUID();
      const associationId = await hold(`subscription:${subscriptionId}`);
      await database.source.query(`UPDATE associations SET claim_id = $2 WHERE association_id = $1`, [
        associationId,
        claims['small']!.claimId,
      ]);
      await importCsv('seats', csvOf([{ ...seatRow(subscriptionId, month(0)), ActiveSeats: 3 }]));
      const seats = await get(`/v1/associations/${associationId}/usage?set=seats`);
      const [seat] = seats.body['items'] as Json[];
      expect([
        seat!['values']['ActiveSeats'],
        seat!['values']['ActiveUsagePercent'],
        seat!['values']['DeploymentOpportunity'],
      ]).to.deep.equal([null, null, 10]);
      expect(seat!['suppressed']).to.deep.equal(['ActiveSeats', 'ActiveUsagePercent']);
      await database.source.query('UPDATE associations SET ended_at = official_at WHERE association_id = $1', [associationId]);
    });

    it('are no part of any sum', async () => {
      const span = `set=workload_usage&from=${month(1)}&to=${month(1)}`;
      const target = `workload:${tenants.small.tenantId}:exchange`;
      const byTarget = await get(`/v1/usage/aggregates?${span}&by=target`);
      const cell = (byTarget.body['items'] as Json[]).find((item) => item['key'] === target)!;
      expect([cell['values']['MonthlyActiveUsers'], cell['suppressed']]).to.deep.equal([null, ['MonthlyActiveUsers']]);
      const byCustomer = await get(`/v1/usage/aggregates?${span}&by=customer`);
      const customerSum = (byCustomer.body['items'] as Json[]).find((item) => item['key'] === tenants.small.tenantId)!;
      expect([customerSum['values']['MonthlyActiveUsers'], customerSum['suppressed'], customerSum['associations']]).to.deep.equal([
        101,
        ['MonthlyActiveUsers'],
        2,
      ]);
      const total = (await get(`/v1/usage/aggregates?${span}`)).body['items'] as Json[];
      const rows = (await get(`/v1/usage?${span}&limit=1000`)).body['items'] as Json[];
      const visible = rows.reduce((sum, row) => sum + ((row['values']['MonthlyActiveUsers'] as number | null) ?? 0), 0);
      expect(total.map((item) => [item['values']['MonthlyActiveUsers'], item['suppressed']])).to.deep.equal([
        [visible, ['MonthlyActiveUsers']],
      ]);
    });

    it('are named in series and exports, and not told', async () => {
      const series = await get(`/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${associations.small}`);
      expect((series.body['items'] as Json[])[0]!['points']).to.deep.equal([
        { month: month(0), value: 100, state: 'known' },
        { month: month(1), value: null, state: 'suppressed' },
        { month: month(2), value: 102, state: 'known' },
      ]);
      const { text } = await get(`/v1/usage/export?set=workload_usage&from=${month(1)}&to=${month(1)}`);
      const rows = parse<Record<string, string>>(text, { columns: true, bom: true });
      const row = rows.find((one) => one['CustomerTenantId'] === tenants.small.tenantId && one['WorkloadName'] === 'Exchange')!;
      expect([row['MonthlyActiveUsers'], row['Suppressed']]).to.deep.equal(['', 'MonthlyActiveUsers']);
    });
  });

  describe('Executive columns', () => {
    before(async () => {
      await importCsv(
        'aggregates',
        csvOf([
          {
            CustomerTenantId: tenants.plain.tenantId,
            WorkloadName: 'exchange',
            CPORRevenue: '1234.50',
            CPORPaidSeats: 20,
            CPORActiveUsers: 15,
            Date: month(1),
          },
        ]),
      );
    });

    it('are not there for a viewer', async () => {
      const viewed = await get(`/v1/associations/${associations.plain}/usage?set=aggregates`);
      expect((viewed.body['items'] as Json[])[0]!['values']).to.include({ CPORPaidSeats: 20, CPORActiveUsers: 15 });
      for (const path of [
        `/v1/associations/${associations.plain}/usage?set=aggregates`,
        '/v1/usage?set=aggregates',
        '/v1/usage/export?set=aggregates',
        '/v1/usage/export?set=aggregates&format=json',
        '/v1/usage/aggregates?set=aggregates',
      ]) {
        expect((await get(path)).text, path).not.to.match(/CPORRevenue|1234/);
        expect((await get(path, executive)).text, path).to.match(/1234\.5/);
      }
      const series = '/v1/usage/series?set=aggregates&measure=CPORRevenue';
      expect(codeOf(await get(series))).to.deep.equal([403, 'forbidden']);
      expect((await get(series, executive)).status).to.equal(200);
    });

    it('are also those that the programme names', async () => {
      const values = async (token: string) =>
        ((await usageOf(associations.private, '', token)).body['items'] as Json[])[0]!['values'] as Json;
      expect(await values(viewer)).to.include({ CustomerName: null, PaidAvailableUnits: null, MonthlyActiveUsers: 100 });
      expect(await values(executive)).to.include({ CustomerName: 'Customer private', PaidAvailableUnits: 200 });
      const target = `workload:${tenants.private.tenantId}:exchange`;
      const { body } = await get('/v1/usage/aggregates?set=workload_usage&by=target');
      const sums = (body['items'] as Json[]).filter((item) => item['key'] === target);
      expect(sums.map((item) => item['values']['PaidAvailableUnits'] as number | null)).to.deep.equal([null, null, null]);
      const series = await get(`/v1/usage/series?set=workload_usage&measure=PaidAvailableUnits&associationId=${associations.private}`);
      expect((series.body['items'] as Json[])[0]!['points'][0]).to.deep.equal({ month: month(0), value: null, state: 'withheld' });
    });
  });

  describe('Sums and series', () => {
    it('count a target once, whatever activities it is held for', async () => {
      const subscriptionId = randomUUID();
      const held = [await hold(`subscription:${subscriptionId}#usage`), await hold(`subscription:${subscriptionId}#presales`)];
      await importCsv('seats', csvOf(['S1', 'S2'].map((sku) => seatRow(subscriptionId, month(0), sku))));
      const rows = await get(`/v1/associations/${held[0]}/usage?set=seats`);
      expect((rows.body['items'] as Json[]).map((item) => item['values']['SKUId'] as string)).to.deep.equal(['S1', 'S2']);
      expect((rows.body['items'] as Json[])[0]!['values']).to.include({
        SubscriptionId: subscriptionId,
        DeploymentOpportunity: 10,
        ActiveUsagePercent: 40,
      });
      const { body } = await get('/v1/usage/aggregates?set=seats&by=geography');
      expect(body['items']).to.deep.equal([
        {
          month: month(0),
          key: 'US',
          associations: 1,
          values: { AvailableSeats: 100, AssignedSeats: 80, ActiveSeats: 40, DeploymentOpportunity: 20, ActiveUsagePercent: 40 },
          suppressed: [],
        },
      ]);
    });

    it('show months without data as gaps', async () => {
      const row = { CustomerTenantId: tenants.plain.tenantId, WorkloadName: 'exchange', MeetingCount: 5 };
      await importCsv(
        'teams_detail',
        csvOf([
          { ...row, Date: month(0) },
          { ...row, Date: month(2) },
        ]),
      );
      const { body } = await get(`/v1/usage/series?set=teams_detail&measure=MeetingCount&associationId=${associations.plain}`);
      expect((body['items'] as Json[])[0]!['points']).to.deep.equal([
        { month: month(0), value: 5, state: 'known' },
        { month: month(1), value: null, state: 'missing' },
        { month: month(2), value: 5, state: 'known' },
      ]);
    });

    it('are refused of what cannot be added up', async () => {
      const measure = await get('/v1/usage/series?set=workload_usage&measure=CustomerName');
      expect([...codeOf(measure), measure.body['errors'][0]['code']]).to.deep.equal([422, 'invalid_request', 'measure_unknown']);
      const by = await get('/v1/usage/aggregates?set=workload_usage&by=sku');
      expect([...codeOf(by), by.body['errors'][0]['code']]).to.deep.equal([422, 'invalid_request', 'grouping_unknown']);
    });
  });

  describe('Exports', () => {
    it('make formulas text', async () => {
      await importCsv(
        'ems_detail',
        csvOf([
          {
            CustomerTenantId: tenants.plain.tenantId,
            CustomerName: '=HYPERLINK("evil")'.replaceAll('"', ''),
            WorkloadName: 'exchange',
            ServiceName: '@service',
            MonthlyActiveUsers: 30,
            PaidAvailableUnits: 60,
            Date: month(0),
          },
        ]),
      );
      const reply = await get('/v1/usage/export?set=ems_detail');
      const [row] = parse<Record<string, string>>(reply.text, { columns: true, bom: true });
      expect([row!['CustomerName'], row!['ServiceName']]).to.deep.equal(["'=HYPERLINK(evil)", "'@service"]);
      expect(reply.headers.get('content-disposition')).to.equal('attachment; filename="ems_detail.csv"');
      expect(reply.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    });

    it('hold the same rows in both formats, more than one part long', async () => {
      const subscriptionId = randomUUID();
      const associationId = await hold(`subscription:${subscriptionId}`);
      const rows = Array.from({ length: 6_100 }, (_, index) => ({
        CustomerTenantId: tenants.plain.tenantId,
        SubscriptionId: subscriptionId,
        MetricType: 'users',
        WorkloadCategory: `category ${index}`,
        SKUGroup: 'all',
        MAU: index,
        Date: month(1),
      }));
      await importCsv('business_applications_usage', csvOf(rows));
      const csv = parse<Json>((await get('/v1/usage/export?set=business_applications_usage')).text, { columns: true, bom: true });
      const json = JSON.parse((await get('/v1/usage/export?set=business_applications_usage&format=json')).text) as { items: Json[] };
      expect(csv.map((row) => Number(row['MAU'])).sort((a, b) => a - b)).to.deep.equal(rows.map(({ MAU }) => MAU));
      expect(json.items.map((item) => item['values']['MAU'] as number)).to.deep.equal(csv.map((row) => Number(row['MAU'])));
      const { body } = await get('/v1/usage/exports?limit=2');
      expect((body['items'] as Json[]).map((item) => [item['set'], item['rows'], item['associations'], item['subject']])).to.deep.equal([
        ['business_applications_usage', 6_100, 1, 'usage_viewer-own'],
        ['business_applications_usage', 6_100, 1, 'usage_viewer-own'],
      ]);
      expect(associationId).to.match(/^[0-9a-f-]{36}$/);
    });

    it('are listed to nobody else', async () => {
      const rival = await get('/v1/usage/exports', await api.token('usage_viewer', { partner: ironbridge.accountId, subject: 'rival' }));
      expect((rival.body['items'] as Json[]).filter((item) => item['subject'] === 'usage_viewer-own')).to.deep.equal([]);
      const chicago = await get('/v1/usage/exports', await api.token('usage_viewer', { locations: ['1240395'] }));
      expect(chicago.body['items']).to.deep.equal([]);
    });
  });

  describe("The customer's log", () => {
    const accesses = async (tenant: Tenant, query = '', as = tenant) =>
      get(`/v1/tenants/${tenant.tenantId}/accesses${query}`, await api.token('tenant_admin', { tenant: as.tenantId }));

    it('holds each read before it is answered: who, what, which months, when', async () => {
      const read = await usageOf(associations.austin, `&from=${month(1)}`, await api.token('usage_viewer', { subject: 'ann' }));
      expect(monthsOf(read)).to.deep.equal([month(1), month(2)]);
      const { body } = await accesses(tenants.austin, '?limit=1');
      const [entry] = body['items'] as Json[];
      const { accessId, at, ...rest } = entry!;
      expect(rest).to.deep.equal({
        kind: 'read',
        partner: { partnerId: evergreen.otherPartnerId, legalName: 'Evergreen Cloud Consulting, Inc.' },
        claimNumber: claims['austin']!.number,
        target: `workload:${tenants.austin.tenantId}:exchange`,
        set: 'workload_usage',
        fromMonth: month(1),
        toMonth: month(2),
        rows: 2,
      });
      expect([accessId, at].every((text) => typeof text === 'string')).to.equal(true);
    });

    it('holds every way of reading', async () => {
      const count = async () => ((await accesses(tenants.austin, '?limit=100')).body['items'] as Json[]).length;
      for (const [path, kind] of [
        ['/v1/usage?set=workload_usage&limit=1000', 'read'],
        ['/v1/usage/aggregates?set=workload_usage', 'read'],
        ['/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&limit=100', 'read'],
        ['/v1/usage/export?set=workload_usage', 'export'],
        [`/v1/associations/${associations.austin}/usage?set=ems_detail`, 'read'],
      ] as const) {
        const before = await count();
        const reply = await get(path);
        expect(reply.status).to.equal(200);
        const items = (await accesses(tenants.austin, '?limit=100')).body['items'] as Json[];
        expect([items.length, items[0]!['kind']], path).to.deep.equal([before + 1, kind]);
        if (kind === 'export') expect(items[0]!['accessId']).to.equal(reply.headers.get('access-id'));
      }
    });

    it('holds nothing of those who only were on the page after', async () => {
      const first = await get('/v1/usage?set=workload_usage&limit=1');
      const [shown] = first.body['items'] as Json[];
      const [{ touched }] = await database.source.query<[{ touched: string[] }]>(
        `SELECT array_agg(association_id) AS touched FROM access_entries
         WHERE access_id = (SELECT access_id FROM access_entries ORDER BY at DESC, access_id DESC LIMIT 1)`,
      );
      expect(touched).to.deep.equal([shown!['associationId']]);
    });

    it('is filtered by partner, target and time, and paged', async () => {
      const all = (await accesses(tenants.plain, '?limit=100')).body['items'] as Json[];
      const rival = (await accesses(tenants.plain, `?partnerId=${ironbridge.partnerId}&limit=100`)).body['items'] as Json[];
      expect(rival).to.deep.equal(all.filter((entry) => entry['partner']['partnerId'] === ironbridge.partnerId));
      expect(rival).not.to.deep.equal([]);
      const target = `workload:${tenants.plain.tenantId}:teams`;
      const ofTarget = (await accesses(tenants.plain, `?target=${target}&limit=100`)).body['items'] as Json[];
      expect(ofTarget).to.deep.equal(all.filter((entry) => entry['target'] === target));
      const middle = all[3]!['at'] as string;
      const since = (await accesses(tenants.plain, `?from=${middle}&limit=100`)).body['items'] as Json[];
      expect(since).to.deep.equal(all.filter((entry) => (entry['at'] as string) >= middle));
      const paged: Json[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const { body } = await accesses(tenants.plain, `?limit=3${next === '' ? '' : `&cursor=${next}`}`);
        paged.push(...(body['items'] as Json[]));
        next = body['next'] as string | null;
      }
      expect(paged).to.deep.equal(all);
    });

    it('is nobody else’s to read', async () => {
      expect(codeOf(await accesses(tenants.plain, '', tenants.austin))).to.deep.equal([404, 'not_found']);
      expect(codeOf(await get(`/v1/tenants/${tenants.plain.tenantId}/accesses`))).to.deep.equal([403, 'forbidden']);
    });

    it('keeps a read from being answered when it cannot be written', async () => {
      await asSuperuser(database, 'REVOKE INSERT ON access_entries FROM cpor_app');
      try {
        const refused = await usageOf(associations.plain);
        expect([refused.status, refused.text.includes('MonthlyActiveUsers')]).to.deep.equal([500, false]);
        const exported = await get('/v1/usage/export?set=workload_usage');
        expect([exported.status, exported.text.includes('Customer plain')]).to.deep.equal([500, false]);
      } finally {
        await asSuperuser(database, 'GRANT INSERT ON access_entries TO cpor_app');
      }
    });
  });

  describe('ends with the association', () => {
    it('while the customer’s refusal still waits in the inbox', async () => {
      await claims['small']!.accept('optOut', customer, {});
      expect(codeOf(await usageOf(associations.small))).to.deep.equal([403, 'usage_ended']);
      expect((await get('/v1/usage/export?set=workload_usage')).text).not.to.include(tenants.small.tenantId);
    });

    it('at once, for past months too, in every way', async () => {
      const before = await get('/v1/usage?set=workload_usage&limit=1');
      await database.source.query("UPDATE associations SET ended_at = cpor_now() WHERE target LIKE 'subscription:%'");
      await claims['plain']!.accept('optOut', customer, {});
      await claims['plain']!.execute();
      expect(codeOf(await usageOf(associations.plain))).to.deep.equal([403, 'usage_ended']);
      const series = await get(`/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${associations.plain}`);
      expect(codeOf(series)).to.deep.equal([403, 'usage_ended']);
      for (const path of [
        '/v1/usage?set=workload_usage&limit=1000',
        `/v1/usage?set=workload_usage&limit=1000&cursor=${before.body['next']}`,
        '/v1/usage/export?set=workload_usage',
        '/v1/usage/aggregates?set=workload_usage&by=customer',
        '/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&limit=100',
      ]) {
        const reply = await get(path);
        expect([reply.status, reply.text.includes(tenants.plain.tenantId)], path).to.deep.equal([200, false]);
      }
    });

    it('but for whole months of tenure, when the programme leaves them', async () => {
      await claims['tenure']!.accept('optOut', customer, {});
      await claims['tenure']!.execute();
      expect(monthsOf(await usageOf(associations.tenure))).to.deep.equal([month(0), month(1)]);
    });

    it('and leaves the log of own exports', async () => {
      const { body } = await get('/v1/usage/exports?limit=100');
      expect((body['items'] as Json[]).length).to.be.greaterThan(5);
    });
  });
});
