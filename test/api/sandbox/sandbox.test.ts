import { expect } from 'chai';
import { startTestApi } from '../../support/api.js';
import { createTestDatabase } from '../../support/database.js';

describe('The sandbox', () => {
  it('is absent in production', async function () {
    this.timeout(60_000);
    const database = await createTestDatabase();
    const env = { CPOR_MODE: 'production', CPOR_PUBLIC_URL: 'https://cpor.example', OIDC_ISSUER: 'https://issuer.example' };
    const production = await startTestApi({ database, env });
    try {
      expect((await production.call('GET', '/v1/sandbox/clock')).body['code']).to.equal('not_found');
      expect((await production.call('GET', '/sandbox/issuer/jwks')).status).to.equal(404);
    } finally {
      await production.close();
      await database.close();
    }
  });
});
