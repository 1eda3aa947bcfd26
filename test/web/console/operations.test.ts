import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { respondAsync, startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { addTenants } from '../../support/claims.js';
import { openConsole, signIn } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims } from '../../support/notified-claim.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

describe("The operator's page, when Temporal is down", function () {
  this.timeout(90_000);

  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;
  let claimId: string;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
    const [tenant] = await addTenants(database.source, 1);
    claimId = await new NotifiedClaims(database, api).submitted(tenant!);
    const reply = await api.call('POST', `/v1/claims/${claimId}/comments`, {
      token: await api.token('reviewer'),
      body: { text: 'One.', visibility: 'internal' },
      headers: respondAsync,
    });
    expect(reply.status, reply.text).to.equal(202);
    await database.source.query(
      "INSERT INTO stuck_claims (claim_id, step, fault, attempts, next_at) VALUES ($1, 'execute', 'the disk is full', 7, now())",
      [claimId],
    );
    await asSuperuser(database, "UPDATE claim_commands SET received_at = received_at - interval '2 hours' WHERE outcome IS NULL", []);
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await database?.close();
  });

  const open = (context: BrowserContext) => openConsole(context, api, { role: 'operator' }, '/operations');

  it('says first what is wrong and what to do, and names the step that fails', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context);
      const verdict = page.getByRole('alert').filter({ hasText: 'things are wrong' });
      await verdict.getByText('Temporal does not answer.').waitFor();
      await verdict.getByText('One claim keeps failing').waitFor();
      await verdict.getByText('run: cpor reconcile').waitFor();
      const row = page.getByRole('region', { name: 'Commands without an outcome' }).getByRole('row').nth(1);
      await row.getByText('2 hours ago').waitFor();
      await row.getByText('the disk is full').waitFor();
      await row.getByText('7 attempts').waitFor();
      await page.getByText('temporal_unreachable').waitFor();
      await page.getByRole('row', { name: /Review begins reviewer 1 0/ }).waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    }));

  it('says that a workflow cannot be asked', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context);
      await page.getByRole('button', { name: /^Workflow of claim/ }).click();
      await page.getByRole('dialog').getByText('Temporal or its worker does not answer').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    }));

  it('belongs to those who operate', () =>
    browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, { role: 'claim_admin' }, '/operations');
      await page.getByText('name the permission reports.operations').waitFor();
      expect(await page.getByRole('link', { name: 'Operations' }).count()).to.equal(0);
    }));

  it('shows where a person is signed in, and ends it after a question', () =>
    browser.inContext({}, (annContext) =>
      browser.inContext({}, async (context) => {
        const ann = await signIn(annContext, api.url, 'Ann Fletcher', '/sessions');
        const page = await open(context);
        await page.getByLabel('Sign-in id of the person').fill('nobody');
        await page.getByRole('button', { name: 'List' }).click();
        await page.getByText('nobody is signed in nowhere.').waitFor();
        await page.getByLabel('Sign-in id of the person').fill('ann.evergreen');
        await page.keyboard.press('Enter');
        await page.getByRole('region', { name: 'Sessions of a person' }).getByRole('row').nth(1).waitFor();
        await page.getByRole('button', { name: 'End the session' }).click();
        const question = page.getByRole('alertdialog', { name: 'End the sessions of ann.evergreen?' });
        expect(await accessibilityFaults(page)).to.deep.equal([]);
        await question.getByRole('button', { name: 'End the session' }).click();
        await page.getByText('One session was ended.').waitFor();
        await ann.locator('a[href="/console/claims"]').dispatchEvent('click');
        await ann.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor();
      }),
    ));

  for (const { language, theme } of looks)
    it(`has no axe findings in ${language}, ${theme}`, () =>
      browser.inContext({}, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const page = await open(context);
        await page.getByRole('alert').first().waitFor();
        await page.locator('table').nth(1).waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      }));
});

describe("The operator's page, when all is well", function () {
  this.timeout(120_000);

  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    stage = await Stage.open();
    const env = { TEMPORAL_UI_URL: 'https://temporal.example' };
    api = await startTestApi({ database: stage.database, namespace: stage.namespace, env });
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await stage?.close();
  });

  it('shows a mail that is retried with its error, until it goes through', () =>
    browser.inContext({}, async (context) => {
      stage.relay.answer = () => 451;
      const claim = await stage.approved();
      await waitFor('a fault of both mails', async () => {
        const rows = await stage.source.query<unknown[]>("SELECT FROM notice_recipients WHERE trouble = 'retrying' AND claim_id = $1", [
          claim.claimId,
        ]);
        return rows.length === 2;
      });
      const page = await openConsole(context, api, { role: 'operator' }, '/operations');
      const section = page.getByRole('region', { name: 'Mails that do not go through' });
      const row = section.getByRole('row').filter({ hasText: claim.number }).first();
      await row.getByText(`to ${claim.details.domain}`).waitFor();
      await row.getByText('451 <address> refused by the test').waitFor();
      await row.getByText('being retried').waitFor();
      await page.getByText(/mails? (is|are) being sent again and again/).waitFor();
      expect(await page.getByText(claim.customerEmail).count()).to.equal(0);
      await page.getByLabel('State').selectOption('failed');
      await page.getByText('None.', { exact: true }).waitFor();
      await page.getByLabel('State').selectOption('retrying');
      await row.waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      stage.relay.answer = () => 'accept';
      await page.getByText('None. No mail is being retried.').waitFor({ timeout: 60_000 });
    }));

  it('says that nothing needs anybody, refreshes itself, and leads to a claim’s workflow in Temporal', () =>
    browser.inContext({}, async (context) => {
      const claim = await stage.submitted();
      const page = await openConsole(context, api, { role: 'operator' }, '/operations');
      await page.getByText('Nothing needs you').waitFor();
      await page.getByText('None. Every command that was accepted is done.').waitFor();
      await page.getByLabel('Id of the claim').fill(claim.claimId);
      await page.keyboard.press('Enter');
      const link = page.getByRole('dialog').getByRole('link', { name: 'Open in Temporal' });
      await link.waitFor();
      expect(await link.getAttribute('href'))
        .to.match(/^https:\/\/temporal\.example\/namespaces\/[^/]+\/workflows\/.+/)
        .and.to.include(encodeURIComponent(claim.claimId));
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await page.keyboard.press('Escape');

      await stage.source.query(
        "INSERT INTO stuck_claims (claim_id, step, fault, attempts, next_at) VALUES ($1, 'look_up', 'gone', 2, now())",
        [claim.claimId],
      );
      await page.getByText('One claim keeps failing at a step').waitFor();
      await stage.source.query('DELETE FROM stuck_claims');
      await page.getByText('Nothing needs you').waitFor();
    }));
});
