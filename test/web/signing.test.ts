import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import type { TestClaim } from '../support/claims.js';
import { SigningMails } from '../support/signing-mails.js';
import { days, Stage } from '../support/stage.js';
import { eventually } from '../support/wait.js';

/** What the pages say in each language. */
const said = {
  en: {
    wrong: 'This is not the code that we sent',
    receipt: 'Receipt: statement of work, signed electronically',
    genuine: 'This receipt is genuine',
    declined: 'You declined to sign',
    domain: 'same mail domain',
    forwarded: 'You passed the request on',
    expired: 'This request has expired',
    canceled: 'This request was canceled',
    file: {
      genuine: 'The receipt is genuine',
      changed: 'This file was changed',
      notPdf: 'This file is not a PDF',
      none: 'No file arrived',
    },
  },
  ru: {
    wrong: 'Мы отправляли другой код',
    receipt: 'Квитанция',
    genuine: 'Квитанция подлинная',
    declined: 'Вы отказались подписать',
    domain: 'домен',
    forwarded: 'Вы передали запрос',
    expired: 'Срок этого запроса истёк',
    canceled: 'Запрос отменён',
    file: { genuine: 'Квитанция подлинная', changed: 'Файл изменён', notPdf: 'Это не PDF-файл', none: 'Файл не получен' },
  },
};
type Language = keyof typeof said;
const languages: Language[] = ['en', 'ru'];
const narrow = { width: 390, height: 800 };
const wide = { width: 1280, height: 900 };

describe('Signing a statement of work in the browser, by the mails that arrive', function () {
  this.timeout(60_000);
  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;
  let mails: SigningMails;
  let partner: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    browser = await TestBrowser.open();
    mails = new SigningMails(stage.relay, api.url);
    partner = await api.token('claim_admin');
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await stage?.close();
  });

  /** Asks a new customer's contact to sign, as the partner does, and reads the link from the mail. */
  async function asked(language: Language): Promise<{ claim: TestClaim; link: string; signatureId: string }> {
    const claim = await stage.drafted();
    const body = { signatory: { name: 'Ann Lee', email: claim.customerEmail }, language };
    const { status, text, body: request } = await api.call('POST', `/v1/claims/${claim.claimId}/signatures`, { token: partner, body });
    expect(status, text).to.equal(201);
    return { claim, link: await mails.link(claim.customerEmail), signatureId: request['signatureId'] };
  }
  const requestOf = async ({ claimId }: TestClaim): Promise<Record<string, unknown>> =>
    (await api.call('GET', `/v1/claims/${claimId}/signatures`, { token: partner })).body['items'].at(-1);

  const inBrowser = <Result>(viewport: { width: number; height: number }, run: (page: Page) => Promise<Result>): Promise<Result> =>
    browser.inContext({ viewport }, async (context) => run(await context.newPage()));

  /** Expects a page that axe, a narrow screen and a reader of its language can use. */
  async function expectGood(page: Page, language: Language, what: string): Promise<void> {
    expect(await accessibilityFaults(page, { onlyStandards: true }), what).to.deep.equal([]);
    expect(await page.locator('html').getAttribute('lang'), what).to.equal(language);
    expect(await page.locator('script').count(), what).to.equal(0);
    const [needed, given] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
    expect(needed, `${what} is wider than the screen`).to.be.at.most(given);
  }

  const heading = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text }).waitFor();
  const submit = (page: Page, action: string) => Promise.all([page.waitForEvent('load'), page.locator(`button[value=${action}]`).click()]);
  const wrongOf = (code: string) => (code === '000000' ? '000001' : '000000');

  async function orderCode(page: Page, name = 'Ann Lee'): Promise<void> {
    await page.locator('#name').fill(name);
    await page.locator('#title').fill('CIO');
    await page.locator('#agree').check();
    await submit(page, 'code');
  }

  for (const language of languages) {
    it(`needs only a keyboard and a narrow screen, from the mail's link to the receipt, in ${language}`, async () => {
      const { claim, link } = await asked(language);
      await inBrowser(narrow, async (page) => {
        expect((await page.goto(link))!.status()).to.equal(200);
        await expectGood(page, language, 'statement');
        await tabTo(page, page.locator('#name'));
        await page.keyboard.type('Анна Ли');
        await tabTo(page, page.locator('#title'));
        await page.keyboard.type('CIO');
        await tabTo(page, page.locator('#agree'));
        await page.keyboard.press('Space');
        await tabTo(page, page.locator('#send-code'));
        await pressAndLoad(page);
        await page.locator('#code').waitFor();
        expect(await page.locator('#agree').isChecked()).to.equal(true);
        await expectGood(page, language, 'code');

        const code = await mails.code(claim.customerEmail);
        await tabTo(page, page.locator('#code'));
        await page.keyboard.type(wrongOf(code));
        await pressAndLoad(page);
        const fault = page.getByRole('alert');
        await fault.getByText(said[language].wrong).waitFor();
        expect(await page.locator('#name').inputValue()).to.equal('Анна Ли');
        expect(await page.locator('#code').getAttribute('aria-invalid')).to.equal('true');
        await expectGood(page, language, 'wrong code');
        expect(await requestOf(claim)).to.include({ state: 'open' });

        // The fault's own link leads to the field.
        await tabTo(page, fault.getByRole('link'));
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Shift+Tab');
        expect(await page.locator('#code:focus').count()).to.equal(1);
        await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
        await pressAndLoad(page);
        await heading(page, said[language].receipt);
        await page.getByText('Анна Ли').first().waitFor();
        await expectGood(page, language, 'receipt');
        expect(await requestOf(claim)).to.deep.include({ state: 'signed', signedBy: { name: 'Анна Ли', title: 'CIO' } });

        // The used link shows the receipt; what an old tab posts changes nothing.
        await page.goto(link);
        await heading(page, said[language].receipt);
        expect(await page.locator('form').count()).to.equal(0);
        const check = await page.locator('a[href*="/check/"]').first().getAttribute('href');
        await page.goto(`${check!.replace(/^https:\/\/[^/]+/, api.url)}?lang=${language}`);
        await heading(page, said[language].genuine);
        await expectGood(page, language, 'check');
      });
    });

    it(`can be declined with a reason, and an old tab then changes nothing, in ${language}`, async () => {
      const { claim, link } = await asked(language);
      await inBrowser(narrow, async (page) => {
        const old = await page.context().newPage();
        await old.goto(link);
        await page.goto(link);
        await page.locator('details:has(#reason) summary').click();
        await page.locator('#reason').fill('Мы работаем с другим партнёром.');
        await expectGood(page, language, 'declining');
        await submit(page, 'decline');
        await heading(page, said[language].declined);
        await expectGood(page, language, 'declined');
        await page.goto(link);
        await heading(page, said[language].declined);
        await orderCode(old);
        await heading(old, said[language].declined);
      });
      expect(await requestOf(claim)).to.include({ state: 'declined', declineReason: 'Мы работаем с другим партнёром.' });
    });

    it(`can be passed on to a colleague of the same mail domain, in ${language}`, async () => {
      const { claim, link } = await asked(language);
      const colleague = claim.customerEmail.replace('ann.lee', 'kim.hale');
      await inBrowser(narrow, async (page) => {
        await page.goto(link);
        await page.locator('details:has(#colleague-name) summary').click();
        await page.locator('#colleague-name').fill('Kim Hale');
        await page.locator('#colleague-email').fill('kim.hale@elsewhere.example');
        await submit(page, 'forward');
        await page.getByRole('alert').getByText(said[language].domain).waitFor();
        expect(await page.locator('#colleague-name').inputValue()).to.equal('Kim Hale');
        await expectGood(page, language, 'refused colleague');
        await page.locator('#colleague-email').fill(colleague);
        await submit(page, 'forward');
        await heading(page, said[language].forwarded);
        await expectGood(page, language, 'passed on');
        expect((await page.goto(`${link}?lang=${language}`))!.status()).to.equal(404);
        await expectGood(page, language, 'dead link');

        await page.goto(await mails.link(colleague));
        await orderCode(page, 'Kim Hale');
        await page.locator('#code').fill(await mails.code(colleague));
        await submit(page, 'sign');
        await heading(page, said[language].receipt);
      });
      expect(await requestOf(claim)).to.deep.include({ state: 'signed', forwards: 1, signedBy: { name: 'Kim Hale', title: 'CIO' } });
    });

    it(`says of a file whether it is a receipt as it was sealed, in ${language}`, async () => {
      const { claim, link } = await asked(language);
      await inBrowser(wide, async (page) => {
        await page.goto(link);
        await orderCode(page);
        await page.locator('#code').fill(await mails.code(claim.customerEmail));
        await submit(page, 'sign');
        await expectGood(page, language, 'receipt on a wide screen');
        const address = await page.locator('a[href$="/receipt.pdf"]').getAttribute('href');
        const receipt = Buffer.from(await (await fetch(new URL(address!, api.url))).arrayBuffer());
        const changed = Buffer.from(receipt);
        changed[600]! ^= 1;
        await page.setViewportSize(narrow);
        const verdicts = said[language].file;
        const files: [string, Buffer, string][] = [
          ['receipt.pdf', receipt, verdicts.genuine],
          ['changed.pdf', changed, verdicts.changed],
          ['photo.pdf', Buffer.from('no PDF at all'), verdicts.notPdf],
        ];
        await page.goto(`${api.url}/check?lang=${language}`);
        await expectGood(page, language, 'check of a file');
        for (const [name, buffer, verdict] of files) {
          await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer });
          await Promise.all([page.waitForEvent('load'), page.locator('button[type=submit]').click()]);
          await page.getByRole('status').getByText(verdict).first().waitFor();
          await expectGood(page, language, name);
        }
        // The browser itself asks for a file; one without that check gets an answer too.
        await page.setContent(
          `<form method="post" action="${api.url}/check?lang=${language}" enctype="multipart/form-data"><input type="file" name="file"><button>Go</button></form>`,
        );
        await Promise.all([page.waitForEvent('load'), page.locator('button').click()]);
        await page.getByRole('alert').getByText(verdicts.none).waitFor();
        await expectGood(page, language, 'no file');
      });
    });

    it(`is over when the partner cancels it, in ${language}`, async () => {
      const { claim, link, signatureId } = await asked(language);
      const canceled = await api.call('DELETE', `/v1/claims/${claim.claimId}/signatures/${signatureId}`, { token: partner });
      expect(canceled.status, canceled.text).to.equal(200);
      await inBrowser(narrow, async (page) => {
        await page.goto(link);
        await heading(page, said[language].canceled);
        await expectGood(page, language, 'canceled');
      });
    });
  }

  it('voids a code after five wrong tries, and takes a new one', async () => {
    const { claim, link } = await asked('en');
    await inBrowser(narrow, async (page) => {
      await page.goto(link);
      await orderCode(page);
      const code = await mails.code(claim.customerEmail);
      for (let n = 0; n < 5; n++) {
        await page.locator('#code').fill(wrongOf(code));
        await submit(page, 'sign');
      }
      await page.getByRole('alert').getByText('this code is void').waitFor();
      await expectGood(page, 'en', 'void code');
      await stage.advance(61_000);
      await submit(page, 'code');
      await page.locator('#code').fill(await mails.code(claim.customerEmail, code));
      await submit(page, 'sign');
      await heading(page, said.en.receipt);
    });
  });

  it('is over when its time has passed, with whatever is still open in a tab', async () => {
    const requests = await Promise.all(languages.map(async (language) => ({ language, ...(await asked(language)) })));
    await inBrowser(narrow, async (page) => {
      await page.goto(requests[0]!.link);
      await stage.advance(days(30));
      await orderCode(page);
      await heading(page, said.en.expired);
      for (const { claim, language, link } of requests) {
        await eventually(async () => expect(await requestOf(claim)).to.include({ state: 'expired' }));
        await page.goto(link);
        await heading(page, said[language].expired);
        await expectGood(page, language, 'expired');
      }
    });
  });
});

/** Presses Tab until an element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const limit = 30;
  for (let presses = 0; presses < limit; presses++) {
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Pressing Tab ${limit} times did not focus ${String(target)}.`);
}

const pressAndLoad = (page: Page): Promise<unknown> => Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
