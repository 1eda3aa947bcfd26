import { expect } from 'chai';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('Readiness while Temporal is down', () => {
  let database: TestDatabase;
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  it('reports what is unavailable', async () => {
    const { status, body } = await api.call('GET', '/readyz');
    expect(status).to.equal(503);
    expect(body['checks']['database']).to.deep.equal({ ok: true, code: null });
    expect(body['checks']['migrations']).to.deep.equal({ ok: true, code: null });
    expect(body['checks']['temporal']).to.deep.equal({ ok: false, code: 'temporal_unreachable' });
  });
});
