import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { findFreePort } from '#libs/embedded/index.js';
import { type Json, startTestApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../support/database.js';
import { evergreen } from '../support/sample-directory.js';
import { waitFor } from '../support/wait.js';
import { issuerAt, type Keycloak, startKeycloak } from './keycloak.js';
import { client, person, realmFor } from './realm.js';

describe('Signing in at Keycloak', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let api: TestApi;
  let keycloak: Keycloak;
  let browser: TestBrowser;
  let issuer: string;

  before(async function () {
    this.timeout(400_000);
    const port = await findFreePort(0);
    issuer = issuerAt(port);
    database = await createTestDatabase();
    const env = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: client.id, OIDC_CLIENT_SECRET: client.secret, OIDC_SCOPES: 'openid profile email' };
    api = await startTestApi({ database, env });
    keycloak = await startKeycloak(port, realmFor(api.url, evergreen.accountId));
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await keycloak?.stop();
    await api?.close();
    await database?.close();
  });

  async function signedIn(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${api.url}/sign-in?returnTo=/problems`);
    expect(page.url()).to.include(`${issuer}/protocol/openid-connect/auth`);
    await page.locator('#username').fill(person.username);
    await page.locator('#password').fill(person.password);
    await page.locator('#kc-login').click();
    await page.waitForURL(`${api.url}/problems`);
    return page;
  }

  function call(page: Page, method: string, path: string, { headers = {}, body }: { headers?: Json; body?: Json } = {}) {
    const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...(body && { body: JSON.stringify(body) }) };
    const read = `async (answer) => ({ status: answer.status, body: JSON.parse(await answer.text()) })`;
    return page.evaluate<{ status: number; body: Json }>(`fetch(${JSON.stringify(path)}, ${JSON.stringify(init)}).then(${read})`);
  }

  it('gives a page the claims of the person’s company, renews the session, and signs out there too', () =>
    browser.inContext({}, async (context) => {
      const page = await signedIn(context);
      const session = (await call(page, 'GET', '/session')).body;
      expect(session).to.include({ isSignedIn: true, name: 'Robin Fields' });
      const claims = await call(page, 'GET', '/v1/claims');
      expect([claims.status, claims.body['items']]).to.deep.equal([200, []]);

      const expiry = async () =>
        (await asSuperuser<{ at: Date }>(database, 'SELECT access_expires_at AS at FROM sessions'))[0]!.at.getTime();
      await asSuperuser(database, `UPDATE sessions SET access_expires_at = access_expires_at - interval '1 day'`);
      expect((await call(page, 'GET', '/v1/claims')).status).to.equal(200);
      expect(await expiry()).to.be.above(Date.now());

      const headers = { 'x-csrf-token': session['csrfToken'] as string };
      const left = await call(page, 'POST', '/sign-out', { headers, body: {} });
      expect(left.body).to.include({ endedSessions: 1 });
      await page.goto(`${api.url}${left.body['issuerSignOut'] as string}`);
      await page.waitForURL(`${api.url}/`);
      await page.goto(`${api.url}/sign-in`);
      await page.locator('#username').waitFor();
    }));

  it('ends the session when the person signs out at Keycloak', () =>
    browser.inContext({}, async (context) => {
      const page = await signedIn(context);
      const other = await context.newPage();
      await other.goto(`${issuer}/protocol/openid-connect/logout`);
      await other.locator('#kc-logout').click();
      await waitFor('the end of the session', async () => (await call(page, 'GET', '/v1/claims')).status === 401);
      expect((await call(page, 'GET', '/v1/claims')).body).to.include({ code: 'session_ended' });
    }));
});
