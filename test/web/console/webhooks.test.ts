import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { TestBrowser } from '../../support/browser.js';
import { signIn } from '../../support/console.js';
import { type Product, startProduct } from '../../support/product.js';
import { eventually, waitFor } from '../../support/wait.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';

describe("The console's pages of webhooks", function () {
  this.timeout(180_000);
  let product: Product;
  let browser: TestBrowser;
  let receiver: WebhookReceiver;

  before(async () => {
    product = await startProduct();
    browser = await TestBrowser.open();
    receiver = await new WebhookReceiver().start();
  });

  after(async () => {
    await receiver?.stop();
    await browser?.close();
    await product?.close();
  });

  /** Reads the secret that a dialog shows, and closes it. */
  async function takeSecret(page: Page): Promise<string> {
    const dialog = page.getByRole('alertdialog', { name: 'The secret of this endpoint' });
    const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(secret);
    expect(await accessibilityFaults(page)).to.deep.equal([]);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await dialog.waitFor({ state: 'detached' });
    return secret;
  }

  const inDialog = (page: Page, name: string) => page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }));

  it('register an endpoint, try it, and show what was sent and answered', () =>
    browser.inContext({ permissions: ['clipboard-read', 'clipboard-write'] }, async (context) => {
      const { apiUrl } = product.stack.addresses;
      const page = await signIn(context, apiUrl, 'Ann Fletcher', '/webhooks');
      await page.getByText('No endpoint yet').waitFor();
      await page.getByRole('button', { name: 'Add an endpoint' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await page.getByLabel('Address').fill(receiver.url);
      await page.getByLabel('What it is for').fill('Our incentive engine');
      await page.getByRole('button', { name: 'Save' }).click();
      receiver.secrets = [await takeSecret(page)];
      await page.reload();
      await page.getByRole('link', { name: receiver.url }).waitFor();
      expect(await page.content()).to.not.include(receiver.secrets[0]!);

      await page.getByRole('link', { name: receiver.url }).click();
      await page.getByText('Nothing has been sent yet').waitFor();
      await page.getByRole('button', { name: 'Send a test event' }).click();
      const row = page.getByRole('row').filter({ hasText: 'Test event' });
      await row.getByText('delivered').waitFor({ timeout: 30_000 });
      expect(receiver.received.map(({ type }) => type)).to.deep.equal(['webhook.test']);
      expect(await accessibilityFaults(page)).to.deep.equal([]);

      await row.getByRole('link').click();
      await page.getByRole('cell', { name: '204', exact: true }).waitFor();
      await page.getByText('"type": "webhook.test"').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      receiver.answer = () => ({ status: 500, body: 'The queue is full.' });
      await page.getByRole('button', { name: 'Send it again' }).click();
      await page.getByText('The queue is full.').first().waitFor({ timeout: 30_000 });
      await page.getByText('waiting').waitFor();
      receiver.answer = () => ({ status: 204 });
      await page.getByRole('button', { name: 'Send it again' }).click();
      await waitFor('another attempt', () => Promise.resolve(receiver.received.length === 3));
      expect(new Set(receiver.received.map(({ id }) => id)).size).to.equal(1);
      expect(receiver.unverified).to.deep.equal([]);

      await page.getByRole('link', { name: 'All deliveries' }).click();
      await page.getByLabel('State').selectOption('given up');
      await page.getByText('No delivery is like that').waitFor();
      expect(new URL(page.url()).searchParams.get('state')).to.equal('given_up');
    }));

  it('change, rotate, disable, enable, replay and remove an endpoint', () =>
    browser.inContext({ permissions: ['clipboard-read', 'clipboard-write'] }, async (context) => {
      const page = await signIn(context, product.stack.addresses.apiUrl, 'Ann Fletcher', '/webhooks');
      await page.getByRole('link', { name: receiver.url }).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByLabel('Only these').first().check();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Claim submitted').check();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
      await page.getByRole('button', { name: 'Save' }).click();
      await page
        .getByRole('definition')
        .filter({ hasText: /^Claim submitted$/ })
        .waitFor();

      await page.getByRole('button', { name: 'New secret' }).click();
      await inDialog(page, 'New secret').getByRole('button', { name: 'New secret' }).click();
      const before = receiver.secrets;
      receiver.secrets = [await takeSecret(page)];
      expect(receiver.secrets).to.not.deep.equal(before);
      const already = receiver.received.length;
      await page.getByRole('button', { name: 'Send a test event' }).click();
      await waitFor('an event with the new secret', () => Promise.resolve(receiver.received.length > already), 30_000);
      expect(receiver.unverified).to.deep.equal([]);

      await page.getByRole('button', { name: 'Send again' }).click();
      await inDialog(page, 'Send again').getByRole('button', { name: 'Send again' }).click();
      await inDialog(page, 'Send again').getByRole('alert').waitFor();
      await page.getByLabel('Recorded since').fill('2026-01-01T00:00');
      await page.getByLabel('Everything, in order').check();
      await inDialog(page, 'Send again').getByRole('button', { name: 'Send again' }).click();
      await page.getByText('Everything that you asked for is sent again.').waitFor();

      await page.getByRole('button', { name: 'Disable' }).click();
      await inDialog(page, 'Disable').getByRole('button', { name: 'Disable' }).click();
      await page.getByText('This endpoint is disabled').waitFor();
      expect(await page.getByRole('button', { name: 'Send a test event' }).count()).to.equal(0);
      await page.getByRole('button', { name: 'Enable' }).click();
      await inDialog(page, 'Enable').getByRole('button', { name: 'Enable' }).click();
      await eventually(async () => expect(await page.getByText('This endpoint is disabled').count()).to.equal(0));

      await page.getByRole('button', { name: 'Remove' }).click();
      await inDialog(page, 'Remove').getByRole('button', { name: 'Remove' }).click();
      await page.getByText('The endpoint is removed.').waitFor();
      await page.getByText('No endpoint yet').waitFor();
    }));

  it('are not offered to those who may not manage webhooks', () =>
    browser.inContext({}, async (context) => {
      const page = await signIn(context, product.stack.addresses.apiUrl, 'Uma Patel', '/webhooks');
      await page.getByText('name the permission webhooks.manage').waitFor();
      expect(await page.getByRole('link', { name: 'Webhooks' }).count()).to.equal(0);
    }));
});
