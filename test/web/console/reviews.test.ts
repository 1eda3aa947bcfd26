import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { reviewer, type TestClaim } from '../../support/claims.js';
import { openConsole } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { pdfOf } from '../../support/pdf.js';
import { ironbridge } from '../../support/sample-directory.js';
import { days, Stage } from '../../support/stage.js';
import { eventually } from '../../support/wait.js';

describe('The reviewer in the console', function () {
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

  const open = (context: BrowserContext, path: string, subject = 'reviewer-of-the-day') =>
    openConsole(context, api, { role: 'reviewer', subject }, path);

  const openReview = (context: BrowserContext, claim: TestClaim, subject?: string) => open(context, `/reviews/${claim.claimId}`, subject);

  /** Submits a claim whose evidence can be drawn. */
  async function submitted(products = ['exchange']): Promise<TestClaim> {
    const claim = await stage.drafted({ products });
    await claim.addEvidence(pdfOf([`Statement of work for ${claim.number}`]));
    await claim.executeCommand('submitClaim', claim.partner, {});
    return claim;
  }

  describe('in the queue', () => {
    let first: TestClaim;
    let second: TestClaim;

    before(async () => {
      first = await submitted();
      await stage.advance(days(1));
      second = await submitted();
    });

    it('sees the most urgent claim first, moves with j and k, and opens with o', () =>
      browser.inContext({}, async (context) => {
        const page = await open(context, '/reviews');
        await page.getByRole('link', { name: second.number }).waitFor();
        await page.getByRole('row').filter({ hasText: first.number }).getByText('(New York)').waitFor();
        const numbers = await page.locator('tbody th a').allTextContents();
        expect(numbers.indexOf(first.number)).to.be.lessThan(numbers.indexOf(second.number));
        await page.keyboard.press('j');
        await eventually(async () => expect(await focusedText(page)).to.equal(numbers[0]));
        await page.keyboard.press('j');
        await eventually(async () => expect(await focusedText(page)).to.equal(numbers[1]));
        await page.keyboard.press('k');
        await page.keyboard.press('k');
        await eventually(async () => expect(await focusedText(page)).to.equal(numbers[0]));
        await page.keyboard.press('o');
        await page.waitForURL(/\/reviews\/[0-9a-f-]{36}$/);
        await page.getByRole('heading', { name: 'Your decision' }).waitFor();
        await page.keyboard.press('u');
        await page.waitForURL(/\/reviews$/);
      }));

    it('keeps a search in the address, types letters into it, and finds the keys on another layout', () =>
      browser.inContext({}, async (context) => {
        const page = await open(context, '/reviews');
        await page.getByRole('link', { name: second.number }).waitFor();
        await page.getByRole('searchbox').pressSequentially(second.number.toLowerCase());
        await page.getByRole('link', { name: first.number }).waitFor({ state: 'detached' });
        expect(new URL(page.url()).search).to.equal(`?q=${second.number.toLowerCase()}`);
        await page.getByRole('searchbox').blur();
        await page.evaluate(`document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ', bubbles: true }))`);
        await eventually(async () => expect(await focusedText(page)).to.equal(second.number));
      }));

    it('lists the keys under ?, and leaves them off once they are switched off', () =>
      browser.inContext({}, async (context) => {
        const page = await open(context, '/reviews');
        await page.getByRole('link', { name: first.number }).waitFor();
        await page.keyboard.press('?');
        const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
        await dialog.getByText('open it to approve').waitFor();
        await dialog.getByRole('checkbox', { name: 'Single keys act' }).uncheck();
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await page.reload();
        await page.getByRole('link', { name: first.number }).waitFor();
        await page.keyboard.press('j');
        expect(await page.locator('tr[data-current]').count()).to.equal(0);
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
        await dialog.getByRole('checkbox').check();
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await page.keyboard.press('j');
        await page.locator('tr[data-current]').waitFor();
      }));

    it('says when nothing waits, and what to do when nothing matches', () =>
      browser.inContext({}, async (context) => {
        const page = await open(context, '/reviews?q=nothing-like-this');
        await page.getByRole('heading', { name: 'No claim matches' }).waitFor();
      }));

    it('is refused to a partner', () =>
      browser.inContext({}, async (context) => {
        const page = await openConsole(context, api, { role: 'claim_admin' }, '/reviews');
        await page.getByRole('alert').filter({ hasText: 'You may not see this' }).waitFor();
      }));
  });

  describe('on a claim', () => {
    it('approves by keyboard alone, beside the evidence', async () => {
      const claim = await submitted();
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.frameLocator('iframe').getByText(`Statement of work for ${claim.number}`).waitFor();
        await page.keyboard.press('a');
        await page.getByRole('heading', { name: 'Who will be told what' }).waitFor();
        await page.getByText(/^Mail to 2 people of the customer: /).waitFor();
        await page.keyboard.press('Control+Enter');
        await page.getByRole('status').filter({ hasText: 'Approved. The customer is being asked.' }).waitFor();
      });
      expect(await claim.phase()).to.equal('consent_pending');
    });

    it('asks with two reasons, in the words that the partner will read', async () => {
      const claim = await submitted(['exchange', 'teams']);
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.getByRole('button', { name: 'Ask for information' }).click();
        await page.getByRole('button', { name: 'Send the request' }).click();
        await page.getByRole('alert').filter({ hasText: 'at least one' }).waitFor();
        await page.getByRole('checkbox', { name: 'Missing or old dates' }).check();
        await page.getByRole('checkbox', { name: 'Missing products' }).check();
        await page.getByRole('group', { name: 'Suggest to drop' }).getByRole('checkbox', { name: /^2\./ }).check();
        await page.getByRole('textbox', { name: 'Comment on the decision' }).fill('Teams is on no page.');
        const preview = page.getByRole('region', { name: 'Who will be told what' });
        await preview.getByText(/^Mail to the partner: /).waitFor();
        await preview.getByText(/Missing or old dates[^]*Missing products/).waitFor();
        await page.getByRole('button', { name: 'Send the request' }).click();
        await page.getByRole('status').filter({ hasText: 'The request is sent to the partner.' }).waitFor();
      });
      expect(await claim.phase()).to.equal('action_required');
      const { data } = (await claim.events()).findLast(({ type }) => type === 'InformationRequested')!;
      expect(data).to.deep.include({ reasons: ['dates_missing_or_old', 'evidence_products_missing'], suggestedDrops: [2] });
    });

    it('rejects one product and keeps the other', async () => {
      const claim = await submitted(['exchange', 'teams']);
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.getByRole('heading', { name: 'Your decision' }).waitFor();
        await page.keyboard.press('r');
        await page.getByRole('group', { name: 'Which products' }).getByRole('checkbox', { name: /^1\./ }).uncheck();
        await page.getByRole('combobox', { name: 'Reason' }).selectOption({ label: 'Evidence is insufficient' });
        await page.getByRole('button', { name: 'Reject' }).last().click();
        await page.getByRole('status').filter({ hasText: 'Rejected. The partner is being told.' }).waitFor();
      });
      const { state } = await claim.row();
      expect(state.lines.map(({ phase }) => phase)).to.deep.equal(['submitted', 'rejected']);
    });

    it('says when another reviewer was faster, keeps what was entered, and sends it on the new version', async () => {
      const claim = await submitted();
      await browser.inContext({}, (mine) =>
        browser.inContext({}, async (theirs) => {
          const page = await openReview(mine, claim, 'reviewer-a');
          const other = await openReview(theirs, claim, 'reviewer-b');
          await page.getByRole('button', { name: 'Ask for information' }).click();
          await page.getByRole('checkbox', { name: 'Missing or old dates' }).check();
          await page.getByRole('textbox', { name: 'Comment on the decision' }).fill('Page 3 has no date.');

          // What changes while the page does not hear of it is found out by the API.
          await mine.route('**/changes', (route) => route.abort());
          await mine.route(`**/v1/claims/${claim.claimId}`, (route) => route.abort());
          const comments = other.getByRole('textbox', { name: 'Comment' }).last();
          await comments.fill('I have called the customer.');
          await other.getByRole('button', { name: 'Send comment' }).click();
          await other.getByText('I have called the customer.').first().waitFor();
          await page.getByRole('button', { name: 'Send the request' }).click();
          await mine.unroute(`**/v1/claims/${claim.claimId}`);
          const merge = page.getByRole('alert').filter({ hasText: 'changed since you opened this form' });
          await merge.waitFor();
          expect(await page.getByRole('textbox', { name: 'Comment on the decision' }).inputValue()).to.equal('Page 3 has no date.');
          await page.getByRole('button', { name: 'Send on the new version' }).click();
          await page.getByRole('status').filter({ hasText: 'The request is sent to the partner.' }).waitFor();
        }),
      );
      expect(await claim.phase()).to.equal('action_required');
    });

    it('tells of a change while the page is open, and by whom nothing is lost', async () => {
      const claim = await submitted();
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim, 'reviewer-a');
        await page.getByRole('button', { name: 'Reject' }).first().click();
        await page.getByRole('textbox', { name: 'Comment on the decision' }).fill('Nothing is signed.');
        await claim.executeCommand('startReview', reviewer, {});
        const stale = page.getByRole('alert').filter({ hasText: 'changed while you were reading' });
        await stale.waitFor();
        await stale
          .getByText(/review/i)
          .first()
          .waitFor();
        await stale.getByRole('button', { name: 'I have seen it' }).click();
        await stale.waitFor({ state: 'detached' });
        expect(await page.getByRole('textbox', { name: 'Comment on the decision' }).inputValue()).to.equal('Nothing is signed.');
      });
    });

    it('keeps the checklist of the evidence in the browser', async () => {
      const claim = await submitted();
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.getByRole('checkbox', { name: 'What was done is described' }).check();
        await page.reload();
        await page.getByRole('checkbox', { name: 'What was done is described', checked: true }).waitFor();
      });
    });

    it('gives the partner more time, with a reason', async () => {
      const claim = await submitted();
      await claim.executeCommand('requestInformation', reviewer, { reasons: ['dates_missing_or_old'] });
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.getByRole('button', { name: 'Give more time' }).click();
        const dialog = page.getByRole('dialog', { name: 'Give more time' });
        await dialog.getByRole('textbox', { name: 'Reason' }).fill('The signatory is away.');
        await dialog.getByRole('button', { name: 'Give more time' }).click();
        await dialog.waitFor({ state: 'detached' });
      });
      expect(await claim.eventTypes()).to.include('DeadlineExtended');
    });

    it('says plainly that a claim of the reviewer’s own partner is closed to them', async () => {
      const claim = await submitted();
      await browser.inContext({}, async (context) => {
        const actsFor = [claim.partnerAccountId];
        const page = await openConsole(context, api, { role: 'reviewer', actsFor }, `/reviews/${claim.claimId}`);
        await page.getByText('You act for this partner').waitFor();
        expect(await page.getByRole('heading', { name: 'Your decision' }).count()).to.equal(0);
      });
    });

    it('decides a dispute only as a second reviewer', async () => {
      const claim = await submitted();
      await claim.executeCommand('rejectClaim', { ...reviewer, subject: 'reviewer-a' }, { reason: 'evidence_insufficient' });
      await claim.executeCommand('openDispute', claim.partner, { textId: null, evidenceIds: [await claim.addEvidence(pdfOf(['New']))] });
      expect(await claim.phase()).to.equal('disputed');
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim, 'reviewer-a');
        await page.getByText('whoever made a disputed decision').waitFor();
      });
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim, 'reviewer-b');
        await page.getByRole('heading', { name: 'Your decision' }).waitFor();
        await page.keyboard.press('r');
        await page.getByRole('button', { name: 'Reject finally' }).click();
        await page.getByRole('status').filter({ hasText: 'Rejected finally.' }).waitFor();
      });
      expect(await claim.phase()).to.equal('rejected_final');
    });
  });

  describe('with a hold', () => {
    it('approves only after saying that it was checked', async () => {
      const claim = await stage.drafted({ customerEmail: 'ann.lee@elsewhere.example' });
      await claim.executeCommand('submitClaim', claim.partner, {});
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.getByText('contact_domain_mismatch').waitFor();
        await page.keyboard.press('a');
        await page.getByText('Check the holds above first.').waitFor();
        await page.keyboard.press('Control+Enter');
        await page.getByRole('alert').filter({ hasText: 'on hold' }).waitFor();
        await page.getByRole('checkbox', { name: /^Checked: / }).check();
        await page.getByText(/^Mail to .*customer: /).waitFor();
        await page.keyboard.press('Control+Enter');
        await page.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
      });
      expect(await claim.phase()).to.equal('consent_pending');
    });
  });

  describe('by “next claim”', () => {
    it('takes a claim that nobody has taken, two reviewers different ones', async () => {
      const claims = [await submitted(), await submitted()];
      await browser.inContext({}, (mine) =>
        browser.inContext({}, async (theirs) => {
          const pages = [await open(mine, '/reviews', 'taker-a'), await open(theirs, '/reviews', 'taker-b')];
          for (const page of pages) await page.getByRole('link', { name: claims[0]!.number }).waitFor();
          await Promise.all(pages.map((page) => page.keyboard.press('n')));
          await Promise.all(pages.map((page) => page.waitForURL(/\/reviews\/[0-9a-f-]{36}$/)));
          expect(new Set(pages.map((page) => page.url())).size).to.equal(2);
          await pages[0]!.goto(`${api.url}/console/reviews?isMine=true`);
          await pages[0]!.getByText('taken by you').waitFor();
          await eventually(async () => expect(await pages[0]!.locator('tbody tr').count()).to.equal(1));
        }),
      );
    });
  });

  describe('between rivals', () => {
    it('compares them, reads the order, and decides with a record written from it', async () => {
      const claim = await submitted();
      const tenant = { tenantId: claim.details.tenantId, domain: claim.details.domain! };
      const rival = await stage.submitted({ tenant, partner: ironbridge });
      await browser.inContext({}, async (context) => {
        const page = await openReview(context, claim);
        await page.getByRole('link', { name: 'Compare the partners' }).click();
        await page.getByRole('columnheader', { name: 'Ironbridge Systems LLC' }).waitFor();
        await page.getByText(rival.number).first().waitFor();
        const order = page.getByRole('list').filter({ hasText: 'the customer’s choice' });
        await eventually(async () => expect(await order.getByRole('listitem').count()).to.equal(4));
        await page.getByRole('button', { name: 'Decide', exact: true }).click();
        const dialog = page.getByRole('alertdialog');
        const record = await dialog.getByRole('textbox', { name: 'Decision record' }).inputValue();
        expect(record).to.include('Evergreen').and.to.include('Ironbridge').and.to.include('the earliest submission');
        await dialog.getByRole('button', { name: 'Write the record and decide' }).click();
        await dialog.waitFor({ state: 'detached' });
        await page.getByText('Decided for this claim').waitFor();
      });
      expect(await rival.phase()).to.equal('rejected');
    });
  });

  describe('is served alike', () => {
    for (const { language, theme } of looks) {
      it(`in ${language}, ${theme}`, async () => {
        const claim = await submitted(['exchange', 'teams']);
        const tenant = { tenantId: claim.details.tenantId, domain: claim.details.domain! };
        await stage.submitted({ tenant, partner: ironbridge });
        await browser.inContext({}, async (context) => {
          await context.addInitScript(`localStorage['cpor.language'] = '${language}'; localStorage['cpor.theme'] = '${theme}';`);
          const page = await open(context, '/reviews');
          await page.getByRole('link', { name: claim.number }).waitFor();
          const faults = [await accessibilityFaults(page)];
          await page.keyboard.press('?');
          await page.getByRole('dialog').waitFor();
          faults.push(await accessibilityFaults(page));
          await page.goto(`${api.url}/console/reviews/${claim.claimId}?do=ask`);
          await page.frameLocator('iframe').getByText('Statement of work').waitFor();
          faults.push(await accessibilityFaults(page));
          await page.goto(`${api.url}/console/reviews/${claim.claimId}/rivals`);
          await page.getByRole('columnheader', { name: 'Ironbridge Systems LLC' }).waitFor();
          faults.push(await accessibilityFaults(page));
          await page.locator('.button[data-kind="primary"]').click();
          await page.getByRole('alertdialog').waitFor();
          faults.push(await accessibilityFaults(page));
          expect(faults).to.deep.equal([[], [], [], [], []]);
        });
      });
    }
  });
});

const focusedText = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');
