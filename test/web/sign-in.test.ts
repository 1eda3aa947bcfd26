import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
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
  /** The console's own page is not part of these tests: the address is all that matters. */
  const atCallback = (page: Page) => page.waitForURL(`${api.url}/sign-in/callback?**`);

  const findings = async (page: Page): Promise<string[]> => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
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
            expect(await findings(page)).to.deep.equal([]);
            expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
            expect(complaints).to.deep.equal([]);
            await page.goto(begin().url.replace('cpor-console', 'somebody'));
            expect(await findings(page)).to.deep.equal([]);
            await page.goto(`${api.url}/sandbox/issuer/session/end/success`);
            expect(await findings(page)).to.deep.equal([]);
          }));
      }
    }
  }

  it('signs in with one click, and without script', () =>
    browser.inContext({ javaScriptEnabled: false }, async (context) => {
      const page = await context.newPage();
      await page.goto(begin().url);
      await page.getByRole('button', { name: 'Rita Lindqvist' }).click();
      await atCallback(page);
      expect(new URL(page.url()).searchParams.get('code')).to.be.a('string');
    }));

  it('signs in with the keyboard alone', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(begin().url);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.value')).to.equal('ann.evergreen');
      await page.keyboard.press('Enter');
      await atCallback(page);
    }));

  it('can be cancelled, and switches its language', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(begin().url);
      await page.getByRole('link', { name: 'Русский' }).click();
      await page.getByRole('heading', { name: 'Войти как…' }).waitFor();
      await page.getByRole('button', { name: 'Отмена' }).click();
      await atCallback(page);
      expect(new URL(page.url()).searchParams.get('error')).to.equal('access_denied');
    }));

  it('changes the person in one browser, and lets two tabs sign in side by side', () =>
    browser.inContext({}, async (context) => {
      const [one, other] = [await context.newPage(), await context.newPage()];
      await one.goto(begin().url);
      await one.getByRole('button', { name: 'Ann Fletcher' }).click();
      await atCallback(one);
      await one.goto(begin().url);
      await other.goto(begin().url);
      await one.getByRole('button', { name: 'Rita Lindqvist' }).click();
      await atCallback(one);
      await other.getByRole('button', { name: 'Rita Lindqvist' }).click();
      await other.waitForURL(/sign-in/);
    }));

  it('signs out without a question when the console names the person, and asks otherwise', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      const issuer = new IssuerBrowser(api.url);
      const { url, verifier } = issuer.authorization();
      await page.goto(url);
      await page.getByRole('button', { name: 'Ann Fletcher' }).click();
      await atCallback(page);
      const code = new URL(page.url()).searchParams.get('code')!;
      const { body } = await issuer.exchange({ code, code_verifier: verifier });
      await page.goto(`${issuer.issuer}/session/end`);
      expect(await page.title()).to.equal('Sign out');
      expect(await findings(page)).to.deep.equal([]);
      const query = new URLSearchParams({ id_token_hint: body['id_token']!, post_logout_redirect_uri: `${api.url}/` });
      await page.goto(`${issuer.issuer}/session/end?${query.toString()}`).catch(() => undefined);
      await page.waitForURL(`${api.url}/`);
    }));
});
