import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { codeOf, startTestApi, type TestApi } from '../../support/api.js';
import { CookieBrowser } from '../../support/cookie-browser.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen, northwind } from '../../support/sample-directory.js';
import { SecondIssuer } from '../../support/second-issuer.js';
import { waitFor } from '../../support/wait.js';

const people = [
  { subject: 'robin', name: 'Robin Fields', roles: ['claim_admin' as const], partner: evergreen.accountId },
  { subject: 'kim', name: 'Kim Park', roles: ['tenant_admin' as const], tenant: northwind.tenantId },
  { subject: 'olga', name: 'Ольга Орлова', roles: ['operator' as const] },
];

describe('Signing in with a browser', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let issuer: SecondIssuer;
  let api: TestApi;
  let env: Record<string, string>;

  before(async () => {
    database = await createTestDatabase();
    issuer = await SecondIssuer.start(people);
    env = { ...issuer.env, CPOR_SESSION_KEY: randomBytes(32).toString('base64') };
    api = await startTestApi({ database, env });
    await issuer.serve(api.url);
  });
  after(async () => {
    await api?.close();
    await issuer?.stop();
    await database?.close();
  });
  afterEach(() => {
    issuer.isDown = false;
    issuer.isOpaque = false;
    issuer.audience = 'cpor';
    issuer.accessTokenSeconds = 600;
  });

  async function signedIn(subject = 'robin', query = '?returnTo=/livez'): Promise<CookieBrowser> {
    const browser = new CookieBrowser(api.url);
    const { address } = await browser.signIn(subject, query);
    expect(address.pathname).to.equal('/livez');
    return browser;
  }

  const rows = (where = 'true') =>
    database.source.query<{ session_id: string; token_hash: Buffer; sealed_tokens: Buffer; subject: string; browser: string }[]>(
      `SELECT * FROM sessions WHERE ${where} ORDER BY signed_in_at`,
    );

  /** Makes a session look as if it had been signed in or used some time ago. */
  const age = async (browser: CookieBrowser, column: 'used_at' | 'signed_in_at' | 'access_expires_at', by: string) => {
    const { sessionId } = (await browser.call('GET', '/session')).body;
    await asSuperuser(database, `UPDATE sessions SET ${column} = ${column} - $2::interval WHERE session_id = $1`, [sessionId, by]);
  };

  it('calls the API with a cookie that stands for a bearer token, and tells scripts no token', async () => {
    const browser = await signedIn();
    const session = await browser.call('GET', '/session');
    expect(session.body).to.include({ isSignedIn: true, canSignIn: true, subject: 'robin', name: 'Robin Fields' });
    expect(Object.keys(session.body)).to.have.members([
      'isSignedIn',
      'canSignIn',
      'sessionId',
      'subject',
      'name',
      'csrfToken',
      'expiresAt',
      'idleUntil',
    ]);
    expect(session.text).to.not.match(/eyJ|refresh/);
    const listed = await browser.call('GET', '/v1/claims');
    expect([listed.status, listed.body['items']]).to.deep.equal([200, []]);
    expect(new Date(session.body['idleUntil'] as string).getTime() - Date.now()).to.be.within(28 * 60_000, 30 * 60_000);
    expect(new Date(session.body['expiresAt'] as string).getTime() - Date.now()).to.be.within(11.9 * 3_600_000, 12 * 3_600_000);
  });

  it('sets a cookie that scripts, other hosts and other sites do not get, and stores only its digest', async () => {
    const browser = new CookieBrowser(api.url);
    const { address } = await browser.follow('/sign-in?returnTo=/livez');
    const callback = await browser.follow(new URL('?as=kim', address), ({ pathname }) => pathname === '/sign-in/callback', {
      method: 'POST',
    });
    const answer = await browser.visit(callback.address, { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' } });
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-cpor-session='))!;
    expect(cookie).to.match(/^__Host-cpor-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('referrer-policy')]).to.deep.equal([
      303,
      '/livez',
      'no-referrer',
    ]);
    const [row] = await rows("subject = 'kim'");
    expect(row!.browser).to.equal('Firefox on Linux');
    const text = JSON.stringify(await rows());
    expect(text).to.not.include(browser.cookie());
    for (const { sealed_tokens: sealed } of await rows()) expect(sealed.toString('latin1')).to.not.match(/eyJ|Kim|robin/);
  });

  it('asks the issuer by code flow with PKCE, state and nonce, and nothing twice', async () => {
    issuer.authorizations.length = 0;
    const browser = await signedIn();
    await signedIn('kim', '?returnTo=/livez&prompt=login&loginHint=kim@example.com');
    const [first, second] = issuer.authorizations;
    expect(Object.fromEntries(first!)).to.include({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid profile email offline_access',
      redirect_uri: `${api.url}/sign-in/callback`,
    });
    expect(Object.fromEntries(second!)).to.include({ prompt: 'login', login_hint: 'kim@example.com' });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(first!.get(name)).to.not.equal(second!.get(name)).and.not.equal(null);
    expect((await browser.call('GET', '/v1/claims')).status).to.equal(200);
  });

  for (const hostile of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/..//evil.example/x',
    '/sign-out',
    `/${'a'.repeat(2_000)}`,
  ]) {
    it(`opens the console instead of ${JSON.stringify(hostile.slice(0, 40))} after sign-in`, async () => {
      const browser = new CookieBrowser(api.url);
      const { address } = await browser.follow(`/sign-in?${new URLSearchParams({ returnTo: hostile }).toString()}`);
      const reached = await browser.follow(new URL('?as=robin', address), ({ pathname }) => pathname === '/console', { method: 'POST' });
      expect(reached.address.href).to.equal(`${api.url}/console`);
    });
  }

  it('keeps the query and the fragment of the page to return to', async () => {
    const browser = new CookieBrowser(api.url);
    const returnTo = '/console/claims?phase=draft&sort=-name#top';
    const { address } = await browser.follow(`/sign-in?${new URLSearchParams({ returnTo }).toString()}`);
    const reached = await browser.follow(new URL('?as=robin', address), ({ pathname }) => pathname.startsWith('/console'), {
      method: 'POST',
    });
    expect(reached.address.href).to.equal(`${api.url}${returnTo}`);
  });

  it('begins in several tabs at once', async () => {
    const browser = new CookieBrowser(api.url);
    const first = await browser.follow('/sign-in?returnTo=/livez');
    const second = await browser.follow('/sign-in?returnTo=/problems');
    const end = async ({ address }: { address: URL }) =>
      (await browser.follow(new URL('?as=robin', address), undefined, { method: 'POST' })).address.pathname;
    expect([await end(second), await end(first)]).to.deep.equal(['/problems', '/livez']);
  });

  it('ends the browser’s earlier session when somebody signs in, and its pages can no longer change anything', async () => {
    const browser = await signedIn('robin');
    const [cookie, csrf] = [browser.cookie()!, await browser.csrf()];
    browser.forgetIssuer();
    const { address } = await browser.signIn('kim', '?returnTo=/livez');
    expect(address.pathname).to.equal('/livez');
    expect(browser.cookie()).to.not.equal(cookie);
    expect((await browser.call('GET', '/session')).body['subject']).to.equal('kim');
    const late = await browser.call('POST', '/v1/claims', { body: {}, headers: { ...csrf, 'idempotency-key': randomUUID() } });
    expect(codeOf(late)).to.deep.equal([403, 'csrf_token_invalid']);
    browser.setCookie(cookie);
    expect(codeOf(await browser.call('GET', '/v1/claims'))).to.deep.equal([401, 'session_ended']);
  });

  describe('that goes wrong', () => {
    async function failure(
      browser: CookieBrowser,
      subject: string | null = 'robin',
    ): Promise<{ path: string; status: number; text: string }> {
      const { address, response } = await browser.signIn(subject, '?returnTo=/livez');
      return { path: address.pathname, status: response.status, text: await response.text() };
    }

    it('says that it was cancelled, keeps where to return to, and stores nothing', async () => {
      const before = await rows();
      const { path, status, text } = await failure(new CookieBrowser(api.url), null);
      expect([path, status]).to.deep.equal(['/sign-in/problems/sign_in_cancelled', 403]);
      expect(text).to.include('You did not sign in').and.include('href="/sign-in?returnTo=%2Flivez"');
      expect(await rows()).to.deep.equal(before);
    });

    it('says so in Russian', async () => {
      const page = await fetch(`${api.url}/sign-in/problems/sign_in_cancelled`, { headers: { 'accept-language': 'ru' } });
      expect(await page.text())
        .to.include('Вход не выполнен')
        .and.include('<html lang="ru">');
      expect(page.headers.get('content-security-policy')).to.include("default-src 'none'");
    });

    it('tells of tokens for another audience, at once', async () => {
      issuer.audience = 'payroll';
      const { path, text } = await failure(new CookieBrowser(api.url));
      expect(path).to.equal('/sign-in/problems/token_wrong_audience');
      expect(text).to.include('meant for another application');
    });

    it('tells of tokens that are no JWT', async () => {
      issuer.isOpaque = true;
      expect((await failure(new CookieBrowser(api.url))).path).to.equal('/sign-in/problems/token_not_usable');
    });

    it('tells that the issuer is away, before and after', async () => {
      issuer.isDown = true;
      const lonely = await startTestApi({ database, env: issuer.env });
      try {
        const { address, response } = await new CookieBrowser(lonely.url).follow('/sign-in');
        expect([address.pathname, response.status]).to.deep.equal(['/sign-in/problems/issuer_unreachable', 503]);
      } finally {
        await lonely.close();
      }
      issuer.isDown = false;
      const browser = new CookieBrowser(api.url);
      const { address } = await browser.follow('/sign-in');
      const callback = await browser.follow(new URL('?as=robin', address), ({ pathname }) => pathname === '/sign-in/callback', {
        method: 'POST',
      });
      issuer.isDown = true;
      expect((await browser.follow(callback.address)).address.pathname).to.equal('/sign-in/problems/issuer_unreachable');
    });

    it('refuses a discovery document of another issuer', async () => {
      const wrong = await startTestApi({ database, env: { ...issuer.env, OIDC_ISSUER: issuer.url.replace('localhost', '127.0.0.1') } });
      try {
        const { address } = await new CookieBrowser(wrong.url).follow('/sign-in');
        expect(address.pathname).to.match(/issuer_(answer_invalid|unreachable)$/);
      } finally {
        await wrong.close();
      }
    });

    it('refuses a callback in another browser, one that names another issuer, an altered state and a repeated one', async () => {
      const browser = new CookieBrowser(api.url);
      const returned = async () => {
        const { address } = await browser.follow('/sign-in?returnTo=/livez&prompt=login');
        const answer = await browser.follow(new URL('?as=robin', address), ({ pathname }) => pathname === '/sign-in/callback', {
          method: 'POST',
        });
        return answer.address;
      };
      const outcome = async (who: CookieBrowser, address: URL) =>
        (await who.follow(address)).address.pathname.replace('/sign-in/problems/', '');
      const address = await returned();

      expect(await outcome(new CookieBrowser(api.url), address)).to.equal('sign_in_cookie_missing');
      const other = new CookieBrowser(api.url);
      await other.follow('/sign-in');
      expect(await outcome(other, address)).to.equal('sign_in_stale');
      const altered = new URL(address);
      altered.searchParams.set('state', altered.searchParams.get('state')!.replace(/^.../, 'AAA'));
      expect(await outcome(browser, altered)).to.equal('sign_in_stale');
      const mixedUp = new URL(address);
      mixedUp.searchParams.set('iss', 'https://evil.example');
      expect(await outcome(browser, mixedUp)).to.equal('issuer_answer_invalid');
      expect(await outcome(browser, address)).to.equal('/livez');
      expect(await outcome(browser, address)).to.equal('sign_in_stale');
    });

    it('answers an unknown code with 404', async () => {
      expect(codeOf(await api.call('GET', '/sign-in/problems/whatever'))).to.deep.equal([404, 'not_found']);
    });
  });

  it('says on a page that nobody can sign in without a client', async () => {
    const { OIDC_ISSUER = '' } = issuer.env;
    const programsOnly = await startTestApi({ database, env: { OIDC_ISSUER } });
    try {
      const { address, response } = await new CookieBrowser(programsOnly.url).follow('/sign-in');
      expect([address.pathname, response.status]).to.deep.equal(['/sign-in/problems/sign_in_off', 404]);
      expect((await programsOnly.call('GET', '/session')).body).to.include({ isSignedIn: false, canSignIn: false });
      const browser = new CookieBrowser(programsOnly.url);
      browser.setCookie('A'.repeat(43));
      expect(codeOf(await browser.call('GET', '/v1/claims'))).to.deep.equal([401, 'session_ended']);
    } finally {
      await programsOnly.close();
    }
  });

  describe('and its session', () => {
    it('is not asked for with a bearer token', async () => {
      const browser = await signedIn();
      const answer = await browser.call('GET', '/v1/claims', { headers: { authorization: 'Bearer nonsense' } });
      expect(codeOf(answer)).to.deep.equal([401, 'unauthenticated']);
    });

    it('refuses other sites', async () => {
      const browser = await signedIn();
      for (const site of ['cross-site', 'same-site', 'none'])
        expect(codeOf(await browser.call('GET', '/v1/claims', { headers: { 'sec-fetch-site': site } })), site).to.deep.equal([
          403,
          'cross_site_refused',
        ]);
      const old = async (origin?: string) => {
        const response = await browser.visit('/v1/claims', { headers: origin === undefined ? {} : { origin } });
        return response.status;
      };
      expect([await old(), await old('https://evil.example'), await old(api.url)]).to.deep.equal([403, 403, 200]);
      expect((await browser.call('GET', '/session', { headers: { 'sec-fetch-site': 'cross-site' } })).status).to.equal(403);
    });

    it('changes something only with its own token', async () => {
      const [browser, other] = [await signedIn(), await signedIn('robin')];
      const send = (headers: Record<string, string>) =>
        browser.call('POST', '/v1/claims', { body: { name: 7 }, headers: { 'idempotency-key': randomUUID(), ...headers } });
      expect(codeOf(await send({}))).to.deep.equal([403, 'csrf_token_invalid']);
      expect(codeOf(await send({ 'x-csrf-token': 'A'.repeat(43) }))).to.deep.equal([403, 'csrf_token_invalid']);
      expect(codeOf(await send(await other.csrf()))).to.deep.equal([403, 'csrf_token_invalid']);
      expect(codeOf(await send(await browser.csrf()))).to.deep.equal([422, 'invalid_request']);
      expect(codeOf(await send({ ...(await browser.csrf()), 'sec-fetch-site': 'cross-site' }))).to.deep.equal([403, 'cross_site_refused']);
    });

    it('reads nothing for a page that was made for another session', async () => {
      const [browser, other] = [await signedIn(), await signedIn('kim')];
      const read = (headers: Record<string, string>) => browser.call('GET', '/v1/claims', { headers });
      expect([(await read({})).status, (await read(await browser.csrf())).status]).to.deep.equal([200, 200]);
      expect(codeOf(await read(await other.csrf()))).to.deep.equal([403, 'csrf_token_invalid']);
    });

    it('ends when it was not used for half an hour, and reading it is no use', async () => {
      const browser = await signedIn();
      await age(browser, 'used_at', '29 minutes');
      const idleUntil = async () => new Date((await browser.call('GET', '/session')).body['idleUntil'] as string).getTime() - Date.now();
      expect(await idleUntil()).to.be.below(61_000);
      await browser.call('GET', '/v1/events', { headers: { accept: 'text/event-stream' } });
      expect(await idleUntil(), 'after an event stream').to.be.below(61_000);
      await browser.call('GET', '/v1/claims');
      expect(await idleUntil(), 'after use').to.be.above(29 * 60_000);
      await age(browser, 'used_at', '31 minutes');
      expect(codeOf(await browser.call('GET', '/v1/claims'))).to.deep.equal([401, 'session_ended']);
      expect((await browser.call('GET', '/session')).body).to.deep.include({ isSignedIn: false, canSignIn: true, csrfToken: null });
    });

    it('ends twelve hours after sign-in, and its row is deleted at the next one', async () => {
      const browser = await signedIn();
      const { sessionId } = (await browser.call('GET', '/session')).body;
      await age(browser, 'signed_in_at', '12 hours');
      expect(codeOf(await browser.call('GET', '/v1/claims'))).to.deep.equal([401, 'session_ended']);
      await signedIn('kim');
      expect(await rows(`session_id = '${String(sessionId)}'`)).to.deep.equal([]);
    });

    it('renews its token once, however many requests come at once', async () => {
      issuer.accessTokenSeconds = 20;
      const browser = await signedIn();
      issuer.accessTokenSeconds = 600;
      issuer.refreshes = 0;
      const answers = await Promise.all(Array.from({ length: 20 }, () => browser.call('GET', '/v1/claims')));
      expect(answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: 20 }, () => 200));
      expect(issuer.refreshes).to.equal(1);
    });

    it('is renewed once by two processes that share the database', async () => {
      const second = await startTestApi({ database, env });
      try {
        issuer.accessTokenSeconds = 20;
        const browser = await signedIn();
        const twin = new CookieBrowser(second.url);
        twin.setCookie(browser.cookie()!);
        issuer.accessTokenSeconds = 600;
        issuer.refreshes = 0;
        const answers = await Promise.all([browser, twin, browser, twin].map((one) => one.call('GET', '/v1/claims')));
        expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
        expect(issuer.refreshes).to.equal(1);
      } finally {
        await second.close();
      }
    });

    it('survives an issuer that is away, as long as its token is good and after it is back', async () => {
      issuer.accessTokenSeconds = 20;
      const browser = await signedIn();
      issuer.isDown = true;
      expect((await browser.call('GET', '/v1/claims')).status).to.equal(200);
      await age(browser, 'access_expires_at', '1 hour');
      const unavailable = await browser.call('GET', '/v1/claims');
      expect(codeOf(unavailable)).to.deep.equal([503, 'service_unavailable']);
      expect(unavailable.headers.get('retry-after')).to.equal('5');
      issuer.isDown = false;
      issuer.accessTokenSeconds = 600;
      await waitFor('the issuer to be asked again', async () => (await browser.call('GET', '/v1/claims')).status === 200);
    });

    it('ends when the issuer refuses to renew it', async () => {
      issuer.accessTokenSeconds = 20;
      const browser = await signedIn('olga');
      await issuer.forget('olga');
      expect(codeOf(await browser.call('GET', '/v1/events'))).to.deep.equal([401, 'session_ended']);
      expect(await rows("subject = 'olga'")).to.deep.equal([]);
    });

    it('ends here, and leads to the issuer’s own log-out without telling the page a token', async () => {
      const browser = await signedIn();
      const cookie = browser.cookie()!;
      const refused = await browser.call('POST', '/sign-out', { body: {} });
      expect(codeOf(refused)).to.deep.equal([403, 'csrf_token_invalid']);
      const left = await browser.call('POST', '/sign-out', { body: { scope: 'here' }, headers: await browser.csrf() });
      expect(left.body).to.include({ endedSessions: 1 });
      expect(left.text).to.not.include('eyJ');
      expect(browser.cookie()).to.equal(undefined);
      const { address, response } = await browser.follow(left.body['issuerSignOut'] as string);
      expect([address.origin, address.pathname, response.status]).to.deep.equal([issuer.url, '/session/end', 200]);
      expect(address.searchParams.get('post_logout_redirect_uri')).to.equal(`${api.url}/`);
      browser.setCookie(cookie);
      expect(codeOf(await browser.call('GET', '/v1/claims'))).to.deep.equal([401, 'session_ended']);
      expect((await browser.call('POST', '/sign-out', { body: {} })).status, 'a dead cookie still needs its token').to.equal(403);
    });

    it('answers a second sign-out, and one without a session, with nothing ended', async () => {
      const nobody = await new CookieBrowser(api.url).call('POST', '/sign-out', { body: {} });
      expect([nobody.status, nobody.body]).to.deep.equal([200, { endedSessions: 0, issuerSignOut: null }]);
      const forged = await new CookieBrowser(api.url).follow('/sign-out/issuer?ticket=AAAA', ({ pathname }) => pathname === '/');
      expect(forged.address.origin).to.equal(api.url);
    });

    it('ends everywhere', async () => {
      const [here, elsewhere] = [await signedIn('kim'), await signedIn('kim')];
      const left = await here.call('POST', '/sign-out', { body: { scope: 'everywhere' }, headers: await here.csrf() });
      expect(left.body['endedSessions']).to.be.at.least(2);
      const other = await elsewhere.call('GET', `/v1/tenants/${northwind.tenantId}/associations`);
      expect(codeOf(other)).to.deep.equal([401, 'session_ended']);
    });
  });
});
