import { HttpDirectoryProvider } from '#libs/directory/index.js';
import { TestDirectoryService } from '../../support/directory-service.js';
import { untilFrozenConnectionsClose, startProxy, retryUntilDone } from '../../support/vanishing-host.js';

describe('a directory whose host vanishes', function () {
  this.timeout(30_000);

  it('costs a look-up one attempt, and the next attempt uses a new connection', async () => {
    const facts = { location: null, tenant: null, identifiers: {} };
    const service = new TestDirectoryService({ lookUp: () => Promise.resolve({ askedAt: '', ...facts }) });
    await service.start();
    const { proxy, url } = await startProxy(service.url);
    try {
      const limits = { attemptMs: 1_000, totalMs: 10_000, freshMs: 0, firstPauseMs: 1, longestPauseMs: 2 };
      const directory = new HttpDirectoryProvider({ url, token: service.token }, () => Promise.resolve(new Date().toISOString()), limits);
      const lookUp = () => directory.lookUp({ partnerId: '4012345', tenantId: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10', identifiers: [] });
      await lookUp();
      proxy.freeze();
      const during = lookUp();
      proxy.takeOver();
      await during;
      await retryUntilDone(lookUp, 5_000);
      await untilFrozenConnectionsClose(proxy);
    } finally {
      await proxy.close();
      await service.stop();
    }
  });
});
