import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createMailer, type Language, messageIdOf } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type Mailbox, startMailbox } from '../../apps/mailbox/src/mailbox.js';
import { accessibilityFaults } from '../support/accessibility.js';
import { TestBrowser } from '../support/browser.js';
import { addTenants, reviewer, TestClaim } from '../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { extent } from '../support/extent.js';
import { storeMails } from '../support/stored-mails.js';
import { TestDirectory } from '../support/worker.js';

const publicUrl = 'https://claims.example';
const customerPage = `${publicUrl}/n/Zk3v`;
const html = `<!doctype html><html lang="en"><head><title>Notice</title><meta name="color-scheme" content="light dark"></head>
<body><main><h1>Notice</h1><p><a href="${customerPage}">Your page</a></p></main></body></html>`;
const longSubject = `A long subject ${'that goes on and on '.repeat(12)}${'x'.repeat(200)}`;

const narrow = { width: 390, height: 844 };
const wide = { width: 1280, height: 800 };

describe('The mailbox in a browser', function () {
  this.timeout(60_000);

  let browser: TestBrowser;
  let database: TestDatabase;
  let directory: string;
  let mailbox: Mailbox;
  let empty: Mailbox;
  let claim: TestClaim;
  let notice: string;
  let long: string;

  before(async () => {
    browser = await TestBrowser.open();
    database = await createTestDatabase();
    const { source } = database;
    claim = await notifiedClaim();
    await source.query(`INSERT INTO sandbox_clock (ahead) VALUES (interval '2 days 3 hours')`);
    directory = await mkdtemp(join(tmpdir(), 'cpor-mailbox-'));
    const [recipient] = await source.query<{ id: string }[]>('SELECT recipient_id AS id FROM notice_recipients WHERE claim_id = $1', [
      claim.claimId,
    ]);
    const many = Array.from({ length: 60 }, (_, index) => ({
      subject: `Заявка CLM-${1000 + index}`,
      to: `reader${index % 7}@contoso.example`,
    }));
    const ids = await storeMails(directory, [
      ...many,
      { subject: longSubject, to: `${'long'.repeat(12)}@contoso.example`, text: 'long '.repeat(400) },
      { subject: `Claim ${claim.number}`, messageId: `<${messageIdOf('notice', recipient!.id, 'cpor.example')}>`, html, deliveries: 2 },
    ]);
    [long, notice] = ids.slice(-2) as [string, string];
    const settings = { smtpPort: 0, pagePort: 0, publicUrl, databaseUrl: database.appUrl, zone: 'Europe/Moscow' };
    mailbox = await startMailbox({ ...settings, directory });
    empty = await startMailbox({ ...settings, directory: join(directory, 'empty') });
  });

  after(async () => {
    await Promise.all([mailbox?.close(), empty?.close(), browser?.close()]);
    await database?.close();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  async function notifiedClaim(): Promise<TestClaim> {
    const { source } = database;
    const [tenant] = await addTenants(source, 1);
    const made = new TestClaim(
      { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) },
      { tenant: tenant! },
    );
    await made.draft();
    await made.addEvidence();
    await made.accept('submitClaim', made.partner, {});
    await made.accept('approveClaim', reviewer, {});
    await made.execute();
    return made;
  }

  const address = (path: string) => `http://127.0.0.1:${mailbox.pagePort}${path}`;
  const paths: Record<string, () => string> = {
    'the list': () => address('/'),
    'the last page of the list': () => address('/?page=2'),
    'a notice': () => address(`/view/${notice}`),
    'its text': () => address(`/view/${notice}?part=text`),
    'its headers': () => address(`/view/${notice}?part=headers`),
    'a long mail': () => address(`/view/${long}`),
    'a search without result': () => address('/?q=nothing'),
    'an unknown mail': () => address(`/view/${'0'.repeat(24)}`),
    'an empty mailbox': () => `http://127.0.0.1:${empty.pagePort}/`,
  };
  const inLanguage = (page: string, language: Language) => `${page}${page.includes('?') ? '&' : '?'}lang=${language}`;

  const looks = [
    { colorScheme: 'light', viewport: narrow },
    { colorScheme: 'dark', viewport: wide },
    ...extent([], [
      { colorScheme: 'dark', viewport: narrow },
      { colorScheme: 'light', viewport: wide },
    ] as const),
  ] as const;
  for (const { colorScheme, viewport } of looks) {
    for (const name of Object.keys(paths)) {
      it(`has no axe findings and no horizontal scrolling on ${name} in either language at ${viewport.width} pixels, ${colorScheme}`, () =>
        browser.inContext({ colorScheme, viewport }, async (context) => {
          const page = await context.newPage();
          for (const language of ['en', 'ru'] as const) {
            await page.goto(inLanguage(paths[name]!(), language));
            expect(await accessibilityFaults(page, { onlyStandards: true }), language).to.deep.equal([]);
            expect(await page.evaluate('document.documentElement.scrollWidth'), language).to.equal(viewport.width);
          }
        }));
    }
  }

  it('shows the list beside the mail on a wide screen, and one of them on a narrow one', async () => {
    const shown = (viewport: typeof wide) =>
      browser.inContext({ viewport }, async (context) => {
        const page = await context.newPage();
        const panes = async () => [await page.locator('.mails').isVisible(), await page.locator('.mail').isVisible()];
        await page.goto(address('/'));
        const list = await panes();
        await page.getByRole('link', { name: `Claim ${claim.number}` }).click();
        await page.waitForURL('**/view/**');
        return { list, mail: await panes(), back: await page.getByRole('link', { name: 'All mails' }).isVisible() };
      });
    expect(await shown(wide)).to.deep.equal({ list: [true, true], mail: [true, true], back: false });
    expect(await shown(narrow)).to.deep.equal({ list: [true, false], mail: [false, true], back: true });
  });

  it('shows the product’s clock beside real time, and the claim that the mail belongs to', () =>
    browser.inContext({ viewport: wide }, async (context) => {
      const page = await context.newPage();
      await page.goto(address(`/view/${notice}?lang=en`));
      const clock = (await page.locator('.clock').textContent()) ?? '';
      expect(clock)
        .to.match(/Product’s clock: .*Europe\/Moscow \(UTC\+03:00\)/)
        .and.match(/2 days 3 hours ahead of real time/);
      const shownAt = (await page.locator('.clock time').getAttribute('datetime')) ?? '';
      expect(Date.parse(shownAt) - Date.now()).to.be.within(183_600_000 - 60_000, 183_600_000 + 1_000);
      const link = page.getByRole('link', { name: `${claim.number} in the console` });
      expect(await link.getAttribute('href')).to.equal(`${publicUrl}/console/claims/${claim.claimId}`);
      expect(await page.locator('.list li.selected').textContent()).to.include('Notice, delivered 2 times');
    }));

  it('opens the customer’s page from the button and from the preview in a tab that knows nothing of the mailbox', () =>
    browser.inContext({ viewport: wide }, async (context) => {
      await context.route(`${publicUrl}/**`, (route) =>
        route.fulfill({ body: 'The customer’s page', contentType: 'text/plain; charset=utf-8' }),
      );
      const page = await context.newPage();
      await page.goto(address(`/view/${notice}?lang=en`));
      const preview = page.frameLocator('iframe').getByRole('link', { name: 'Your page' });
      for (const link of [page.getByRole('link', { name: 'Open the customer’s page' }), preview]) {
        const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
        await opened.waitForLoadState();
        expect(opened.url()).to.equal(customerPage);
        expect(await opened.evaluate('[window.opener, document.referrer]')).to.deep.equal([null, '']);
        await opened.close();
      }
    }));

  it('works under its own content security policy', () =>
    browser.inContext({ viewport: wide }, async (context) => {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
      await page.goto(address(`/view/${notice}?lang=en`));
      await page.getByLabel('Subject or address').fill('CLM-1004');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL('**/?q=CLM-1004&to=&lang=en');
      expect(await page.locator('.list li').count()).to.equal(1);
      expect(complaints).to.deep.equal([]);
    }));

  it('says that new mail has come, once it has', () =>
    browser.inContext({ viewport: wide }, async (context) => {
      const page = await context.newPage();
      const pageOfEmpty = `http://127.0.0.1:${empty.pagePort}/?lang=en`;
      await Promise.all([page.waitForResponse('**/count'), page.goto(pageOfEmpty)]);
      expect(await page.getByText('New mail').isVisible()).to.equal(false);
      const mailer = createMailer(`smtp://127.0.0.1:${empty.smtpPort}`, 'cpor@cpor.example');
      const mail = {
        to: 'anna@contoso.example',
        subject: 'The first mail',
        text: 'Text.',
        html: '<p>Text.</p>',
        messageId: 'fresh@cpor.example',
      };
      await mailer.send({ ...mail, envelopeFrom: 'bounces@cpor.example' });
      mailer.close();
      await page.getByText('New mail').waitFor();
      await page.getByRole('link', { name: 'Refresh' }).click();
      await page.getByRole('link', { name: 'The first mail' }).waitFor();
    }));

  it('can be used with the keyboard alone, without script', () =>
    browser.inContext({ viewport: wide, javaScriptEnabled: false }, async (context) => {
      const page = await context.newPage();
      const focus = async (name: string) => {
        for (let presses = 0; presses < 30; presses++) {
          await page.keyboard.press('Tab');
          if (await page.locator(':focus').filter({ hasText: name }).count()) return;
        }
        throw new Error(`Tab never reaches "${name}".`);
      };
      await page.goto(address('/?lang=en'));
      for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Tab');
      await page.keyboard.type(claim.number);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/?q=${claim.number}*`);
      await focus(`Claim ${claim.number}`);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/view/${notice}*`);
      // The reader goes on from the mail in the list: the next stop is the mail itself.
      await focus(`${claim.number} in the console`);
      await focus('Open the customer’s page');
      await focus('Text');
      await page.keyboard.press('Enter');
      await page.waitForURL('**part=text**');
      expect(await page.locator('pre').textContent()).to.include('Text.');
    }));
});
