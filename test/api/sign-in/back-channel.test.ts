import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { generateKeyPair, SignJWT } from 'jose';
import { codeOf, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { CookieBrowser } from '../../support/cookie-browser.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen } from '../../support/sample-directory.js';
import { SecondIssuer, testClient } from '../../support/second-issuer.js';

const event = 'http://schemas.openid.net/event/backchannel-logout';

describe('Logging out at the issuer', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let issuer: SecondIssuer;
  let api: TestApi;

  before(async () => {
    database = await createTestDatabase();
    issuer = await SecondIssuer.start([{ subject: 'robin', name: 'Robin', roles: ['claim_user'], partner: evergreen.accountId }]);
    api = await startTestApi({ database, env: issuer.env });
    await issuer.serve(api.url);
  });
  after(async () => {
    await api?.close();
    await issuer?.stop();
    await database?.close();
  });

  async function signedIn(): Promise<CookieBrowser> {
    const browser = new CookieBrowser(api.url);
    await browser.signIn('robin', '?returnTo=/livez');
    expect(await state(browser)).to.equal(200);
    return browser;
  }

  const state = async (browser: CookieBrowser): Promise<number> => (await browser.call('GET', '/v1/claims')).status;

  const claims = (more: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1_000);
    return {
      iss: issuer.url,
      aud: testClient,
      iat: now,
      exp: now + 120,
      jti: randomUUID(),
      sub: 'robin',
      events: { [event]: {} },
      ...more,
    };
  };

  const send = (token: string): Promise<Reply> =>
    api.call('POST', '/sign-in/back-channel-logout', { body: new URLSearchParams({ logout_token: token }), key: null });

  it('ends the session that was made there, and no other', async () => {
    const [browser, other] = [await signedIn(), await signedIn()];
    await browser.logOutAt(issuer.url);
    expect([await state(browser), await state(other)]).to.deep.equal([401, 200]);
  });

  it('ends every session of a person if the token names no session', async () => {
    const [browser, other] = [await signedIn(), await signedIn()];
    const answer = await send(await issuer.sign(claims(), 'logout+jwt'));
    expect([answer.status, answer.text, answer.headers.get('cache-control')]).to.deep.equal([200, '', 'no-store']);
    expect([await state(browser), await state(other)]).to.deep.equal([401, 401]);
  });

  it('is accepted once', async () => {
    const token = await issuer.sign(claims(), 'logout+jwt');
    expect((await send(token)).status).to.equal(200);
    const browser = await signedIn();
    expect(codeOf(await send(token))).to.deep.equal([400, 'logout_token_invalid']);
    expect(await state(browser)).to.equal(200);
  });

  it('needs a session and a person that belong together', async () => {
    const browser = await signedIn();
    const [row] = await database.source.query<{ issuer_session: string }[]>(
      'SELECT issuer_session FROM sessions ORDER BY signed_in_at DESC',
    );
    const sid = row!.issuer_session;
    expect((await send(await issuer.sign(claims({ sid, sub: 'kim' }), 'logout+jwt'))).status).to.equal(200);
    expect(await state(browser)).to.equal(200);
    expect((await send(await issuer.sign(claims({ sid, sub: undefined }), 'logout+jwt'))).status).to.equal(200);
    expect(await state(browser)).to.equal(401);
  });

  const wrong: Record<string, [more: Record<string, unknown>, typ?: string]> = {
    'an ID token': [{ events: undefined, nonce: 'n' }, 'JWT'],
    'a token with a nonce': [{ nonce: 'n' }],
    'a token without the event': [{ events: {} }],
    'a token whose event is no object': [{ events: { [event]: true } }],
    'a token of another type': [{}, 'at+jwt'],
    'a token for another client': [{ aud: 'payroll' }],
    'a token of another issuer': [{ iss: 'https://evil.example' }],
    'a token of yesterday': [{ iat: Math.floor(Date.now() / 1_000) - 86_400 }],
    'an expired token': [{ exp: Math.floor(Date.now() / 1_000) - 60 }],
    'a token that never expires': [{ exp: undefined }],
    'a token without an id': [{ jti: undefined }],
    'a token for nobody': [{ sub: undefined }],
  };
  for (const [what, [more, typ = 'logout+jwt']] of Object.entries(wrong)) {
    it(`refuses ${what}`, async () => {
      const browser = await signedIn();
      expect(codeOf(await send(await issuer.sign(claims(more), typ)))).to.deep.equal([400, 'logout_token_invalid']);
      expect(await state(browser)).to.equal(200);
    });
  }

  it('refuses a token that somebody else signed, and what is no token', async () => {
    const browser = await signedIn();
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'second', typ: 'logout+jwt' }).sign(privateKey);
    for (const token of [forged, 'nonsense', '']) expect(codeOf(await send(token)), token).to.deep.equal([400, 'logout_token_invalid']);
    const empty = await api.call('POST', '/sign-in/back-channel-logout', { body: new URLSearchParams(), key: null });
    expect(codeOf(empty)).to.deep.equal([400, 'logout_token_invalid']);
    expect(await state(browser)).to.equal(200);
  });
});
