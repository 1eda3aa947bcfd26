import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { IssuerBrowser } from '../support/issuer-browser.js';

describe('The page “Sign in as …” in a browser', function () {
  this.timeout(60_000);

  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await database?.close();
  });

  const begin = () => new IssuerBrowser(api.url).authorization();
  /** Where a person begins who then wants to see the own session. */
  const signIn = () => `${api.url}/sign-in?returnTo=/session`;
  const session = async (page: Page): Promise<Record<string, unknown>> => {
    await page.waitForURL(`${api.url}/session`);
    return JSON.parse((await page.locator('pre').textContent())!) as Record<string, unknown>;
  };

  for (const language of ['en', 'ru'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [375, 1200]) {
        it(`has no axe findings and no horizontal scrolling in ${language}, ${colorScheme}, at ${width} pixels`, () =>
          browser.inContext({ colorScheme, locale: language, viewport: { width, height: 800 } }, async (context) => {
            const page = await context.newPage();
            const complaints: string[] = [];
            page.on('console', (message) => complaints.push(message.text()));
            await page.goto(begin().url);
            expect(await page.locator('html').getAttribute('lang')).to.equal(language);
            expect(await accessibilityFaults(page, { onlyStandards: true })).to.deep.equal([]);
            expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
            expect(complaints).to.deep.equal([]);
            await page.goto(begin().url.replace('cpor-console', 'somebody'));
            expect(await accessibilityFaults(page, { onlyStandards: true })).to.deep.equal([]);
            await page.goto(`${api.url}/sandbox/issuer/session/end/success`);
            expect(await accessibilityFaults(page, { onlyStandards: true })).to.deep.equal([]);
          }));
      }
    }
  }

  it('signs in with one click, and without script', () =>
    browser.inContext({ javaScriptEnabled: false }, async (context) => {
      const page = await context.newPage();
      await page.goto(signIn());
      await page.getByRole('button', { name: 'Rita Lindqvist' }).click();
      expect(await session(page)).to.include({ subject: 'rita.vendor', name: 'Rita Lindqvist' });
    }));

  it('signs in with the keyboard alone', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(signIn());
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.value')).to.equal('ann.evergreen');
      await page.keyboard.press('Enter');
      expect(await session(page)).to.include({ subject: 'ann.evergreen' });
    }));

  it('can be cancelled, and switches its language', () =>
    browser.inContext({ locale: 'en' }, async (context) => {
      const page = await context.newPage();
      await page.goto(signIn());
      await page.getByRole('link', { name: 'Русский' }).click();
      await page.getByRole('heading', { name: 'Войти как…' }).waitFor();
      await page.getByRole('button', { name: 'Отмена' }).click();
      await page.waitForURL(`${api.url}/sign-in/problems/**`);
    }));

  it('changes the person in one browser', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(signIn());
      await page.getByRole('button', { name: 'Ann Fletcher' }).click();
      expect(await session(page)).to.include({ subject: 'ann.evergreen' });
      await page.goto(signIn());
      await page.getByRole('button', { name: 'Dana Whitfield' }).click();
      expect(await session(page)).to.include({ subject: 'dana.northwind' });
    }));

  it('signs out without a question when the console names the person, and asks otherwise', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(signIn());
      await page.getByRole('button', { name: 'Ann Fletcher' }).click();
      const { csrfToken } = await session(page);
      await page.goto(`${api.url}/sandbox/issuer/session/end`);
      expect(await page.title()).to.equal('Sign out');
      expect(await accessibilityFaults(page, { onlyStandards: true })).to.deep.equal([]);
      const headers = { 'X-CSRF-Token': csrfToken as string, Origin: api.url };
      const left = await context.request.post(`${api.url}/sign-out`, { headers, data: { scope: 'here' } });
      expect(left.status(), await left.text()).to.equal(200);
      const { issuerSignOut } = (await left.json()) as { issuerSignOut: string };
      await page.goto(`${api.url}${issuerSignOut}`).catch(() => undefined);
      await page.waitForURL(`${api.url}/`);
    }));

  it('leads back to the page that was asked for, whose scripts may then use the API, until the person signs out at the issuer', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      const status = (path: string) => page.evaluate(`fetch('${path}').then(({ status }) => status)`);
      await page.goto(`${api.url}/sign-in?returnTo=/problems`);
      await page.getByRole('button', { name: 'Ann Fletcher' }).click();
      await page.waitForURL(`${api.url}/problems`);
      expect(await status('/v1/claims')).to.equal(200);
      const name = `fetch('/session').then((answer) => answer.json()).then(({ name }) => name)`;
      expect(await page.evaluate(name)).to.equal('Ann Fletcher');

      const other = await context.newPage();
      await other.goto(`${api.url}/sandbox/issuer/session/end`);
      await other.getByRole('button').first().click();
      await other.waitForURL(/session\/end\/success/);
      expect(await status('/v1/claims')).to.equal(401);
    }));
});
