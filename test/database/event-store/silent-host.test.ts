import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { allowLongStatements, createDataSource, endLongStatements, patient } from '#libs/event-store/index.js';
import { acceptCommand, executeCommands, fingerprintOf } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FrozenProxy } from '../../support/frozen-proxy.js';
import { TestDirectory } from '../../support/worker.js';
import { waitFor } from '../../support/wait.js';

const poolSize = 6;
const sleepingSql =
  "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(0.7)%' AND datname = current_database() AND state = 'active'";
const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
/** Shorter than the product's limits, but long enough for a busy machine. Their effect on callers is tested in test/api. */
const limits = { connectMs: 2_000, statementMs: 1_500, silenceMs: 500, idleInTransactionMs: 2_000 };
const promisedMs = 15_000;

describe('a database whose host vanishes', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let proxy: FrozenProxy;
  let source: DataSource;

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database?.close());

  beforeEach(async () => {
    proxy = await FrozenProxy.open({ port: Number(new URL(database.appUrl).port) });
    source = await createDataSource(proxy.urlThrough(database.appUrl), { poolSize, limits }).initialize();
  });
  afterEach(async () => {
    if (source.isInitialized) await source.destroy();
    await proxy.close();
  });

  /** Opens every connection of the pool. This is retried because on a busy machine an early connection may be reused before the last is opened. */
  async function fillPool(): Promise<void> {
    await waitFor('every connection of the pool to be open', async () => {
      await Promise.all(Array.from({ length: poolSize }, () => source.query('SELECT pg_sleep(0.2)')));
      return proxy.connections === poolSize;
    });
  }

  async function untilAnswered(work: () => Promise<unknown>): Promise<number> {
    const beganAt = performance.now();
    await waitFor(
      'an answer',
      () =>
        work().then(
          () => true,
          () => false,
        ),
      promisedMs,
    );
    return performance.now() - beganAt;
  }

  it('is detected on all pooled connections at once, so that the next statement reaches the host that takes over', async () => {
    await fillPool();
    proxy.freeze();
    proxy.takeOver();
    await Promise.allSettled(Array.from({ length: 2 * poolSize }, () => source.query('SELECT 1')));
    await untilAnswered(() => source.query('SELECT 1'));
    await waitFor('every silent connection to be closed', () => proxy.held === 0);
  });

  it('causes no failure if all connections were idle before', async () => {
    const brief = { quietMs: 0, probeMs: 1_000 };
    const asking = await createDataSource(proxy.urlThrough(database.appUrl), { poolSize, limits: brief }).initialize();
    await Promise.all(Array.from({ length: poolSize }, () => asking.query('SELECT pg_sleep(0.2)')));
    proxy.freeze();
    proxy.takeOver();
    const beganAt = performance.now();
    await Promise.all(Array.from({ length: 2 * poolSize }, () => asking.query('SELECT 1')));
    expect(performance.now() - beganAt).to.be.lessThan(promisedMs);
    await asking.destroy();
  });

  it('fails running statements within their limit and has their connections closed rather than reused', async () => {
    const beganAt = performance.now();
    const underWay = source.transaction(async (manager) => {
      await manager.query('SELECT 1');
      proxy.freeze();
      proxy.takeOver();
      await manager.query('SELECT 2');
    });
    const fault = await underWay.then(
      () => null,
      (error: Error) => error,
    );
    expect(fault?.message).to.match(/did not answer within/);
    expect(performance.now() - beganAt).to.be.lessThan(promisedMs);
    await waitFor('the connection to be closed', () => proxy.held === 0);
    expect(await source.query('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
  });

  it('leaves no claim locked by an abandoned transaction', async () => {
    const library = new ProgrammeLibrary(database.source);
    const [tenant] = await addTenants(database.source, 1);
    const claim = new TestClaim({ source: database.source, library, directory: new TestDirectory(database.source) }, { tenant: tenant! });
    await claim.draft();
    const lost = source
      .transaction(async (manager) => {
        await manager.query('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE', [claim.claimId]);
        proxy.freeze();
        proxy.takeOver();
        await manager.query('SELECT 2');
      })
      .catch(() => undefined);
    const body = { text: randomUUID() };
    const command = {
      commandId: randomUUID(),
      claimId: claim.claimId,
      command: { type: 'discardDraft', actor: claim.partner, body: {} },
      fingerprint: fingerprintOf(body),
    } as never;
    await waitFor('the lock to be taken', async () => (await locks(claim.claimId)) === 'taken');
    await untilAnswered(async () => {
      await acceptCommand(source.manager, command);
      await executeCommands(source, library, claim.claimId);
    });
    await lost;
  });

  it('times out new connections too, after which the pool works again', async () => {
    await fillPool();
    proxy.freeze();
    const during = await Promise.allSettled(Array.from({ length: 2 * poolSize }, () => source.query('SELECT 1')));
    expect(new Set(during.map(({ status }) => status))).to.deep.equal(new Set(['rejected']));
    proxy.takeOver();
    await untilAnswered(() => source.query('SELECT 1'));
  });

  it('does not keep the process from exiting', async () => {
    await fillPool();
    const underWay = source.query('SELECT pg_sleep(0.7)').catch(() => undefined);
    await waitFor('a statement to be running', async () => (await database.source.query<unknown[]>(sleepingSql)).length > 0);
    proxy.freeze();
    const sockets = openSockets();
    await source.destroy();
    await underWay;
    await waitFor('every socket of the pool to be closed', () => openSockets() <= sockets - poolSize, 5_000);
  });

  async function locks(claimId: string): Promise<'free' | 'taken'> {
    const rows = await database.source.query<unknown[]>('SELECT FROM claims WHERE claim_id = $1 FOR UPDATE SKIP LOCKED', [claimId]);
    return rows.length === 0 ? 'taken' : 'free';
  }
});

describe('a statement', function () {
  this.timeout(30_000);
  let database: TestDatabase;
  let source: DataSource;

  before(async () => {
    database = await createTestDatabase();
    source = await createDataSource(database.appUrl, { poolSize: 1, limits: { statementMs: 800, lockMs: 700 } }).initialize();
  });
  after(async () => {
    await source?.destroy();
    await database?.close();
  });

  const sleep = 'SELECT pg_sleep(1.6)';
  const stateOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: { driverError: { code: string } }) => error.driverError.code,
    );

  it('is cancelled by the server when it takes too long, and leaves its connection usable', async () => {
    const [before] = await source.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
    expect(await stateOf(source.query(sleep))).to.equal('57014');
    expect(await source.query('SELECT pg_backend_pid() AS pid')).to.deep.equal([before]);
  });

  it('may take longer only where that is allowed', async () => {
    expect(await stateOf(patient(source).query(sleep))).to.equal('done');
    expect(await stateOf(source.query(sleep))).to.equal('57014');
    const runner = source.createQueryRunner();
    await allowLongStatements(runner.manager, 'connection');
    expect(await stateOf(runner.query(sleep))).to.equal('done');
    await endLongStatements(runner.manager);
    await runner.release();
    expect(await stateOf(source.query(sleep))).to.equal('57014');
  });

  it('is abandoned only when the server fails to cancel it', async () => {
    const proxy = await FrozenProxy.open({ port: Number(new URL(database.appUrl).port) });
    const limits = { statementMs: 800, silenceMs: 400 };
    const behind = await createDataSource(proxy.urlThrough(database.appUrl), { poolSize: 1, limits }).initialize();
    proxy.freeze();
    const beganAt = performance.now();
    expect(await stateOf(behind.query('SELECT 1'))).to.equal('ETIMEDOUT');
    expect(performance.now() - beganAt).to.be.at.least(1_190);
    await behind.destroy();
    await proxy.close();
  });
});
