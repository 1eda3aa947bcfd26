import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { TestBrowser } from '../../support/browser.js';
import { type ConsolePerson, openConsole } from '../../support/console.js';
import { UsageStage } from '../../support/usage-stage.js';

const viewer: ConsolePerson = { role: 'usage_viewer' };

describe("The console's pages of associations and usage", () => {
  let stage: UsageStage;
  let browser: TestBrowser;

  before(async () => {
    stage = await UsageStage.start();
    browser = await TestBrowser.open();
  });

  after(async () => {
    await browser.close();
    await stage.close();
  });

  const inConsole = (person: ConsolePerson, path: string, test: (page: Page) => Promise<void>, language = 'en') =>
    browser.inContext({}, async (context) => {
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}')`);
      await test(await openConsole(context, stage.api, person, path));
    });

  const rowsOf = (page: Page, name: string) => page.getByRole('region', { name }).getByRole('row').allInnerTexts();

  it('show the same numbers in the chart, the table and the file', () =>
    inConsole(viewer, `/usage?associationId=${stage.associations.plain}`, async (page) => {
      const table = 'The same numbers as a table';
      await page.getByRole('region', { name: table }).waitFor();
      const rows = (await rowsOf(page, table)).map((row) => row.split('\t'));
      expect(rows[0]).to.deep.equal(['Month', 'MonthlyActiveUsers', 'PaidAvailableUnits']);
      expect(rows.slice(1).map(([, ...numbers]) => numbers)).to.deep.equal([
        ['100', '200'],
        ['101', '200'],
        ['102', '200'],
      ]);
      expect(
        await page
          .getByRole('img', { name: /MonthlyActiveUsers and PaidAvailableUnits/ })
          .locator('circle')
          .count(),
      ).to.equal(6);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'This table as CSV' }).click()]);
      const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
      const months = [0, 1, 2].map((offset) => stage.month(offset).slice(0, 7));
      expect(lines).to.deep.equal([
        'Month,MonthlyActiveUsers,PaidAvailableUnits',
        ...months.map((month, index) => `${month},${100 + index},200`),
      ]);
    }));

  it('say why a number is hidden', () =>
    inConsole(viewer, `/usage?associationId=${stage.associations.small}`, async (page) => {
      await page.getByText('a count of people is too small').waitFor();
      expect(await page.getByRole('cell', { name: 'hidden' }).count()).to.equal(1);
    }));

  it('list associations with a link to their usage only for those who may read it', () =>
    inConsole({ role: 'claim_admin' }, '/associations', async (page) => {
      await page
        .getByRole('row', { name: /Exchange/ })
        .first()
        .waitFor();
      expect(await page.getByRole('columnheader', { name: 'Usage' }).count()).to.equal(0);
    }));

  it('tell somebody without the permission what is missing', () =>
    inConsole({ role: 'claim_user' }, '/usage', async (page) => {
      await page.getByText('name the permission usage.read').waitFor();
    }));

  for (const language of ['en', 'ru'])
    it(`have no accessibility fault in ${language}`, async () => {
      await inConsole(
        viewer,
        '/usage',
        async (page) => {
          await page.getByRole('img').first().waitFor();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
        },
        language,
      );
      await inConsole(
        { role: 'claim_admin' },
        '/associations',
        async (page) => {
          await page.getByRole('row').nth(1).waitFor();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
        },
        language,
      );
    });
});
