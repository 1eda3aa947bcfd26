import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { codeOf, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { CookieBrowser } from '../../support/cookie-browser.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen } from '../../support/sample-directory.js';
import { SecondIssuer } from '../../support/second-issuer.js';

describe('The sessions of a person', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let issuer: SecondIssuer;
  let api: TestApi;

  before(async () => {
    database = await createTestDatabase();
    issuer = await SecondIssuer.start([
      { subject: 'robin', name: 'Robin', roles: ['claim_user'], partner: evergreen.accountId },
      { subject: 'kim', name: 'Kim', roles: ['claim_user'], partner: evergreen.accountId },
      { subject: 'olga', name: 'Olga', roles: ['operator'] },
    ]);
    api = await startTestApi({ database, env: issuer.env });
    await issuer.serve(api.url);
  });
  after(async () => {
    await api?.close();
    await issuer?.stop();
    await database?.close();
  });
  afterEach(() => database.source.query('DELETE FROM sessions'));

  async function signedIn(subject: string): Promise<CookieBrowser> {
    const browser = new CookieBrowser(api.url);
    await browser.signIn(subject, '?returnTo=/livez');
    return browser;
  }

  const idOf = async (browser: CookieBrowser) => (await browser.call('GET', '/session')).body['sessionId'] as string;
  const isAlive = async (browser: CookieBrowser) => (await browser.call('GET', '/session')).body['isSignedIn'] as boolean;
  const change = async (browser: CookieBrowser, method: string, path: string, body?: unknown, key = randomUUID()) =>
    browser.call(method, path, { body, headers: { ...(await browser.csrf()), ...(method === 'POST' && { 'idempotency-key': key }) } });
  const ends = () => database.source.query<Json[]>('SELECT subject, session_ids, ended_by FROM session_ends ORDER BY ended_at');

  it('are listed for themselves, the latest first, with the present one marked', async () => {
    const [first, second] = [await signedIn('robin'), await signedIn('robin')];
    await signedIn('kim');
    const { status, body } = await first.call('GET', '/v1/sessions');
    const items = body['items'] as Json[];
    expect([status, body['next']]).to.deep.equal([200, null]);
    expect(items.map(({ sessionId, subject, isCurrent }) => [sessionId, subject, isCurrent])).to.deep.equal([
      [await idOf(second), 'robin', false],
      [await idOf(first), 'robin', true],
    ]);
    expect(items[0]).to.have.all.keys('sessionId', 'subject', 'browser', 'isCurrent', 'signedInAt', 'usedAt', 'idleUntil', 'endsAt');
  });

  it('are shown to operators, and to nobody else', async () => {
    const [robin, kim, olga] = [await signedIn('robin'), await signedIn('kim'), await signedIn('olga')];
    expect(codeOf(await kim.call('GET', '/v1/sessions?subject=robin'))).to.deep.equal([403, 'forbidden']);
    const { body } = await olga.call('GET', '/v1/sessions?subject=robin');
    expect((body['items'] as Json[]).map(({ sessionId }) => sessionId as string)).to.deep.equal([await idOf(robin)]);
  });

  it('can be ended one by one by their owner, which nobody records', async () => {
    const [here, lost] = [await signedIn('robin'), await signedIn('robin')];
    const before = await ends();
    const ended = await change(here, 'DELETE', `/v1/sessions/${await idOf(lost)}`);
    expect([ended.status, ended.body['endedBy']]).to.deep.equal([200, 'robin']);
    expect([await isAlive(here), await isAlive(lost)]).to.deep.equal([true, false]);
    expect(await ends()).to.deep.equal(before);
  });

  it('of somebody else cannot be told from sessions that do not exist', async () => {
    const [robin, kim] = [await signedIn('robin'), await signedIn('kim')];
    const [other, missing] = [
      await change(kim, 'DELETE', `/v1/sessions/${await idOf(robin)}`),
      await change(kim, 'DELETE', `/v1/sessions/${randomUUID()}`),
    ];
    const seen = ({ status, body }: typeof other) => [status, { ...body, instance: '', requestId: '' }];
    expect(seen(other)).to.deep.equal(seen(missing));
    expect([other.status, await isAlive(robin)]).to.deep.equal([404, true]);
  });

  it('can be ended by an operator, which is recorded', async () => {
    const [robin, olga] = [await signedIn('robin'), await signedIn('olga')];
    const sessionId = await idOf(robin);
    expect((await change(olga, 'DELETE', `/v1/sessions/${sessionId}`)).status).to.equal(200);
    expect(codeOf(await robin.call('GET', '/v1/claims'))).to.deep.equal([401, 'session_ended']);
    expect((await ends()).at(-1)).to.deep.equal({ subject: 'robin', session_ids: [sessionId], ended_by: 'olga' });
  });

  it('can all be ended by an operator, once per key', async () => {
    const [first, second, kim, olga] = [await signedIn('robin'), await signedIn('robin'), await signedIn('kim'), await signedIn('olga')];
    const ids = [await idOf(first), await idOf(second)];
    expect(codeOf(await change(kim, 'POST', '/v1/sessions/ends', { subject: 'robin' }))).to.deep.equal([403, 'forbidden']);
    const key = randomUUID();
    const ended = await change(olga, 'POST', '/v1/sessions/ends', { subject: 'robin' }, key);
    expect([ended.status, ended.body]).to.deep.equal([
      201,
      { subject: 'robin', sessionIds: ids.sort(), endedBy: 'olga', endedAt: ended.body['endedAt'] as string },
    ]);
    expect([await isAlive(first), await isAlive(second), await isAlive(kim)]).to.deep.equal([false, false, true]);

    const again = await signedIn('robin');
    const repeated = await change(olga, 'POST', '/v1/sessions/ends', { subject: 'robin' }, key);
    expect(repeated.body).to.deep.equal(ended.body);
    expect(await isAlive(again), 'a repeat ends nothing').to.equal(true);
    expect(codeOf(await change(olga, 'POST', '/v1/sessions/ends', { subject: 'kim' }, key))).to.deep.equal([422, 'idempotency_conflict']);
    expect(await isAlive(kim)).to.equal(true);
  });

  it('are not touched by programs that hold a bearer token of their own', async () => {
    const tokens = await startTestApi({ database });
    try {
      const token = await tokens.token('claim_user', { subject: 'robin' });
      await signedIn('robin');
      const { body } = await tokens.call('GET', '/v1/sessions', { token });
      expect((body['items'] as Json[]).map(({ isCurrent }) => isCurrent as boolean)).to.deep.equal([false]);
    } finally {
      await tokens.close();
    }
  });
});
