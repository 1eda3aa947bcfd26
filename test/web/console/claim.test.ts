import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { somePdf } from '../../support/api.js';
import { ClaimConsole, expectAccessible } from '../../support/claim-console.js';
import { reviewer, type TestClaim } from '../../support/claims.js';
import { extent } from '../../support/extent.js';
import { ironbridge } from '../../support/sample-directory.js';
import { settled } from '../../support/console.js';
import { eventually } from '../../support/wait.js';

describe("The console's page of one claim", () => {
  let pages: ClaimConsole;

  before(async function () {
    this.timeout(60_000);
    pages = await ClaimConsole.start();
  });

  after(() => pages?.close());

  it('says where a claim stands that waits for its customer, marks the stage and explains the deadline', async () => {
    const claim = await pages.stage.notified({ products: ['exchange', 'teams'] });
    await pages.open(claim, {}, async (page) => {
      const standing = page.getByRole('region', { name: 'Where it stands' });
      await standing
        .getByText(/^Waits for the customer until \w{3}, \d{1,2} \w+ \d{4}, 23:59 \(New York\), [45] business days left\.$/)
        .waitFor();
      await eventually(async () =>
        expect(await page.locator('[aria-current="step"]').innerText()).to.match(/Customer decides[^]*2 products/),
      );
      await page.getByRole('row', { name: /Exchange/ }).waitFor();
      await page.getByText('How it was counted').click();
      await page.getByText(/Calendar us-federal@\d+, time zone America\/New_York, zone data \w+\./).waitFor();
      await eventually(async () => expect(await page.locator('.days > [data-kind="counted"]').count()).to.equal(5));
      await page.getByText('What the workflow says').click();
      await page.getByText('"phase": "consent_pending"').first().waitFor();
      await expectAccessible(page);
    });
  });

  it('changes by itself while somebody else acts, and says so quietly', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, {}, async (page) => {
      await page.getByText('Waits for a reviewer to begin').waitFor();
      await claim.executeCommand('startReview', reviewer, {});
      await page.getByText('Under review. The decision is due by').waitFor();
      await page.getByText('Updated just now').waitFor();
      await page.getByText('Review started').waitFor();
    });
  });

  it('is polled where a proxy does not let the stream through', async () => {
    const claim = await pages.stage.submitted();
    const prepare = (context: BrowserContext) => {
      // A page's own routes come before those of its context, which sign the requests in.
      context.on('page', (page) => void page.route('**/changes', (route) => route.fulfill({ status: 502 })));
    };
    await pages.open(claim, { prepare }, async (page) => {
      await page.getByText('Waits for a reviewer to begin').waitFor();
      await claim.executeCommand('startReview', reviewer, {});
      await page.getByText('Review started').waitFor();
    });
  });

  it('takes evidence and comments, and tells them in the timeline', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, {}, async (page) => {
      await page.getByText('Add evidence', { exact: true }).click();
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose files' }).click()]);
      await chooser.setFiles({ name: 'annex.pdf', mimeType: 'application/pdf', buffer: somePdf() });
      await page.getByRole('button', { name: 'Upload 1 file' }).click();
      await page.getByRole('button', { name: 'annex.pdf', exact: true }).waitFor();
      await page.getByText('Not scanned').waitFor();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'annex.pdf', exact: true }).click(),
      ]);
      expect(file.suggestedFilename()).to.equal('annex.pdf');
      await page.getByLabel('Comment').fill('The annex names the second office.');
      await page.getByRole('button', { name: 'Send comment' }).click();
      await page.locator('.timeline').getByText('The annex names the second office.').waitFor();
      await eventually(async () => expect(await page.getByLabel('Comment').inputValue()).to.equal(''));
    });
  });

  it('lets staff comment among themselves, which the partner does not read', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, { person: { role: 'reviewer' } }, async (page) => {
      await page.getByLabel('Comment').fill('The signature looks copied.');
      await page.getByLabel(/^Internal/).check();
      await page.getByRole('button', { name: 'Send comment' }).click();
      await page.locator('.timeline').getByText('The signature looks copied.').waitFor();
      await page.locator('.timeline').getByText('Internal', { exact: true }).waitFor();
    });
    await pages.open(claim, {}, async (page) => {
      await page.getByText('Claim submitted').waitFor();
      expect(await page.getByText('The signature looks copied.').count()).to.equal(0);
      expect(await page.getByLabel(/^Internal/).count()).to.equal(0);
    });
  });

  it('refuses an empty comment beside the field, and keeps the page', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, {}, async (page) => {
      await page.getByRole('button', { name: 'Send comment' }).click();
      await page.getByRole('alert').waitFor();
      await eventually(async () => expect(await page.getByLabel('Comment').getAttribute('aria-invalid')).to.equal('true'));
    });
  });

  it('tells lines apart that stand differently', async () => {
    const claim = await pages.stage.submitted({ products: ['exchange', 'teams'] });
    await claim.executeCommand('rejectClaim', reviewer, { lines: [2], reason: 'evidence_insufficient' });
    await pages.open(claim, {}, async (page) => {
      const standing = page.getByRole('region', { name: 'Where it stands' });
      await standing.getByText(/^Exchange: Waits for a reviewer/).waitFor();
      await standing.getByText(/^Teams: Rejected: Evidence is insufficient\. It can be disputed until/).waitFor();
      await eventually(async () => expect(await page.locator('.stage[data-state="present"]').innerText()).to.match(/Submitted/));
      await page.getByRole('row', { name: /Teams.*Reason: Evidence is insufficient\. It can be disputed\./ }).waitFor();
    });
  });

  it('shows the oldest events on request', async () => {
    const claim = await pages.stage.submitted();
    const token = await pages.api.token('claim_admin');
    for (let count = 0; count < 31; count++) {
      await pages.api.call('POST', `/v1/claims/${claim.claimId}/comments`, { token, body: { text: `Remark ${count}` } });
    }
    await pages.open(claim, {}, async (page) => {
      await page.getByText('Remark 30').waitFor();
      expect(await page.getByText('Draft created').count()).to.equal(0);
      await page.getByRole('button', { name: 'Show earlier events' }).click();
      await page.getByText('Draft created').waitFor();
      await page.getByText('The claim began here.').waitFor();
    });
  });

  it('says "not found" to another company, and nothing else', async () => {
    const claim = await pages.stage.submitted();
    await pages.open(claim, { person: { role: 'claim_admin', partner: ironbridge.accountId } }, async (page) => {
      await page.getByText('It does not exist, or it is not yours to see.').waitFor();
      expect(await page.getByText('Mail for everyone').count()).to.equal(0);
    });
  });

  it('takes a mistyped address for a page that does not exist', () =>
    pages.open({ claimId: 'CLM-000001' }, {}, async (page) => {
      await page.getByText('There is no such page').waitFor();
    }));

  it('offers what the roles allow, and only that', async () => {
    const claim = await pages.stage.notified({ programme: 'brief' });
    await pages.stage.until(claim, 'official');
    const offered = async (person: { role: 'claim_admin' | 'claim_user' | 'vendor_support' }) => {
      let buttons: string[] = [];
      await pages.open(claim, { person }, async (page) => {
        await page.getByRole('heading', { name: 'What you can do now' }).waitFor();
        await settled(page);
        buttons = await page.locator('.actions > *').allInnerTexts();
      });
      return buttons;
    };
    expect(await offered({ role: 'claim_admin' })).to.deep.equal([
      'Correct the contacts',
      'Move to another location',
      'End the association',
    ]);
    expect(await offered({ role: 'claim_user' })).to.deep.equal(['Correct the contacts']);
    expect(await offered({ role: 'vendor_support' })).to.deep.equal([]);
  });

  describe('has no finding of axe', () => {
    const looks = extent(
      [
        ['en', 'dark'],
        ['ru', 'light'],
      ] as const,
      [
        ['en', 'light'],
        ['en', 'dark'],
        ['ru', 'light'],
        ['ru', 'dark'],
      ] as const,
    );
    let claims: TestClaim[];

    before(async () => {
      const asked = await pages.stage.submitted({ products: ['exchange', 'teams'] });
      await asked.executeCommand('requestInformation', reviewer, { reasons: ['acknowledgement_missing'] });
      const rejected = await pages.stage.submitted();
      await rejected.executeCommand('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
      claims = [await pages.stage.drafted(), asked, rejected];
    });

    for (const [language, theme] of looks) {
      it(`in ${language}, ${theme}`, async () => {
        for (const claim of claims) {
          await pages.open(claim, { language, theme }, async (page) => {
            await page.locator('.timeline .event').first().waitFor();
            await expectAccessible(page);
          });
        }
      });
    }
  });
});
