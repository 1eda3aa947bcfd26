import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { FrozenProxy } from '../support/frozen-proxy.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';
import { waitFor } from '../support/wait.js';

/** What docs/explanation/limits.md promises for a client's connection. */
const promisedMs = 20_000;

describe('a Temporal server whose host vanishes', function () {
  this.timeout(60_000);
  let namespace: TestNamespace;
  let proxy: FrozenProxy;
  let engine: ClaimEngine;
  let close: () => Promise<void>;

  beforeEach(async () => {
    namespace = await createTestNamespace();
    const { address } = namespace.connection;
    const [, port] = address.split(':');
    proxy = await FrozenProxy.open({ port: Number(port) });
    const created = createClient({ ...namespace.connection, address: `127.0.0.1:${proxy.port}` }, []);
    close = created.close;
    engine = new ClaimEngine(created.client);
  });
  afterEach(async () => {
    await close();
    await proxy.close();
    await namespace.close();
  });

  const wake = () => engine.wake({ claimId: randomUUID(), partnerAccountId: 'a' });
  const isWoken = () =>
    wake().then(
      () => true,
      () => false,
    );

  it('is abandoned by the client, which then reaches the host that takes over', async () => {
    await wake();
    proxy.freeze();
    proxy.takeOver();
    const beganAt = performance.now();
    expect(await isWoken()).to.equal(false);
    expect(performance.now() - beganAt).to.be.lessThan(4_000);
    await waitFor('a wake-up to be accepted', isWoken, promisedMs);
  });

  it('is reached after its return by a client whose first call had no answer', async () => {
    proxy.freeze();
    expect(await isWoken()).to.equal(false);
    proxy.takeOver();
    await waitFor('a wake-up to be accepted', isWoken, promisedMs);
  });
});
