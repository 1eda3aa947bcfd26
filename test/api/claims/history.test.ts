import { expect } from 'chai';
import { codeOf, draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

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

  it('describes events in the requested language, without references to people', async () => {
    const { claimId } = await draft();
    const { body } = await api.call('GET', `/v1/claims/${claimId}/history?language=ru`, { token: partner });
    const [first] = body['items'] as Json[];
    expect(first).to.include({ version: 1, type: 'ClaimDrafted' });
    expect(first!['title']).to.match(/[а-я]/);
    expect(JSON.stringify(body)).not.to.match(/personId|emailDomain/);
  });
});
