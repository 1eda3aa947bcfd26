import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { codeOf, completeClaim, draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims } from '../../support/notified-claim.js';

describe('The history of a claim over HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let reviewer: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
    reviewer = await api.token('reviewer');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const draft = (more: Json = {}) => draftClaim(api, partner, more);

  it('shows internal comments to the vendor only', async () => {
    const { claimId } = await draft();
    await api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: { text: 'From the partner.' } });
    await api.call('POST', `/v1/claims/${claimId}/comments`, { token: reviewer, body: { text: 'Between us.', visibility: 'internal' } });
    const comments = async (token: string) =>
      ((await api.call('GET', `/v1/claims/${claimId}/history`, { token })).body['items'] as Json[]).flatMap(({ comment }) => comment ?? []);
    expect(await comments(partner)).to.deep.equal(['From the partner.']);
    expect(await comments(reviewer)).to.deep.equal(['From the partner.', 'Between us.']);
    const own = await api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: { text: 'x', visibility: 'internal' } });
    expect(codeOf(own)).to.deep.equal([403, 'forbidden']);
  });

  it('can be read from its newest event back, page by page', async () => {
    const { claimId } = await draft();
    for (const text of ['One.', 'Two.', 'Three.']) {
      await api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: { text } });
    }
    const path = `/v1/claims/${claimId}/history?order=newest&limit=3`;
    const first = (await api.call('GET', path, { token: partner })).body as { items: Json[]; next: string };
    expect(first.items.map(({ comment }) => comment as unknown)).to.deep.equal(['Three.', 'Two.', 'One.']);
    const rest = (await api.call('GET', `${path}&cursor=${first.next}`, { token: partner })).body as { items: Json[]; next: null };
    expect(rest.items.map(({ type }) => type as unknown)).to.deep.equal(['EvidenceAdded', 'ClaimDrafted']);
    expect(rest.next).to.equal(null);
  });

  it('describes events in the requested language, without references to people', async () => {
    const { claimId } = await draft();
    const { body } = await api.call('GET', `/v1/claims/${claimId}/history?language=ru`, { token: partner });
    const [first] = body['items'] as Json[];
    expect(first).to.include({ version: 1, type: 'ClaimDrafted' });
    expect(first!['title']).to.match(/[а-я]/);
    expect(JSON.stringify(body)).not.to.match(/personId|emailDomain/);
  });

  it('is visible to the tenant’s administrator from the first notice on, as is the pending claim', async () => {
    const [tenant] = await addTenants(database.source, 1);
    const lines = ['teams', 'exchange'].map((product) => ({ product, activities: ['usage'] }));
    const { claimId } = await new NotifiedClaims(database, api).notified(tenant!, { lines });
    const admin = await api.token('tenant_admin', { tenant: tenant!.tenantId });
    const { status, body } = await api.call('GET', `/v1/claims/${claimId}/history?language=ru`, { token: admin });
    expect(status, JSON.stringify(body)).to.equal(200);
    const items = body['items'] as { type: string; title: string; data: object; by: { subject: string | null } }[];
    expect([status, items.map(({ type }) => type)]).to.deep.equal([200, ['NoticeRequested', 'NoticeAccepted']]);
    expect(items.every(({ title, data }) => /[а-я]/.test(title) && Object.keys(data).length === 0)).to.equal(true);
    const pending = await api.call('GET', `/v1/tenants/${tenant!.tenantId}/pending-claims`, { token: admin });
    const [waiting] = pending.body['items'] as { claimId: string; consent: string; closesAt: string; lines: { product: string }[] }[];
    expect(waiting).to.deep.include({ claimId, consent: 'opt_out', partnerId: '1240371' });
    expect([waiting!.lines.map(({ product }) => product), waiting!.closesAt > new Date().toISOString()]).to.deep.equal([
      ['Teams', 'Exchange'],
      true,
    ]);

    const drafted = await api.call('POST', '/v1/claims', { token: await api.token('claim_admin'), body: completeClaim() });
    const { claimId: draftId } = drafted.body as { claimId: string };
    const hidden = await api.call('GET', `/v1/claims/${draftId}/history`, { token: await api.token('tenant_admin') });
    expect([drafted.status, hidden.status]).to.deep.equal([201, 404]);
    const stranger = await api.token('tenant_admin', { tenant: randomUUID() });
    expect((await api.call('GET', `/v1/claims/${claimId}/history`, { token: stranger })).status).to.equal(404);
  });
});
