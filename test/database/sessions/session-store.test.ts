import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { endSessionsOf, type IssuerTokens, newSessionToken, SessionKeys, SessionStore } from '#libs/sessions/index.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';

const tokens: IssuerTokens = { access: 'access', refresh: 'refresh', id: 'id', name: 'Robin' };

describe('The store of sessions', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let store: SessionStore;
  const keys = new SessionKeys(randomBytes(32));

  before(async () => {
    database = await createTestDatabase();
    store = new SessionStore(database.source, keys, { idleMinutes: 30, maximumHours: 12 });
  });
  after(() => database?.close());
  beforeEach(() => database.source.query('DELETE FROM sessions'));

  const begin = (more: { subject?: string; issuer?: string; issuerSession?: string } = {}, earlier: string | null = null) => {
    const { subject = 'robin', issuer = 'https://issuer.example', issuerSession = 's1' } = more;
    const session = { issuer, subject, issuerSubject: `their ${subject}`, issuerSession, tokens, browser: 'Firefox on Linux' };
    return store.begin({ ...session, accessExpiresAt: new Date(Date.now() + 600_000) }, earlier);
  };

  const age = (column: 'used_at' | 'signed_in_at', by: string) =>
    asSuperuser(database, `UPDATE sessions SET ${column} = ${column} - $1::interval`, [by]);

  it('finds a session by its cookie alone, with its tokens', async () => {
    const token = await begin();
    const found = await store.find(token);
    expect(found).to.deep.include({ subject: 'robin', tokens, isUseDue: false });
    expect(await store.find(newSessionToken())).to.equal(null);
    expect(await store.find(found!.sessionId)).to.equal(null);
  });

  it('finds no session whose tokens another key sealed', async () => {
    const token = await begin();
    const changed = new SessionStore(database.source, new SessionKeys(randomBytes(32)), { idleMinutes: 30, maximumHours: 12 });
    expect(await changed.find(token)).to.equal(null);
  });

  it('finds no session whose tokens were put into another row', async () => {
    const [token, other] = [await begin(), await begin({ subject: 'kim' })];
    await asSuperuser(database, `UPDATE sessions SET sealed_tokens = (SELECT sealed_tokens FROM sessions WHERE subject = 'kim')`);
    expect([await store.find(token), (await store.find(other))?.subject]).to.deep.equal([null, 'kim']);
  });

  it('lets a session end at whichever limit comes first', async () => {
    const token = await begin();
    await age('used_at', '29 minutes 50 seconds');
    const { idleUntil, endsAt, isUseDue, sessionId } = (await store.find(token))!;
    expect(isUseDue).to.equal(true);
    expect(idleUntil.getTime()).to.be.below(endsAt.getTime());
    await store.noteUse(sessionId);
    await age('signed_in_at', '11 hours 50 minutes');
    const late = (await store.find(token))!;
    expect(late.idleUntil).to.deep.equal(late.endsAt);
    await age('signed_in_at', '10 minutes');
    expect(await store.find(token)).to.equal(null);
    expect(await store.list('robin')).to.deep.equal([]);
  });

  it('stores the use of a session once a minute', async () => {
    await begin();
    const used = async () => (await asSuperuser<{ used_at: Date }>(database, 'SELECT used_at FROM sessions'))[0]!.used_at.getTime();
    const { sessionId } = (await store.list('robin'))[0]!;
    const first = await used();
    await store.noteUse(sessionId);
    expect(await used()).to.equal(first);
    await age('used_at', '61 seconds');
    await store.noteUse(sessionId);
    expect(await used()).to.be.above(first);
  });

  it('deletes sessions that have reached a limit when somebody signs in', async () => {
    await begin();
    await age('used_at', '31 minutes');
    await begin({ subject: 'kim' });
    expect(await asSuperuser(database, 'SELECT subject FROM sessions')).to.deep.equal([{ subject: 'kim' }]);
  });

  it('replaces the browser’s earlier session', async () => {
    const earlier = await begin();
    const later = await begin({}, earlier);
    expect([await store.find(earlier), (await store.find(later))?.subject]).to.deep.equal([null, 'robin']);
  });

  it('lets one renewal at a time look at a session, and the next sees its result', async () => {
    const token = await begin();
    const { sessionId } = (await store.find(token))!;
    const seen: string[] = [];
    const renew = () =>
      store.renew(sessionId, ({ tokens: { access } }) => {
        seen.push(access);
        return Promise.resolve({ tokens: { ...tokens, access: `${access}+` }, accessExpiresAt: new Date() });
      });
    await Promise.all([renew(), renew(), renew()]);
    expect(seen).to.deep.equal(['access', 'access+', 'access++']);
    expect((await store.find(token))?.tokens.access).to.equal('access+++');
    expect(await store.renew(sessionId, () => Promise.resolve('end'))).to.equal(null);
    expect(await store.find(token)).to.equal(null);
  });

  it('ends what the issuer names, of that issuer only', async () => {
    const issuer = 'https://issuer.example';
    const end = (names: { sid?: string; sub?: string }) => store.endAtIssuer(issuer, names);
    await begin({ issuer: 'https://other.example' });
    await begin({ issuerSession: 's2' });
    await begin();
    expect(await end({ sid: 's1', sub: 'their kim' })).to.equal(0);
    expect(await end({ sid: 's1', sub: 'their robin' })).to.equal(1);
    expect(await end({ sub: 'robin' }), 'the name in access tokens').to.equal(0);
    expect(await end({ sub: 'their robin' })).to.equal(1);
    expect(await store.endAll('https://other.example', 'robin')).to.equal(1);
  });

  it('keeps the record of ends, which nobody can change', async () => {
    await begin();
    const ended = await endSessionsOf(database.source, { endId: randomUUID(), subject: 'robin', sessionId: null, by: 'olga' });
    expect(ended.sessionIds).to.have.length(1);
    for (const sql of ['DELETE FROM session_ends', `UPDATE session_ends SET ended_by = 'nobody'`]) {
      const refused = await database.source.query(sql).then(
        () => 'done',
        (error: Error) => error.message,
      );
      expect(refused).to.match(/permission denied/);
    }
  });
});
