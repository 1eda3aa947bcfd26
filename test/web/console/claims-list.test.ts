import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { claimSorts } from '#libs/read-models/index.js';
import { accessibilityFaults } from '../../support/accessibility.js';
import { draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { type ConsolePerson, openConsole } from '../../support/console.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { extent } from '../../support/extent.js';
import { ironbridge, northwind } from '../../support/sample-directory.js';
import { eventually, waitFor } from '../../support/wait.js';

const person: ConsolePerson = { role: 'claim_admin' };
const everyColumn = JSON.stringify([
  'name',
  'customer',
  'domain',
  'tenantId',
  'phase',
  'area',
  'products',
  'activities',
  'partnerId',
  'nextDeadline',
  'externalReference',
  'tags',
  'reasons',
  'createdAt',
  'updatedAt',
]);

describe("The console's list of claims", () => {
  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;
  let token: string;

  before(async function () {
    this.timeout(120_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
    token = await api.token('claim_admin');
    await draftClaim(api, token, { name: 'Teams for Northwind', tags: ['wave-1'], externalReference: 'REF-7' });
    await draftClaim(api, token, {
      name: 'Exchange for Northwind',
      lines: [{ product: 'exchange', activities: ['usage'] }],
      tags: ['wave-2'],
    });
    const central = [{ product: 'business_central', activities: ['presales'] }];
    const { claimId } = await draftClaim(api, token, { name: 'Central, discarded', area: 'business_applications', lines: central });
    await api.call('DELETE', `/v1/claims/${claimId}`, { token });
    await draftClaim(api, token, { name: 'Austin', partnerId: '1240388', lines: [{ product: 'intune', activities: ['usage'] }] });
    for (let count = 1; count <= 60; count += 1)
      await draftClaim(api, token, { name: `Row ${count}`, lines: [{ product: 'yammer', activities: ['usage'] }] });
  });

  after(async () => {
    await browser?.close();
    await api?.close();
    await database?.close();
  });

  const inList = (query: string, test: (page: Page) => Promise<void>, { who = person, script = '' } = {}) =>
    browser.inContext({}, async (context) => {
      if (script !== '') await context.addInitScript(script);
      const page = await openConsole(context, api, who, `/claims${query}`);
      await test(page);
    });

  const numbersOn = (page: Page) => page.locator('tbody th').allInnerTexts();
  const numbersOf = async (query: string): Promise<string[]> => {
    const { status, body, text } = await api.call('GET', `/v1/claims${query}`, { token });
    expect(status, text).to.equal(200);
    return (body['items'] as Json[]).map(({ number }) => number as string);
  };
  const shows = (page: Page, numbers: string[]) =>
    waitFor(`the claims ${numbers.join()}`, async () => JSON.stringify(await numbersOn(page)) === JSON.stringify(numbers));

  const queries = [
    '?phase=draft&product=teams&product=exchange',
    '?phase=canceled',
    '?area=business_applications',
    '?activity=presales',
    '?partnerId=1240388',
    `?tenantId=${northwind.tenantId}&product=teams`,
    '?customer=northwind&tag=wave-2',
    '?externalReference=REF-7',
    '?isOpen=false&product=intune',
    '?q=exchange+north',
  ];
  for (const query of queries) {
    it(`shows what the API lists for ${query}, and can take every filter away`, () =>
      inList(query, async (page) => {
        const wanted = await numbersOf(query);
        expect(wanted).to.not.deep.equal([]);
        await shows(page, wanted);
        await page.getByRole('button', { name: 'Clear filters' }).click();
        await page
          .getByText('That is all')
          .or(page.getByRole('button', { name: 'Load more' }))
          .first()
          .waitFor();
        await shows(page, await numbersOf('?limit=50'));
        expect(new URL(page.url()).search).to.equal('');
      }));
  }

  it('filters by what is ticked, and takes single filters away', () =>
    inList('', async (page) => {
      await page.getByRole('button', { name: 'More filters' }).click();
      await page.getByRole('checkbox', { name: 'Teams', exact: true }).check();
      await page.getByRole('checkbox', { name: 'Exchange', exact: true }).check();
      await shows(page, await numbersOf('?product=teams&product=exchange'));
      expect(new URL(page.url()).search).to.equal('?product=teams&product=exchange');
      await page.getByRole('button', { name: 'Remove the filter Teams' }).click();
      await shows(page, await numbersOf('?product=exchange'));
      await eventually(async () => expect(await page.getByRole('checkbox', { name: 'Teams', exact: true }).isChecked()).to.equal(false));
    }));

  it('loses no letter that is typed, replaces the address, and "back" leaves the list', () =>
    browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, person, '/associations');
      await page.getByRole('link', { name: 'Claims', exact: true }).click();
      const search = page.getByRole('searchbox');
      // Some letters come while an earlier text is already on its way to the address.
      for (const part of ['Exch', 'ange', ' f', 'or Northwind']) {
        await search.pressSequentially(part, { delay: 60 });
        await page.waitForURL((url) => url.searchParams.get('q')?.endsWith(part.trim()) === true);
      }
      await eventually(async () => expect(await search.inputValue()).to.equal('Exchange for Northwind'));
      await shows(page, await numbersOf('?q=Exchange+for+Northwind'));
      await page.goBack();
      await page.waitForURL('**/console/associations');
      await page.goForward();
      await page.waitForURL('**/console/claims?q=Exchange+for+Northwind');
      await eventually(async () => expect(await search.inputValue()).to.equal('Exchange for Northwind'));
      await search.fill('');
      await shows(page, await numbersOf('?limit=50'));
    }));

  it('sorts by everything that the API sorts by', () =>
    inList(
      '?product=teams&product=exchange&product=intune',
      async (page) => {
        const headers = page.getByRole('columnheader').getByRole('button');
        await headers.first().waitFor();
        const seen: string[] = [];
        for (let index = 0; index < (await headers.count()); index += 1) {
          await headers.nth(index).click();
          const header = headers.nth(index).locator('..');
          await waitFor('the order', async () => (await header.getAttribute('aria-sort')) !== 'none');
          // The usual order is not in the address.
          const sort = new URL(page.url()).searchParams.get('sort') ?? '-createdAt';
          seen.push(sort.replace('-', ''));
          await shows(page, await numbersOf(`?product=teams&product=exchange&product=intune&sort=${sort}`));
        }
        expect(seen.toSorted()).to.deep.equal(Object.keys(claimSorts).toSorted());
      },
      { script: `localStorage.setItem('cpor.columns.claims', '${everyColumn}')` },
    ));

  it('counts claims by status, and each count leads to them', () =>
    inList('', async (page) => {
      const { body } = await api.call('GET', '/v1/claims/summary', { token });
      const tabs = page.getByRole('navigation', { name: 'Claims by status' });
      await tabs.getByRole('link', { name: `All ${body['claims']}` }).waitFor();
      await tabs.getByRole('link', { name: 'Canceled 1' }).click();
      await shows(page, await numbersOf('?phase=canceled'));
      await eventually(async () =>
        expect(await tabs.getByRole('link', { name: 'Canceled 1' }).getAttribute('aria-current')).to.equal('true'),
      );
      await page.goBack();
      await shows(page, await numbersOf('?limit=50'));
    }));

  it('counts within the other filters', () =>
    inList('?product=yammer', async (page) => {
      const tabs = page.getByRole('navigation', { name: 'Claims by status' });
      await tabs.getByRole('link', { name: 'All 60' }).waitFor();
      await eventually(async () => expect(await tabs.getByRole('link').count(), 'no status without claims').to.equal(2));
      await tabs.getByRole('link', { name: 'Draft 60' }).click();
      await page.waitForURL('**/claims?product=yammer&phase=draft');
    }));

  it('remembers the chosen columns in this browser', () =>
    inList('?product=teams', async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Tags' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Customer' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('cell', { name: 'wave-1' }).waitFor();
      await page.reload();
      await page.getByRole('cell', { name: 'wave-1' }).waitFor();
      await eventually(async () => expect(await page.getByRole('columnheader', { name: 'Customer' }).count()).to.equal(0));
    }));

  it('exports exactly what is shown', () =>
    inList('?product=teams&product=exchange&sort=name&utm=mail', async (page) => {
      for (const format of ['csv', 'json']) {
        const link = page.getByRole('link', { name: format.toUpperCase() });
        await link.waitFor();
        // A download is not the page's request, so the test's token does not reach it.
        const shown = await api.call('GET', (await link.getAttribute('href'))!, { token });
        const wanted = await api.call('GET', `/v1/claims/export?product=teams&product=exchange&sort=name&format=${format}`, { token });
        expect(shown.status).to.equal(200);
        expect(shown.text).to.equal(wanted.text);
      }
    }));

  it('loads more at the same place, and going back finds rows and place again', () =>
    inList('?product=yammer', async (page) => {
      const more = page.getByRole('button', { name: 'Load more' });
      await more.focus();
      await page.keyboard.press('Enter');
      await page.getByText('That is all').waitFor();
      await page.getByText('60 claims shown').waitFor();
      await eventually(async () => expect(await page.locator(':focus').innerText(), 'the focus is not lost').to.include('That is all'));
      const link = page.getByRole('row', { name: /Row 5\b/ }).getByRole('link');
      await link.scrollIntoViewIfNeeded();
      const before = await page.evaluate<number>('window.scrollY');
      expect(before).to.be.above(500);
      await link.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/claims\/[0-9a-f-]{36}$/);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.goBack();
      await page.getByText('60 claims shown').waitFor();
      await waitFor('the place in the list', async () => Math.abs((await page.evaluate<number>('window.scrollY')) - before) < 5);
    }));

  it('opens a claim by a click anywhere in its row', () =>
    inList('?product=teams', async (page) => {
      await page.getByRole('cell', { name: 'Teams for Northwind' }).click();
      await page.waitForURL(/claims\/[0-9a-f-]{36}$/);
    }));

  it('says in words that there is nothing, that nothing matches, that it may not be seen, and what went wrong', async () => {
    await inList('', (page) => page.getByRole('heading', { name: 'No claims yet' }).waitFor(), {
      who: { role: 'claim_admin', partner: ironbridge.accountId, locations: ['*'] },
    });
    await inList('?q=nosuchword', async (page) => {
      await page.getByRole('heading', { name: 'No claim matches' }).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).first().click();
      await page.getByRole('row', { name: /Row 60/ }).waitFor();
    });
    await inList('', (page) => page.getByText('You may not see this').waitFor(), { who: { role: 'usage_viewer' } });
    await inList('?dueBefore=yesterday', async (page) => {
      await page.getByRole('alert').filter({ hasText: 'dueBefore' }).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByRole('row', { name: /Row 60/ }).waitFor();
    });
    await browser.inContext({}, async (context) => {
      let isDown = true;
      const page = await openConsole(context, api, person, '/associations');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await context.route('**/v1/claims?*', (route) => (isDown ? route.abort() : route.fallback()));
      await page.getByRole('link', { name: 'Claims', exact: true }).click();
      await page.getByRole('alert').filter({ hasText: 'The server could not be reached.' }).waitFor();
      isDown = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('row', { name: /Row 60/ }).waitFor();
    });
  });

  const looks = extent(
    [
      ['en', 'light'],
      ['ru', 'dark'],
    ],
    [
      ['en', 'light'],
      ['en', 'dark'],
      ['ru', 'light'],
      ['ru', 'dark'],
    ],
  );
  for (const [language, theme] of looks) {
    it(`is accessible in ${language}, ${theme}, with its filters open, and fits a phone`, () =>
      browser.inContext({ viewport: { width: 390, height: 844 } }, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const page = await openConsole(context, api, person, '/claims?product=teams&isOpen=false');
        await page.getByRole('row', { name: /Teams for Northwind/ }).waitFor();
        await page.locator('.list-bar [aria-expanded]').first().click();
        await page.locator('.filter-panel').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(390);
      }));
  }
});
