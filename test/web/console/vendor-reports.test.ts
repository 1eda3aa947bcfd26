import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { addTenants, TestClaim } from '../../support/claims.js';
import { type ConsolePerson, openConsole } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen, ironbridge } from '../../support/sample-directory.js';
import { csvOf, passDays } from '../../support/usage.js';
import { UsageStage } from '../../support/usage-stage.js';
import { TestDirectory } from '../../support/worker.js';
import { eventually } from '../../support/wait.js';

const vera: ConsolePerson = { role: 'vendor_admin', subject: 'vera' };

/** Each report: its path, and what it says when it has nothing. */
const reports = [
  ['/breaches', 'No deadline has been missed'],
  ['/refused-reads', 'No read has been refused'],
  ['/repairs', 'Nothing had to be repaired'],
  ['/events', 'No event yet'],
] as const;

describe("The vendor's reports in the console", function () {
  this.timeout(90_000);
  let stage: UsageStage;
  let emptyDatabase: TestDatabase;
  let emptyApi: TestApi;
  let browser: TestBrowser;
  let late: TestClaim;

  before(async () => {
    stage = await UsageStage.start();
    emptyDatabase = await createTestDatabase();
    emptyApi = await startTestApi({ database: emptyDatabase });
    browser = await TestBrowser.open();

    const { source } = stage.database;
    const services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const [tenant] = await addTenants(source, 1);
    late = new TestClaim(services, { tenant: tenant! });
    await late.draft();
    await late.addEvidence();
    await late.accept('submitClaim', late.partner, {});
    await late.execute();
    await passDays(source, 30);
    await late.execute();

    for (const reason of ['alarm_overdue', 'workflow_missing'])
      await source.query('INSERT INTO repairs (claim_id, reason) VALUES ($1, $2)', [late.claimId, reason]);
    const rival = await stage.api.token('usage_viewer', { partner: ironbridge.accountId, subject: 'curious' });
    expect((await stage.usageOf(stage.associations.austin, '', rival)).status).to.equal(404);
    expect((await stage.usageOf(stage.associations.small, '', rival)).status).to.equal(404);
  });

  after(async () => {
    await browser?.close();
    await stage?.close();
    await emptyApi?.close();
    await emptyDatabase?.close();
  });

  const inConsole = (
    path: string,
    test: (page: Page) => Promise<void>,
    { api = stage.api, person = vera, language = 'en', theme = 'light' } = {},
  ) =>
    browser.inContext({ viewport: { width: 1280, height: 900 } }, async (context) => {
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
      await test(await openConsole(context, api, person, path));
    });

  const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('rowheader') });

  it('show missed deadlines with how late they are, by clock and by day, and as a file', () =>
    inConsole('/breaches', async (page) => {
      await rows(page).first().waitFor();
      expect(await rows(page).allInnerTexts()).to.satisfy((all: string[]) =>
        all.every((row) => /still waits/.test(row) && /days/.test(row)),
      );
      const all = await rows(page).count();
      await page.getByLabel('Deadline', { exact: true }).selectOption('review_start');
      await page.waitForURL(/clock=review_start/);
      await rows(page)
        .nth(all - 1)
        .waitFor({ state: 'detached' });
      await eventually(async () => expect(await rows(page).allInnerTexts()).to.have.length(1));
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'as CSV' }).click()]);
      const [head, line] = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
      expect(head).to.equal('Claim,Deadline,Lines,Was due,Late by,Done');
      expect(line).to.match(/^CLM-\d+,review_start,1,\d{4}-.*Z,\d+,$/);
      await page.getByLabel('Due until (UTC)').fill('2020-01-01');
      await page.getByText('Nothing matches').waitFor();
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await rows(page)
        .nth(all - 1)
        .waitFor();
      await rows(page).first().getByRole('link').click();
      await page.waitForURL(new RegExp(`/claims/${late.claimId}`));
    }));

  it('show who was refused a read of usage, by account', () =>
    inConsole('/refused-reads', async (page) => {
      await rows(page).nth(1).waitFor();
      expect(await rows(page).first().innerText())
        .to.contain('curious')
        .and.to.contain(ironbridge.accountId)
        .and.to.contain('not theirs');
      await page.getByLabel('Account of the caller').fill(evergreen.accountId);
      await page.getByText('Nothing matches').waitFor();
      expect(page.url()).to.contain(`partnerAccountId=${evergreen.accountId}`);
    }));

  it('show which claims were woken and why', async () => {
    await inConsole('/repairs', async (page) => {
      await rows(page).nth(1).waitFor();
      await page.getByLabel('Reason').selectOption('workflow_missing');
      await rows(page).nth(1).waitFor({ state: 'detached' });
      await eventually(async () =>
        expect(await rows(page).allInnerTexts()).to.satisfy(([row]: string[]) => row?.includes('its workflow was missing')),
      );
    });
    await inConsole(
      '/repairs',
      async (page) => {
        await rows(page).nth(1).waitFor();
        expect(await rows(page).getByRole('link').count(), 'operators read no claims').to.equal(0);
      },
      { person: { role: 'operator' } },
    );
  });

  it('follow the event feed, and read it on from an event', () =>
    inConsole('/events', async (page) => {
      await page.getByRole('status').filter({ hasText: 'none newer' }).waitFor();
      const before = await rows(page).count();
      expect(before).to.be.greaterThan(2);
      await page
        .getByRole('link', { name: /^Read on after/ })
        .first()
        .click();
      await page.waitForURL(/after=/);
      await rows(page)
        .nth(before - 1)
        .waitFor({ state: 'detached' });
      await page.getByRole('status').filter({ hasText: 'none newer' }).waitFor();
      await eventually(async () => expect(await rows(page).count()).to.equal(before - 1));

      const partner = await stage.api.token('claim_admin', { partner: evergreen.accountId, locations: ['*'] });
      const { claimId } = stage.claims.baseline;
      const claim = await stage.api.call('GET', `/v1/claims/${claimId}`, { token: partner });
      const ended = await stage.api.call('POST', `/v1/claims/${claimId}/disassociations`, {
        token: partner,
        body: { lines: [1], reason: 'The work is done.' },
        headers: { 'if-match': claim.headers.get('etag')! },
      });
      expect(ended.status, ended.text).to.be.oneOf([200, 202]);
      await stage.claims.baseline.execute();
      await page.getByText('the partner ended it').waitFor();
    }));

  it('import usage from a file, and say which rows were refused and why', () =>
    inConsole('/usage-imports', async (page) => {
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByText('Choose a file that is not empty').waitFor();
      const row = { CustomerTenantId: stage.tenants.plain.tenantId, WorkloadName: 'Exchange', Date: stage.month(3), MonthlyActiveUsers: 5 };
      const rows = [row, { ...row, MonthlyActiveUsers: 'many' }].map((each) => ({ ...each, CustomerName: 'Plain', PaidAvailableUnits: 9 }));
      await page.getByLabel('Data').selectOption('workload_usage');
      await page.getByLabel('Programme').selectOption('sample');
      await page.getByLabel('File').setInputFiles({ name: 'usage.csv', mimeType: 'text/csv', buffer: Buffer.from(csvOf(rows)) });
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('status').filter({ hasText: 'Published' }).waitFor();
      const refused = page.getByRole('region', { name: 'Refused rows' });
      await refused.getByRole('cell', { name: 'MonthlyActiveUsers', exact: true }).waitFor();
      expect(await refused.getByRole('rowheader').allInnerTexts()).to.deep.equal(['3']);
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    }));

  it('say that a cursor is not one of theirs, and lead back to the beginning', () =>
    inConsole('/events?after=nonsense', async (page) => {
      await page.getByRole('alert').waitFor();
      await page.getByRole('button', { name: 'From the beginning' }).click();
      await rows(page).first().waitFor();
    }));

  for (const [path, words] of reports) {
    it(`say at ${path} that there is nothing, and what would be there`, () =>
      inConsole(path, (page) => page.getByRole('heading', { name: words }).waitFor(), { api: emptyApi }));

    it(`tell a viewer of usage at ${path} which permission is missing`, () =>
      inConsole(path, (page) => page.getByText('name the permission').waitFor(), { person: { role: 'usage_viewer' } }));
  }

  for (const { language, theme } of looks)
    it(`have no accessibility fault in ${language}, ${theme}`, async () => {
      for (const [path] of reports)
        await inConsole(
          path,
          async (page) => {
            await rows(page).first().waitFor();
            expect(await accessibilityFaults(page), path).to.deep.equal([]);
          },
          { language, theme },
        );
    });
});
