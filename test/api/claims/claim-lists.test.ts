import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { codeOf, draftClaim, type Json, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { ironbridge } from '../../support/sample-directory.js';

describe('The list of claims over HTTP', () => {
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

  it('returns every claim exactly once across its pages, newest first', async () => {
    const reference = randomUUID();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push((await draft({ externalReference: reference }))['claimId'] as string);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const { status, body }: Reply = await api.call('GET', `/v1/claims?externalReference=${reference}&limit=2${cursor}`, {
        token: partner,
      });
      expect(status).to.equal(200);
      seen.push(...(body['items'] as Json[]).map(({ claimId }) => claimId as string));
      next = body['next'] as string | null;
    }
    expect(seen).to.deep.equal(made.reverse());
  });

  it('refuses invalid cursors, unknown filters and excessive limits', async () => {
    expect(codeOf(await api.call('GET', '/v1/claims?cursor=abc', { token: partner }))).to.deep.equal([422, 'invalid_request']);
    expect(codeOf(await api.call('GET', '/v1/claims?colour=red', { token: partner }))).to.deep.equal([422, 'invalid_request']);
    expect(codeOf(await api.call('GET', '/v1/claims?limit=101', { token: partner }))).to.deep.equal([422, 'invalid_request']);
  });

  it('can be filtered by phase and by time of change', async () => {
    const { claimId, updatedAt } = await draft();
    const before = new Date(Date.parse(updatedAt as string) - 1).toISOString();
    const since = await api.call('GET', `/v1/claims?phase=draft&updatedAfter=${before}`, { token: reviewer });
    expect((since.body['items'] as Json[]).map((item) => item['claimId'])).to.include(claimId);
    const later = await api.call('GET', `/v1/claims?updatedAfter=${updatedAt}`, { token: reviewer });
    expect((later.body['items'] as Json[]).map((item) => item['claimId'])).not.to.include(claimId);
  });

  it('shows a partner only the claims of its own company', async () => {
    const token = await api.token('claim_admin', { partner: ironbridge.accountId });
    const { body } = await api.call('GET', '/v1/claims', { token });
    expect(body).to.include({ next: null });
    expect(body['items']).to.deep.equal([]);
  });
});
