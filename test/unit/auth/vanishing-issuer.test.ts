import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { issuerKeys, verifyToken } from '#libs/auth/index.js';
import { untilFrozenConnectionsClose, startProxy, retryUntilDone } from '../../support/vanishing-host.js';

describe('a token issuer whose host vanishes', function () {
  this.timeout(30_000);

  it('times out and is asked again for the next token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
    let issuer = '';
    const server = createServer((request, response) => {
      const isDiscovery = request.url === '/.well-known/openid-configuration';
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { proxy, url } = await startProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      issuer = url;
      const token = await new SignJWT({ roles: ['operator'] })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience('cpor')
        .setSubject('olga')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey);
      const keys = issuerKeys(issuer, { timeoutMs: 1_000 });
      const verify = () => verifyToken(token, { issuer, audience: 'cpor', keys });
      proxy.freeze();
      expect(await verify().catch((error: Error) => error)).to.be.instanceOf(Error);
      proxy.takeOver();
      await retryUntilDone(verify, 5_000);
      await untilFrozenConnectionsClose(proxy);
    } finally {
      await proxy.close();
      server.close();
      server.closeAllConnections();
    }
  });
});
