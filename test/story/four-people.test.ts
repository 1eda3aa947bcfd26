import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { statementOfWork } from '#libs/sample-data/index.js';
import { TestBrowser } from '../support/browser.js';
import { bodyOf } from '../support/claim-life.js';
import { signIn } from '../support/console.js';
import { type Product, startProduct } from '../support/product.js';
import { csvOf } from '../support/usage.js';

/** Ten in the morning in New York, on a Monday with no holiday near. */
const monday = '2026-10-19T14:00:00.000Z';
const monthAfter = '2026-12-02T14:00:00.000Z';
const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };

const pdf = (name: string, line: string) => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.from(statementOfWork([line, 'Signed by the customer on 2026-10-05'])),
});

describe('One claim across four people, each in a browser of their own', function () {
  this.timeout(120_000);
  this.slow(60_000);
  let product: Product;
  let browser: TestBrowser;
  let close: () => void;
  const ended: Promise<void>[] = [];
  let ann: Page;
  let rita: Page;
  let dana: Page;
  let uma: Page;

  before(async () => {
    product = await startProduct();
    browser = await TestBrowser.open();
    bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { to: monday }));
    const finished = new Promise<void>((resolve) => (close = resolve));
    /** A browser of one person that stays open until the story is over. */
    const personIn = (name: string): Promise<Page> =>
      new Promise((resolve, reject) => {
        const session = browser.inContext({ viewport: { width: 1280, height: 900 } }, async (context: BrowserContext) => {
          resolve(await signIn(context, product.stack.addresses.apiUrl, name));
          await finished;
        });
        session.catch(reject);
        ended.push(session.catch(() => undefined));
      });
    ann = await personIn('Ann Fletcher');
    rita = await personIn('Rita Lindqvist');
    dana = await personIn('Dana Whitfield');
    uma = await personIn('Uma Patel');
  });

  after(async () => {
    close?.();
    await Promise.all(ended);
    await browser?.close();
    await product?.close();
  });

  const open = (page: Page, path: string) => page.goto(`${product.stack.addresses.apiUrl}/console${path}`);

  it('Ann files a claim for two products, step by step', async () => {
    await ann.getByRole('link', { name: 'New claim' }).click();
    await ann.getByLabel('Customer’s domain').fill(northwind.domain);
    await ann.getByRole('button', { name: 'Continue' }).click();
    await ann.getByLabel('Modern Work and Security').check();
    await ann.getByRole('checkbox', { name: 'Exchange', exact: true }).check();
    await ann.getByRole('checkbox', { name: 'SharePoint', exact: true }).check();
    await ann.getByLabel('Name of the claim').fill('Adoption at Northwind');
    await ann.getByRole('button', { name: 'Save and continue' }).click();
    const customer = ann.getByRole('group', { name: 'Customer’s contact' });
    await customer.getByLabel('Name').fill('Alex Carter');
    await customer.getByLabel('Title').fill('Head of IT');
    await customer.getByLabel('E-mail').fill(`alex.carter@${northwind.domain}`);
    const own = ann.getByRole('group', { name: 'Your contact' });
    await own.getByLabel('Name').fill('Robin Fields');
    await own.getByLabel('E-mail').fill('claims@evergreen.example');
    await ann.getByRole('button', { name: 'Save and continue' }).click();
    await ann.locator('input[type=file]').setInputFiles(pdf('statement.pdf', 'Statement of work'));
    await ann.getByLabel('Date of the customer’s signature').fill('2026-10-05');
    await ann.getByRole('button', { name: 'Upload and continue' }).click();
    await ann.getByRole('checkbox', { name: /We confirm/ }).check();
    await ann.getByRole('button', { name: 'Submit the claim' }).click();
    await ann.getByText('Claim CLM-000001 is submitted.').waitFor();
    await ann.getByText(/^Waits for a reviewer to begin, by .* 5 business days left\.$/).waitFor();
  });

  it('Rita takes the next claim and asks for what is missing', async () => {
    await open(rita, '/reviews');
    await rita.getByRole('link', { name: 'CLM-000001' }).waitFor();
    await rita.keyboard.press('n');
    await rita.getByRole('heading', { name: 'Adoption at Northwind' }).waitFor();
    await rita.keyboard.press('i');
    await rita.getByLabel('Missing customer acknowledgement').check();
    await rita.getByRole('textbox', { name: 'Comment' }).first().fill('The page with the signature is missing.');
    await rita.getByRole('button', { name: 'Send the request' }).click();
    await rita.getByText('The request is sent to the partner.').waitFor();
  });

  it('Ann sees it without reloading, and answers', async () => {
    await ann.getByText(/^Waits for the partner’s answer until /).waitFor();
    await ann.getByRole('link', { name: 'Answer the request' }).click();
    // The page that she leaves shows the comment and takes files as well.
    await ann.getByRole('heading', { name: /^Answer the request/ }).waitFor();
    await ann.getByText('The page with the signature is missing.').waitFor();
    await ann.locator('input[type=file]').last().setInputFiles(pdf('signature.pdf', 'Signature page'));
    await ann.getByLabel('Date of the customer’s signature').last().fill('2026-10-05');
    await ann.getByRole('textbox', { name: /^Comment/ }).fill('The signed page is attached.');
    await ann.getByRole('button', { name: 'Send the answer' }).click();
    await ann.getByText(/^Waits for a reviewer to begin, by /).waitFor();
  });

  it('Rita approves, having seen whom it tells what', async () => {
    await rita.getByRole('radio', { name: 'Approve' }).waitFor();
    await rita.keyboard.press('a');
    await rita.getByText(`alex.carter@${northwind.domain}`).last().waitFor();
    await rita.getByRole('button', { name: 'Approve', exact: true }).last().click();
    await ann.getByText(/^Waits for the customer until Mon, 26 Oct 2026, 23:59 \(New York\), 5 business days left\.$/).waitFor();
  });

  it('Dana, the customer’s administrator, refuses one of the two products', async () => {
    await open(dana, '/portal');
    await dana.getByRole('button', { name: /^Refuse/ }).click();
    const dialog = dana.getByRole('dialog');
    await dialog.getByLabel('SharePoint').check();
    await dialog.getByRole('button', { name: 'Refuse selected products' }).click();
    await ann.getByRole('row', { name: /SharePoint.*Rejected/ }).waitFor();
  });

  it('the window passes in silence, and Exchange becomes official', async () => {
    bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { to: monthAfter }));
    await ann.getByRole('row', { name: /Exchange.*Official/ }).waitFor();
  });

  it('Uma reads the usage of Exchange', async () => {
    const rows = ['2026-10-01', '2026-11-01'].map((month, index) => ({
      CustomerTenantId: northwind.tenantId,
      CustomerName: 'Northwind Traders',
      WorkloadName: 'Exchange',
      MonthlyActiveUsers: 410 + index,
      PaidAvailableUnits: 500,
      Date: month,
    }));
    const file = new Blob([csvOf(rows)], { type: 'text/csv' });
    bodyOf(await product.vendorAdmin.post('/v1/usage/imports?set=workload_usage', file, { 'content-type': 'text/csv' }));
    await open(uma, '/usage');
    await uma.getByRole('cell', { name: '411' }).waitFor();
  });

  it('Dana sees that Uma read it, and ends the association', async () => {
    await open(dana, '/portal/accesses');
    await dana
      .getByRole('row', { name: /Exchange/ })
      .first()
      .waitFor();
    await open(dana, '/portal/partners');
    await dana.getByRole('button', { name: /^End/ }).click();
    await dana.getByRole('alertdialog').getByRole('button', { name: 'End the association' }).click();
    await dana.getByText(/The partner’s access has stopped/).waitFor();
  });

  it('and the usage stops at once', async () => {
    await open(uma, '/usage');
    await uma.getByText('Nothing to show').waitFor();
    expect(await uma.getByRole('cell', { name: '411' }).count()).to.equal(0);
    await ann.getByRole('row', { name: /Exchange.*Ended/ }).waitFor();
  });
});
