import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { type ConsolePerson, openConsole } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/wait.js';

const vera: ConsolePerson = { role: 'vendor_admin', subject: 'vera' };

describe("The console's pages of calendars", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;
  const year = new Date().getUTCFullYear() + 1;

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

  const inConsole = (path: string, test: (page: Page) => Promise<void>, { person = vera, language = 'en', theme = 'light' } = {}) =>
    browser.inContext({ viewport: { width: 1280, height: 900 } }, async (context) => {
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
      await test(await openConsole(context, api, person, path));
    });

  /** Publishes a calendar of two years under a name of its own. */
  const publish = async (name: string) => {
    const body = {
      effectiveFrom: '2025-01-01',
      zone: 'Europe/Berlin',
      weekend: [6, 7],
      holidays: [
        { on: `${year - 1}-05-01`, name: 'Labour Day' },
        { on: `${year}-05-01`, name: 'Labour Day' },
      ],
      coversFrom: '2025-01-01',
      coversThrough: `${year}-12-31`,
      source: 'https://www.example.org/holidays',
    };
    const { status } = await api.call('PUT', `/v1/calendars/${name}`, { token: await api.token('vendor_admin'), body });
    expect(status).to.equal(201);
  };

  const isReady = (page: Page, words: string | RegExp = 'Can be published') =>
    page.getByRole('status').filter({ hasText: words }).waitFor();
  const text = (page: Page) => page.getByRole('textbox', { name: 'Document' });

  it('list the calendars in force with what is known and who uses them', () =>
    inConsole('/calendars', async (page) => {
      const row = page.getByRole('row', { name: /^us-federal/ });
      await row.getByRole('link', { name: 'sample', exact: true }).waitFor();
      expect(await row.innerText()).to.contain('America/New_York');
    }));

  it('draw the year, add, rename and remove a holiday, and publish with the warnings of the report', async () => {
    await publish('berlin');
    await inConsole('/calendars/berlin', async (page) => {
      await page.getByRole('button', { name: 'The year after' }).click();
      const may = page.getByRole('table', { name: 'May' });
      await may.getByText('Holiday: Labour Day').waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Add holiday' }).click();
      await page.getByText('Choose the date').waitFor();
      const holidays = page.getByRole('region', { name: `Holidays of ${year}` });
      await holidays.getByLabel('Date', { exact: true }).fill(`${year}-10-03`);
      await holidays.getByLabel('Name', { exact: true }).fill('German Unity Day');
      await holidays.getByLabel('Name', { exact: true }).press('Enter');
      await page.getByRole('table', { name: 'October' }).getByText('Holiday: German Unity Day').waitFor({ state: 'attached' });
      await eventually(async () => expect(await text(page).inputValue()).to.contain(`on: ${year}-10-03\n    name: German Unity Day`));
      await holidays.locator('[name="/holidays/1/name"]').fill('Worker’s Day');
      await may.getByText('Holiday: Worker’s Day').waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'The year before' }).click();
      await page.getByRole('button', { name: /^Remove Labour Day/ }).click();
      await isReady(page);
      await page.getByRole('button', { name: 'Review and publish' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('none of them moves').waitFor();
      await dialog
        .getByText(`${year - 1}`, { exact: false })
        .first()
        .waitFor();
      expect(await dialog.locator('[data-tone=warning]').allInnerTexts()).to.satisfy((all: string[]) =>
        all.some((warning) => /holiday/i.test(warning)),
      );
      await dialog.getByRole('button', { name: 'Publish now' }).click();
      await page.getByRole('row', { name: /^2 In force/ }).waitFor();
    });
    const { body } = await api.call('GET', '/v1/calendars/berlin/versions/2', { token: await api.token('vendor_admin') });
    expect(body['holidays']).to.deep.equal([
      { on: `${year}-05-01`, name: 'Worker’s Day' },
      { on: `${year}-10-03`, name: 'German Unity Day' },
    ]);
  });

  it('mark a weekend day that is worked, and refuse one that is no weekend day at its place', async () => {
    await publish('moved');
    await inConsole('/calendars/moved', async (page) => {
      await page.getByRole('button', { name: 'The year after' }).click();
      const saturday = Array.from({ length: 7 }, (_, day) => `${year}-03-0${day + 1}`).find((date) => new Date(date).getUTCDay() === 6)!;
      const working = page.getByRole('region', { name: `Worked weekend days of ${year}` });
      await working.getByLabel('Date', { exact: true }).fill(saturday);
      await working.getByLabel('Name', { exact: true }).fill('Worked for 30 April');
      await working.getByRole('button', { name: 'Add worked day' }).click();
      await page.getByRole('table', { name: 'March' }).getByText('Worked weekend day: Worked for 30 April').waitFor({ state: 'attached' });
      await isReady(page);
      await working.locator('[name="/workingDays/0/on"]').fill(`${year}-05-01`);
      await isReady(page, /keep/);
      await eventually(async () =>
        expect(await working.locator('[name="/workingDays/0/on"]').getAttribute('aria-invalid')).to.equal('true'),
      );
    });
  });

  it('show the year to those who may not change it', () =>
    inConsole(
      '/calendars/us-federal',
      async (page) => {
        await page.getByRole('table', { name: 'December' }).waitFor();
        expect(await page.getByRole('button', { name: 'Review and publish' }).count()).to.equal(0);
      },
      { person: { role: 'reviewer' } },
    ));

  for (const { language, theme } of looks)
    it(`have no accessibility fault in ${language}, ${theme}`, async () => {
      const options = { language, theme };
      await inConsole(
        '/calendars',
        async (page) => {
          await page.getByRole('row', { name: /^us-federal/ }).waitFor();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
        },
        options,
      );
      await inConsole(
        '/calendars/ru',
        async (page) => {
          await page.locator('[name="/holidays/0/on"], [name="new-holidays-on"]').first().waitFor();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
        },
        options,
      );
    });
});
