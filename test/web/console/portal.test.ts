import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { codeOf, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { reviewer, type TestClaim } from '../../support/claims.js';
import { openConsole, signIn } from '../../support/console.js';
import { extent } from '../../support/extent.js';
import { evergreen, ironbridge, northwind } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';
import { eventually } from '../../support/wait.js';

const evergreenName = 'Evergreen Cloud Consulting, Inc.';

describe("The portal of a customer's administrator", function () {
  this.timeout(180_000);
  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    browser = await TestBrowser.open();
  });

  after(async () => {
    await browser?.close();
    await api?.close();
    await stage?.close();
  });

  const tenantOf = ({ details: { tenantId, domain } }: TestClaim) => ({ tenantId, domain: domain! });
  const open = (context: BrowserContext, tenantId: string, path = '/portal') =>
    openConsole(context, api, { role: 'tenant_admin', tenant: tenantId, subject: 'amy' }, path);
  const inPortal = (tenantId: string, path: string, test: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) =>
    browser.inContext(options, async (context) => test(await open(context, tenantId, path)));
  const card = (page: Page, name: string | RegExp) => page.getByRole('article', { name });
  const dialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]');
  const phasesOf = async (claim: TestClaim) => (await claim.row()).state.lines.map(({ phase }) => phase as string);
  const accepted = async (claim: TestClaim) => {
    const token = await api.token('tenant_admin', { tenant: claim.details.tenantId, subject: 'amy' });
    const reply = await api.call('POST', `/v1/claims/${claim.claimId}/acceptances`, { token, body: {} });
    expect(reply.status, reply.text).to.equal(200);
    return claim;
  };
  const associationOf = async (claim: TestClaim): Promise<string> => {
    const [row] = await stage.source.query<{ id: string }[]>('SELECT association_id AS id FROM associations WHERE claim_id = $1', [
      claim.claimId,
    ]);
    return row!.id;
  };

  it('says who asks for what until when, refuses one product of two and accepts the other early', async () => {
    const claim = await stage.notified({ products: ['exchange', 'teams'] });
    await inPortal(claim.details.tenantId, '/portal', async (page) => {
      const asked = card(page, `${evergreenName} asks to be recorded as your partner`);
      await asked.getByText('helps your organisation adopt and use this product').first().waitFor();
      await asked.getByText('Silence means acceptance').waitFor();
      await asked.getByText(/You may refuse until: .* \(New York\)/).waitFor();
      await asked.getByText(/business days? left/).waitFor();

      await asked.getByRole('button', { name: 'Refuse' }).click();
      await dialog(page).getByRole('button', { name: 'Refuse selected products' }).click();
      await dialog(page).getByText('Select at least one product.').waitFor();
      await dialog(page).getByLabel('Teams').check();
      await dialog(page).getByLabel('Reason for refusing (optional)').fill('x'.repeat(1_001));
      await dialog(page).getByRole('button', { name: 'Refuse selected products' }).click();
      await dialog(page).getByRole('alert').waitFor();
      await eventually(async () => expect(await dialog(page).locator('[name="/reason"]').getAttribute('aria-invalid')).to.equal('true'));
      await dialog(page).getByLabel('Reason for refusing (optional)').fill('We do not know them there.');
      await dialog(page).getByRole('button', { name: 'Refuse selected products' }).click();

      const receipt = page.getByRole('alert');
      await receipt.getByText('Your refusal is recorded').waitFor();
      const refused = await receipt.innerText();
      expect(refused).to.include('Teams: refused in time. The partner is not recorded and sees nothing.');
      expect(refused)
        .to.match(/Received on\s.* \(New York\)/)
        .and.to.match(/Reference\s+[0-9a-f-]{36}/);
      await eventually(async () => expect(await page.evaluate(`document.activeElement.className`)).to.equal('portal-receipt'));
      expect(await phasesOf(claim)).to.deep.equal(['consent_pending', 'rejected']);
      await eventually(async () => expect(await asked.getByText('Teams').count()).to.equal(0));

      await asked.getByRole('button', { name: 'Accept' }).click();
      await dialog(page).getByText('You end the period early').waitFor();
      await dialog(page).getByRole('button', { name: 'Accept', exact: true }).click();
      await receipt.getByText('Your acceptance is recorded').waitFor();
      expect(await phasesOf(claim)).to.deep.equal(['official', 'rejected']);
      await page.getByRole('heading', { name: 'Nothing waits for your answer' }).waitFor();

      await page.getByRole('link', { name: 'Your decisions' }).click();
      await page.getByText('We do not know them there.').waitFor();
      const decisions = page.getByRole('region', { name: 'What your organisation decided' }).getByRole('row');
      expect((await decisions.allInnerTexts()).slice(1).map((row) => row.split('\t').slice(1, 4).join(' '))).to.deep.equal([
        `Accepted: Exchange ${evergreenName} you`,
        `Refused: Teams\nWe do not know them there.\n ${evergreenName} you`,
      ]);
      await page.getByRole('link', { name: claim.number }).first().click();
      await page.getByText('Your organisation declined').waitFor();
      await page.getByText('The partner is now your partner of record').waitFor();
      await page.getByText(`Claim by ${evergreenName}`).waitFor();
      await page.getByText('1. Exchange and 2. Teams').waitFor();
    });
  });

  it('ends an association: access stops at once, and the attempt after it is in the log and in its file', async () => {
    const claim = await accepted(await stage.notified({ tenant: northwind }));
    const associationId = await associationOf(claim);
    const viewer = await api.token('usage_viewer');
    const read = () => api.call('GET', `/v1/associations/${associationId}/usage?set=workload_usage`, { token: viewer });
    expect((await read()).status).to.equal(200);
    const token = await api.token('vendor_admin');
    const [{ month }] = await stage.source.query<[{ month: string }]>(`SELECT to_char(cpor_now(), 'YYYY-MM-01') AS month`);
    const csv = `CustomerTenantId,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,Date\n${claim.details.tenantId},exchange,7,9,${month}\n`;
    const path = '/v1/usage/imports?set=workload_usage';
    const imported = await api.call('POST', path, { token, body: csv, headers: { 'content-type': 'text/csv' } });
    expect(imported.status, imported.text).to.equal(201);
    expect((await read()).body['items']).to.have.length(1);

    await browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Dana Whitfield', '/portal/partners');
      const partner = card(page, evergreenName);
      await partner.getByText('Partner of record').waitFor();
      await partner.getByText(/^since /).waitFor();
      await partner.getByRole('button', { name: 'End the association' }).click();
      await dialog(page).getByText('access to the figures of these products stops at that moment').waitFor();
      await dialog(page).getByRole('button', { name: 'End the association' }).click();
      await page.getByRole('alert').getByText('The association has ended').waitFor();
      expect(codeOf(await read())).to.deep.equal([403, 'usage_ended']);

      await page.getByRole('heading', { name: 'No partner is recorded for you' }).waitFor();
      await page.getByLabel('Show').selectOption('Former partners');
      await card(page, evergreenName).getByText(/ to /).waitFor();
      expect(page.url()).to.match(/state=ended$/);

      await page.getByRole('link', { name: 'Who read your data' }).first().click();
      const rows = page.getByRole('region', { name: 'Who read your data' }).getByRole('row');
      await rows.nth(1).waitFor();
      const shown = await rows.allInnerTexts();
      expect(shown[1]).to.include('Refused The association had ended. Nothing was shown.');
      expect(shown.slice(2).every((row) => row.includes('Exchange: Workload usage') && row.includes('Read on a page'))).to.equal(true);

      await page.getByLabel('Partner', { exact: true }).selectOption({ label: `${evergreenName} (${evergreen.partnerId})` });
      await page.waitForURL(/partnerId=1240371/);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'This list as CSV' }).click()]);
      const lines = parse<Json>(await readFile(await file.path()), { columns: true, bom: true });
      expect(lines.map(({ kind }) => kind as string)).to.deep.equal(['refused', ...shown.slice(2).map(() => 'read')]);

      await page.getByLabel('To').fill('2020-01-01');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await rows.nth(1).waitFor();
    });
  });

  it('chooses between rivals, and changes the choice until it is decided', async () => {
    const holder = await accepted(await stage.notified({ products: ['teams'] }));
    const challenger = await stage.submitted({ tenant: tenantOf(holder), products: ['teams'], partner: ironbridge });
    await challenger.executeCommand('askCustomerToChoose', reviewer, { line: 1 });
    await inPortal(holder.details.tenantId, '/portal', async (page) => {
      const choice = card(page, 'Which partner do you want for Teams?');
      await choice.getByText('currently recorded as your partner').waitFor();
      await choice.getByRole('button', { name: 'Choose this partner' }).click();
      await choice.getByText('Select one of the partners.').waitFor();
      await choice.getByLabel(/Ironbridge/).check();
      await choice.getByRole('button', { name: 'Choose this partner' }).click();
      await page
        .getByRole('alert')
        .getByText(/Your choice is recorded: Ironbridge/)
        .waitFor();
      await choice.getByLabel(/Evergreen/).check();
      await choice.getByRole('button', { name: 'Change your choice' }).click();
      await page.getByRole('alert').getByText(`Your choice is recorded: ${evergreenName}`).waitFor();
      await choice.getByText(`Your choice so far: ${evergreenName}`).waitFor();
      expect((await challenger.row()).state.choices[0]!.chosen!.claimId).to.equal(holder.claimId);
    });
  });

  it('blocks a partner with what it has open, and unblocks it', async () => {
    const claim = await accepted(await stage.notified());
    const pending = await stage.notified({ tenant: tenantOf(claim), products: ['teams'] });
    await inPortal(claim.details.tenantId, '/portal/partners', async (page) => {
      await page.getByText('You have blocked nobody.').waitFor();
      await card(page, evergreenName).getByRole('button', { name: 'Block further claims' }).click();
      await dialog(page).getByText('Associations stay until you end them.').waitFor();
      await dialog(page).getByLabel('Reason (optional)').fill('Too many mails.');
      await dialog(page).getByRole('button', { name: 'Block further claims' }).click();
      await page.getByRole('alert').getByText(`${evergreenName} is blocked`).waitFor();
      expect([await claim.phase(), await pending.phase()]).to.deep.equal(['official', 'rejected_final']);
      await card(page, evergreenName).getByText('Blocked', { exact: true }).waitFor();
      await eventually(async () =>
        expect(await card(page, evergreenName).getByRole('button', { name: 'Block further claims' }).count()).to.equal(0),
      );

      await page.getByRole('button', { name: 'Unblock' }).click();
      await dialog(page).getByRole('button', { name: 'Unblock' }).click();
      await page.getByRole('alert').getByText(`${evergreenName} is no longer blocked`).waitFor();
      await page.getByText('You have blocked nobody.').waitFor();
    });
  });

  it('can be used to refuse by keyboard alone', async () => {
    const claim = await stage.notified({ products: ['exchange', 'teams'] });
    await inPortal(claim.details.tenantId, '/portal', async (page) => {
      await card(page, /asks to be recorded/).waitFor();
      const focused = () => page.evaluate<string>(`document.activeElement.textContent`);
      const tabTo = async (isThere: () => Promise<boolean>) => {
        for (let presses = 0; presses < 60; presses++) {
          if (await isThere()) return;
          await page.keyboard.press('Tab');
        }
        throw new Error('Sixty presses of the Tab key did not lead there.');
      };
      await tabTo(async () => (await focused()).startsWith('Refuse'));
      await page.keyboard.press('Enter');
      await dialog(page).waitFor();
      await tabTo(() => page.evaluate<boolean>(`document.activeElement.getAttribute('name') === '/lines'`));
      await page.keyboard.press('Space');
      await tabTo(async () => (await focused()) === 'Refuse selected products');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Your refusal is recorded').waitFor();
      expect(await phasesOf(claim)).to.deep.equal(['rejected', 'consent_pending']);
    });
  });

  it('shows an administrator its own organisation alone', async () => {
    const claim = await stage.notified({ tenant: northwind, products: ['teams'] });
    await browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Priya Raman', '/portal');
      await page.getByText('Your organisation: Blue Heron Logistics').waitFor();
      await page.getByRole('heading', { name: 'Nothing waits for your answer' }).waitFor();
      await page.goto(`${api.url}/console/portal/claims/${claim.claimId}`);
      await page.getByRole('alert').getByText('Not found').waitFor();
    });
    await browser.inContext({}, async (context) => {
      const page = await signIn(context, api.url, 'Dana Whitfield', '/portal');
      await page.getByText('Your organisation: Northwind Traders').waitFor();
      await card(page, /asks to be recorded/).waitFor();
    });
    await browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, { role: 'claim_admin' }, '/portal');
      await page.getByText('This page is for administrators of a customer’s tenant').waitFor();
    });
  });

  it('says in words that there is nothing, and leads to what a partner of record is', async () => {
    const { tenantId } = stage.newTenant();
    await inPortal(tenantId, '/portal', async (page) => {
      await page.getByRole('heading', { name: 'Nothing waits for your answer' }).waitFor();
      await page.getByRole('link', { name: 'See your partners' }).click();
      await page.getByRole('heading', { name: 'No partner is recorded for you' }).waitFor();
      await page.getByLabel('Show').selectOption('Former partners');
      await page.getByRole('heading', { name: 'Nobody was your partner before' }).waitFor();
      await page.getByRole('link', { name: 'Who read your data' }).click();
      await page.getByRole('heading', { name: 'Nobody has read your data' }).waitFor();
      await page.getByRole('link', { name: 'Your decisions' }).click();
      await page.getByRole('heading', { name: 'Nothing was decided yet' }).waitFor();
      await page.getByRole('link', { name: 'What a partner of record is, and what it is not' }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(new URL(page.url()).pathname).to.equal('/partner-of-record');
    });
  });

  describe('in every look', () => {
    let tenantId: string;
    const pages = ['/portal', '/portal/partners?state=all', '/portal/accesses', '/portal/answers', 'history', 'refuse'];
    let history: string;

    before(async () => {
      const claim = await accepted(await stage.notified({ products: ['exchange', 'sharepoint'] }));
      ({ tenantId } = claim.details);
      history = `/portal/claims/${claim.claimId}`;
      await stage.notified({ tenant: tenantOf(claim), products: ['teams', 'intune'] });
      const challenger = await stage.submitted({ tenant: tenantOf(claim), products: ['exchange'], partner: ironbridge });
      await challenger.executeCommand('askCustomerToChoose', reviewer, { line: 1 });
      const token = await api.token('usage_viewer');
      await api.call('GET', `/v1/associations/${await associationOf(claim)}/usage?set=workload_usage`, { token });
    });

    const looks = extent(
      [
        ['en', 'light'],
        ['ru', 'dark'],
      ],
      ['en', 'ru'].flatMap((language) => ['light', 'dark'].map((theme) => [language, theme])),
    );
    for (const [language, theme] of looks) {
      it(`has no accessibility fault, and on a phone nothing is cut off: ${language}, ${theme}`, () =>
        browser.inContext({ viewport: { width: 390, height: 844 } }, async (context) => {
          await context.addInitScript(
            `localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`,
          );
          const page = await open(context, tenantId);
          for (const path of pages) {
            await page.goto(`${api.url}/console${path === 'history' ? history : path === 'refuse' ? '/portal' : path}`);
            await page.locator('.portal h1').waitFor();
            await page.locator('.loading').first().waitFor({ state: 'detached' });
            if (path === 'refuse') {
              await page
                .getByRole('button', { name: /^(Refuse|Отказаться)/ })
                .first()
                .click();
              await dialog(page).waitFor();
            } else {
              await page.locator('.card, .event, tbody tr').first().waitFor();
            }
            expect(await accessibilityFaults(page), path).to.deep.equal([]);
            const width = await page.evaluate<number>(`document.documentElement.scrollWidth`);
            expect(width, path).to.equal(390);
          }
        }));
    }
  });
});
