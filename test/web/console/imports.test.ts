import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { openConsole } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { Stage } from '../../support/stage.js';
import { eventually } from '../../support/wait.js';

describe("The console's imports", function () {
  this.timeout(120_000);

  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await stage?.close();
  });

  const open = (context: BrowserContext, path = '/imports', role: 'claim_admin' | 'reviewer' = 'claim_admin') =>
    openConsole(context, api, { role }, path);

  const choose = async (page: Page, name: string, content: string) => {
    const opening = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await (await opening).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  };

  const textOf = async (page: Page, button: string): Promise<string> => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    return readFile(await (await downloading).path(), 'utf8');
  };

  const sample = async () => {
    const { body } = await api.call('GET', '/v1/claims/imports/columns', { token: await api.token('claim_admin') });
    const columns = (body['columns'] as { name: string; example: string | null }[]).filter(({ example }) => example !== null);
    const rowWith = (change: Record<string, string>) => columns.map(({ name, example }) => change[name] ?? example).join();
    return { heading: columns.map(({ name }) => name).join(), rowWith };
  };

  it('check a table, import its rows, and give the refused ones back to be mended and sent again', () =>
    browser.inContext({ acceptDownloads: true }, async (context) => {
      const { heading, rowWith } = await sample();
      const page = await open(context);
      await page.getByText('Nobody has imported claims yet').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);

      const file = [
        heading,
        rowWith({ name: 'First' }),
        rowWith({ name: 'Second', area: '' }),
        rowWith({ name: 'Third', products: 'no such;;' }),
      ];
      await choose(page, 'claims.csv', file.join('\n'));
      await page.getByText('The columns are right.').waitFor();
      await page.getByText('One row will be refused as the file stands').waitFor();
      await page.getByText('area is empty.').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await page.getByRole('button', { name: 'Import 3 rows' }).click();

      await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
      await page.getByText('3 of 3 rows are done').waitFor();
      await page.getByText('done', { exact: true }).waitFor();
      await page.getByRole('group', { name: 'Rows by outcome' }).getByRole('button', { name: 'refused 2' }).click();
      await page.waitForURL(/\?outcome=refused$/);
      await page.getByRole('rowheader', { name: '1', exact: true }).waitFor({ state: 'detached' });
      await eventually(async () => expect(await page.getByRole('rowheader').count()).to.equal(2));
      expect(await accessibilityFaults(page)).to.deep.equal([]);

      const mended = await textOf(page, 'Download the refused rows');
      const lines = mended.replace('\uFEFF', '').trim().split('\r\n');
      expect(lines[0]).to.equal(`${heading},importRow,importError`);
      expect(lines).to.have.length(3);
      expect(lines[1])
        .to.include('Second')
        .and.to.match(/,2,.*area/);
      expect(lines[2]).to.include('Third').and.to.match(/,3,/);

      // After a reload nothing of the file is left: the person chooses it again.
      await page.reload();
      await page.getByText('cpor does not keep what you sent').waitFor();
      const choosing = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose the file you sent' }).click();
      const again = page.waitForEvent('download');
      await (await choosing).setFiles({ name: 'claims.csv', mimeType: 'text/csv', buffer: Buffer.from(file.join('\n')) });
      expect(await readFile(await (await again).path(), 'utf8')).to.equal(mended);

      await page.getByRole('link', { name: 'Send the mended file' }).click();
      const repaired = mended.replaceAll('no such;;', 'teams').replace(/(Second,[^,]*,[^,]*,[^,]*),,/, '$1,modern_work_security,');
      await choose(page, 'mended.csv', repaired);
      await page.getByText('The columns are right.').waitFor();
      await eventually(async () => expect(await page.getByText('will be refused').count()).to.equal(0));
      await page.getByRole('button', { name: 'Import 2 rows' }).click();
      await page.getByText('2 of 2 rows are done').waitFor();
      await page.getByRole('button', { name: 'draft 2' }).waitFor();
      await page.getByRole('rowheader', { name: '1', exact: true }).locator('xpath=..').getByRole('link').click();
      await page.waitForURL(/\/claims\/[0-9a-f-]{36}$/);

      await page.goto(`${api.url}/console/imports`);
      await page.getByRole('region', { name: 'Earlier imports' }).getByRole('row').nth(2).waitFor();
    }));

  it('suggest what an unknown column is, and send it under that name', () =>
    browser.inContext({}, async (context) => {
      const { heading, rowWith } = await sample();
      const page = await open(context);
      await choose(page, 'claims.csv', `${heading.replace('partnerId', 'Partner Idd').replace('tags', 'colour')}\n${rowWith({})}`);
      await page.getByText('Required columns are missing: partnerId.').waitFor();
      await page.getByText('2 columns are not known').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      expect(await page.getByRole('button', { name: /^Import/ }).count()).to.equal(0);
      await page.getByRole('button', { name: 'Did you mean partnerId?' }).click();
      await page.getByLabel('What “colour” is').selectOption({ label: 'Leave it out' });
      await page.getByText('The columns are right.').waitFor();
      await page.getByRole('button', { name: 'Import 1 row' }).click();
      await page.getByRole('button', { name: 'draft 1' }).waitFor();
    }));

  it('take pasted rows of a spreadsheet, with the keyboard alone', () =>
    browser.inContext({ permissions: ['clipboard-read', 'clipboard-write'] }, async (context) => {
      const { heading, rowWith } = await sample();
      const page = await open(context);
      const pasted = `${heading}\n${rowWith({})}`.replaceAll(',', '\t');
      await page.getByRole('button', { name: 'Choose a file' }).waitFor();
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(pasted)})`);
      const zone = page.locator('.import-zone button').first();
      await zone.focus();
      await page.keyboard.press('Control+V');
      const start = page.getByRole('button', { name: 'Import 1 row' });
      await start.waitFor();
      await start.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'draft 1' }).waitFor();
    }));

  it('say what is wrong with JSON lines before they are sent, and submit claims', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context);
      await choose(page, 'claims.jsonl', '{"name":"A"}\n\n[1]\n{"name":');
      await page.getByText('2 lines are no JSON object and will be refused: 2 and 3.').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await page.getByLabel('Submit it').check();
      await page.getByRole('button', { name: 'Import 3 rows' }).click();
      await page.getByRole('button', { name: 'refused 3' }).waitFor();
      const [stored] = await stage.source.query<[{ submits: boolean }]>(
        'SELECT submits FROM claim_imports ORDER BY import_id DESC LIMIT 1',
      );
      expect(stored.submits).to.equal(true);
    }));

  it('refuse a file without rows, one with too many, and one that is no text', () =>
    browser.inContext({}, async (context) => {
      const { heading, rowWith } = await sample();
      const page = await open(context);
      await choose(page, 'none.csv', heading);
      await page.getByText('The file has no rows.').waitFor();
      await page.getByRole('button', { name: 'Take another file' }).click();
      await choose(page, 'many.csv', `${heading}\n${`${rowWith({})}\n`.repeat(5_001)}`);
      await page.getByText('The file has 5,001 rows; one file may have 5,000.').waitFor();
      expect(await page.getByRole('button', { name: /^Import/ }).count()).to.equal(0);
      await page.getByRole('button', { name: 'Take another file' }).click();
      const opening = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose a file' }).click();
      await (await opening).setFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from([0x41, 0xe9, 0x42, 0x0a]) });
      await page.getByText('The file cannot be read as text.').waitFor();
    }));

  it('are paused, go on and are cancelled', () =>
    browser.inContext({}, async (context) => {
      await stage.worker?.stop();
      try {
        const { heading, rowWith } = await sample();
        const page = await open(context);
        await choose(page, 'claims.csv', `${heading}\n${rowWith({})}\n${rowWith({})}`);
        await page.getByRole('button', { name: 'Import 2 rows' }).click();
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('paused', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Go on' }).click();
        await page.getByText('running', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Cancel the import' }).click();
        const question = page.getByRole('alertdialog');
        await question.getByText('2 rows will not be imported').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
        await question.getByRole('button', { name: 'Cancel the import' }).click();
        await page.getByRole('button', { name: 'cancelled 2' }).waitFor();
        await eventually(async () => expect(await page.getByRole('button', { name: 'Pause' }).count()).to.equal(0));
      } finally {
        await stage.startWorker();
      }
    }));

  it('have a sample file that is accepted as it is', () =>
    browser.inContext({ acceptDownloads: true }, async (context) => {
      const page = await open(context);
      const text = await textOf(page, 'Download a sample file');
      await choose(page, 'claims.csv', text);
      await page.getByRole('button', { name: 'Import 1 row' }).waitFor();
      await eventually(async () => expect(await page.getByText('will be refused').count()).to.equal(0));
    }));

  it('belong to those who may create claims', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context, '/imports', 'reviewer');
      await page.getByText('name the permission claims.create').waitFor();
    }));

  for (const { language, theme } of looks)
    it(`have no axe findings in ${language}, ${theme}`, () =>
      browser.inContext({}, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const page = await open(context);
        await page.locator('.import-zone').waitFor();
        await page.locator('table, .empty').first().waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
        const { heading, rowWith } = await sample();
        const opening = page.waitForEvent('filechooser');
        await page.locator('.import-zone button[data-kind="primary"]').click();
        const text = `${heading.replace('tags', 'colour')}\n${rowWith({ area: '' })}`;
        await (await opening).setFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
        await page.locator('th[data-undecided]').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      }));
});
