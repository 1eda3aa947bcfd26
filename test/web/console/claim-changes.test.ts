import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { completeClaim, startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { openConsole } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { Stage } from '../../support/stage.js';
import { eventually } from '../../support/wait.js';

describe('Changes to claims in a file, in the console', function () {
  this.timeout(120_000);

  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;
  let admin: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    browser = await TestBrowser.open();
    admin = await api.token('claim_admin');
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await stage?.close();
  });

  const open = (context: BrowserContext, path: string, role: 'claim_admin' | 'reviewer' = 'claim_admin') =>
    openConsole(context, api, { role }, path);

  const choose = async (page: Page, name: string, content: string, button = 'Choose a file') => {
    const opening = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: button }).click();
    await (await opening).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  };

  const downloaded = async (page: Page, name: string): Promise<string> => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    return readFile(await (await downloading).path(), 'utf8');
  };

  const drafts = async (names: string[], tag: string): Promise<{ claimId: string; number: string }[]> => {
    const replies = [];
    for (const name of names)
      replies.push(await api.call('POST', '/v1/claims', { token: admin, body: { ...completeClaim(), name, tags: [tag], submit: false } }));
    for (const { status, text } of replies) expect(status, text).to.equal(201);
    return replies.map(({ body }) => ({ claimId: body['claimId'] as string, number: body['number'] as string }));
  };
  const claim = async (claimId: string) => (await api.call('GET', `/v1/claims/${claimId}`, { token: admin })).body;
  const rowOf = (page: Page, row: number) => page.getByRole('rowheader', { name: String(row), exact: true }).locator('xpath=..');

  it('go from the list’s export through a dry run, per-row outcomes and a mended file to the claims', () =>
    browser.inContext({ acceptDownloads: true }, async (context) => {
      const [one, two, three] = await drafts(['Alpha', 'Beta', 'Gamma'], 'bulk');
      const page = await open(context, '/claims?tag=bulk');
      await page.getByRole('link', { name: 'Change these claims in a file' }).click();
      await page.waitForURL(/\/imports\/changes\?tag=bulk$/);
      await page.getByText('Nobody has changed claims with a file yet').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);

      const address = await page.getByRole('link', { name: 'Download these claims (CSV)' }).getAttribute('href');
      const exported = (await api.call('GET', address!, { token: admin })).text.replace('\uFEFF', '').trim().split(/\r?\n/);
      const [heading = '', ...lines] = exported;
      expect(lines).to.have.length(3);
      const lineOf = (number: string) => lines.find((line) => line.includes(number))!;
      const file = [
        `${heading},customerEmail,action,reason`,
        `${lineOf(one!.number).replace('Alpha', 'Alpha renamed')},alex.moore@northwind-traders.example,,`,
        `${lineOf(two!.number).replace(',draft,', ',official,')},,,`,
        `${lineOf(three!.number)},,,`,
        `${lineOf(three!.number)},,disassociate,`,
      ];

      await choose(page, 'claims.csv', file.join('\n'));
      await page.getByText('The columns are right.').waitFor();
      await page.getByText('One row will be refused as the file stands').waitFor();
      await page.getByText('reason is empty.').waitFor();
      await page.getByText('as exported; cannot be changed').first().waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await page.getByRole('button', { name: 'Try 4 rows' }).click();

      await page.waitForURL(/\/imports\/changes\/[0-9a-f-]{36}$/);
      await page.getByText('4 of 4 rows are done').waitFor();
      await page.getByRole('heading', { name: /^Dry run of/ }).waitFor();
      await page.getByText('A dry run: nothing has been changed').waitFor();
      await rowOf(page, 1).getByText('would be changed').waitFor();
      await rowOf(page, 1).getByText('customerEmail and name').waitFor();
      await rowOf(page, 2).getByText('This column cannot be changed; the claim has "draft" here.').waitFor();
      await rowOf(page, 3).getByText('nothing to change').waitFor();
      await rowOf(page, 4).getByText('refused').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      expect((await claim(one!.claimId))['name']).to.equal('Alpha');

      // The refused rows come back, are corrected, and applied.
      const refused = await downloaded(page, 'Download the refused rows');
      expect(refused).to.include('This column cannot be changed').and.not.include('Alpha');
      await page.getByRole('button', { name: 'Change the claim now' }).click();
      await page.getByRole('heading', { name: /^Changes of/ }).waitFor();
      await page.getByRole('button', { name: 'changed 1', exact: true }).waitFor();
      expect(await claim(one!.claimId)).to.deep.include({ name: 'Alpha renamed' });
      expect((await claim(one!.claimId))['contacts']['customer']['email']).to.equal('alex.moore@northwind-traders.example');

      const mended = refused
        .replace(',official,', ',draft,')
        .replace('Beta', 'Beta renamed')
        .replace(',disassociate,,', ',withdraw,Postponed,');
      await page.getByRole('link', { name: 'Send the mended file' }).click();
      await choose(page, 'mended.csv', mended.replace(',withdraw,Postponed,', ',submit,,'));
      await page.getByText('The columns are right.').waitFor();
      await page.getByLabel('Change the claims').check();
      await page.getByRole('button', { name: 'Change claims by 2 rows' }).click();
      await page.getByText('2 of 2 rows are done').waitFor();
      await rowOf(page, 2).getByText('submission').waitFor();
      await page.getByRole('button', { name: 'changed 2', exact: true }).waitFor();
      expect((await claim(three!.claimId))['phase']).to.not.equal('draft');

      await rowOf(page, 1).getByRole('link').click();
      await page.getByRole('heading', { name: /Beta renamed/ }).waitFor();
      await page.goto(`${api.url}/console/imports/changes`);
      const earlier = page.getByRole('region', { name: 'Earlier changes' });
      await eventually(async () => expect(await earlier.getByRole('row').count()).to.equal(4));
      expect(await earlier.getByText('dry run').count()).to.equal(1);
    }));

  it('need a column that names the claims, and know no others than the API', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context, '/imports/changes');
      await choose(page, 'claims.csv', 'name,colour\nA,red');
      await page.getByText('A column that names the claims is missing: one of claimId, number and externalReference.').waitFor();
      await page.getByText('One column is not known').waitFor();
      expect(await page.getByRole('button', { name: /^Try/ }).count()).to.equal(0);
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    }));

  it('say after a reload that the file of a dry run is needed again', () =>
    browser.inContext({}, async (context) => {
      const [one] = await drafts(['Delta'], 'again');
      const page = await open(context, '/imports/changes');
      await choose(page, 'claims.csv', `number,name\n${one!.number},Delta renamed`);
      await page.getByRole('button', { name: 'Try 1 row' }).click();
      await page.getByRole('button', { name: 'Change the claim now' }).waitFor();
      await page.reload();
      await page.getByText('Choose the same file again to change the claims.').waitFor();
      await page.getByRole('link', { name: 'Send the file' }).click();
      await page.waitForURL(/\/imports\/changes$/);
    }));

  it('belong to those who may edit claims', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context, '/imports/changes', 'reviewer');
      await page.getByText('name the permission claims.edit').waitFor();
      await page.goto(`${api.url}/console/claims`);
      await page.getByRole('link', { name: 'CSV', exact: true }).waitFor();
      expect(await page.getByRole('link', { name: 'Change these claims in a file' }).count()).to.equal(0);
    }));

  for (const { language, theme } of looks)
    it(`have no axe findings in ${language}, ${theme}`, () =>
      browser.inContext({ viewport: { width: 390, height: 800 } }, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const [one] = await drafts([`Look ${language}`], 'look');
        const page = await open(context, '/imports/changes');
        await page.locator('.import-zone').waitFor();
        const opening = page.waitForEvent('filechooser');
        await page.locator('.import-zone button[data-kind="primary"]').click();
        const text = `number,name,phase,action\n${one!.number},${language} renamed,draft,\n,,,approve`;
        await (await opening).setFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
        await page.locator('form button[type="submit"]').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
        await page.locator('form button[type="submit"]').click();
        await page.waitForURL(/changes\/[0-9a-f-]{36}$/);
        await page.locator('.table tbody tr').nth(1).waitFor();
        await page.locator('progress[value="2"]').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      }));
});
