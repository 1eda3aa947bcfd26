import { expect } from 'chai';
import { completeClaim, startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('Claims by HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi(database);
    partner = await api.token('claim_admin');
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  it('saves a draft and shows it with its version as ETag', async () => {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim() });
    expect(made.status, made.text).to.equal(201);
    const read = await api.call('GET', `/v1/claims/${made.body['claimId']}`, { token: partner });
    expect(read.status).to.equal(200);
    expect(read.body).to.deep.equal(made.body);
    expect(read.headers.get('etag')).to.equal('"2"');
    console.log(JSON.stringify(read.body, null, 1));
  });

  it('accepts a submission while Temporal is away', async () => {
    const t = performance.now();
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim({ submit: true }) });
    console.log(performance.now() - t, made.text, made.headers);
    expect(made.status, made.text).to.equal(202);
  });
});
