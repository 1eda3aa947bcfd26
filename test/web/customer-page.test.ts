import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import type { Locator, Page } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { type ClaimOptions, ironbridge, reviewer, type TestClaim } from '../support/claims.js';
import { brief, Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

/** Buttons and headings of the page in each language. */
const labels = {
  en: { selected: 'Refuse selected products', one: 'Refuse', end: 'End the association', recorded: /^Your (refusal|answer) is recorded$/ },
  ru: { selected: 'Отказаться от выбранного', one: 'Отказаться', end: 'Прекратить сопоставление', recorded: /^Ваш (отказ|ответ) принят$/ },
};

describe('The customer’s page on the real API', function () {
  this.timeout(60_000);
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

  /** Makes a claim whose consent window is open, and reads the link from its contact's mail. */
  async function notified(options: ClaimOptions = {}): Promise<{ claim: TestClaim; link: string }> {
    const claim = await stage.notified(options);
    return { claim, link: await linkTo(claim) };
  }

  /** Reads the link from the mail to the claim's contact. */
  async function linkTo(claim: TestClaim): Promise<string> {
    const mail = stage.relay.received.find(({ to }) => to === claim.customerEmail)!;
    const { text = '' } = await simpleParser(mail.source);
    return `${api.url}${/https:\/\/cpor\.example(\/n\/\S+)/.exec(text)?.[1]}`;
  }

  const inBrowser = <Result>(run: (page: Page) => Promise<Result>, javaScriptEnabled = false): Promise<Result> =>
    browser.inContext({ javaScriptEnabled }, async (context) => run(await context.newPage()));

  const optOuts = (claim: TestClaim) =>
    stage.source.query<{ body: { lines: number[] } }[]>(
      "SELECT body FROM claim_commands WHERE claim_id = $1 AND type = 'optOut' ORDER BY sequence",
      [claim.claimId],
    );

  async function expectNoAxeFinding(page: Page, what: string): Promise<void> {
    expect(await accessibilityFaults(page, { onlyStandards: true }), what).to.deep.equal([]);
  }

  for (const language of ['en', 'ru'] as const) {
    const texts = labels[language];

    it(`can be answered line by line with the keyboard alone, without script, in ${language}`, async () => {
      const { claim, link } = await notified({ products: ['exchange', 'teams'] });
      await inBrowser(async (page) => {
        await page.goto(`${link}?lang=${language}`);
        await tabTo(page, page.getByRole('checkbox', { name: 'Teams' }));
        await page.keyboard.press('Space');
        await tabTo(page, page.locator('details.extras summary'));
        await page.keyboard.press('Enter');
        await tabTo(page, page.locator('textarea'));
        await page.keyboard.type('Договор закончился.');
        await tabTo(page, page.getByRole('button', { name: texts.selected }));
        await pressAndLoad(page);
        expect(await page.locator('h1').innerText()).to.match(texts.recorded);
        expect(await page.locator('html').getAttribute('lang')).to.equal(language);
        expect(page.url().replace(/#.*/, '')).to.equal(`${link}?lang=${language}`);

        // The only remaining line is preselected.
        await tabTo(page, page.getByRole('button', { name: texts.one, exact: true }));
        await pressAndLoad(page);
        expect(await page.locator('h1').innerText()).to.match(texts.recorded);
        expect(await page.locator('form').count()).to.equal(0);
      });
      expect((await optOuts(claim)).map(({ body }) => body.lines)).to.deep.equal([[2], [1]]);
      await stage.until(claim, 'rejected');
      expect((await claim.eventTypes()).slice(-2)).to.deep.equal(['CustomerDeclined', 'CustomerDeclined']);
    });

    it(`ends an official association with the keyboard, in ${language}`, async () => {
      const { claim, link } = await notified({ programme: brief.name });
      await stage.until(claim, 'official');
      await inBrowser(async (page) => {
        await page.goto(`${link}?lang=${language}`);
        await tabTo(page, page.getByRole('button', { name: texts.end }));
        await pressAndLoad(page);
        await stage.until(claim, 'ended');
        await page.reload();
        expect(await page.locator('form').count()).to.equal(0);
      });
      expect((await claim.eventTypes()).slice(-2)).to.deep.equal(['LinesMadeOfficial', 'AssociationEnded']);
    });

    it(`has no axe findings on the page, a fault, the receipt or an unknown link, in ${language}`, async () => {
      const { claim, link } = await notified({ products: ['exchange', 'teams'] });
      await inBrowser(async (page) => {
        await page.goto(`${link}?lang=${language}`);
        await expectNoAxeFinding(page, 'page');
        await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: texts.selected }).click()]);
        expect(await page.getByRole('alert').count()).to.equal(1);
        await expectNoAxeFinding(page, 'fault');
        await page.getByRole('checkbox', { name: 'Teams' }).check();
        await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: texts.selected }).click()]);
        await expectNoAxeFinding(page, 'receipt with remaining lines');
        await waitFor('the refusal to be executed', async () => (await claim.eventTypes()).includes('CustomerDeclined'));
        await page.reload();
        await expectNoAxeFinding(page, 'receipt');
        await page.goto(`${api.url}/n/${'A'.repeat(43)}?lang=${language}`);
        await expectNoAxeFinding(page, 'unknown link');
      }, true);
    });
  }

  it('records an acceptance, which leaves the window open, and then a refusal with a block', async () => {
    const { claim, link } = await notified({ products: ['exchange', 'teams'] });
    await inBrowser(async (page) => {
      await page.goto(link);
      await page.getByRole('checkbox', { name: 'Teams' }).check();
      await page.locator('details.extras summary').click();
      await page.getByRole('checkbox', { name: /^Also refuse all future claims/ }).check();
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Accept selected products' }).click()]);
      expect(await page.getByRole('alert').innerText()).to.include('only possible with a refusal');
      expect(await page.getByRole('checkbox', { name: 'Teams' }).isChecked()).to.equal(true);
      await page.getByRole('checkbox', { name: /^Also refuse all future claims/ }).uncheck();
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Accept selected products' }).click()]);
      expect(await page.locator('h1').innerText()).to.equal('Your acceptance is recorded');
      await waitFor('the acceptance', async () => (await claim.eventTypes()).includes('CustomerAccepted'));
      expect((await claim.row()).state.lines.map(({ phase, acceptance }) => [phase, acceptance?.isTenantAdmin])).to.deep.equal([
        ['consent_pending', undefined],
        ['consent_pending', false],
      ]);
      await page.goto(link);
      await expectNoAxeFinding(page, 'receipt of an acceptance');
      await page.locator('details.extras summary').click();
      await page.getByRole('checkbox', { name: /^Also refuse all future claims/ }).check();
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Refuse all (2)' }).click()]);
      await stage.until(claim, 'rejected');
      await page.reload();
      expect(await page.locator('h1').innerText()).to.equal('Your refusal is recorded');
    }, true);
    expect((await claim.row()).state.isPartnerBlocked).to.equal(true);
  });

  for (const language of ['en', 'ru'] as const) {
    it(`lets the customer choose a partner with the keyboard alone, without script, in ${language}`, async () => {
      const claim = await stage.submitted();
      const tenant = { tenantId: claim.details.tenantId, domain: claim.details.domain! };
      const rival = await stage.submitted({ tenant, partner: ironbridge });
      await claim.executeCommand('askCustomerToChoose', reviewer, { line: 1 });
      await waitFor('the question', async () => stage.relay.received.some(({ to }) => to === claim.customerEmail));
      const link = await linkTo(claim);
      const choose = { en: 'Choose this partner', ru: 'Выбрать этого партнёра' }[language];
      await inBrowser(async (page) => {
        await page.goto(`${link}?lang=${language}`);
        await tabTo(page, page.getByRole('radio').first());
        await page.keyboard.press('ArrowDown');
        await tabTo(page, page.getByRole('button', { name: choose }));
        await pressAndLoad(page);
        expect(await page.locator('h1').innerText()).to.include('Ironbridge Systems LLC');
        expect(await page.locator('html').getAttribute('lang')).to.equal(language);
      });
      await waitFor('the choice', async () => (await claim.row()).state.choices[0]!.chosen?.claimId === rival.claimId);
      await inBrowser(async (page) => {
        await page.goto(`${link}?lang=${language}`);
        await expectNoAxeFinding(page, 'choice');
      }, true);
    });
  }

  it('changes nothing when a browser or a mail scanner opens it', async () => {
    const { claim, link } = await notified();
    const { version } = await claim.row();
    await inBrowser(async (page) => {
      for (const address of [link, `${link}?lang=ru`, `${link}?scope=all&line=1`, link])
        expect((await page.goto(address))!.status()).to.equal(200);
      expect((await page.request.head(link)).status()).to.equal(200);
    });
    expect(await optOuts(claim)).to.deep.equal([]);
    expect((await claim.row()).version).to.equal(version);
    expect(await claim.phase()).to.equal('consent_pending');
  });

  it('gives a colleague a copy that can be read and printed but not answered', async () => {
    const { claim, link } = await notified();
    await inBrowser(async (page) => {
      await page.goto(link);
      const copy = await page.getByRole('link', { name: 'Open the copy for reading or printing' }).getAttribute('href');
      await page.goto(copy!.replace('https://cpor.example', api.url));
      expect(await page.getByRole('note').innerText()).to.include('Nobody can answer on this page.');
      expect(await page.locator('form, button, input').count()).to.equal(0);
      await expectNoAxeFinding(page, 'copy');
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByRole('link', { name: 'Add the deadline to your calendar' }).isVisible()).to.equal(false);
      expect(await page.getByRole('heading', { name: 'The claim' }).isVisible()).to.equal(true);
    }, true);
    expect(await optOuts(claim)).to.deep.equal([]);
  });

  it('rejects a wrong form token, keeps what was entered, and accepts the second attempt', async () => {
    const { claim, link } = await notified({ products: ['exchange', 'teams'] });
    await inBrowser(async (page) => {
      await page.goto(link);
      await page.getByRole('checkbox', { name: 'Teams' }).check();
      await page.locator('details.extras summary').click();
      await page.locator('textarea').fill('We ended the contract.');
      await page.evaluate("document.querySelector('[name=formToken]').value = 'forged'");
      const [answer] = await Promise.all([page.waitForResponse(link), page.getByRole('button', { name: labels.en.selected }).click()]);
      expect(answer.status()).to.equal(422);
      expect(await page.getByRole('alert').innerText()).to.include('send it again');
      expect(await optOuts(claim)).to.deep.equal([]);
      expect(await page.getByRole('checkbox', { name: 'Teams' }).isChecked()).to.equal(true);
      expect(await page.locator('textarea').inputValue()).to.equal('We ended the contract.');
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: labels.en.selected }).click()]);
      expect(await page.locator('h1').innerText()).to.match(labels.en.recorded);
    }, true);
    expect((await optOuts(claim)).map(({ body }) => body.lines)).to.deep.equal([[2]]);
  });

  it('reveals only that an unknown link is not valid', async () => {
    const { link } = await notified();
    await inBrowser(async (page) => {
      const seen: string[] = [];
      for (const address of [`${api.url}/n/${'A'.repeat(43)}`, `${api.url}/n/x`, `${link}x`]) {
        expect((await page.goto(address))!.status(), address).to.equal(404);
        seen.push(await page.content());
      }
      expect(new Set(seen).size).to.equal(1);
      expect(await page.locator('h1').innerText()).to.equal('This link is not valid');
      expect(await page.locator('form').count()).to.equal(0);
    });
  });
});

/** Presses Tab until an element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const limit = 30;
  for (let presses = 0; presses < limit; presses++) {
    await page.keyboard.press('Tab');
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
  }
  throw new Error(`Pressing Tab ${limit} times did not focus ${String(target)}.`);
}

const pressAndLoad = (page: Page): Promise<unknown> => Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
