import { expect } from 'chai';
import { codeOf, completeClaim, draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { ironbridge } from '../../support/sample-directory.js';

describe('A claim in a path, by its number', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let claim: Json;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
    claim = await draftClaim(api, partner);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const get = (path: string, token = partner) => api.call('GET', path, { token });

  it('is the same claim, and answers keep its id', async () => {
    const { claimId, number } = claim;
    const byId = await get(`/v1/claims/${claimId}`);
    for (const written of [number, number.toLowerCase(), ` ${number} `].map(encodeURIComponent)) {
      const byNumber = await get(`/v1/claims/${written}`);
      expect([byNumber.status, byNumber.body, byNumber.headers.get('etag')]).to.deep.equal([200, byId.body, byId.headers.get('etag')]);
    }
    for (const part of ['history', 'evidence', 'versions']) {
      const [named, identified] = await Promise.all([get(`/v1/claims/${number}/${part}`), get(`/v1/claims/${claimId}/${part}`)]);
      expect([named.status, named.body], part).to.deep.equal([
        identified.status,
        { ...identified.body, ...instanceOf(named), ...requestOf(named) },
      ]);
    }
  });

  it('is changed, and a retry under the other name is the same request', async () => {
    const { claimId, number } = await draftClaim(api, partner);
    const edited = await api.call('PATCH', `/v1/claims/${number}`, {
      token: partner,
      body: { name: 'By number' },
      headers: { 'If-Match': '*' },
    });
    expect([edited.status, edited.body['claimId'], edited.body['name']]).to.deep.equal([200, claimId, 'By number']);
    const comment = { token: partner, body: { text: 'The customer has confirmed the date.' }, key: 'one-comment' };
    const first = await api.call('POST', `/v1/claims/${number}/comments`, comment);
    const retried = await api.call('POST', `/v1/claims/${claimId}/comments`, comment);
    expect(first.status, first.text).to.be.within(200, 201);
    expect([retried.status, retried.headers.get('idempotent-replayed')]).to.deep.equal([first.status, 'true']);
  });

  it('does not exist for those who may not see it, as if there were none', async () => {
    const others = await api.token('claim_admin', { partner: ironbridge.accountId });
    const telling = ({ status, body, headers }: Awaited<ReturnType<typeof get>>) => {
      const { instance: _path, requestId: _id, ...rest } = body;
      return [status, rest, headers.get('etag'), headers.get('cache-control')];
    };
    const absent = 'CLM-999999999';
    for (const path of ['', '/history', '/evidence', '/process', '/deadlines']) {
      const [hidden, none, unknownId] = await Promise.all([
        get(`/v1/claims/${claim['number']}${path}`, others),
        get(`/v1/claims/${absent}${path}`, others),
        get(`/v1/claims/0d5fae3c-5d0d-4d8f-9d77-0b0f4f5f0a11${path}`, others),
      ]);
      expect(codeOf(hidden)).to.deep.equal([404, 'not_found']);
      expect(telling(hidden)).to.deep.equal(telling(none)).and.deep.equal(telling(unknownId));
    }
    const edit = { token: others, body: { name: 'Mine' }, headers: { 'If-Match': '*' } };
    expect(codeOf(await api.call('PATCH', `/v1/claims/${claim['number']}`, edit))).to.deep.equal([404, 'not_found']);
  });

  it('must be a number or an id', async () => {
    for (const wrong of ['CLM-12', 'CLM-0000001x', '1', `${claim['claimId']}0`]) {
      const refused = await get(`/v1/claims/${wrong}`);
      expect(codeOf(refused)).to.deep.equal([422, 'invalid_request']);
      expect((refused.body['errors'] as Json[])[0]).to.include({ field: 'claimId' });
    }
  });

  it('is named in the answer of a new claim, whose Location has the id', async () => {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim() });
    expect(made.headers.get('location')).to.equal(`/v1/claims/${made.body['claimId']}`);
    expect((await get(`/v1/claims/${made.body['number']}`)).body['claimId']).to.equal(made.body['claimId']);
  });
});

const instanceOf = ({ body }: { body: Json }) => ('instance' in body ? { instance: body['instance'] as string } : {});
const requestOf = ({ body }: { body: Json }) => ('requestId' in body ? { requestId: body['requestId'] as string } : {});
