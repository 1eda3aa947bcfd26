import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Json, somePdf } from '../../support/api.js';
import { ClaimConsole, expectAccessible, tabTo } from '../../support/claim-console.js';
import { evergreenAustin } from '../../support/sample-directory.js';
import { reviewer, type TestClaim } from '../../support/claims.js';
import { eventually, waitFor } from '../../support/wait.js';

describe('What a partner does from the page of a claim', () => {
  let pages: ClaimConsole;

  before(async function () {
    this.timeout(60_000);
    pages = await ClaimConsole.start();
  });

  after(() => pages?.close());

  const asked = async (): Promise<TestClaim> => {
    const claim = await pages.stage.submitted({ products: ['exchange', 'teams'] });
    const body = { reasons: ['acknowledgement_missing', 'evidence_products_missing'], comment: 'Teams is not named.', suggestedDrops: [2] };
    const token = await pages.api.token('reviewer');
    const { status, text } = await pages.api.call('POST', `/v1/claims/${claim.claimId}/information-requests`, {
      token,
      body,
      headers: { 'if-match': `"${(await claim.row()).version}"` },
    });
    expect(status, text).to.equal(200);
    return claim;
  };

  const official = async (): Promise<TestClaim> => {
    const claim = await pages.stage.notified({ programme: 'brief' });
    await pages.stage.until(claim, 'official');
    return claim;
  };

  const read = async ({ claimId }: TestClaim): Promise<Json> =>
    (await pages.api.call('GET', `/v1/claims/${claimId}`, { token: await pages.api.token('claim_admin') })).body;

  const dialog = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'));

  describe('answering a request', () => {
    it('shows what was asked beside what may change, and a comment alone is refused beside the evidence', async () => {
      const claim = await asked();
      await pages.open(claim, {}, async (page) => {
        await page.getByRole('link', { name: 'Answer the request' }).click();
        const request = page.getByRole('region', { name: 'What was asked' });
        await request.getByText('Teams is not named.').waitFor();
        await eventually(async () =>
          expect(await request.innerText()).to.match(/Missing customer acknowledgement[^]*Missing products[^]*suggests dropping: Teams/),
        );
        await page.getByLabel('Comment').fill('It is all there.');
        await page.getByRole('button', { name: 'Send the answer' }).click();
        await page.locator('.field-error', { hasText: 'a comment alone does not answer it' }).waitFor();
        expect(await page.getByLabel('Comment').inputValue()).to.equal('It is all there.');
        await expectAccessible(page);
      });
      expect((await read(claim))['phase']).to.equal('action_required');
    });

    it('sends a dropped product, a new file and the comment with one button, and the versions can be compared', async () => {
      const claim = await asked();
      await pages.open(claim, { path: '/answer' }, async (page) => {
        const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose files' }).click()]);
        await chooser.setFiles({ name: 'signed-again.pdf', mimeType: 'application/pdf', buffer: somePdf() });
        await page.getByLabel('Keep Teams').uncheck();
        await page.getByLabel('Comment').fill('Teams is dropped; the signed page is attached.');
        await page.getByRole('button', { name: 'Send the answer' }).click();
        await page.getByText('Waits for a reviewer to begin').waitFor();
        await page.locator('.timeline').getByText('Teams is dropped; the signed page is attached.').waitFor();
        const versions = page.getByRole('region', { name: 'Submitted versions' });
        await versions.getByRole('row', { name: /Product 2: product/ }).waitFor();
        expect(await versions.getByRole('row', { name: /Product 2: product/ }).innerText()).to.match(/Teams\s+nothing/);
        expect(await versions.getByRole('row', { name: /signed-again\.pdf: file/ }).innerText()).to.match(/nothing\s+signed-again\.pdf/);
      });
      const { lines, evidence } = await read(claim);
      expect((lines as Json[]).map(({ phase }) => phase as unknown)).to.deep.equal(['submitted', 'canceled']);
      expect((evidence as Json[]).map(({ fileName }) => fileName as unknown)).to.include('signed-again.pdf');
    });

    it('keeps what was typed when a colleague has changed the claim, says what changed, and sends again on the new version', async () => {
      const claim = await asked();
      await pages.open(claim, { path: '/answer' }, async (page) => {
        await page.getByLabel('Keep Teams').uncheck();
        await page.getByLabel('Comment').fill('Teams is dropped.');
        const token = await pages.api.token('claim_admin');
        await pages.api.call('POST', `/v1/claims/${claim.claimId}/comments`, {
          token,
          body: { text: 'I am looking for the signed page.' },
        });
        await page.getByRole('button', { name: 'Send the answer' }).click();
        await page.getByText('The claim has changed since you opened this form').waitFor();
        await page
          .getByRole('alert')
          .getByText(/: Comment\./)
          .waitFor();
        expect(await page.getByLabel('Comment').inputValue()).to.equal('Teams is dropped.');
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Send on the new version' }).click();
        await page.getByText('Waits for a reviewer to begin').waitFor();
      });
      expect((await read(claim))['lines'][1].phase).to.equal('canceled');
    });

    it('shows a refused address beside its field', async () => {
      const claim = await asked();
      await pages.open(claim, { path: '/answer' }, async (page) => {
        const address = page.getByRole('group', { name: 'Customer contact' }).getByLabel('E-mail');
        await address.fill('nobody');
        await page.getByRole('button', { name: 'Send the answer' }).click();
        await page.getByRole('alert').waitFor();
        await eventually(async () => expect(await address.getAttribute('aria-invalid')).to.equal('true'));
        await page.getByRole('alert').getByRole('button').first().click();
        await eventually(async () =>
          expect(await address.evaluate((element) => element === element.ownerDocument.activeElement)).to.equal(true),
        );
      });
    });

    it('says so when nothing is asked', async () => {
      const claim = await pages.stage.submitted();
      await pages.open(claim, { path: '/answer' }, async (page) => {
        await page.getByText('Nothing is asked of you here now.').waitFor();
        await expectAccessible(page);
      });
    });
  });

  it('changes a submitted claim before the review', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, {}, async (page) => {
      await page.getByRole('link', { name: 'Change the claim' }).click();
      await page.getByRole('group', { name: 'Partner contact' }).getByLabel('Name').fill('Robin Fields');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Claim changed').waitFor();
    });
    expect((await read(claim))['contacts'].partner.name).to.equal('Robin Fields');
  });

  it('withdraws with the keyboard alone, after a conflict was shown', async () => {
    const claim = await pages.stage.notified({ products: ['exchange', 'teams'] });
    await pages.open(claim, {}, async (page) => {
      await page.getByRole('button', { name: 'Withdraw' }).waitFor();
      await tabTo(page, 'Withdraw');
      await page.keyboard.press('Enter');
      await dialog(page).waitFor();
      await page.getByText('The customer was notified of the claim, and is told that you have withdrawn it.').waitFor();
      await expectAccessible(page);
      await tabTo(page, /^2\. Teams/);
      await page.keyboard.press('Space');
      await tabTo(page, /^Comment/);
      await page.keyboard.type('The customer has changed its mind about mail.');
      const token = await pages.api.token('reviewer');
      await pages.api.call('POST', `/v1/claims/${claim.claimId}/comments`, { token, body: { text: 'One moment, please.' } });
      // The page behind the dialog knows of the change; what the person has seen is older.
      await page.locator('.timeline').getByText('One moment, please.').waitFor();
      await tabTo(page, 'Withdraw 1 product');
      await page.keyboard.press('Enter');
      await page.getByText('The claim has changed since you opened this form').waitFor();
      await tabTo(page, 'Send on the new version');
      await page.keyboard.press('Enter');
      await dialog(page).waitFor({ state: 'detached' });
      await page.locator('.timeline').getByText('The customer has changed its mind about mail.').waitFor();
    });
    expect(((await read(claim))['lines'] as Json[]).map(({ phase }) => phase as unknown)).to.deep.equal(['canceled', 'consent_pending']);
  });

  it('disputes a rejection; without statement and new evidence it is refused beside the field', async () => {
    const claim = await pages.stage.submitted();
    await claim.executeCommand('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    await pages.open(claim, {}, async (page) => {
      await page.getByRole('button', { name: 'Dispute the rejection' }).click();
      await dialog(page).getByText('A rejection can be disputed once.').waitFor();
      await expectAccessible(page);
      await dialog(page).getByRole('button', { name: 'Dispute', exact: true }).click();
      const statement = page.getByLabel('Why the rejection is wrong');
      await page.getByRole('alert').waitFor();
      await eventually(async () => expect(await statement.getAttribute('aria-invalid')).to.equal('true'));
      await statement.fill('Page 3 names every product.');
      await dialog(page).getByRole('button', { name: 'Dispute', exact: true }).click();
      await page.getByText('The rejection is disputed. Another reviewer decides by').waitFor();
    });
    expect((await read(claim))['phase']).to.equal('disputed');
  });

  it('ends an association, which needs a reason, and the customer is told', async () => {
    const claim = await official();
    const before = pages.stage.relay.received.length;
    await pages.open(claim, {}, async (page) => {
      await page.getByRole('button', { name: 'End the association' }).click();
      await expectAccessible(page);
      await dialog(page).getByRole('button', { name: 'End 1 association' }).click();
      const reason = page.getByLabel('Why it ends');
      await page.getByRole('alert').waitFor();
      await eventually(async () => expect(await reason.getAttribute('aria-invalid')).to.equal('true'));
      await reason.fill('The project is over.');
      await dialog(page).getByRole('button', { name: 'End 1 association' }).click();
      await page.getByText(/^Ended on .*: the partner ended it\. Access to usage data has stopped\.$/).waitFor();
      await eventually(async () => expect(await page.locator('[aria-current="step"]').innerText()).to.match(/Official[^]*Ended/));
    });
    await waitFor('the receipt to the customer', () =>
      pages.stage.relay.received.slice(before).some(({ to }) => to === claim.customerEmail),
    );
  });

  it('moves an association to another location of the company', async () => {
    const claim = await official();
    await pages.open(claim, {}, async (page) => {
      await page.getByRole('button', { name: 'Move to another location' }).click();
      await expectAccessible(page);
      await page.getByLabel('New location').selectOption(evergreenAustin.partnerId);
      await dialog(page).getByRole('button', { name: 'Move', exact: true }).click();
      await page.getByText(/Before that at location 1240371/).waitFor();
    });
    expect((await read(claim))['partnerId']).to.equal(evergreenAustin.partnerId);
  });

  it('corrects the contact of a notice that reached nobody, which sends it again', async () => {
    const claim = await pages.stage.drafted();
    pages.stage.relay.answer = (recipient) => (recipient.endsWith(claim.customerEmail.split('@')[1]!) ? 550 : 'accept');
    try {
      await claim.executeCommand('submitClaim', claim.partner, {});
      await claim.executeCommand('approveClaim', reviewer, {});
      await pages.open(claim, {}, async (page) => {
        await page.getByText('no notice has reached the customer').waitFor();
        await page.getByRole('button', { name: 'Send the notice again' }).waitFor();
        pages.stage.relay.answer = () => 'accept';
        await page.getByRole('button', { name: 'Correct the contacts' }).click();
        const address = claim.customerEmail.replace('ann.lee', 'kim.novak');
        await page.getByRole('group', { name: 'Customer contact' }).getByLabel('E-mail').fill(address);
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Save' }).click();
        await page.getByText('Waits for the customer until').waitFor();
        expect(pages.stage.relay.received.map(({ to }) => to)).to.include(address);
      });
    } finally {
      pages.stage.relay.answer = () => 'accept';
    }
  });

  it('discards a draft', async () => {
    const claim = await pages.stage.drafted();
    await pages.open(claim, {}, async (page) => {
      expect(await page.getByRole('link', { name: 'Continue the draft' }).getAttribute('href')).to.equal(
        `/console/claims/${claim.claimId}/edit`,
      );
      await page.getByRole('button', { name: 'Discard the draft' }).click();
      await dialog(page).getByRole('button', { name: 'Discard the draft' }).click();
      await page.waitForURL('**/console/claims');
    });
    expect((await read(claim))['phase']).to.equal('canceled');
  });
});
