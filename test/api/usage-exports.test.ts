import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { asSuperuser } from '../support/database.js';
import { evergreen, evergreenAustin, ironbridge } from '../support/sample-directory.js';
import { csvOf } from '../support/usage.js';
import { codeOf, type Json } from '../support/api.js';
import { itemsOf, monthsOf, type Tenant, UsageStage } from '../support/usage-stage.js';

describe('Usage by HTTP', () => {
  let stage: UsageStage;

  before(async function () {
    this.timeout(120_000);
    stage = await UsageStage.start();
  });
  after(() => stage?.close());

  describe('Sums and series', () => {
    it('count a target once, whatever activities it is held for', async () => {
      const subscriptionId = randomUUID();
      const held = [await stage.hold(`subscription:${subscriptionId}#usage`), await stage.hold(`subscription:${subscriptionId}#presales`)];
      await stage.importCsv('seats', csvOf(['S1', 'S2'].map((sku) => stage.seatRow(subscriptionId, stage.month(0), sku))));
      const rows = await stage.get(`/v1/associations/${held[0]}/usage?set=seats`);
      expect(itemsOf(rows).map((item) => item['values']['SKUId'] as string)).to.deep.equal(['S1', 'S2']);
      expect(itemsOf(rows)[0]!['values']).to.include({
        SubscriptionId: subscriptionId,
        DeploymentOpportunity: 10,
        ActiveUsagePercent: 40,
      });
      const { body } = await stage.get('/v1/usage/aggregates?set=seats&by=geography');
      expect(body['items']).to.deep.equal([
        {
          month: stage.month(0),
          key: 'US',
          associations: 1,
          values: { AvailableSeats: 100, AssignedSeats: 80, ActiveSeats: 40, DeploymentOpportunity: 20, ActiveUsagePercent: 40 },
          suppressed: [],
        },
      ]);
    });

    it('show months without data as gaps', async () => {
      const row = { CustomerTenantId: stage.tenants.plain.tenantId, WorkloadName: 'exchange', MeetingCount: 5 };
      await stage.importCsv(
        'teams_detail',
        csvOf([
          { ...row, Date: stage.month(0) },
          { ...row, Date: stage.month(2) },
        ]),
      );
      const { body } = await stage.get(`/v1/usage/series?set=teams_detail&measure=MeetingCount&associationId=${stage.associations.plain}`);
      expect((body['items'] as Json[])[0]!['points']).to.deep.equal([
        { month: stage.month(0), value: 5, state: 'known' },
        { month: stage.month(1), value: null, state: 'missing' },
        { month: stage.month(2), value: 5, state: 'known' },
      ]);
    });

    it('of one association are one page, and never taken for an end', async () => {
      const path = `/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${stage.associations.plain}`;
      const one = await stage.get(`${path}&limit=1`);
      expect([itemsOf(one).length, one.body['next']]).to.deep.equal([1, null]);
      const cursor = Buffer.from(JSON.stringify(stage.associations.plain)).toString('base64url');
      expect(itemsOf(await stage.get(`${path}&cursor=${cursor}`))).to.deep.equal(itemsOf(one));
    });

    it('are refused of what cannot be added up', async () => {
      const measure = await stage.get('/v1/usage/series?set=workload_usage&measure=CustomerName');
      expect([...codeOf(measure), measure.body['errors'][0]['code']]).to.deep.equal([422, 'invalid_request', 'measure_unknown']);
      const by = await stage.get('/v1/usage/aggregates?set=workload_usage&by=sku');
      expect([...codeOf(by), by.body['errors'][0]['code']]).to.deep.equal([422, 'invalid_request', 'grouping_unknown']);
    });
  });

  describe('Exports', () => {
    it('make formulas text', async () => {
      await stage.importCsv(
        'ems_detail',
        csvOf([
          {
            CustomerTenantId: stage.tenants.plain.tenantId,
            CustomerName: '=HYPERLINK("evil")'.replaceAll('"', ''),
            WorkloadName: 'exchange',
            ServiceName: '@service',
            MonthlyActiveUsers: 30,
            PaidAvailableUnits: 60,
            Date: stage.month(0),
          },
        ]),
      );
      const reply = await stage.get('/v1/usage/export?set=ems_detail');
      const [row] = parse<Record<string, string>>(reply.text, { columns: true, bom: true });
      expect([row!['CustomerName'], row!['ServiceName']]).to.deep.equal(["'=HYPERLINK(evil)", "'@service"]);
      expect(reply.headers.get('content-disposition')).to.equal('attachment; filename="ems_detail.csv"');
      expect(reply.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    });

    it('hold the same rows in both formats, more than one part long', async () => {
      const subscriptionId = randomUUID();
      const associationId = await stage.hold(`subscription:${subscriptionId}`);
      const rows = Array.from({ length: 6_100 }, (_, index) => ({
        CustomerTenantId: stage.tenants.plain.tenantId,
        SubscriptionId: subscriptionId,
        MetricType: 'users',
        WorkloadCategory: `category ${index}`,
        SKUGroup: 'all',
        MAU: index,
        Date: stage.month(1),
      }));
      await stage.importCsv('business_applications_usage', csvOf(rows));
      const csv = parse<Json>((await stage.get('/v1/usage/export?set=business_applications_usage')).text, { columns: true, bom: true });
      const json = JSON.parse((await stage.get('/v1/usage/export?set=business_applications_usage&format=json')).text) as { items: Json[] };
      expect(csv.map((row) => Number(row['MAU'])).sort((a, b) => a - b)).to.deep.equal(rows.map(({ MAU }) => MAU));
      expect(json.items.map((item) => item['values']['MAU'] as number)).to.deep.equal(csv.map((row) => Number(row['MAU'])));
      const { body } = await stage.get('/v1/usage/exports?limit=2');
      expect((body['items'] as Json[]).map((item) => [item['set'], item['rows'], item['associations'], item['subject']])).to.deep.equal([
        ['business_applications_usage', 6_100, 1, 'usage_viewer-own'],
        ['business_applications_usage', 6_100, 1, 'usage_viewer-own'],
      ]);
      expect(associationId).to.match(/^[0-9a-f-]{36}$/);
    });

    it('name what has ended, and why it is not there, in both formats', async () => {
      const ended = await stage.hold(`subscription:${randomUUID()}`);
      const path = `/v1/usage/export?set=seats&from=${stage.month(0)}`;
      const files = async (query = '', token = stage.viewer) => {
        const json = JSON.parse((await stage.get(`${path}&format=json${query}`, token)).text) as { leftOut: Json[] };
        const csv = parse<Record<string, string>>((await stage.get(`${path}${query}`, token)).text, { columns: true, bom: true });
        return { json: json.leftOut, csv: csv.filter((row) => row['LeftOut'] !== '') };
      };
      expect(await files()).to.deep.equal({ json: [], csv: [] });
      const end = 'UPDATE associations SET ended_at = $2 WHERE association_id = $1';
      await stage.database.source.query(end, [ended, `${stage.month(1)}T12:00:00.000Z`]);

      const [{ on }] = await stage.database.source.query<[{ on: string }]>(
        `SELECT (official_at AT TIME ZONE 'America/New_York')::date::text AS on FROM associations WHERE association_id = $1`,
        [ended],
      );
      const { json, csv } = await files();
      expect(json).to.deep.equal([
        {
          code: 'usage_ended',
          associationId: ended,
          claimNumber: stage.claims.plain.number,
          partnerId: evergreen.partnerId,
          associatedOn: on,
          endedAt: `${stage.month(1)}T12:00:00.000Z`,
        },
      ]);
      const filled = csv.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')));
      expect(filled).to.deep.equal([
        { ClaimId: stage.claims.plain.number, MpnId: evergreen.partnerId, DateAssociated: on, LeftOut: 'usage_ended' },
      ]);

      expect((await files(`&to=${stage.month(1)}`)).json).to.have.length(1);
      const later = await stage.get(`/v1/usage/export?set=seats&format=json&from=${stage.month(2)}`);
      expect(JSON.parse(later.text)).to.have.property('leftOut').that.deep.equals([]);
      const strangers = [
        await stage.api.token('usage_viewer', { partner: ironbridge.accountId }),
        await stage.api.token('usage_viewer', { locations: [evergreenAustin.partnerId] }),
      ];
      for (const stranger of strangers) expect(await files('', stranger)).to.deep.equal({ json: [], csv: [] });
    });

    it('are listed to nobody else', async () => {
      const rival = await stage.get(
        '/v1/usage/exports',
        await stage.api.token('usage_viewer', { partner: ironbridge.accountId, subject: 'rival' }),
      );
      expect(itemsOf(rival).filter((item) => item['subject'] === 'usage_viewer-own')).to.deep.equal([]);
      const chicago = await stage.get('/v1/usage/exports', await stage.api.token('usage_viewer', { locations: ['1240395'] }));
      expect(chicago.body['items']).to.deep.equal([]);
    });
  });

  describe('Refused reads', () => {
    const refusals = async (query = '') => itemsOf(await stage.get(`/v1/usage/refusals${query}`, await stage.api.token('operator')));
    const seriesOf = (associationId: string) =>
      `/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${associationId}`;
    const entriesOf = async (tenant: Tenant) =>
      itemsOf(
        await stage.get(
          `/v1/tenants/${tenant.tenantId}/accesses?limit=100`,
          await stage.api.token('tenant_admin', { tenant: tenant.tenantId }),
        ),
      );

    it('of what has ended are shown to vendor and customer', async () => {
      const target = `subscription:${randomUUID()}`;
      const ended = await stage.hold(target);
      await stage.database.source.query('UPDATE associations SET ended_at = cpor_now() WHERE association_id = $1', [ended]);
      const nosy = await stage.api.token('usage_viewer', { subject: 'nosy' });
      expect(codeOf(await stage.usageOf(ended, `&from=${stage.month(0)}`, nosy))).to.deep.equal([403, 'usage_ended']);
      expect(codeOf(await stage.get(seriesOf(ended), nosy))).to.deep.equal([403, 'usage_ended']);
      const [series, read] = await refusals('?limit=2');
      const { refusalId, at, ...rest } = read!;
      expect(rest).to.deep.equal({
        code: 'usage_ended',
        subject: 'nosy',
        partnerAccountId: evergreen.accountId,
        associationId: ended,
        set: 'workload_usage',
        fromMonth: stage.month(0),
        toMonth: null,
        association: {
          partnerAccountId: evergreen.accountId,
          partnerId: evergreen.partnerId,
          tenantId: stage.tenants.plain.tenantId,
          claimNumber: stage.claims.plain.number,
          target,
        },
      });
      expect(series).to.include({ associationId: ended, fromMonth: null });
      const [, entry] = await entriesOf(stage.tenants.plain);
      expect(entry).to.deep.include({ accessId: refusalId, kind: 'refused', target, fromMonth: stage.month(0), toMonth: null, rows: 0 });
      expect(Math.abs(Date.parse(entry!['at'] as string) - Date.parse(at as string))).to.be.lessThan(5_000);
    });

    it("of a rival's association, or of none, are shown to the vendor alone", async () => {
      const before = await entriesOf(stage.tenants.plain);
      const unknown = randomUUID();
      for (const associationId of [stage.associations.rival, unknown]) {
        expect(codeOf(await stage.usageOf(associationId))).to.deep.equal([404, 'not_found']);
      }
      const [none, rival] = await refusals(`?limit=2&partnerAccountId=${evergreen.accountId}`);
      expect(none).to.deep.include({ code: 'not_found', associationId: unknown, association: null });
      expect(rival).to.deep.include({ code: 'not_found', associationId: stage.associations.rival, partnerAccountId: evergreen.accountId });
      expect(rival!['association']).to.include({ partnerAccountId: ironbridge.accountId, tenantId: stage.tenants.plain.tenantId });
      expect(await refusals(`?partnerAccountId=${ironbridge.accountId}`)).to.deep.equal([]);
      expect(await entriesOf(stage.tenants.plain)).to.deep.equal(before);
    });

    it('are listed in pages', async () => {
      const all = await refusals('?limit=100');
      const paged: Json[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const query = `?limit=1${next === '' ? '' : `&cursor=${next}`}`;
        const { body } = await stage.get(`/v1/usage/refusals${query}`, await stage.api.token('operator'));
        paged.push(...(body['items'] as Json[]));
        next = body['next'] as string | null;
      }
      expect(paged).to.deep.equal(all).and.have.length.greaterThan(3);
    });

    it('are answered alike, whoever holds the association, when they cannot be written', async () => {
      await asSuperuser(stage.database, 'REVOKE INSERT ON usage_refusals FROM cpor_app');
      try {
        for (const associationId of [stage.associations.rival, randomUUID()]) {
          expect(codeOf(await stage.usageOf(associationId))).to.deep.equal([500, 'internal_error']);
        }
      } finally {
        await asSuperuser(stage.database, 'GRANT INSERT ON usage_refusals TO cpor_app');
      }
    });
  });

  describe("The customer's log", () => {
    const accesses = async (tenant: Tenant, query = '', as = tenant) =>
      stage.get(`/v1/tenants/${tenant.tenantId}/accesses${query}`, await stage.api.token('tenant_admin', { tenant: as.tenantId }));

    before(async () => {
      const rival = await stage.api.token('usage_viewer', { partner: ironbridge.accountId });
      for (const token of [rival, stage.viewer, rival, stage.viewer]) await stage.get('/v1/usage?set=workload_usage&limit=1000', token);
    });

    it('holds each read before it is answered: who, what, which months, when', async () => {
      const read = await stage.usageOf(
        stage.associations.austin,
        `&from=${stage.month(1)}`,
        await stage.api.token('usage_viewer', { subject: 'ann' }),
      );
      expect(monthsOf(read)).to.deep.equal([stage.month(1), stage.month(2)]);
      const { body } = await accesses(stage.tenants.austin, '?limit=1');
      const [entry] = body['items'] as Json[];
      const { accessId, at, ...rest } = entry!;
      expect(rest).to.deep.equal({
        kind: 'read',
        partner: { partnerId: evergreenAustin.partnerId, legalName: 'Evergreen Cloud Consulting, Inc.' },
        claimNumber: stage.claims.austin.number,
        target: `workload:${stage.tenants.austin.tenantId}:exchange`,
        set: 'workload_usage',
        fromMonth: stage.month(1),
        toMonth: stage.month(2),
        rows: 2,
      });
      expect([accessId, at].every((text) => typeof text === 'string')).to.equal(true);
    });

    it('holds every way of reading', async () => {
      const count = async () => itemsOf(await accesses(stage.tenants.austin, '?limit=100')).length;
      for (const [path, kind] of [
        ['/v1/usage?set=workload_usage&limit=1000', 'read'],
        ['/v1/usage/aggregates?set=workload_usage', 'read'],
        ['/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&limit=100', 'read'],
        ['/v1/usage/export?set=workload_usage', 'export'],
        [`/v1/associations/${stage.associations.austin}/usage?set=ems_detail`, 'read'],
      ] as const) {
        const before = await count();
        const reply = await stage.get(path);
        expect(reply.status).to.equal(200);
        const items = (await accesses(stage.tenants.austin, '?limit=100')).body['items'] as Json[];
        expect([items.length, items[0]!['kind']], path).to.deep.equal([before + 1, kind]);
        if (kind === 'export') expect(items[0]!['accessId']).to.equal(reply.headers.get('access-id'));
      }
    });

    it('holds nothing of those who only were on the page after', async () => {
      const first = await stage.get('/v1/usage?set=workload_usage&limit=1');
      const [shown] = first.body['items'] as Json[];
      const [{ touched }] = await stage.database.source.query<[{ touched: string[] }]>(
        `SELECT array_agg(association_id) AS touched FROM access_entries
         WHERE access_id = (SELECT access_id FROM access_entries ORDER BY at DESC, access_id DESC LIMIT 1)`,
      );
      expect(touched).to.deep.equal([shown!['associationId']]);
    });

    it('is filtered by partner, target and time, and paged', async () => {
      const all = (await accesses(stage.tenants.plain, '?limit=100')).body['items'] as Json[];
      const rival = (await accesses(stage.tenants.plain, `?partnerId=${ironbridge.partnerId}&limit=100`)).body['items'] as Json[];
      expect(rival).to.deep.equal(all.filter((entry) => entry['partner']['partnerId'] === ironbridge.partnerId));
      expect(rival).not.to.deep.equal([]);
      const target = `workload:${stage.tenants.plain.tenantId}:teams`;
      const ofTarget = (await accesses(stage.tenants.plain, `?target=${target}&limit=100`)).body['items'] as Json[];
      expect(ofTarget).to.deep.equal(all.filter((entry) => entry['target'] === target));
      const middle = all[3]!['at'] as string;
      const since = (await accesses(stage.tenants.plain, `?from=${middle}&limit=100`)).body['items'] as Json[];
      expect(since).to.deep.equal(all.filter((entry) => (entry['at'] as string) >= middle));
      const paged: Json[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const { body } = await accesses(stage.tenants.plain, `?limit=3${next === '' ? '' : `&cursor=${next}`}`);
        paged.push(...(body['items'] as Json[]));
        next = body['next'] as string | null;
      }
      expect(paged).to.deep.equal(all);
    });

    it('is nobody else’s to read', async () => {
      expect(codeOf(await accesses(stage.tenants.plain, '', stage.tenants.austin))).to.deep.equal([404, 'not_found']);
      expect(codeOf(await stage.get(`/v1/tenants/${stage.tenants.plain.tenantId}/accesses`))).to.deep.equal([403, 'forbidden']);
    });

    it('keeps a read from being answered when it cannot be written', async () => {
      await asSuperuser(stage.database, 'REVOKE INSERT ON access_entries FROM cpor_app');
      try {
        const refused = await stage.usageOf(stage.associations.plain);
        expect([refused.status, refused.text.includes('MonthlyActiveUsers')]).to.deep.equal([500, false]);
        const exported = await stage.get('/v1/usage/export?set=workload_usage');
        expect([exported.status, exported.text.includes('Customer plain')]).to.deep.equal([500, false]);
      } finally {
        await asSuperuser(stage.database, 'GRANT INSERT ON access_entries TO cpor_app');
      }
    });
  });
});
