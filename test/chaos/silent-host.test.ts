import { expect } from 'chai';
import { addTenants, TestClaim } from '../support/claims.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FrozenProxy } from '../support/frozen-proxy.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';
import { waitFor } from '../support/wait.js';
import { startTestWorker, TestDirectory, type TestWorker } from '../support/worker.js';

/** The limit that docs/explanation/limits.md promises for a worker: the SDK notices after 45 s. */
const promisedMs = 90_000;

/** These tests wait for minutes on the SDK's own clock, so they are not part of every run. */
describe('a call to Temporal without a deadline', function () {
  this.timeout(90_000);

  it('ends although the server never answers', async () => {
    const namespace = await createTestNamespace();
    const proxy = await FrozenProxy.open({ port: Number(namespace.connection.address.split(':')[1]) });
    proxy.freeze();
    const { client, close } = createClient({ ...namespace.connection, address: `127.0.0.1:${proxy.port}` }, []);
    const beganAt = performance.now();
    const fault = await new ClaimEngine(client).countRunningAssociations().then(
      () => null,
      (error: Error) => error,
    );
    expect(fault).to.be.instanceOf(Error);
    expect(performance.now() - beganAt).to.be.lessThan(40_000);
    await close();
    await proxy.close();
    await namespace.close();
  });
});

describe('a worker whose Temporal host vanishes', function () {
  this.timeout(180_000);
  let database: TestDatabase;
  let namespace: TestNamespace;
  let proxy: FrozenProxy;
  let worker: TestWorker;

  before(async () => {
    database = await createTestDatabase();
    namespace = await createTestNamespace();
    proxy = await FrozenProxy.open({ port: Number(namespace.connection.address.split(':')[1]) });
    const connection = { ...namespace.connection, address: `127.0.0.1:${proxy.port}` };
    const { source } = database;
    const directory = new TestDirectory(source);
    worker = await startTestWorker({ namespace: { ...namespace, connection }, source, directory, relayUrl: 'smtp://127.0.0.1:9' });
  });
  after(async () => {
    await worker?.stop();
    await proxy?.close();
    await namespace?.close();
    await database?.close();
  });

  it('reaches the host that takes over and executes the pending commands', async () => {
    const { source } = database;
    const services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const tenants = await addTenants(source, 2);
    const submit = async (tenant: (typeof tenants)[number]) => {
      const claim = new TestClaim(services, { tenant });
      await claim.draft();
      await claim.addEvidence();
      await claim.accept('submitClaim', claim.partner, {});
      await namespace.engine.wake(claim);
      return claim;
    };
    const before = await submit(tenants[0]!);
    await waitFor('the first claim to be submitted', async () => (await before.phase()) === 'submitted');
    proxy.freeze();
    proxy.takeOver();
    const after = await submit(tenants[1]!);
    const beganAt = performance.now();
    await waitFor('the second claim to be submitted', async () => (await after.phase()) === 'submitted', promisedMs);
    console.log(`      executed ${((performance.now() - beganAt) / 1000).toFixed(1)} s after the host had vanished`);
    expect(await after.phase()).to.equal('submitted');
  });
});
