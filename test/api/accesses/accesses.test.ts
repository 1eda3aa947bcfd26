import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { asSuperuser } from '../../support/database.js';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';
import { codeOf, type Json } from '../../support/api.js';
import { itemsOf, monthsOf, type Tenant, UsageStage } from '../../support/usage-stage.js';

describe('The usage access log over HTTP', () => {
  let stage: UsageStage;

  before(async function () {
    this.timeout(120_000);
    stage = await UsageStage.start();
  });
  after(() => stage?.close());

  describe('of refused reads', () => {
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

    it('shows a read of an ended association to the vendor and the customer', async () => {
      const target = `subscription:${randomUUID()}`;
      const ended = await stage.addAssociation(target);
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

    it("shows a read of a rival's or an unknown association to the vendor only", async () => {
      const before = await entriesOf(stage.tenants.plain);
      const unknown = randomUUID();
      for (const associationId of [stage.associations.rival, unknown]) {
        expect(codeOf(await stage.usageOf(associationId))).to.deep.equal([404, 'not_found']);
      }
      const [missing, rival] = await refusals(`?limit=2&partnerAccountId=${evergreen.accountId}`);
      expect(missing).to.deep.include({ code: 'not_found', associationId: unknown, association: null });
      expect(rival).to.deep.include({ code: 'not_found', associationId: stage.associations.rival, partnerAccountId: evergreen.accountId });
      expect(rival!['association']).to.include({ partnerAccountId: ironbridge.accountId, tenantId: stage.tenants.plain.tenantId });
      expect(await refusals(`?partnerAccountId=${ironbridge.accountId}`)).to.deep.equal([]);
      expect(await entriesOf(stage.tenants.plain)).to.deep.equal(before);
    });

    it('is paged', async () => {
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

    it('answers 500 when a refusal cannot be logged, whether or not the association exists', async () => {
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

  describe("of a customer's data", () => {
    const accesses = async (tenant: Tenant, query = '', as = tenant) =>
      stage.get(`/v1/tenants/${tenant.tenantId}/accesses${query}`, await stage.api.token('tenant_admin', { tenant: as.tenantId }));

    before(async () => {
      const rival = await stage.api.token('usage_viewer', { partner: ironbridge.accountId });
      for (const token of [rival, stage.viewer, rival, stage.viewer]) await stage.get('/v1/usage?set=workload_usage&limit=1000', token);
    });

    it('records who read what, for which months and when, before the read is answered', async () => {
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

    it('records every kind of read', async () => {
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

    it('records only the associations on the page that was read', async () => {
      const first = await stage.get('/v1/usage?set=workload_usage&limit=1');
      const [shown] = first.body['items'] as Json[];
      const [{ touched }] = await stage.database.source.query<[{ touched: string[] }]>(
        `SELECT array_agg(association_id) AS touched FROM access_entries
         WHERE access_id = (SELECT access_id FROM access_entries ORDER BY at DESC, access_id DESC LIMIT 1)`,
      );
      expect(touched).to.deep.equal([shown!['associationId']]);
    });

    it('can be filtered by partner, target and time, and is paged', async () => {
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

    it('can be exported: exactly what the list returns for the same filters, also beyond one part', async () => {
      const { plain } = stage.tenants;
      const listed = async (query: string) => itemsOf(await accesses(plain, `?limit=100${query}`));
      const exported = (query: string) => accesses(plain, `/export?format=${query}`);
      for (const filter of [
        '',
        `&partnerId=${ironbridge.partnerId}`,
        `&target=workload:${plain.tenantId}:teams`,
        '&to=2020-01-01T00:00:00Z',
      ]) {
        const items = await listed(filter);
        const file = await exported(`json${filter}`);
        expect(JSON.parse(file.text), filter).to.deep.equal(items);
        expect(file.headers.get('content-disposition')).to.equal('attachment; filename="accesses.json"');
        const table = await exported(`csv${filter}`);
        const rows = parse<Json>(table.text, { columns: true, bom: true });
        expect(
          rows.map(({ accessId, legalName, rows: count }) => [accessId, legalName, Number(count)]),
          filter,
        ).to.deep.equal(items.map(({ accessId, partner, rows: count }) => [accessId, partner.legalName, count]));
        expect(table.headers.get('content-type')).to.match(/^text\/csv/);
      }
      await stage.database.source.query(
        `INSERT INTO access_entries (tenant_id, sequence, access_id, at, kind, subject, partner_account_id, partner_id, association_id, claim_id,
           target, set_name, row_count, hash)
         SELECT $1, 100000 + n, gen_random_uuid(), '2001-01-01', 'read', 'ann', $2, $3, $4, $5, '=HYPERLINK("x")', 'seats', 1, ''
         FROM generate_series(1, 2001) n`,
        [plain.tenantId, evergreen.accountId, evergreen.partnerId, stage.associations.plain, stage.claims.plain.claimId],
      );
      try {
        const long = parse<Json>((await exported('csv&to=2002-01-01T00:00:00Z')).text, { columns: true, bom: true });
        expect([long.length, new Set(long.map(({ accessId }) => accessId as string)).size]).to.deep.equal([2001, 2001]);
        expect(long[0]!['target']).to.equal(`'=HYPERLINK("x")`);
      } finally {
        await asSuperuser(stage.database, 'DELETE FROM access_entries WHERE sequence > 100000');
      }
    });

    it('exports nothing to other customers or to partners, and names a wrong format', async () => {
      expect(codeOf(await accesses(stage.tenants.plain, '/export?format=csv', stage.tenants.austin))).to.deep.equal([404, 'not_found']);
      const path = `/v1/tenants/${stage.tenants.plain.tenantId}/accesses/export`;
      expect(codeOf(await stage.get(`${path}?format=csv`))).to.deep.equal([403, 'forbidden']);
      const wrong = await accesses(stage.tenants.plain, '/export?format=xlsx');
      expect([...codeOf(wrong), wrong.body['errors'][0]['field']]).to.deep.equal([422, 'invalid_request', 'format']);
    });

    it('is not visible to other customers or to partners', async () => {
      expect(codeOf(await accesses(stage.tenants.plain, '', stage.tenants.austin))).to.deep.equal([404, 'not_found']);
      expect(codeOf(await stage.get(`/v1/tenants/${stage.tenants.plain.tenantId}/accesses`))).to.deep.equal([403, 'forbidden']);
    });

    it('withholds the data of a read that cannot be logged', async () => {
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
