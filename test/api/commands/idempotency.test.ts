import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { codeOf, completeClaim, draftClaim, type Json, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('An Idempotency-Key', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const draft = (more: Json = {}) => draftClaim(api, partner, more);

  it('is required for a POST', async () => {
    const reply = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(), key: null });
    expect(codeOf(reply)).to.deep.equal([400, 'idempotency_key_required']);
  });

  it('returns the same claim for a retry, marked as a replay', async () => {
    const [key, body] = [randomUUID(), completeClaim()];
    const first = await api.call('POST', '/v1/claims', { token: partner, body, key });
    const again = await api.call('POST', '/v1/claims', { token: partner, body, key });
    expect([again.status, again.body]).to.deep.equal([201, first.body]);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).to.deep.equal([null, 'true']);
  });

  it('creates one claim for sixteen concurrent requests', async () => {
    const [key, body] = [randomUUID(), completeClaim()];
    const replies = await Promise.all(Array.from({ length: 16 }, () => api.call('POST', '/v1/claims', { token: partner, body, key })));
    expect(new Set(replies.map(({ status, body: { claimId } }) => `${status} ${claimId}`)).size).to.equal(1);
  });

  it('cannot be reused for a different request', async () => {
    const key = randomUUID();
    await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(), key });
    const other = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ name: 'Other' }), key });
    expect(codeOf(other)).to.deep.equal([422, 'idempotency_conflict']);
  });

  it('is bound to the request’s path', async () => {
    const [key, body] = [randomUUID(), { text: 'Hello.' }];
    await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(), key });
    const [first, second] = [(await draft())['claimId'] as string, (await draft())['claimId'] as string];
    const comment = (claimId: string, words = body) =>
      api.call('POST', `/v1/claims/${claimId}/comments`, { token: partner, body: words, key });
    expect([(await comment(first)).status, (await comment(second)).status]).to.deep.equal([200, 200]);
    expect((await comment(first.toUpperCase())).body['version']).to.equal((await comment(first)).body['version']);
    expect(codeOf(await comment(first, { text: 'Good-bye.' }))).to.deep.equal([422, 'idempotency_conflict']);
  });

  it('returns the stored refusal for a retry', async () => {
    const { claimId } = await draft();
    const key = randomUUID();
    const body = { tenantId: 'contoso' };
    const options = { token: partner, body, key, headers: { 'If-Match': '"2"', 'Idempotency-Key': key } };
    const first = await api.call('PATCH', `/v1/claims/${claimId}`, options);
    const again = await api.call('PATCH', `/v1/claims/${claimId}`, options);
    expect(codeOf(first)).to.deep.equal([409, 'tenant_id_invalid']);
    expect(again.body['errors']).to.deep.equal(first.body['errors']);
  });

  it('is bound to its caller', async () => {
    const key = randomUUID();
    const body = completeClaim();
    const colleague = await api.token('claim_admin', { subject: 'a-colleague' });
    const [own, other] = [
      await api.call('POST', '/v1/claims', { token: partner, key, body }),
      await api.call('POST', '/v1/claims', { token: colleague, key, body }),
    ];
    expect([own.status, other.status]).to.deep.equal([201, 201]);
    expect(own.body['claimId']).not.to.equal(other.body['claimId']);
    const again = await api.call('POST', '/v1/claims', { token: partner, key, body });
    expect([again.status, again.body['claimId']]).to.deep.equal([201, own.body['claimId']]);
    expect(codeOf(await api.call('POST', '/v1/claims', { token: partner, key, body: completeClaim() }))).to.deep.equal([
      422,
      'idempotency_conflict',
    ]);
  });

  it('returns the stored refusal of an upload and explains that a new attempt needs a new key', async () => {
    const { claimId } = await draft({ evidence: [] });
    const supersedes = randomUUID();
    const content = new Uint8Array(somePdf());
    const again = (key: string) => {
      const form = new FormData();
      form.set('supersedes', supersedes);
      form.set('file', new Blob([content]), 'a.pdf');
      return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form, key });
    };
    const [first, second] = [await again('again-1'), await again('again-1')];
    expect(codeOf(second)).to.deep.equal(codeOf(first));
    expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).to.deep.equal([null, 'true']);
    expect(first.body['remedy']).not.to.contain('new Idempotency-Key');
    expect(second.body['remedy']).to.equal(
      `${first.body['remedy']} This is the stored answer to an earlier request under this key. To try again, send it with a new Idempotency-Key.`,
    );
  });
});
