import { expect } from 'chai';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('The metadata of the protected resource', () => {
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

  it('tells anybody where to get a token, and as which client', async () => {
    const { status, body } = await api.call('GET', '/.well-known/oauth-protected-resource');
    expect(status).to.equal(200);
    expect(body['authorization_servers']).to.deep.equal([`${body['resource']}/sandbox/issuer`]);
    expect(body).to.deep.include({
      bearer_methods_supported: ['header'],
      cpor_command_line: { client_id: 'cpor-cli', scope: 'openid profile email offline_access', parameters: {} },
    });
  });
});
