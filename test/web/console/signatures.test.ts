import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { ClaimConsole, expectAccessible } from '../../support/claim-console.js';
import type { TestClaim } from '../../support/claims.js';
import { SigningMails } from '../../support/signing-mails.js';
import { eventually } from '../../support/wait.js';

describe('A statement of work to sign, on the page of a claim', function () {
  this.timeout(120_000);
  let pages: ClaimConsole;
  let mails: SigningMails;

  before(async () => {
    pages = await ClaimConsole.start();
    mails = new SigningMails(pages.stage.relay, pages.api.url);
  });
  after(() => pages?.close());

  const section = (page: Page) => page.getByRole('region', { name: 'Signature of the statement of work' });
  const standing = (page: Page) => page.getByRole('region', { name: 'Where it stands' });
  const signatures = async ({ claimId }: TestClaim): Promise<Record<string, any>[]> =>
    (await pages.api.call('GET', `/v1/claims/${claimId}/signatures`, { token: await pages.api.token('claim_admin') })).body['items'];

  const ask = async (page: Page) => {
    await section(page).getByRole('button', { name: 'Ask for a signature' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send the link' }).click();
    await section(page).getByText('waits for the signature').waitFor();
  };

  /** Signs as the customer, by the mails that arrived. */
  const sign = async (page: Page, claim: TestClaim) => {
    await page.goto(await mails.link(claim.customerEmail));
    await page.locator('#name').fill('Ann Lee');
    await page.locator('#title').fill('CIO');
    await page.locator('#agree').check();
    await page.locator('#send-code').click();
    await page.locator('#code').fill(await mails.code(claim.customerEmail));
    await page.locator('[name=action][value=sign]').click();
    await page.getByRole('heading', { name: 'Receipt: statement of work, signed electronically' }).waitFor();
  };

  it('is asked for, waits for the customer, and is signed: with a receipt as page and as PDF, and as evidence', async () => {
    const claim = await pages.stage.drafted();
    await pages.open(claim, {}, async (page) => {
      await section(page).getByText('The customer can sign the programme’s statement here').waitFor();
      await section(page).getByRole('button', { name: 'Ask for a signature' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByLabel('Email address').inputValue()).to.equal(claim.customerEmail);
      await dialog.getByText('The template').click();
      await dialog.getByText('Statement of work between {customer} and {partner}').waitFor();
      await expectAccessible(page);
      await dialog.getByLabel('Email address').fill('eve@elsewhere.example');
      await dialog.getByRole('button', { name: 'Send the link' }).click();
      await dialog.getByRole('alert').waitFor();
      expect(await signatures(claim)).to.deep.equal([]);
      await dialog.getByLabel('Email address').fill(claim.customerEmail);
      await dialog.getByLabel('Language of the statement').selectOption({ label: 'English' });
      await dialog.getByRole('button', { name: 'Send the link' }).click();

      await section(page).getByText('waits for the signature').waitFor();
      await section(page).getByText('sent', { exact: true }).waitFor();
      await standing(page)
        .getByText(/^Waits for the customer’s signature of the statement of work until .*, (9|10) business days left\.$/)
        .waitFor();
      await section(page).getByText('The statement', { exact: true }).click();
      await section(page)
        .getByText(/^Statement of work between/)
        .waitFor();
      expect(await section(page).getByRole('button', { name: 'Ask for a signature' }).count()).to.equal(0);
      await expectAccessible(page);

      const customer = await page.context().newPage();
      await sign(customer, claim);
      await customer.close();
      await section(page).getByText('signed', { exact: true }).waitFor();
      await section(page).getByText('Ann Lee, CIO').waitFor();
      await page.getByText('Statement of work, signed by the customer here').waitFor();
      await eventually(async () => expect(await standing(page).getByText('signature').count()).to.equal(0));
      await expectAccessible(page);

      const downloading = page.waitForEvent('download');
      await section(page).getByRole('button', { name: 'Receipt as PDF' }).click();
      expect((await downloading).suggestedFilename()).to.equal('receipt.pdf');
      const opening = page.context().waitForEvent('page');
      await section(page).getByRole('link', { name: 'Receipt', exact: true }).click();
      await (await opening).getByRole('heading', { name: 'Receipt: statement of work, signed electronically' }).waitFor();
    });

    // A reviewer reads the text and the receipt, where a file would be.
    await claim.executeCommand('submitClaim', claim.partner, {});
    await pages.open(claim, { person: { role: 'reviewer' } }, async (page) => {
      await page.goto(`${pages.api.url}/console/reviews/${claim.claimId}`);
      const evidence = page.getByRole('region', { name: 'Evidence' });
      await evidence.getByText('Statement of work, signed by the customer in cpor').first().waitFor();
      await evidence.getByRole('link', { name: 'Receipt', exact: true }).waitFor();
      expect(await evidence.locator('a[href$="/content"]').count()).to.equal(0);
      await expectAccessible(page);
    });
  });

  it('is asked for again, of somebody else, and taken back', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, {}, async (page) => {
      await ask(page);
      const first = await mails.link(claim.customerEmail);
      await section(page).getByRole('button', { name: 'Ask again' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('The open request to Ann Lee is cancelled first').waitFor();
      const colleague = claim.customerEmail.replace('ann.lee', 'kim.hale');
      await dialog.getByLabel('Name', { exact: true }).fill('Kim Hale');
      await dialog.getByLabel('Email address').fill('kim@elsewhere.example');
      await dialog.getByRole('button', { name: 'Send the link' }).click();
      await dialog.getByRole('alert').waitFor();
      // The old request is gone by now; the second try must not fail because of that.
      await dialog.getByLabel('Email address').fill(colleague);
      await dialog.getByRole('button', { name: 'Send the link' }).click();
      await section(page).getByText(`Asked of Kim Hale, ${colleague}`).waitFor();
      expect((await signatures(claim)).map(({ state }) => state)).to.deep.equal(['canceled', 'open']);
      expect(await mails.link(colleague)).not.to.equal(first);

      await section(page).getByRole('button', { name: 'Cancel the request' }).click();
      const question = page.getByRole('alertdialog');
      await expectAccessible(page);
      await question.getByRole('button', { name: 'Cancel the request' }).click();
      await eventually(async () => expect(await section(page).getByText('cancelled', { exact: true }).count()).to.equal(2));
      await section(page).getByRole('button', { name: 'Ask for a signature' }).waitFor();
    });
  });

  it('shows that it was passed on, and why it was declined, in Russian', async () => {
    const claim = await pages.stage.submitted();
    const token = await pages.api.token('claim_admin');
    const body = { signatory: { name: 'Ann Lee', email: claim.customerEmail } };
    const asked = await pages.api.call('POST', `/v1/claims/${claim.claimId}/signatures`, { token, body });
    expect(asked.status, asked.text).to.equal(201);
    await pages.open(claim, { language: 'ru', theme: 'dark' }, async (page) => {
      await page.getByText(/^Ожидает подписи клиента под описанием работ до/).waitFor();
      const customer = await page.context().newPage();
      await customer.goto(await mails.link(claim.customerEmail));
      await customer.locator('details:has(#colleague-name) summary').click();
      await customer.locator('#colleague-name').fill('Kim Hale');
      const colleague = claim.customerEmail.replace('ann.lee', 'kim.hale');
      await customer.locator('#colleague-email').fill(colleague);
      await customer.locator('[value=forward]').click();
      const shown = page.getByRole('region', { name: 'Подписание описания работ' });
      await shown.getByText(`Подписывает Kim Hale, ${colleague}`).waitFor();
      await shown.getByText('Передано коллеге 1 раз').waitFor();
      await expectAccessible(page);
      await customer.goto(await mails.link(colleague));
      await customer.locator('details:has(#reason) summary').click();
      await customer.locator('#reason').fill('Не наш проект.');
      await customer.locator('[value=decline]').click();
      await shown.getByText('отказ', { exact: true }).waitFor();
      await shown.getByText('Не наш проект.').waitFor();
      await expectAccessible(page);
    });
  });
});
