import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { codeOf, type Json, type Reply } from '../../support/api.js';
import { customer } from '../../support/claims.js';
import { evergreen, ironbridge } from '../../support/sample-directory.js';
import { csvOf } from '../../support/usage.js';
import { itemsOf, monthsOf, type Tenant, UsageStage } from '../../support/usage-stage.js';

describe('Usage data', () => {
  let stage: UsageStage;

  before(async function () {
    this.timeout(120_000);
    stage = await UsageStage.start();
  });
  after(() => stage?.close());

  describe('of one association', () => {
    it('is served from the association’s first month, with its published columns', async () => {
      const reply = await stage.usageOf(stage.associations.plain);
      expect(reply.status, reply.text).to.equal(200);
      expect(monthsOf(reply)).to.deep.equal([stage.month(0), stage.month(1), stage.month(2)]);
      const [first] = reply.body['items'] as Json[];
      const [{ on }] = await stage.database.source.query<[{ on: string }]>(
        `SELECT to_char(official_at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS on FROM associations WHERE association_id = $1`,
        [stage.associations.plain],
      );
      expect(first).to.deep.equal({
        associationId: stage.associations.plain,
        target: `workload:${stage.tenants.plain.tenantId}:exchange`,
        month: stage.month(0),
        values: {
          CustomerTenantId: stage.tenants.plain.tenantId,
          CustomerName: 'Customer plain',
          WorkloadName: 'Exchange',
          MonthlyActiveUsers: 100,
          PaidAvailableUnits: 200,
          ClaimId: stage.claims.plain.number,
          MpnId: evergreen.partnerId,
          DateAssociated: on,
          PartnerAttributionType: 'CPOR',
          Date: stage.month(0),
        },
        suppressed: [],
      });
      expect(reply.headers.get('cache-control')).to.equal('private, no-store');
    });

    it('states how current it is', async () => {
      const { freshness } = (await stage.usageOf(stage.associations.plain)).body;
      expect(freshness.latestMonth).to.equal(stage.month(2));
      const [{ at }] = await stage.database.source.query<[{ at: Date }]>('SELECT published_at AS at FROM usage_imports');
      expect(freshness.importedAt).to.equal(at.toISOString());
    });

    it('is paged by month', async () => {
      const first = await stage.usageOf(stage.associations.plain, '&limit=2');
      expect(monthsOf(first)).to.deep.equal([stage.month(0), stage.month(1)]);
      const last = await stage.usageOf(stage.associations.plain, `&limit=3&cursor=${first.body['next']}`);
      expect([monthsOf(last), last.body['next']]).to.deep.equal([[stage.month(2)], null]);
    });

    it('is an empty list, not an error, if there is none', async () => {
      const reply = await stage.get(`/v1/associations/${stage.associations.plain}/usage?set=ems_detail`);
      expect([reply.status, reply.body['items'], reply.body['freshness']]).to.deep.equal([
        200,
        [],
        { latestMonth: null, importedAt: null },
      ]);
    });

    it('starts with the month in the time zone of the programme’s calendar', async () => {
      const target = `workload:${stage.tenants.austin.tenantId}:teams`;
      const associationId = await stage.addAssociation(target);
      await stage.database.source.query('UPDATE associations SET official_at = $2, tenant_id = $3 WHERE association_id = $1', [
        associationId,
        `${stage.month(1)}T03:30:00Z`,
        stage.tenants.austin.tenantId,
      ]);
      expect(monthsOf(await stage.usageOf(associationId))).to.deep.equal([stage.month(0), stage.month(1), stage.month(2)]);
      await stage.database.source.query('UPDATE associations SET ended_at = official_at WHERE association_id = $1', [associationId]);
    });

    it('includes a baseline month before the association if the programme allows it', async () => {
      expect(monthsOf(await stage.usageOf(stage.associations.baseline))).to.deep.equal([
        stage.month(-1),
        stage.month(0),
        stage.month(1),
        stage.month(2),
      ]);
    });
  });

  describe('is not served', () => {
    const holds = (reply: Reply, tenant: Tenant): boolean => reply.text.includes(tenant.tenantId);
    /** Every read of more than one association. */
    const listings = [
      '/v1/usage?set=workload_usage&limit=1000',
      '/v1/usage/export?set=workload_usage',
      '/v1/usage/export?set=workload_usage&format=json',
      '/v1/usage/aggregates?set=workload_usage&by=customer',
      '/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&limit=100',
    ];

    for (const path of listings) {
      it(`by ${path} before the association is official, or for other locations or partners`, async () => {
        const seattle = await stage.api.token('usage_viewer', { locations: [evergreen.partnerId] });
        const own = await stage.get(path, seattle);
        expect(own.status, own.text).to.equal(200);
        expect(Object.keys(stage.tenants).filter((name) => holds(own, stage.tenants[name as 'plain']))).to.have.members([
          'plain',
          'small',
          'baseline',
          'tenure',
          'private',
        ]);
        expect(own.text).not.to.include(`${stage.tenants.plain.tenantId}:teams`);
        const rival = await stage.get(path, await stage.api.token('usage_viewer', { partner: ironbridge.accountId }));
        expect(Object.keys(stage.tenants).filter((name) => holds(rival, stage.tenants[name as 'plain']))).to.deep.equal(['plain']);
        const nobody = await stage.get(path, await stage.api.token('usage_viewer', { partner: randomUUID() }));
        expect(Object.values(stage.tenants).filter((tenant) => holds(nobody, tenant))).to.deep.equal([]);
      });
    }

    it('for other workloads of the same tenant', async () => {
      const { body } = await stage.get('/v1/usage?set=workload_usage&limit=1000');
      const own = (body['items'] as Json[]).filter((item) => item['values']['CustomerTenantId'] === stage.tenants.plain.tenantId);
      expect(new Set(own.map((item) => item['values']['WorkloadName'] as string))).to.deep.equal(new Set(['Exchange']));
    });

    it("under a rival's or another location's association id, which looks unknown", async () => {
      const seattle = await stage.api.token('usage_viewer', { locations: [evergreen.partnerId] });
      const withoutIds = (reply: Reply) => ({ ...reply.body, instance: '', requestId: '' });
      const unknown = await stage.usageOf(randomUUID());
      expect(codeOf(unknown)).to.deep.equal([404, 'not_found']);
      for (const [associationId, token] of [
        [stage.associations.rival, stage.viewer],
        [stage.associations.austin, seattle],
      ] as const) {
        expect(withoutIds(await stage.usageOf(associationId, '', token))).to.deep.equal(withoutIds(unknown));
        const series = await stage.get(
          `/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${associationId}`,
          token,
        );
        expect(codeOf(series)).to.deep.equal([404, 'not_found']);
      }
    });

    it('for months before the association by any read', async () => {
      const span = `&from=${stage.month(-2)}&to=${stage.month(-1)}`;
      expect(monthsOf(await stage.usageOf(stage.associations.plain, span))).to.deep.equal([]);
      expect(monthsOf(await stage.usageOf(stage.associations.baseline, span))).to.deep.equal([stage.month(-1)]);
      const summed = await stage.get(`/v1/usage/aggregates?set=workload_usage${span}&by=target`);
      expect(itemsOf(summed).map((item) => item['key'] as string)).to.deep.equal([`workload:${stage.tenants.baseline.tenantId}:exchange`]);
      const series = await stage.get(`/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers${span}`);
      const points = itemsOf(series).flatMap((item) => item['points'] as Json[]);
      expect(points.map((point) => [point['month'], point['value']])).to.deep.equal([[stage.month(-1), 99]]);
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
      it(`to the role ${role}`, async () => {
        const token = await stage.api.token(role);
        for (const path of [`/v1/associations/${stage.associations.plain}/usage?set=workload_usage`, ...listings]) {
          expect(codeOf(await stage.get(path, token)), path).to.deep.equal([403, 'forbidden']);
        }
      });
    }

    it("through a cursor from another caller's page", async () => {
      const first = await stage.get('/v1/usage?set=workload_usage&limit=1');
      const rival = await stage.api.token('usage_viewer', { partner: ironbridge.accountId });
      const rivalPage = await stage.get(`/v1/usage?set=workload_usage&limit=1000&cursor=${first.body['next']}`, rival);
      expect(itemsOf(rivalPage).filter((item) => item['associationId'] !== stage.associations.rival)).to.deep.equal([]);
      const cursor = Buffer.from(
        JSON.stringify({ associationId: stage.associations.rival, month: stage.month(0), dimension: '' }),
      ).toString('base64url');
      const own = await stage.usageOf(stage.associations.plain, `&cursor=${cursor}`);
      expect(itemsOf(own).filter((item) => item['associationId'] !== stage.associations.plain)).to.deep.equal([]);
    });

    it('for a subscription whose rows name another tenant', async () => {
      const subscriptionId = randomUUID();
      const associationId = await stage.addAssociation(`subscription:${subscriptionId}`);
      await stage.importCsv(
        'seats',
        csvOf([{ ...stage.seatRow(subscriptionId, stage.month(1)), CustomerTenantId: stage.tenants.austin.tenantId }]),
      );
      expect(monthsOf(await stage.get(`/v1/associations/${associationId}/usage?set=seats`))).to.deep.equal([]);
    });
  });

  describe('with small counts', () => {
    it('suppresses them and the values derived from them', async () => {
      const { body } = await stage.usageOf(stage.associations.small, `&from=${stage.month(1)}&to=${stage.month(1)}`, stage.executive);
      const [row] = body['items'] as Json[];
      expect([row!['values']['MonthlyActiveUsers'], row!['values']['PaidAvailableUnits'], row!['suppressed']]).to.deep.equal([
        null,
        200,
        ['MonthlyActiveUsers'],
      ]);
      const subscriptionId = randomUUID();
      const associationId = await stage.addAssociation(`subscription:${subscriptionId}`);
      await stage.database.source.query(`UPDATE associations SET claim_id = $2 WHERE association_id = $1`, [
        associationId,
        stage.claims.small.claimId,
      ]);
      await stage.importCsv('seats', csvOf([{ ...stage.seatRow(subscriptionId, stage.month(0)), ActiveSeats: 3 }]));
      const seats = await stage.get(`/v1/associations/${associationId}/usage?set=seats`);
      const [seat] = seats.body['items'] as Json[];
      expect([
        seat!['values']['ActiveSeats'],
        seat!['values']['ActiveUsagePercent'],
        seat!['values']['DeploymentOpportunity'],
      ]).to.deep.equal([null, null, 10]);
      expect(seat!['suppressed']).to.deep.equal(['ActiveSeats', 'ActiveUsagePercent']);
      await stage.database.source.query('UPDATE associations SET ended_at = official_at WHERE association_id = $1', [associationId]);
    });

    it('leaves them out of every sum', async () => {
      const span = `set=workload_usage&from=${stage.month(1)}&to=${stage.month(1)}`;
      const target = `workload:${stage.tenants.small.tenantId}:exchange`;
      const byTarget = await stage.get(`/v1/usage/aggregates?${span}&by=target`);
      const cell = itemsOf(byTarget).find((item) => item['key'] === target)!;
      expect([cell['values']['MonthlyActiveUsers'], cell['suppressed']]).to.deep.equal([null, ['MonthlyActiveUsers']]);
      const byCustomer = await stage.get(`/v1/usage/aggregates?${span}&by=customer`);
      const customerSum = itemsOf(byCustomer).find((item) => item['key'] === stage.tenants.small.tenantId)!;
      expect([customerSum['values']['MonthlyActiveUsers'], customerSum['suppressed'], customerSum['associations']]).to.deep.equal([
        101,
        ['MonthlyActiveUsers'],
        2,
      ]);
      const total = (await stage.get(`/v1/usage/aggregates?${span}`)).body['items'] as Json[];
      const rows = (await stage.get(`/v1/usage?${span}&limit=1000`)).body['items'] as Json[];
      const visible = rows.reduce((sum, row) => sum + ((row['values']['MonthlyActiveUsers'] as number | null) ?? 0), 0);
      expect(total.map((item) => [item['values']['MonthlyActiveUsers'], item['suppressed']])).to.deep.equal([
        [visible, ['MonthlyActiveUsers']],
      ]);
    });

    it('marks them as suppressed in series and exports', async () => {
      const series = await stage.get(
        `/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${stage.associations.small}`,
      );
      expect(itemsOf(series)[0]!['points']).to.deep.equal([
        { month: stage.month(0), value: 100, state: 'known' },
        { month: stage.month(1), value: null, state: 'suppressed' },
        { month: stage.month(2), value: 102, state: 'known' },
      ]);
      const { text } = await stage.get(`/v1/usage/export?set=workload_usage&from=${stage.month(1)}&to=${stage.month(1)}`);
      const rows = parse<Record<string, string>>(text, { columns: true, bom: true });
      const row = rows.find((row) => row['CustomerTenantId'] === stage.tenants.small.tenantId && row['WorkloadName'] === 'Exchange')!;
      expect([row['MonthlyActiveUsers'], row['Suppressed']]).to.deep.equal(['', 'MonthlyActiveUsers']);
    });
  });

  describe('in executive columns', () => {
    before(async () => {
      await stage.importCsv(
        'aggregates',
        csvOf([
          {
            CustomerTenantId: stage.tenants.plain.tenantId,
            WorkloadName: 'exchange',
            CPORRevenue: '1234.50',
            CPORPaidSeats: 20,
            CPORActiveUsers: 15,
            Date: stage.month(1),
          },
        ]),
      );
    });

    it('is absent for a viewer', async () => {
      const viewed = await stage.get(`/v1/associations/${stage.associations.plain}/usage?set=aggregates`);
      expect(itemsOf(viewed)[0]!['values']).to.include({ CPORPaidSeats: 20, CPORActiveUsers: 15 });
      for (const path of [
        `/v1/associations/${stage.associations.plain}/usage?set=aggregates`,
        '/v1/usage?set=aggregates',
        '/v1/usage/export?set=aggregates',
        '/v1/usage/export?set=aggregates&format=json',
        '/v1/usage/aggregates?set=aggregates',
      ]) {
        expect((await stage.get(path)).text, path).not.to.match(/CPORRevenue|1234/);
        expect((await stage.get(path, stage.executive)).text, path).to.match(/1234\.5/);
      }
      const series = '/v1/usage/series?set=aggregates&measure=CPORRevenue';
      expect(codeOf(await stage.get(series))).to.deep.equal([403, 'forbidden']);
      expect((await stage.get(series, stage.executive)).status).to.equal(200);
    });

    it('is also withheld in the columns that the programme names', async () => {
      const values = async (token: string) => itemsOf(await stage.usageOf(stage.associations.private, '', token))[0]!['values'] as Json;
      expect(await values(stage.viewer)).to.include({ CustomerName: null, PaidAvailableUnits: null, MonthlyActiveUsers: 100 });
      expect(await values(stage.executive)).to.include({ CustomerName: 'Customer private', PaidAvailableUnits: 200 });
      const target = `workload:${stage.tenants.private.tenantId}:exchange`;
      const { body } = await stage.get('/v1/usage/aggregates?set=workload_usage&by=target');
      const sums = (body['items'] as Json[]).filter((item) => item['key'] === target);
      expect(sums.map((item) => item['values']['PaidAvailableUnits'] as number | null)).to.deep.equal([null, null, null]);
      const series = await stage.get(
        `/v1/usage/series?set=workload_usage&measure=PaidAvailableUnits&associationId=${stage.associations.private}`,
      );
      expect(itemsOf(series)[0]!['points'][0]).to.deep.equal({ month: stage.month(0), value: null, state: 'withheld' });
    });
  });

  describe('after the customer’s refusal', () => {
    it('is closed while the refusal is still waiting in the inbox', async () => {
      await stage.claims.small.accept('optOut', customer, {});
      expect(codeOf(await stage.usageOf(stage.associations.small))).to.deep.equal([403, 'usage_ended']);
      expect((await stage.get('/v1/usage/export?set=workload_usage')).text).not.to.include(stage.tenants.small.tenantId);
      const { leftOut } = JSON.parse((await stage.get('/v1/usage/export?set=workload_usage&format=json')).text) as { leftOut: Json[] };
      const waiting = leftOut.filter(({ claimNumber }) => claimNumber === stage.claims.small.number);
      expect(waiting.map(({ code, endedAt }) => [code, endedAt] as unknown)).to.deep.include(['usage_ended', null]);
    });

    it('is closed immediately for every read, including past months', async () => {
      const before = await stage.get('/v1/usage?set=workload_usage&limit=1');
      await stage.database.source.query("UPDATE associations SET ended_at = cpor_now() WHERE target LIKE 'subscription:%'");
      await stage.claims.plain.accept('optOut', customer, {});
      await stage.claims.plain.execute();
      expect(codeOf(await stage.usageOf(stage.associations.plain))).to.deep.equal([403, 'usage_ended']);
      const series = await stage.get(
        `/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${stage.associations.plain}`,
      );
      expect(codeOf(series)).to.deep.equal([403, 'usage_ended']);
      for (const path of [
        '/v1/usage?set=workload_usage&limit=1000',
        `/v1/usage?set=workload_usage&limit=1000&cursor=${before.body['next']}`,
        '/v1/usage/export?set=workload_usage',
        '/v1/usage/aggregates?set=workload_usage&by=customer',
        '/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&limit=100',
      ]) {
        const reply = await stage.get(path);
        expect([reply.status, reply.text.includes(stage.tenants.plain.tenantId)], path).to.deep.equal([200, false]);
      }
    });

    it('stays readable for whole months of tenure if the programme allows it', async () => {
      await stage.claims.tenure.accept('optOut', customer, {});
      await stage.claims.tenure.execute();
      expect(monthsOf(await stage.usageOf(stage.associations.tenure))).to.deep.equal([stage.month(0), stage.month(1)]);
    });

    it('stays listed in the log of own exports', async () => {
      const { body } = await stage.get('/v1/usage/exports?limit=100');
      expect((body['items'] as Json[]).length).to.be.greaterThan(5);
    });
  });
});
