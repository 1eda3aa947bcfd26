import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RateLimiter } from '../../../apps/api/src/limits/rate-limiter.service.js';
import { type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { bringBack, createTestDatabase, takeDown, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims } from '../../support/notified-claim.js';
import { waitFor } from '../../support/wait.js';

describe('Limits of a caller', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let dataDirectory: string;
  let first: TestApi;
  let second: TestApi;
  /** Milliseconds by which the clocks of both processes and of the shared buckets were moved. */
  let movedMs = 0;

  before(async () => {
    database = await createTestDatabase();
    // Slow to refill, so that what a test takes stays taken while it runs.
    dataDirectory = await mkdtemp(join(tmpdir(), 'cpor-limits-'));
    const env = { CPOR_RATE_LIMITS: 'read=40/4000,write=5/4000,bulk=3/3000,answer=4/4000', CPOR_DATA_DIR: dataDirectory };
    first = await startTestApi({ database, env });
    second = await startTestApi({ database, env: { ...env, CPOR_PUBLIC_URL: first.url } });
    for (const { app } of [first, second]) {
      const limiter = app.get(RateLimiter);
      limiter.now = () => performance.now() + movedMs;
      // A busy machine must not make a process decide alone.
      limiter.patienceMs = 30_000;
    }
  });
  after(async () => {
    await first?.close();
    await second?.close();
    await database?.close();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  /** Lets time pass for every bucket. */
  async function pass(seconds: number): Promise<void> {
    movedMs += seconds * 1_000;
    await database.source.query('UPDATE rate_limits SET at = at - make_interval(secs => $1)', [seconds]);
  }
  let people = 0;
  const someone = () => first.token('claim_admin', { subject: `caller-${++people}` });
  const ask = (api: TestApi, token: string, path = '/v1/programmes') => api.call('GET', path, { token });
  const fieldsOf = ({ headers }: Reply) => [headers.get('ratelimit-policy'), headers.get('ratelimit'), headers.get('retry-after')];
  /** Waits until the shared bucket knows everything that both processes admitted. */
  const shared = () =>
    waitFor('the shared bucket to know', () => [first, second].every(({ app }) => pendingOf(app.get(RateLimiter)) === 0));
  const pendingOf = (limiter: RateLimiter): number => {
    const { dirty, sending } = limiter as unknown as { dirty: Set<unknown>; sending: unknown };
    return dirty.size + (sending === null ? 0 : 1);
  };

  it('says in every answer what is left, and refuses what exceeds it until the seconds it names have passed', async () => {
    const token = await someone();
    const exported = () => ask(first, token, '/v1/claims/export?format=csv');
    for (const left of [2, 1, 0]) {
      const reply = await exported();
      expect([reply.status, ...fieldsOf(reply)]).to.deep.equal([200, '"bulk";q=3;w=3000', `"bulk";r=${left};t=1000`, null]);
    }
    const refused = await exported();
    expect([refused.status, ...fieldsOf(refused)]).to.deep.equal([429, '"bulk";q=3;w=3000', '"bulk";r=0;t=1000', '1000']);
    expect(refused.headers.get('content-type')).to.contain('application/problem+json');
    expect(refused.body).to.include({
      code: 'too_many_requests',
      detail: 'You have used up the limit "bulk": 3 requests in 3000 seconds.',
    });
    await shared();
    await pass(998);
    expect((await exported()).status).to.equal(429);
    await pass(2);
    expect((await exported()).status).to.equal(200);
    expect((await exported()).status).to.equal(429);
  });

  it('lets who is refused wait, so that repeating at once gains nothing and costs others little', async () => {
    const token = await someone();
    const exported = () => ask(first, token, '/v1/claims/export?format=csv');
    for (let turn = 0; turn < 3; turn++) await exported();
    const startedAt = performance.now();
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await exported()).status));
    expect(statuses).to.deep.equal([429, 429, 429, 429, 429]);
    expect(performance.now() - startedAt).to.be.at.least(240);
  });

  it('counts kinds apart, refusals of the rules included, and lists them for the caller', async () => {
    const token = await someone();
    const created = await first.call('POST', '/v1/claims', { token, body: { name: 7 } });
    expect([created.status, ...fieldsOf(created)]).to.deep.equal([422, '"write";q=5;w=4000', '"write";r=4;t=800', null]);
    const missing = await ask(first, token, '/v1/claims/00000000-0000-4000-8000-000000000000');
    expect([missing.status, missing.headers.get('ratelimit')]).to.deep.equal([404, '"read";r=39;t=100']);
    expect((await ask(first, token, '/v1/me')).body['limits']).to.deep.equal([
      { name: 'read', requests: 40, seconds: 4_000, remaining: 38 },
      { name: 'write', requests: 5, seconds: 4_000, remaining: 4 },
      { name: 'bulk', requests: 3, seconds: 3_000, remaining: 3 },
      { name: 'answer', requests: 4, seconds: 4_000, remaining: 4 },
    ]);
    const stranger = await first.call('GET', '/v1/claims');
    expect([stranger.status, ...fieldsOf(stranger)]).to.deep.equal([401, null, null, null]);
  });

  it('is one limit in two processes, within a twentieth of it, and another caller has its own', async () => {
    const [flooder, other] = [await someone(), await someone()];
    let admitted = 0;
    const flood = async (api: TestApi) => {
      for (let turn = 0; turn < 40; turn++) if ((await ask(api, flooder)).status === 200) admitted += 1;
    };
    await Promise.all([flood(first), flood(second)]);
    expect(admitted).to.be.within(40, 42);
    expect((await ask(second, other)).headers.get('ratelimit')).to.equal('"read";r=39;t=100');
    // What was admitted too much is paid back.
    await shared();
    await pass(100 * (1 + admitted - 40));
    expect([(await ask(first, flooder)).status, (await ask(first, flooder)).status]).to.deep.equal([200, 429]);
  });

  it('costs one statement for many requests', async () => {
    const usual = await startTestApi({ database, env: { CPOR_RATE_LIMITS: 'read=300/10' } });
    try {
      const { source } = usual.app.get<unknown>(RateLimiter) as { source: { query: (...args: unknown[]) => unknown } };
      const query = source.query.bind(source);
      let statements = 0;
      source.query = (...args) => {
        if (String(args[0]).includes('rate_limits')) statements += 1;
        return query(...args);
      };
      const startedAt = performance.now();
      const one = await usual.token('claim_admin', { subject: 'one' });
      for (let turn = 0; turn < 100; turn++) await ask(usual, one);
      // Half of the share that a process may be ahead, or a fifth of a second.
      expect(statements).to.be.at.most(100 / 7 + (performance.now() - startedAt) / 200 + 2);
      statements = 0;
      const many = await Promise.all(Array.from({ length: 50 }, (_, n) => usual.token('claim_admin', { subject: `many-${n}` })));
      const manyStartedAt = performance.now();
      await Promise.all(many.map((token) => ask(usual, token)));
      expect(statements).to.be.at.most((performance.now() - manyStartedAt) / 200 + 2);
    } finally {
      await usual.close();
    }
  });

  it('still limits a caller by its process while PostgreSQL does not answer', async () => {
    // An administrator of a tenant is authenticated, and these columns are listed, without the database.
    const token = await first.token('tenant_admin', { subject: 'unlucky' });
    const ask = (api: TestApi, one: string) => api.call('GET', '/v1/usage/sets', { token: one });
    await ask(first, token);
    await shared();
    await takeDown(database);
    try {
      const statuses = [];
      for (let turn = 0; turn < 45; turn++) statuses.push((await ask(first, token)).status);
      expect(statuses.filter((status) => status === 429)).to.have.length(6);
      expect(statuses.slice(0, 39)).not.to.include(429);
    } finally {
      await bringBack(database);
    }
    expect((await ask(first, token)).status).to.equal(429);
    await pass(100);
    expect((await ask(first, token)).status).to.equal(200);
  });

  it('never keeps a customer from refusing, whatever others and other kinds have used up', async () => {
    const [tenant] = await addTenants(database.source, 1);
    const off = await startTestApi({ database });
    try {
      const { claimId, token: link } = await new NotifiedClaims(database, off).notified(tenant!);
      const admin = await first.token('tenant_admin', { tenant: tenant!.tenantId, subject: 'customer' });
      for (let turn = 0; turn < 45; turn++) await ask(first, admin, '/v1/me');
      expect((await ask(first, admin, '/v1/me')).status).to.equal(429);
      expect((await first.call('GET', `/n/${link}`)).status).to.equal(200);
      const refused = await first.call('POST', `/v1/claims/${claimId}/opt-outs`, { token: admin, body: {} });
      expect(refused.status, refused.text).to.be.within(200, 202);
      expect(refused.headers.get('ratelimit')).to.equal('"answer";r=3;t=1000');
    } finally {
      await off.close();
    }
  });

  it('is absent where an operator has turned limits off', async () => {
    const off = await startTestApi({ database });
    try {
      const reply = await ask(off, await off.token('claim_admin'), '/v1/me');
      expect([reply.status, reply.body['limits'], ...fieldsOf(reply)]).to.deep.equal([200, [], null, null, null]);
    } finally {
      await off.close();
    }
  });
});
