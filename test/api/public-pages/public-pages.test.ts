import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import { usageSets } from '#libs/usage/index.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('The public pages', () => {
  let database: TestDatabase;
  let api: TestApi;
  let folder: string;

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), 'cpor-public-pages-'));
    database = await createTestDatabase();
    api = await startTestApi({ database, env: { CPOR_DATA_DIR: folder } });
  });
  after(async () => {
    await api?.close();
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) => api.call('GET', path, { headers });

  describe('the start page', () => {
    it('is a page for a browser and an index for a program', async () => {
      const page = await get('/', { Accept: browser });
      expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
      for (const path of ['/console/', '/partner-of-record?lang=en', '/docs', '/openapi.json', '/readyz'])
        expect(page.text).to.include(`href="${path}"`);
      for (const accept of ['*/*', 'application/json', 'text/html;q=0', 'text/html;q=0.1, application/json']) {
        const index = await get('/', { Accept: accept });
        expect([index.status, index.headers.get('content-type')], accept).to.deep.equal([200, 'application/json; charset=utf-8']);
        expect(index.body, accept).to.have.all.keys('name', 'console', 'explanation', 'docs', 'openapi', 'health');
      }
    });

    it('varies by what decides its form and language', async () => {
      for (const accept of [browser, '*/*'])
        expect((await get('/', { Accept: accept })).headers.get('vary')).to.equal('Accept, Accept-Language');
      const russian = await get('/', { Accept: browser, 'Accept-Language': 'ru-RU,ru;q=0.9' });
      expect(russian.text).to.include('<html lang="ru">').and.include('Консоль');
      expect((await get('/?lang=en', { Accept: browser, 'Accept-Language': 'ru' })).text).to.include('<html lang="en">');
    });

    it('leads to the mailbox and to Temporal where a sandbox runs them, and keeps the rest of that file to itself', async () => {
      const bare = (await get('/', { Accept: browser })).text;
      expect(bare).to.include('This is a sandbox').and.not.include('Mailbox');
      const addresses = { mailboxUrl: 'http://127.0.0.1:8025', temporalUiUrl: null, databaseUrl: 'postgres://secret' };
      await writeFile(join(folder, 'stack.json'), JSON.stringify(addresses));
      const page = (await get('/', { Accept: browser })).text;
      expect(page).to.include('<a href="http://127.0.0.1:8025">Mailbox</a>').and.not.include('Temporal</a>').and.not.include('secret');
    });

    it('fetches nothing, runs no script and is never framed', async () => {
      for (const path of ['/', '/partner-of-record', '/partner-of-record/sample']) {
        const page = await get(path, { Accept: browser });
        expect(page.headers.get('content-security-policy')).to.match(
          /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/,
        );
        expect(page.text).to.not.match(/<script|\sstyle=|<img|<link/);
      }
    });
  });

  describe('the explanation of a programme', () => {
    it('names the vendor, the period, every product and every column of the programme in force', async () => {
      const page = await get('/partner-of-record/sample');
      expect(page.status).to.equal(200);
      expect(page.text)
        .to.include(samplePolicy.vendor.name)
        .and.include(samplePolicy.vendor.contactEmail)
        .and.include('within 5 business days after the message is delivered')
        .and.include('for 30 calendar days.');
      for (const { label, state } of samplePolicy.products)
        if (state === 'active') expect(page.text.replaceAll('&amp;', '&')).to.include(`<li>${label.en}<`);
      for (const { columns } of Object.values(usageSets))
        for (const { name } of columns) expect(page.text).to.include(`<code>${name}</code>`);
    });

    it('follows the programme: consent, period, small counts, reserved columns, term and the vendor’s own page', async () => {
      const body = {
        ...samplePolicy,
        name: 'strict',
        consent: 'opt_in',
        clocks: { ...samplePolicy.clocks, consentWindow: { days: 21, unit: 'calendar_day' }, coolDownCalendarDays: 0 },
        usage: { ...samplePolicy.usage, suppressBelow: 7, executiveColumns: ['AssignedSeats'], afterEnd: 'months_of_tenure' },
        termMonths: 24,
        vendor: { ...samplePolicy.vendor, explanationUrl: null },
      };
      await database.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('strict', 1, '2025-01-01', $1)`, [
        body,
      ]);
      const { text } = await get('/partner-of-record/strict?lang=ru');
      expect(text)
        .to.include('в течение 21 календарного дня')
        .and.include('заявка утратит силу')
        .and.include('меньше 7')
        .and.include('через 24 месяца')
        .and.include('только те месяцы, в которые оно действовало');
      expect(text).to.not.include('не может подать заявку').and.not.include('Подробнее на сайте');
      // A column that is calculated from a reserved one is reserved too.
      for (const name of ['AssignedSeats', 'DeploymentOpportunity', 'CPORRevenue'])
        expect(text).to.match(new RegExp(`<code>${name}</code><span class="state">только для`));
      expect(text).to.not.match(/<code>AvailableSeats<\/code><span/);
    });

    it('may be cached, and is the same for a caller with a token', async () => {
      const page = await get('/partner-of-record/sample');
      expect(page.headers.get('cache-control')).to.equal('public, max-age=300');
      expect(page.headers.get('vary')).to.equal('Accept-Language');
      const token = await api.token('reviewer');
      expect((await api.call('GET', '/partner-of-record/sample', { token })).text).to.equal(page.text);
    });

    it('answers an unknown programme with the pages that exist, and does not keep that', async () => {
      const unknown = await get('/partner-of-record/%3Cb%3E');
      expect([unknown.status, unknown.headers.get('cache-control')]).to.deep.equal([404, 'no-store']);
      expect(unknown.text).to.include('There is no such page').and.include('href="/partner-of-record/sample?lang=en"');
      expect((await get('/partner-of-record')).text).to.include('href="/partner-of-record/sample?lang=en"');
    });
  });
});
