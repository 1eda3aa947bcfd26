import { expect } from 'chai';
import { completeClaim, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen, northwind } from '../../support/sample-directory.js';

/** A no-break space, a zero-width space, a byte order mark. */
const [nbsp, zwsp, bom] = ['\u00a0', '\u200b', '\ufeff'];
const subscriptionId = 'dcb61247-2905-4a97-aee4-a7edffc78672';
const pastedForms: [string, (guid: string) => string][] = [
  ['braces', (guid) => `{${guid}}`],
  ['urn:uuid:', (guid) => `urn:uuid:${guid}`],
  ['URN:UUID: and braces', (guid) => `URN:UUID:{${guid.toUpperCase()}}`],
  ['spaces', (guid) => ` ${nbsp}${guid}\u202f\t`],
  ['zero-width characters', (guid) => `${bom}${guid.replaceAll('-', `-${zwsp}`)}\u2060`],
  ['soft hyphens and bidirectional marks', (guid) => `\u202a${guid.replace('-', '-\u00ad')}\u202c`],
];

describe('Pasted identifiers', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let support: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
    support = await api.token('vendor_admin');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const draft = (more: Json): Promise<Reply> => api.call('POST', '/v1/claims', { token: partner, body: completeClaim(more) });
  const get = (path: string, token = partner) => api.call('GET', path, { token });
  const refusals = ({ body }: Reply) => (body['errors'] as Json[]).map(({ code, message }) => `${code}: ${message}`);

  for (const [what, form] of pastedForms) {
    it(`are stripped of ${what} in bodies, paths and queries`, async () => {
      const lines = [{ product: 'sales', subscriptionId: form(subscriptionId), activities: ['presales'] }];
      const made = await draft({ area: 'business_applications', tenantId: form(northwind.tenantId), lines });
      expect(made.status, made.text).to.equal(201);
      expect(made.body).to.deep.include({ tenantId: northwind.tenantId });
      expect(made.body['lines'][0]).to.deep.include({ subscriptionId });
      const claimId = made.body['claimId'] as string;
      expect((await get(`/v1/claims/${encodeURIComponent(form(claimId))}`)).body).to.deep.include({ claimId });
      const listed = await get(`/v1/claims?tenantId=${encodeURIComponent(form(northwind.tenantId))}&limit=1`);
      expect([listed.status, listed.body['items']?.length], listed.text).to.deep.equal([200, 1]);
      const found = await get(`/v1/claims?q=${encodeURIComponent(form(claimId))}`);
      expect(
        found.body['items']?.map((item: Json) => item['claimId']),
        found.text,
      ).to.include(claimId);
      const query = new URLSearchParams({
        programme: 'sample',
        tenantId: form(northwind.tenantId),
        partnerId: `${zwsp}${evergreen.partnerId}${nbsp}`,
      });
      const eligibility = await get(`/v1/eligibility?${query.toString()}`);
      expect(eligibility.body, eligibility.text).to.deep.include({ tenantId: northwind.tenantId, partnerId: evergreen.partnerId });
    });
  }

  it('are also stripped in PartnerIDs, domains and email addresses', async () => {
    const customer = { name: 'Ann', title: 'CIO', email: `${zwsp}{ann@${northwind.domain}}${nbsp}` };
    const made = await draft({
      partnerId: `${nbsp}{${evergreen.partnerId}}${zwsp}`,
      domain: `${bom} ${northwind.domain}${nbsp}`,
      contacts: { customer, partner: { name: 'Pat', email: 'pat@evergreen.example' } },
    });
    expect(made.status, made.text).to.equal(201);
    expect(made.body).to.deep.include({ partnerId: evergreen.partnerId, domain: northwind.domain });
    expect(made.body['contacts'].customer.email).to.equal(`ann@${northwind.domain}`);
    const listed = await get(`/v1/claims?partnerId=${encodeURIComponent(`${zwsp}${evergreen.partnerId}`)}&limit=1`);
    expect([listed.status, listed.body['items']?.length], listed.text).to.deep.equal([200, 1]);
    const exported = await api.call('POST', '/v1/contact-exports', {
      token: support,
      body: { email: `${zwsp}ann@${northwind.domain}${nbsp}` },
    });
    expect(exported.status, exported.text).to.equal(200);
    expect(exported.text).to.include(`ann@${northwind.domain}`);
  });

  it('are quoted in the error if they are invalid', async () => {
    const guid = northwind.tenantId.replace('-', '\u2011');
    expect(refusals(await draft({ tenantId: guid, domain: 'two words', partnerId: 'O12340' }))).to.deep.equal([
      `tenant_id_invalid: "${northwind.tenantId.replace('-', '<U+2011>')}" is not a GUID. Use the tenant (directory) ID, such as 1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10.`,
      'domain_invalid: "two words" is not a domain. Use a host name with at least one dot, such as contoso.example.',
      'partner_id_invalid: "O12340" is not a PartnerID. A PartnerID has 4 to 10 digits.',
    ]);
    const lines = [{ product: 'sales', subscriptionId: 'SUB-1', activities: ['presales'] }];
    const [refused] = refusals(await draft({ area: 'business_applications', lines }));
    expect(refused).to.equal('not_a_subscription_id: "sub-1" is not a GUID. Use the GUID of the subscription.');
    const path = await get(`/v1/claims/${encodeURIComponent('CLM-1\u2011')}`);
    expect(path.body['errors'][0]).to.deep.include({ message: 'Must be a GUID or a claim number, not "clm-1<U+2011>"' });
  });
});
