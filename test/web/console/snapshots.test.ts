import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { ClaimConsole, expectAccessible } from '../../support/claim-console.js';
import { eventually } from '../../support/wait.js';

describe("The console's links to submitted versions", () => {
  let pages: ClaimConsole;

  before(async function () {
    this.timeout(60_000);
    pages = await ClaimConsole.start();
  });

  after(() => pages?.close());

  /** Reads the link that the dialog shows, copies it, and closes the dialog. */
  async function takeLink(page: Page): Promise<string> {
    const dialog = page.getByRole('alertdialog', { name: 'The link' });
    const url = await dialog.getByLabel('Link', { exact: true }).inputValue();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(url);
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await dialog.waitFor({ state: 'detached' });
    return url;
  }

  it('are made, shown once, opened, counted and revoked', async () => {
    const claim = await pages.stage.submitted();
    const prepare = (context: { grantPermissions(names: string[]): Promise<void> }) =>
      void context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await pages.open(claim, { prepare }, async (page) => {
      await page.getByText('Nothing is shared.').waitFor();
      await page.getByRole('button', { name: 'Share a version' }).click();
      const dialog = page.getByRole('dialog', { name: 'Share a version' });
      await dialog.getByLabel('Ends after (days)').fill('91');
      await dialog.getByRole('button', { name: 'Make the link' }).click();
      await dialog.getByRole('alert').waitFor();
      await expectAccessible(page);
      await dialog.getByLabel('Ends after (days)').fill('7');
      await dialog.getByLabel('For whom').fill('Distributor');
      await dialog.getByLabel('Activities').uncheck();
      await dialog.getByLabel('What has become of it so far').check();
      await dialog.getByRole('button', { name: 'Make the link' }).click();
      const url = await takeLink(page);

      const row = page.getByRole('row', { name: /Distributor/ });
      await row.getByText('open', { exact: true }).waitFor();
      await row.getByText('never').waitFor();
      expect(await page.content()).not.to.include(url.split('/').at(-1)!);
      await expectAccessible(page);

      const shown = await page.context().newPage();
      await shown.goto(url);
      await shown.getByRole('heading', { name: 'Customer', exact: true }).waitFor();
      expect(await shown.getByRole('heading', { name: 'Activities' }).count()).to.equal(0);
      await shown.getByRole('heading', { name: 'Standing when copied' }).waitFor();
      expect(await accessibilityFaults(shown)).to.deep.equal([]);
      await shown.getByRole('link', { name: 'Русский' }).click();
      await shown.getByRole('heading', { name: 'Клиент', exact: true }).waitFor();
      expect(await accessibilityFaults(shown)).to.deep.equal([]);

      await page.reload();
      await row.getByRole('button', { name: '2 times' }).click();
      const openings = page.getByRole('dialog', { name: 'When it was opened' });
      await eventually(async () => expect(await openings.getByRole('listitem').count()).to.equal(2));
      await expectAccessible(page);
      await openings.getByRole('button', { name: 'Close' }).click();

      await row.getByRole('button', { name: /Revoke/ }).click();
      const question = page.getByRole('alertdialog', { name: 'Revoke the link for Distributor' });
      await expectAccessible(page);
      await question.getByRole('button', { name: 'Revoke' }).click();
      await row.getByText('revoked', { exact: true }).waitFor();
      expect(await row.getByRole('button', { name: /Revoke/ }).count()).to.equal(0);
      expect((await shown.goto(url))?.status()).to.equal(404);
      await shown.close();
    });
  });

  it('are absent for a draft and for support staff with nothing to see, and speak Russian', async () => {
    const draft = await pages.stage.drafted();
    await pages.open(draft, {}, async (page) => {
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      expect(await page.getByText('Links for others').count()).to.equal(0);
    });
    const claim = await pages.stage.submitted();
    await pages.open(claim, { person: { role: 'vendor_support' } }, async (page) => {
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      expect(await page.getByText('Links for others').count()).to.equal(0);
    });
    await pages.open(claim, { language: 'ru', theme: 'dark' }, async (page) => {
      await page.getByRole('button', { name: 'Поделиться версией' }).click();
      await page.getByRole('dialog', { name: 'Поделиться версией' }).getByRole('button', { name: 'Создать ссылку' }).waitFor();
      await expectAccessible(page);
    });
  });
});
