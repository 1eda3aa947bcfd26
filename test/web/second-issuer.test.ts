import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.js';
import { type Json, startTestApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { evergreen, northwind } from '../support/sample-directory.js';
import { SecondIssuer } from '../support/second-issuer.js';

describe('Signing in with Chromium at another issuer', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let issuer: SecondIssuer;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    database = await createTestDatabase();
    issuer = await SecondIssuer.start([
      { subject: 'robin', name: 'Robin Fields', roles: ['claim_admin'], partner: evergreen.accountId },
      { subject: 'kim', name: 'Kim Park', roles: ['tenant_admin'], tenant: northwind.tenantId },
    ]);
    api = await startTestApi({ database, env: issuer.env });
    await issuer.serve(api.url);
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await issuer?.stop();
    await database?.close();
  });

  async function signIn(page: Page, name: string): Promise<void> {
    await page.goto(`${api.url}/sign-in?returnTo=/problems`);
    expect(new URL(page.url()).origin).to.equal(issuer.url);
    await page.getByRole('button', { name }).click();
    await page.waitForURL(`${api.url}/problems`);
  }

  /** Sends a request as a script of the page does. */
  function call(page: Page, method: string, path: string, { headers = {}, body }: { headers?: Json; body?: Json } = {}) {
    const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...(body && { body: JSON.stringify(body) }) };
    const read = `async (answer) => ({ status: answer.status, body: JSON.parse((await answer.text()) || '{}') })`;
    return page.evaluate<{ status: number; body: Json }>(`fetch(${JSON.stringify(path)}, ${JSON.stringify(init)}).then(${read})`);
  }

  it('gives a page the API without a token, lets it change things, and ends', async () => {
    await browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await signIn(page, 'Robin Fields');
      expect(await page.evaluate('document.cookie')).to.equal('');
      const session = await call(page, 'GET', '/session');
      expect(session.body).to.include({ isSignedIn: true, name: 'Robin Fields' });
      expect((await call(page, 'GET', '/v1/claims')).status).to.equal(200);

      const change = { body: { name: 7 }, headers: { 'idempotency-key': 'a' } };
      expect((await call(page, 'POST', '/v1/claims', change)).body).to.include({ code: 'csrf_token_invalid' });
      const csrf = { 'x-csrf-token': session.body['csrfToken'] as string };
      const accepted = await call(page, 'POST', '/v1/claims', { ...change, headers: { ...change.headers, ...csrf } });
      expect(accepted.body).to.include({ code: 'invalid_request' });

      const left = await call(page, 'POST', '/sign-out', { body: { scope: 'here' }, headers: csrf });
      expect(left.body).to.include({ endedSessions: 1 });
      expect((await call(page, 'GET', '/v1/claims')).body).to.include({ code: 'unauthenticated' });
      expect((await context.cookies(api.url)).map(({ name }) => name)).to.not.include('__Host-cpor-session');
      await page.goto(`${api.url}${left.body['issuerSignOut'] as string}`);
      expect(new URL(page.url()).origin).to.equal(issuer.url);
      await page.getByRole('button', { name: 'Yes, sign me out' }).click();
      await page.waitForURL(`${api.url}/`);
    });
  });

  it('lets a page download by a link and listen to events, and refuses a link on another site', async () => {
    await browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await signIn(page, 'Robin Fields');
      const follow = async (address: string) => {
        const link = `Object.assign(document.createElement('a'), { href: '${address}', textContent: 'Follow', id: 'follow' })`;
        await page.evaluate(`document.body.append(${link})`);
        const [response] = await Promise.all([page.waitForResponse(address), page.locator('#follow').click()]);
        return response.status();
      };
      expect(await follow(`${api.url}/v1/claims/export?format=csv`)).to.equal(200);
      await page.goto(`${issuer.url}/interaction/none`);
      expect(await follow(`${api.url}/v1/claims`)).to.equal(403);
      await page.getByText('cross_site_refused').waitFor();
    });
  });

  it('keeps two people in two browsers apart, and tells a page whose session was ended', async () => {
    await browser.inContext({}, async (first) => {
      await browser.inContext({}, async (second) => {
        const [robin, kim] = [await first.newPage(), await second.newPage()];
        await signIn(robin, 'Robin Fields');
        await signIn(kim, 'Kim Park');
        const names = [await call(robin, 'GET', '/session'), await call(kim, 'GET', '/session')].map(({ body }) => body['name']);
        expect(names).to.deep.equal(['Robin Fields', 'Kim Park']);
        await database.source.query("DELETE FROM sessions WHERE subject = 'robin'");
        expect((await call(robin, 'GET', '/v1/claims')).body).to.include({ code: 'session_ended' });
        expect((await call(kim, 'GET', `/v1/tenants/${northwind.tenantId}/associations`)).status).to.equal(200);
      });
    });
  });

  for (const [locale, title, again] of [
    ['en-GB', 'You did not sign in', 'Try again'],
    ['ru-RU', 'Вход не выполнен', 'Повторить вход'],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`explains a cancelled sign-in and offers another, in ${locale}, ${colorScheme}`, async () => {
        await browser.inContext({ locale, colorScheme }, async (context) => {
          const page = await context.newPage();
          await page.goto(`${api.url}/sign-in?returnTo=/problems`);
          await page.getByRole('button', { name: 'Cancel' }).click();
          await page.waitForURL(/\/sign-in\/problems\/sign_in_cancelled/);
          expect(await page.locator('h1').innerText()).to.equal(title);
          expect(await accessibilityFaults(page, { onlyStandards: true })).to.deep.equal([]);
          await page.getByRole('link', { name: again }).focus();
          await page.keyboard.press('Enter');
          await page.getByRole('button', { name: 'Kim Park' }).click();
          await page.waitForURL(`${api.url}/problems`);
        });
      });
    }
  }

  it('says so when the browser keeps no cookies', async () => {
    await browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(`${api.url}/sign-in`);
      await context.clearCookies({ name: '__Host-cpor-sign-in' });
      await page.getByRole('button', { name: 'Robin Fields' }).click();
      await page.waitForURL(/sign_in_cookie_missing/);
      expect(await page.locator('h1').innerText()).to.equal('Your browser did not keep our cookie');
    });
  });
});
