import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { signIn } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/wait.js';

describe('A session in the console', function () {
  this.timeout(90_000);

  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;
  const env = { CPOR_SESSION_KEY: randomBytes(32).toString('base64') };

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database, env });
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await database?.close();
  });

  /** Ends all sessions of a person, as an operator does. */
  const end = async (subject: string) => {
    const ended = await api.call('POST', '/v1/sessions/ends', { token: await api.token('operator'), body: { subject } });
    expect(ended.status, ended.text).to.equal(201);
  };

  /** Opens the form that gives a colleague a role, and fills it in. */
  const fillForm = async (page: Page, subject: string) => {
    await page.getByRole('button', { name: 'Give somebody a role' }).click();
    await page.getByLabel('Sign-in id of the person').fill(subject);
    await page.getByLabel('Claims clerk').check();
  };

  const changesOf = async (subject: string): Promise<number> =>
    (await database.source.query<unknown[]>('SELECT FROM role_changes WHERE subject = $1', [subject])).length;

  /** A click that is sent even if the clock's next reading has opened the dialog already. */
  const save = (page: Page) => page.locator('button[type="submit"]').dispatchEvent('click');

  /** Follows the link of a dialog to the new window, and chooses a person there. */
  const signInAgain = async (context: BrowserContext, page: Page, link: string, name: string) => {
    const opening = context.waitForEvent('page');
    await page.getByRole('link', { name: link }).click();
    const opened = await opening;
    await opened.getByRole('button', { name }).click();
    return opened;
  };

  /** Signs somebody in in another tab, on a page that tells the console's tabs nothing. */
  const becomeQuietly = async (context: BrowserContext, name: string) => {
    const tab = await context.newPage();
    await tab.goto(`${api.url}/sign-in?returnTo=/session&prompt=select_account`);
    await tab.getByRole('button', { name }).click();
    await tab.waitForURL(`${api.url}/session`);
    return tab;
  };

  it('may end while a form is filled in: the person signs in in a window that closes itself, and the request goes on', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
      await fillForm(page, 'uma.evergreen');
      await end('ann.evergreen');
      await save(page);
      const dialog = page.getByRole('alertdialog', { name: 'Your session has ended' });
      await dialog.getByText('Sign in again as Ann Fletcher').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await dialog.getByRole('button', { name: 'I have signed in' }).click();
      await dialog.getByText('There is no new session yet').waitFor();
      expect(await page.locator('[name="subject"]').inputValue()).to.equal('uma.evergreen');

      const opened = await signInAgain(context, page, 'Sign in again', 'Ann Fletcher');
      if (!opened.isClosed()) await opened.waitForEvent('close');
      await page.getByRole('rowheader', { name: 'uma.evergreen' }).waitFor();
      await eventually(async () => expect(await page.getByRole('alertdialog').count()).to.equal(0));
      expect(await changesOf('uma.evergreen'), 'sent once').to.equal(1);
    }));

  it('may be renewed in another tab by the same person, without a word', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
      await fillForm(page, 'ben.evergreen');
      await becomeQuietly(context, 'Ann Fletcher');
      await save(page);
      await page.getByRole('rowheader', { name: 'ben.evergreen' }).waitFor();
    }));

  it('of somebody else stops the page at its next click, before anything is done or read in that name', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
      await fillForm(page, 'cleo.evergreen');
      await becomeQuietly(context, 'Eli Brandt');
      const answers: string[] = [];
      page.on('response', (response) => {
        if (response.url().includes('/v1/')) answers.push(`${response.status()} ${response.request().method()}`);
      });
      await save(page);
      const dialog = page.getByRole('alertdialog', { name: 'Somebody else is signed in' });
      await dialog.getByText('Eli Brandt has signed in').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      expect(answers.filter((answer) => !answer.startsWith('403'))).to.deep.equal([]);
      expect(await changesOf('cleo.evergreen')).to.equal(0);

      const opened = await signInAgain(context, page, 'Sign in as Ann Fletcher', 'Ann Fletcher');
      if (!opened.isClosed()) await opened.waitForEvent('close');
      await page.getByRole('rowheader', { name: 'cleo.evergreen' }).waitFor();
    }));

  it('of somebody else shows nothing of theirs on the page of the first person', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
      await becomeQuietly(context, 'Rita Lindqvist');
      const read: number[] = [];
      page.on('response', (response) => {
        if (response.url().includes('/v1/')) read.push(response.status());
      });
      await page.locator('.nav a[href="/console/claims"]').dispatchEvent('click');
      await page.getByRole('alertdialog', { name: 'Somebody else is signed in' }).waitFor();
      expect(new Set(read)).to.deep.equal(new Set([403]));
      await page.getByRole('button', { name: 'Go on as Rita Lindqvist' }).click();
      await page.getByRole('link', { name: 'Review queue' }).waitFor();
    }));

  it('of somebody else, begun in another tab of the console, stops the page at once', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
      const other = await becomeQuietly(context, 'Dana Whitfield');
      await other.goto(`${api.url}/console/`);
      await page.getByRole('alertdialog', { name: 'Somebody else is signed in' }).waitFor();
    }));

  it('ends here, at the start page, and every tab says so', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
      const tab = await context.newPage();
      await tab.goto(`${api.url}/console/members`);
      await tab.getByRole('button', { name: 'Give somebody a role' }).waitFor();
      await page.getByRole('button', { name: 'Account of Ann Fletcher' }).click();
      await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
      await page.waitForURL(`${api.url}/`);
      await tab.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor();
      await page.goto(`${api.url}/console/members`);
      await page.getByRole('heading', { name: 'Sign in to cpor' }).waitFor();
    }));

  it('ends everywhere', () =>
    browser.inContext({}, (hereContext) =>
      browser.inContext({}, async (elsewhereContext) => {
        const here = await signIn(hereContext, api.url, 'Ivy Sandoval');
        const elsewhere = await signIn(elsewhereContext, api.url, 'Ivy Sandoval');
        await here.getByRole('button', { name: 'Account of Ivy Sandoval' }).click();
        await here.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
        await here.waitForURL(`${api.url}/`);
        await elsewhere.locator('a[href="/console/associations"]').dispatchEvent('click');
        await elsewhere.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor();
      }),
    ));

  it('begins at the very address that was asked for', () =>
    browser.inContext({}, async (context) => {
      const path = '/claims?phase=review&q=caf%C3%A9%20%26%20more';
      const page = await signIn(context, api.url, 'Ann Fletcher', path);
      expect(page.url()).to.equal(`${api.url}/console${path}`);
    }));

  it('begins in a tab that waited at the sign-in page, when the person signs in in another', () =>
    browser.inContext({}, async (context) => {
      const waiting = await context.newPage();
      await waiting.goto(`${api.url}/console/members`);
      await waiting.getByRole('heading', { name: 'Sign in to cpor' }).waitFor();
      await signIn(context, api.url, 'Ann Fletcher', '/claims');
      await waiting.getByRole('button', { name: 'Give somebody a role' }).waitFor();
    }));

  it('whose token the API refuses is over, although it has not ended', async () => {
    // It shares the sessions, but its issuer has other keys.
    const stranger = await startTestApi({ database, env });
    try {
      await browser.inContext({}, async (context) => {
        const page = await signIn(context, api.url, 'Ann Fletcher', '/members');
        // Cookies know no ports.
        await page.goto(`${stranger.url}/console/members`);
        await page.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor();
        await signInAgain(context, page, 'Sign in again', 'Ann Fletcher');
        await page.getByRole('button', { name: 'Give somebody a role' }).waitFor();
      });
    } finally {
      await stranger.close();
    }
  });

  it('cannot begin where sign-in is switched off, which the page says', async () => {
    const closed = await startTestApi({ database, env: { OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'cpor' } });
    try {
      await browser.inContext({}, async (context) => {
        const page = await context.newPage();
        await page.goto(`${closed.url}/console/claims`);
        await page.getByText('Sign-in is switched off').waitFor();
        expect(await page.getByRole('link', { name: 'Sign in' }).count()).to.equal(0);
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      });
    } finally {
      await closed.close();
    }
  });

  it('has a last page for a window that cannot close itself', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(`${api.url}/`);
      await page.goto(`${api.url}/console/signed-in`);
      await page.getByText('You can close this window').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    }));

  for (const { language, theme } of looks)
    it(`has dialogs without axe findings in ${language}, ${theme}`, () =>
      browser.inContext({}, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const page = await context.newPage();
        await page.goto(`${api.url}/console/claims`);
        await page.getByRole('link', { name: /^(Sign in|Войти)$/ }).waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
        const own = await signIn(context, api.url, 'Ann Fletcher', '/members');
        const other = await becomeQuietly(context, 'Dana Whitfield');
        await other.goto(`${api.url}/console/`);
        await own.getByRole('alertdialog').waitFor();
        expect(await accessibilityFaults(own)).to.deep.equal([]);
        await end('dana.northwind');
        await other.reload();
        await own.reload();
        await own.getByRole('link', { name: /^(Sign in|Войти)$/ }).waitFor();
      }));
});
