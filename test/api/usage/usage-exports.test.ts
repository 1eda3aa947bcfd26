import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';
import { csvOf } from '../../support/usage.js';
import { codeOf, type Json } from '../../support/api.js';
import { itemsOf, UsageStage } from '../../support/usage-stage.js';

describe('Usage over HTTP', () => {
  let stage: UsageStage;

  before(async function () {
    this.timeout(120_000);
    stage = await UsageStage.start();
  });
  after(() => stage?.close());

  describe('in sums and series', () => {
    it('counts a target once, even if it is held for several activities', async () => {
      const subscriptionId = randomUUID();
      const held = [
        await stage.addAssociation(`subscription:${subscriptionId}#usage`),
        await stage.addAssociation(`subscription:${subscriptionId}#presales`),
      ];
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

    it('shows months without data as gaps', async () => {
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

    it('is a single page for one association, whatever the limit or cursor', async () => {
      const path = `/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers&associationId=${stage.associations.plain}`;
      const page = await stage.get(`${path}&limit=1`);
      expect([itemsOf(page).length, page.body['next']]).to.deep.equal([1, null]);
      const cursor = Buffer.from(JSON.stringify(stage.associations.plain)).toString('base64url');
      expect(itemsOf(await stage.get(`${path}&cursor=${cursor}`))).to.deep.equal(itemsOf(page));
    });

    it('is refused for measures and groupings that cannot be summed', async () => {
      const measure = await stage.get('/v1/usage/series?set=workload_usage&measure=CustomerName');
      expect([...codeOf(measure), measure.body['errors'][0]['code']]).to.deep.equal([422, 'invalid_request', 'measure_unknown']);
      const by = await stage.get('/v1/usage/aggregates?set=workload_usage&by=sku');
      expect([...codeOf(by), by.body['errors'][0]['code']]).to.deep.equal([422, 'invalid_request', 'grouping_unknown']);
    });
  });

  describe('in exports', () => {
    it('has spreadsheet formulas escaped as text', async () => {
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

    it('has the same rows in both formats, across several batches', async () => {
      const subscriptionId = randomUUID();
      const associationId = await stage.addAssociation(`subscription:${subscriptionId}`);
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

    it('names ended associations, which it omits, in both formats', async () => {
      const ended = await stage.addAssociation(`subscription:${randomUUID()}`);
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

    it('has an export log that shows nobody else’s exports', async () => {
      const rival = await stage.get(
        '/v1/usage/exports',
        await stage.api.token('usage_viewer', { partner: ironbridge.accountId, subject: 'rival' }),
      );
      expect(itemsOf(rival).filter((item) => item['subject'] === 'usage_viewer-own')).to.deep.equal([]);
      const chicago = await stage.get('/v1/usage/exports', await stage.api.token('usage_viewer', { locations: ['1240395'] }));
      expect(chicago.body['items']).to.deep.equal([]);
    });
  });
});
