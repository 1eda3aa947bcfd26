import { createServer, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { samplePeople } from '#libs/sample-data/index.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { IssuerBrowser } from '../../support/issuer-browser.js';
import { evergreen } from '../../support/sample-directory.js';

describe('The issuer of the sandbox', function () {
  this.timeout(60_000);

  let database: TestDatabase;
  let api: TestApi;
  let browser: IssuerBrowser;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });
  beforeEach(() => {
    browser = new IssuerBrowser(api.url);
  });

  const json = async (path: string) => (await api.call('GET', `/sandbox/issuer${path}`)).body;

  it('describes itself at its public address, and publishes the public half of one key', async () => {
    const discovery = await json('/.well-known/openid-configuration');
    const issuer = `${api.url}/sandbox/issuer`;
    expect(discovery).to.include({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      end_session_endpoint: `${issuer}/session/end`,
      revocation_endpoint: `${issuer}/token/revocation`,
      backchannel_logout_supported: true,
    });
    expect(discovery['code_challenge_methods_supported']).to.deep.equal(['S256']);
    const { keys } = await json('/jwks');
    expect(keys).to.have.length(1);
    expect(Object.keys(keys[0])).to.have.members(['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use']);
  });

  it('builds no address from the Host header', async () => {
    const port = Number(new URL(api.url).port);
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const get = (path: string) =>
      new Promise<{ location?: string | undefined; text: string }>((done, fail) => {
        httpRequest({ host: '127.0.0.1', port, path, headers: forged }, (response) => {
          text(response).then((body) => done({ location: response.headers.location, text: body }), fail);
        })
          .on('error', fail)
          .end();
      });
    const { text: discovery } = await get('/sandbox/issuer/.well-known/openid-configuration');
    expect(JSON.parse(discovery)['token_endpoint']).to.equal(`${api.url}/sandbox/issuer/token`);
    const { location } = await get(browser.authorization().url.slice(api.url.length));
    expect(location).to.match(new RegExp(`^${api.url}/sandbox/issuer/sign-in/`));
  });

  for (const { subject, name, email, language, roles, partner, locations, tenant } of samplePeople) {
    it(`signs in ${subject} by the code flow, with a token that the API takes`, async () => {
      const tokens = await browser.signIn(subject);
      const keys = createLocalJWKSet((await json('/jwks')) as unknown as JSONWebKeySet);
      const { payload } = await jwtVerify(tokens.id_token, keys, { issuer: browser.issuer, audience: 'cpor-console' });
      expect(payload).to.include({ sub: subject, name, email, nonce: 'the nonce' });
      expect(payload['sid']).to.be.a('string');
      expect(decodeProtectedHeader(tokens.access_token)).to.include({ alg: 'ES256', typ: 'at+jwt' });
      const claims = decodeJwt(tokens.access_token);
      expect(claims).to.include({ iss: browser.issuer, aud: 'cpor', sub: subject });
      expect(claims.exp! - claims.iat!).to.equal(600);
      expect(claims['cpor_roles']).to.deep.equal(roles);
      expect([claims['cpor_partner'], claims['cpor_locations'], claims['cpor_tenant']]).to.deep.equal([partner, locations, tenant]);
      const me = await api.call('GET', '/v1/me', { token: tokens.access_token });
      expect(me.body, me.text).to.deep.include({ subject, name, roles, language });
    });
  }

  it('still takes tokens made on the command line', async () => {
    expect((await api.call('GET', '/v1/claims', { token: await api.token('claim_user') })).status).to.equal(200);
  });

  it('limits a clerk of one location to that location', async () => {
    const { access_token: token } = await browser.signIn('cleo.evergreen');
    expect(decodeJwt(token)).to.deep.include({ cpor_partner: evergreen.accountId, cpor_locations: [evergreen.partnerId] });
  });

  describe('refuses', () => {
    const faultOf = (address: string | null) => new URL(address!).searchParams.get('error');

    it('an address to return to that is not the console’s, without sending anyone there', async () => {
      const answer = await browser.send(browser.authorization({ redirect_uri: 'https://evil.example/' }).url);
      expect([answer.status, answer.location]).to.deep.equal([400, null]);
      expect(answer.text).to.include('not registered');
    });

    it('another client', async () => {
      const answer = await browser.send(browser.authorization({ client_id: 'somebody' }).url);
      expect([answer.status, answer.location]).to.deep.equal([400, null]);
    });

    it('a sign-in without PKCE, or with a plain challenge', async () => {
      const { location } = await browser.send(browser.authorization({ code_challenge: undefined, code_challenge_method: undefined }).url);
      expect(faultOf(location)).to.equal('invalid_request');
      const plain = await browser.send(browser.authorization({ code_challenge_method: 'plain' }).url);
      expect(faultOf(plain.location)).to.equal('invalid_request');
    });

    it('a code with a wrong verifier, and a code a second time', async () => {
      const { url, verifier } = browser.authorization();
      const callback = await browser.choose(await browser.openSignIn(url), { person: 'rita.vendor' });
      const code = callback.searchParams.get('code')!;
      expect(callback.searchParams.get('iss')).to.equal(browser.issuer);
      const wrong = await browser.exchange({ code, code_verifier: 'x'.repeat(43) });
      expect([wrong.status, wrong.body['error']]).to.deep.equal([400, 'invalid_grant']);
      const right = await browser.exchange({ code, code_verifier: verifier });
      const second = await browser.exchange({ code, code_verifier: verifier });
      expect([right.status, second.status, second.body['error']].slice(1)).to.deep.equal([400, 'invalid_grant']);
    });

    it('a form without its token, of another sign-in, or in another browser', async () => {
      const page = await browser.openSignIn();
      const other = await browser.openSignIn();
      const person = 'rita.vendor';
      expect((await browser.send(page.url, { form: { person } })).status).to.equal(403);
      expect((await browser.send(page.url, { form: { person, token: other.token } })).status).to.equal(403);
      expect((await new IssuerBrowser(api.url).send(page.url, { form: { person, token: page.token } })).status).to.equal(400);
    });

    it('somebody who is not a sample person', async () => {
      const page = await browser.openSignIn();
      expect((await browser.send(page.url, { form: { person: 'nobody.here', token: page.token } })).status).to.equal(400);
    });

    it('bodies that are no forms, and other methods', async () => {
      const wrong = await api.call('POST', '/sandbox/issuer/token', { body: { grant_type: 'refresh_token' } });
      expect([wrong.status, wrong.body['code']]).to.deep.equal([415, 'unsupported_media_type']);
      const other = await api.call('PUT', '/sandbox/issuer/token');
      expect([other.status, other.headers.get('allow')]).to.deep.equal([405, 'POST, OPTIONS']);
      const large = await api.call('POST', '/sandbox/issuer/token', { body: new URLSearchParams({ refresh_token: 'x'.repeat(100_000) }) });
      expect(large.status).to.equal(400);
      expect((await api.call('GET', '/sandbox/issuer/nothing')).body['code']).to.equal('not_found');
    });
  });

  it('signs nobody in by GET alone', async () => {
    const page = await browser.openSignIn();
    const shown = await browser.send(`${page.url}?person=rita.vendor&token=${page.token}`);
    expect([shown.status, shown.location]).to.deep.equal([200, null]);
  });

  it('tells the client of a cancelled sign-in', async () => {
    const callback = await browser.choose(await browser.openSignIn(), { cancel: 'yes' });
    expect([callback.searchParams.get('error'), callback.searchParams.get('state')]).to.deep.equal(['access_denied', 'the state']);
  });

  it('asks whom to be at every sign-in, and changes the person', async () => {
    await browser.signIn('ann.evergreen');
    const again = await browser.openSignIn();
    expect(again.text).to.include('Sign in as');
    expect(decodeJwt((await browser.signIn('rita.vendor')).access_token).sub).to.equal('rita.vendor');
  });

  for (const prompt of ['login', 'select_account', 'consent', 'login consent']) {
    it(`asks once for prompt=${prompt}`, async () => {
      expect((await browser.signIn('ann.evergreen', { prompt, scope: 'openid offline_access' })).refresh_token).to.be.a('string');
    });
  }

  it('answers prompt=none with login_required, even to a browser with a session', async () => {
    await browser.signIn('ann.evergreen');
    const { location } = await browser.send(browser.authorization({ prompt: 'none' }).url);
    expect(new URL(location!).searchParams.get('error')).to.equal('login_required');
  });

  it('rotates refresh tokens, and ends the grant when one is used twice', async () => {
    const first = await browser.signIn('ann.evergreen');
    const second = await browser.refresh(first.refresh_token);
    expect(second.status).to.equal(200);
    expect(second.body['refresh_token']).not.to.equal(first.refresh_token);
    expect(decodeJwt(second.body['access_token']!)).to.deep.include({ sub: 'ann.evergreen', aud: 'cpor', cpor_locations: ['*'] });
    const reused = await browser.refresh(first.refresh_token);
    expect([reused.status, reused.body['error']]).to.deep.equal([400, 'invalid_grant']);
    expect((await browser.refresh(second.body['refresh_token']!)).status).to.equal(400);
  });

  it('ends the session, and with it the refresh token, at the client’s request', async () => {
    const { id_token, refresh_token } = await browser.signIn('ann.evergreen');
    const parameters = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${api.url}/`, state: 'left' });
    const page = await browser.send(`${browser.issuer}/session/end?${parameters.toString()}`);
    expect(page.status).to.equal(200);
    const [, action, xsrf] = /action="([^"]+)">\s*<input type="hidden" name="xsrf" value="([^"]+)"/.exec(page.text)!;
    const left = await browser.send(action!, { form: { xsrf: xsrf!, logout: 'yes' } });
    expect([left.status, left.location]).to.deep.equal([303, `${api.url}/?state=left`]);
    expect((await browser.refresh(refresh_token)).status).to.equal(400);
  });
});

describe('The issuer of the sandbox, started again', function () {
  this.timeout(60_000);

  it('knows its sessions and refresh tokens, and tells the console of a log-out', async () => {
    const database = await createTestDatabase();
    const told: URLSearchParams[] = [];
    // Stands before the API as a proxy does that serves it below a path. The console's address for log-outs is below it too.
    let behind = '';
    const proxy = createServer(async (request, response) => {
      const path = (request.url ?? '').replace(/^\/cpor(?=\/)/, '');
      if (path === '/sign-in/back-channel-logout') {
        told.push(new URLSearchParams(await text(request)));
        response.end();
        return;
      }
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
      const body = request.method === 'POST' ? await text(request) : undefined;
      const answer = await fetch(`${behind}${path}`, {
        method: request.method!,
        redirect: 'manual',
        headers,
        ...(body && { body }),
      });
      response.writeHead(
        answer.status,
        [...answer.headers].filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding').flat(),
      );
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/cpor`;
    const first = await startTestApi({ database, env: { CPOR_PUBLIC_URL: url } });
    const second = await startTestApi({ database, env: { CPOR_PUBLIC_URL: url, CPOR_DATA_DIR: first.dataDirectory } });
    try {
      behind = first.url;
      const browser = new IssuerBrowser(url);
      const { refresh_token, id_token } = await browser.signIn('ann.evergreen');
      behind = second.url;
      const refreshed = await browser.refresh(refresh_token);
      expect(refreshed.status, JSON.stringify(refreshed.body)).to.equal(200);
      await browser.signIn('rita.vendor');
      expect(told).to.have.length(1);
      const { payload } = await jwtVerify(
        told[0]!.get('logout_token')!,
        createLocalJWKSet((await second.call('GET', '/sandbox/issuer/jwks')).body as unknown as JSONWebKeySet),
        { issuer: browser.issuer, audience: 'cpor-console' },
      );
      expect(payload['sid']).to.equal(decodeJwt(id_token)['sid']);
      expect(payload['events']).to.have.property('http://schemas.openid.net/event/backchannel-logout');
    } finally {
      await second.close();
      await first.close();
      proxy.closeAllConnections();
      proxy.close();
      await database.close();
    }
  });
});
