import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { completeClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { refuse, TestDirectoryService } from '../../support/directory-service.js';
import { evergreen, northwind } from '../../support/sample-directory.js';
import { waitFor } from '../../support/wait.js';

/** Tenants of the sample directory. */
const blueHeron = 'bf77df2a-6a8b-4c50-bd40-fa4a2e73527e';
const harborLight = '1ace461b-0a3a-4e48-a32f-52646ffc3049';
const lakeshore = 'b09a8ddd-174e-4442-a177-78dca18a05b0';
const polar = 'f2c598cc-6311-4d6d-8a0b-d181cbdebf5d';
const salesOfNorthwind = 'dcb61247-2905-4a97-aee4-a7edffc78672';

describe('The eligibility check', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_user');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const ask = async (tenantId: string, more: Record<string, string> = {}, token = partner) => {
    const query = new URLSearchParams({ programme: 'sample', partnerId: evergreen.partnerId, tenantId, ...more });
    return api.call('GET', `/v1/eligibility?${query.toString()}`, { token });
  };
  const areaOf = async (tenantId: string, area: string, more: Record<string, string> = {}): Promise<Json> => {
    const { status, body, text } = await ask(tenantId, { area, ...more });
    expect(status, text).to.equal(200);
    expect(body['areas']).to.have.length(1);
    return body['areas'][0] as Json;
  };
  const choiceOf = (area: Json, product: string, subscriptionId: string | null = null): Json =>
    (area['choices'] as Json[]).find((choice) => choice['product'] === product && choice['subscriptionId'] === subscriptionId)!;
  const codesOf = (part: Json): string[] => (part['findings'] as Json[]).map(({ code }) => code as string);

  it('finds the tenant by its domain or a sub-domain, and says so if there is none', async () => {
    const byDomain = async (more: Record<string, string>) => {
      const query = new URLSearchParams({ programme: 'sample', partnerId: evergreen.partnerId, ...more });
      return api.call('GET', `/v1/eligibility?${query.toString()}`, { token: partner });
    };
    for (const domain of [northwind.domain, ` Mail.${northwind.domain.toUpperCase()} `]) {
      const { status, body, text } = await byDomain({ domain });
      expect(status, text).to.equal(200);
      expect(body['tenantId']).to.equal(northwind.tenantId);
    }
    // The tenant's ID decides; whether the domain fits it is checked with the claim.
    const both = await byDomain({ domain: northwind.domain, tenantId: blueHeron });
    expect(both.body['tenantId']).to.equal(blueHeron);
    for (const domain of ['nobody.example', 'example', 'not a domain', '']) {
      const { body } = await byDomain({ domain });
      expect(body, domain).to.nested.include({ code: 'tenant_unknown', 'errors[0].field': 'domain' });
    }
    const neither = await byDomain({});
    expect(neither.status).to.equal(422);
    expect(neither.body).to.nested.include({ 'errors[0].field': 'tenantId' });
  });

  const hold = (target: string, accountId: string, activities: string[]) =>
    database.source.query(
      `INSERT INTO associations (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
       SELECT $1, claim_id, 1, $2, $3, '1', tenant_id, $4, cpor_now() FROM claims WHERE version > 0 LIMIT 1`,
      [randomUUID(), target, accountId, activities],
    );

  it('lists the workloads that can be claimed, and why others cannot', async () => {
    const { status, body, text } = await ask(northwind.tenantId, { area: 'modern_work_security' });
    expect(status, text).to.equal(200);
    expect(body).to.include({ policy: 'sample@1', partnerId: evergreen.partnerId, tenantId: northwind.tenantId });
    const [area] = body['areas'] as Json[];
    expect(area).to.deep.include({ area: 'modern_work_security', unit: 'workload', isPossible: true, findings: [] });
    expect(choiceOf(area!, 'teams')).to.deep.include({
      subscriptionId: null,
      isPossible: true,
      isUnclaimed: true,
      activities: ['usage'],
      findings: [],
    });
    const missing = choiceOf(area!, 'viva_topics');
    expect(missing).to.include({ isPossible: false, isUnclaimed: false });
    expect(missing['findings']).to.deep.equal([
      {
        code: 'product_not_on_tenant',
        severity: 'error',
        field: 'product',
        message: 'The tenant does not have `viva_topics`. Ask the customer which workloads it uses.',
        activities: null,
      },
    ]);
    const possible = (area!['choices'] as Json[]).filter(({ isPossible }) => isPossible as boolean).map(({ product }) => product as string);
    expect(possible).to.have.length(13);
    expect((body['unclaimed'] as Json[]).map(({ product }) => product as string)).to.have.members(possible);
  });

  it('lists each subscription with the activities that can be claimed for it', async () => {
    const area = await areaOf(northwind.tenantId, 'business_applications');
    const sales = choiceOf(area, 'sales', salesOfNorthwind);
    expect(sales).to.deep.include({ isPossible: true, activities: ['presales', 'revenue_association'] });
    expect(sales['findings']).to.have.length(1);
    expect(sales['findings'][0]).to.deep.include({ code: 'activity_not_in_area', field: 'activities', activities: ['usage'] });
    expect(codesOf(choiceOf(area, 'microsoft_365_e3', '3d43f4d0-b4ac-471c-b8a1-32618c1aca9e'))).to.include('product_unknown');
    expect(codesOf(choiceOf(area, 'finance'))).to.include('product_not_on_tenant');
  });

  for (const [tenantId, product, subscriptionId, code] of [
    [harborLight, 'sales', 'c73e5770-edb5-4d2c-a9f4-7fb5c3e9e02a', 'subscription_csp'],
    [lakeshore, 'hr', 'fad9306d-4ae1-4d87-9a1a-a4f12a5d0739', 'subscription_state'],
    [polar, 'field_service', '7c9b1f3e-52d6-4a8b-9e07-3f6a41d8c5b2', 'subscription_not_provisioned'],
  ] as const) {
    it(`reports ${code} as a submission would`, async () => {
      const area = await areaOf(tenantId, 'business_applications', { activity: 'presales' });
      const choice = choiceOf(area, product, subscriptionId);
      expect([choice['isPossible'], codesOf(choice)]).to.deep.equal([false, [code]]);
    });
  }

  it('reports exactly the errors that a submission would have', async () => {
    for (const tenantId of [blueHeron, lakeshore, northwind.tenantId]) {
      const area = await areaOf(tenantId, 'business_applications', { activity: 'presales' });
      for (const { product, subscriptionId, findings } of area['choices'] as Json[]) {
        const body = completeClaim({
          tenantId,
          domain: null,
          area: 'business_applications',
          lines: [{ product, subscriptionId, activities: ['presales'] }],
          submit: true,
        });
        const sent = await api.call('POST', '/v1/claims', { token: partner, body, headers: { Prefer: 'respond-async' } });
        const reported =
          (sent.body['errors'] as Json[] | undefined)?.map(({ code }) => code as string).filter((code) => code !== 'domain_invalid') ?? [];
        const expected = (findings as Json[]).filter(({ severity }) => severity === 'error').map(({ code }) => code as string);
        expect(reported, `${String(product)} of ${tenantId}`).to.deep.equal(expected);
      }
    }
  });

  it('shows which locations of the company could claim', async () => {
    const { body } = await ask(northwind.tenantId, { partnerId: '1240388' });
    const locations = (body['locations'] as Json[]).map(({ partnerId, area, isPossible }) => [partnerId, area, isPossible]);
    expect(locations).to.have.deep.members([
      ['1240388', 'modern_work_security', true],
      ['1240388', 'business_applications', false],
      ['1240371', 'modern_work_security', true],
      ['1240371', 'business_applications', true],
      ['1240395', 'modern_work_security', false],
      ['1240395', 'business_applications', false],
    ]);
    const refused = (body['locations'] as Json[]).find(({ partnerId, isPossible }) => partnerId === '1240388' && !isPossible)!;
    expect(refused['findings'][0]).to.include({
      code: 'location_not_enrolled',
      field: 'partnerId',
      message: 'The location is not enrolled in osu_business_applications. Enrol it, or use an enrolled location: 1240371.',
    });
    const area = (body['areas'] as Json[]).find(({ area: name }) => name === 'business_applications')!;
    expect([area['isPossible'], codesOf(area)]).to.deep.equal([false, ['location_not_enrolled']]);
    expect((area['choices'] as Json[]).some(({ isPossible }) => isPossible as boolean)).to.equal(false);
  });

  it('warns of a holder without naming it, and lists what is unclaimed', async () => {
    await api.call('POST', '/v1/claims', { token: partner, body: completeClaim() });
    await hold(`workload:${blueHeron}:teams`, randomUUID(), ['usage']);
    await hold(`workload:${blueHeron}:exchange`, evergreen.accountId, ['usage']);
    const { body } = await ask(blueHeron, { area: 'modern_work_security' });
    const [area] = body['areas'] as Json[];
    const teams = choiceOf(area!, 'teams');
    expect([teams['isPossible'], teams['isUnclaimed'], codesOf(teams)]).to.deep.equal([true, false, ['workload_already_claimed']]);
    expect(teams['findings'][0].severity).to.equal('warning');
    const exchange = choiceOf(area!, 'exchange');
    expect([exchange['isPossible'], codesOf(exchange)]).to.deep.equal([false, ['duplicate_own']]);
    const unclaimed = (body['unclaimed'] as Json[]).map(({ product }) => product as string);
    expect(unclaimed).to.include('sharepoint').and.not.include.members(['teams']).and.not.include.members(['exchange']);
    expect(unclaimed).to.have.length(7);
  });

  it('reports an unknown tenant as a claim would', async () => {
    const { status, body } = await ask(randomUUID());
    expect(status).to.equal(200);
    expect((body['areas'] as Json[]).map((area) => [area['isPossible'], codesOf(area), area['choices']])).to.deep.equal([
      [false, ['tenant_unknown'], []],
      [false, ['tenant_unknown'], []],
    ]);
    expect(codesOf(((await ask('contoso')).body['areas'] as Json[])[0]!)).to.deep.equal(['tenant_id_invalid']);
  });

  it('reveals neither the tenant nor sibling locations for a location of another company', async () => {
    const { status, body } = await ask(northwind.tenantId, { partnerId: '48213' });
    expect(status).to.equal(200);
    expect(body).to.deep.include({ locations: [], unclaimed: [] });
    for (const area of body['areas'] as Json[]) {
      expect([area['isPossible'], area['choices']]).to.deep.equal([false, []]);
      expect(codesOf(area)).to.deep.equal(['not_own_location']);
    }
  });

  it('is limited to the locations in the token', async () => {
    const token = await api.token('claim_user', { locations: ['1240388'] });
    const refused = await ask(northwind.tenantId, {}, token);
    expect([refused.status, refused.body['code'], refused.body['errors'][0].field]).to.deep.equal([409, 'not_own_location', 'partnerId']);
    const { body } = await ask(northwind.tenantId, { partnerId: '1240388' }, token);
    expect([...new Set((body['locations'] as Json[]).map(({ partnerId }) => partnerId as string))]).to.deep.equal(['1240388']);
  });

  it('contains no names or addresses', async () => {
    const { text } = await ask(northwind.tenantId);
    expect(text).not.to.match(/\.example|northwind/i);
  });

  it('refuses an unknown programme, area or parameter', async () => {
    expect((await ask(northwind.tenantId, { programme: 'nowhere' })).body['code']).to.equal('programme_unknown');
    expect((await ask(northwind.tenantId, { area: 'gardening' })).body['code']).to.equal('area_unknown');
    expect((await ask(northwind.tenantId, { colour: 'red' })).body['code']).to.equal('invalid_request');
  });

  it('answers from stored facts while the vendor’s directory is down, and with 503 if there are none', async function () {
    this.timeout(30_000);
    const service = new TestDirectoryService(new PostgresDirectoryProvider(database.source));
    await service.start();
    const remote = await startTestApi({ database, env: { DIRECTORY_URL: service.url, DIRECTORY_TOKEN: service.token } });
    try {
      const token = await remote.token('claim_user');
      const path = (tenantId: string) => `/v1/eligibility?programme=sample&partnerId=${evergreen.partnerId}&tenantId=${tenantId}`;
      const first = await remote.call('GET', path(northwind.tenantId), { token });
      expect(first.status, first.text).to.equal(200);
      service.always = refuse(503);
      const calls = service.calls.length;
      let later = first;

      await waitFor('the directory to be asked again', async () => {
        later = await remote.call('GET', path(northwind.tenantId), { token });
        return service.calls.length > calls;
      });
      expect(later.body).to.deep.equal(first.body);
      const unknown = await remote.call('GET', path(blueHeron), { token });
      expect([unknown.status, unknown.body['code'], unknown.headers.get('retry-after')]).to.deep.equal([503, 'service_unavailable', '10']);
    } finally {
      await remote.close();
      await service.stop();
    }
  });
});
