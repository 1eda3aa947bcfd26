import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import {
  type ExplanationView,
  type FormOptions,
  type Language,
  languageOf,
  type NoticeLine,
  pageHeaders,
  renderChoiceCopy,
  renderChoicePage,
  renderExplanationPage,
  renderNoticeCopy,
  renderNoticePage,
  renderProgrammeList,
  renderReceiptPage,
  renderStartPage,
  renderUnavailablePage,
  renderUnknownLinkPage,
} from '#libs/notices/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { usageSets } from '#libs/usage/index.js';
import { choiceView, inLanguage, noticeLine, period, receipt, renewedLines } from '../unit/notices/notices.fixture.js';
import { accessibilityFaults } from '../support/accessibility.js';
import { TestBrowser } from '../support/browser.js';
import { extent } from '../support/extent.js';

const form = { formToken: 'form-token' } satisfies FormOptions;
const oneLine = [noticeLine(1, { target: 'Teams' })];
const official = [noticeLine(1, { target: 'Teams', state: 'official' }), noticeLine(2), noticeLine(3, { state: 'declined' })];

const settled = (state: NoticeLine['state']) => (language: Language) =>
  renderNoticePage(inLanguage(language, { lines: [noticeLine(1, { target: 'Teams', state })], periods: [period({ isOver: true })] }), form);

const explained = (language: Language): ExplanationView => ({
  language,
  policy: { ...samplePolicy, usage: { ...samplePolicy.usage, suppressBelow: 5 } },
  zone: 'America/New_York',
  sets: Object.values(usageSets).map(({ name, columns }) => ({ name, columns })),
});
const places = { console: '/console/', explanation: '/partner-of-record', docs: '/docs', openapi: '/openapi.json', health: '/readyz' };

const chosen = { claimId: 'c2', receivedAt: '2026-01-09T20:59:59.999Z', reference: '4f0c9d5e-7d4d-4d2c-8a53-0b1f6a3f9b11' };

const pages: Record<string, (language: Language) => string> = {
  '/one': (language) => renderNoticePage(inLanguage(language, { lines: oneLine }), form),
  '/several': (language) => renderNoticePage(inLanguage(language), form),
  '/mixed': (language) => renderNoticePage(inLanguage(language, { lines: official }), form),
  '/early': (language) => renderNoticePage(inLanguage(language, { periods: [period({ closesAt: null })] }), form),
  '/holidays-unknown': (language) => renderNoticePage(inLanguage(language, { periods: [period({ isBeyondCoverage: true })] }), form),
  '/no-line': (language) =>
    renderNoticePage(inLanguage(language), { ...form, fault: 'no_line_selected', entered: { lines: [], reason: 'Why' } }),
  '/long': (language) =>
    renderNoticePage(inLanguage(language), { ...form, fault: 'reason_too_long', entered: { lines: [1], reason: 'x' } }),
  '/opt-in': (language) => renderNoticePage(inLanguage(language, { periods: [period({ consent: 'opt_in' })] }), form),
  '/accepted': (language) => renderNoticePage(inLanguage(language, { lines: [noticeLine(1, { isAccepted: true }), noticeLine(2)] }), form),
  '/blocked': (language) => renderNoticePage(inLanguage(language, { isPartnerBlocked: true }), form),
  '/block-fault': (language) =>
    renderNoticePage(inLanguage(language), {
      ...form,
      fault: 'block_with_acceptance',
      entered: { lines: [1], reason: '', isBlocking: true },
    }),
  '/reason-fault': (language) =>
    renderNoticePage(inLanguage(language), { ...form, fault: 'reason_with_acceptance', entered: { lines: [1], reason: 'Fine' } }),
  '/renewed': (language) =>
    renderNoticePage(
      inLanguage(language, { lines: renewedLines(), periods: [period({ lines: [2] })] }),
      form,
      receipt({ lines: [{ line: 1, outcome: 'accepted' }] }),
    ),
  '/two-ends': (language) =>
    renderNoticePage(
      inLanguage(language, {
        periods: [period({ lines: [1] }), period({ lines: [2], closesAt: '2026-01-13T20:59:59.999Z', consent: 'opt_in' })],
      }),
      form,
    ),
  '/acceptance': (language) =>
    renderReceiptPage(
      inLanguage(language, { lines: [noticeLine(1, { isAccepted: true })] }),
      receipt({ lines: [{ line: 1, outcome: 'accepted' }] }),
      form,
    ),
  '/choice': (language) => renderChoicePage(choiceView({ language }), form),
  '/unchosen': (language) =>
    renderChoicePage(choiceView({ language }), { ...form, fault: 'nothing_chosen', entered: { candidate: null, reason: '' } }),
  '/chosen': (language) => renderChoicePage(choiceView({ language, chosen }), form),
  '/decided': (language) => renderChoicePage(choiceView({ language, chosen, isOpen: false }), form),
  '/receipt': (language) => renderReceiptPage(inLanguage(language), receipt(), form),
  '/over': settled('open'),
  '/official': settled('official'),
  '/ended': settled('ended'),
  '/withdrawn': settled('canceled'),
  '/refused': settled('declined'),
  '/closed': settled('other'),
  '/replaced': (language) => renderNoticePage(inLanguage(language, { isReplaced: true }), form),
  '/copy': (language) => renderNoticeCopy(inLanguage(language), '2025-12-25T10:00:00.000Z'),
  '/choice-copy': (language) => renderChoiceCopy(choiceView({ language, chosen }), '2025-12-25T10:00:00.000Z'),
  '/explanation': (language) => renderExplanationPage(explained(language)),
  '/programmes': (language) => renderProgrammeList(language, [{ name: 'sample', vendor: 'Northwind Cloud' }]),
  '/no-programme': (language) => renderProgrammeList(language, [{ name: 'sample', vendor: 'Northwind Cloud' }], true),
  '/start': (language) =>
    renderStartPage(language, { ...places, sandbox: { mailbox: 'http://127.0.0.1:8025', temporal: 'http://127.0.0.1:8233' } }),
  '/unknown': renderUnknownLinkPage,
  '/unavailable': renderUnavailablePage,
};

describe('The customer’s page in a browser', function () {
  this.timeout(60_000);

  let browser: TestBrowser;
  let server: Server;
  let origin: string;
  let posted: URLSearchParams[];

  async function answer(request: IncomingMessage): Promise<string> {
    if (request.method === 'POST') posted.push(new URLSearchParams(await text(request)));
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    return pages[pathname]?.(languageOf(searchParams.get('lang') ?? undefined)) ?? '';
  }

  before(async () => {
    server = createServer(async (request, response) => response.writeHead(200, pageHeaders).end(await answer(request)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await TestBrowser.open();
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  beforeEach(() => {
    posted = [];
  });

  // Russian words are longer, so the narrow screens are tested in Russian.
  for (const { width, colorScheme, languages } of [
    { width: 375, colorScheme: 'light', languages: extent(['ru'], ['en', 'ru']) },
    { width: 1200, colorScheme: 'dark', languages: extent(['en'], ['en', 'ru']) },
  ] as const) {
    for (const path of Object.keys(pages)) {
      it(`has no axe findings and no horizontal scrolling on ${path} at ${width} pixels, ${colorScheme}, in ${languages.join(' and ')}`, () =>
        browser.inContext({ colorScheme, viewport: { width, height: 800 } }, async (context) => {
          const page = await context.newPage();
          for (const language of languages) {
            await page.goto(`${origin}${path}?lang=${language}`);
            expect(await accessibilityFaults(page, { onlyStandards: true }), language).to.deep.equal([]);
            expect(await page.evaluate('document.documentElement.scrollWidth'), language).to.equal(width);
          }
        }));
    }
  }

  it('applies its style under its own content security policy', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(`${origin}/one`);
      expect(await page.evaluate("document.querySelector('button').getBoundingClientRect().height")).to.be.at.least(44);
      expect(complaints).to.deep.equal([]);
    }));

  it('can be answered with the keyboard alone, without script', () =>
    browser.inContext({ javaScriptEnabled: false }, async (context) => {
      const page = await context.newPage();
      await page.goto(`${origin}/several`);
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
      };
      // Language, what the partner sees, calendar, first product, second product, optional part, reason.
      await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Space', 'Tab', 'Enter', 'Tab');
      await page.keyboard.type('We ended the contract.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
      expect(posted.map((fields) => [...fields])).to.deep.equal([
        [
          ['formToken', 'form-token'],
          ['line', '2'],
          ['reason', 'We ended the contract.'],
          ['block', 'yes'],
          ['scope', 'selected'],
        ],
      ]);
    }));

  it('refuses a single line with one button', () =>
    browser.inContext({ javaScriptEnabled: false }, async (context) => {
      const page = await context.newPage();
      await page.goto(`${origin}/one?lang=ru`);
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Отказаться' }).click()]);
      expect(posted.map((fields) => fields.getAll('line'))).to.deep.equal([['1']]);
      await page.waitForURL(`${origin}/one?lang=ru`);
    }));

  it('focuses the fault and links to the field that fixes it', () =>
    browser.inContext({ javaScriptEnabled: false }, async (context) => {
      const page = await context.newPage();
      await page.goto(`${origin}/no-line`);
      const summary = page.getByRole('alert', { name: 'Your answer was not recorded' });
      await summary.getByRole('link', { name: 'Select at least one product.' }).click();
      await page.waitForURL(`${origin}/no-line#line-1`);
      expect(await page.title()).to.match(/^Your answer was not recorded: /);
    }));

  it('switches its language by a link', () =>
    browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(`${origin}/one`);
      await page.getByRole('link', { name: 'Русский' }).click();
      await page.waitForURL(`${origin}/one?lang=ru`);
      expect(await page.locator('html').getAttribute('lang')).to.equal('ru');
      expect(posted).to.deep.equal([]);
    }));
});
