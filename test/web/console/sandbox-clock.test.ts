import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { readClock } from '#libs/event-store/index.js';
import type { Role } from '#libs/auth/index.js';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { openConsole } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { days, Stage } from '../../support/stage.js';

describe("The sandbox's clock in the console", function () {
  this.timeout(120_000);

  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    browser = await TestBrowser.open();
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await stage?.close();
  });

  const now = async (): Promise<number> => Date.parse(await readClock(stage.source));

  const open = async (context: BrowserContext, role: Role = 'operator') => {
    const page = await openConsole(context, api, { role }, '/sessions');
    await page.getByRole('button', { name: /^Sandbox: / }).click();
    await page.getByRole('dialog', { name: 'The clock of the sandbox' }).waitFor();
    return page;
  };

  it('shows how far it is ahead, and moves by a step', () =>
    browser.inContext({ timezoneId: 'America/New_York' }, async (context) => {
      const page = await open(context);
      await page.getByText('not at all').waitFor();
      await page.getByText('(New York)').first().waitFor();
      const before = await now();
      await page.getByRole('button', { name: 'One day on' }).click();
      await page.getByText('No claim had a deadline before that.').waitFor();
      await page.getByText('1 day', { exact: true }).waitFor();
      expect((await now()) - before).to.be.within(days(1), days(1) + 60_000);
    }));

  it('moves to the next deadline, says how many claims moved, and has everything read again', () =>
    browser.inContext({}, async (context) => {
      const claim = await stage.notified();
      const [{ due }] = await stage.source.query<[{ due: Date }]>('SELECT min(alarm_at) AS due FROM claims WHERE alarm_at > cpor_now()');
      const page = await open(context);
      const requests: string[] = [];
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      await page.getByRole('button', { name: 'To the next deadline' }).click();
      await page.getByText('One claim has moved.').waitFor();
      expect(await now()).to.be.above(due.getTime());
      expect(requests).to.include('/v1/sessions');
      await stage.until(claim, 'official');
    }));

  it('moves to the morning of a weekday, and to a day and time of the person’s own zone', () =>
    browser.inContext({ timezoneId: 'Asia/Tokyo' }, async (context) => {
      const page = await open(context);
      await page.getByRole('button', { name: 'Next weekday, 9:00' }).click();
      await page.getByText('The clock shows').waitFor();
      const morning = new Date(await now());
      // Nine in Tokyo is midnight UTC.
      expect([morning.getUTCHours(), morning.getUTCDay() % 6 === 0]).to.deep.equal([0, false]);
      const later = new Date((await now()) + days(3));
      const value = `${later.toISOString().slice(0, 10)}T15:30`;
      await page.getByLabel('Or to a day and time').fill(value);
      await page.getByRole('button', { name: 'Move the clock' }).click();
      await page.getByText('15:30').first().waitFor();
      expect(new Date(await now()).toISOString().slice(11, 16)).to.equal('06:30');
    }));

  it('never goes back, in the words of the API, and asks for a day where none is given', () =>
    browser.inContext({}, async (context) => {
      const page = await open(context);
      await page.getByLabel('Or to a day and time').fill('2020-01-01T00:00');
      await page.getByRole('button', { name: 'Move the clock' }).click();
      await page.getByText('The clock already shows').waitFor();
      await page.getByLabel('Or to a day and time').fill('');
      await page.getByRole('button', { name: 'Move the clock' }).click();
      await page.getByText('Enter a day and a time.').waitFor();
      expect(await accessibilityFaults(page)).to.deep.equal([]);
    }));

  it('is used with the keyboard alone', () =>
    browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, { role: 'operator' }, '/sessions');
      await page.getByRole('button', { name: /^Sandbox: / }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      const before = await now();
      await page.getByRole('button', { name: 'One hour on' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('The clock shows').waitFor();
      expect((await now()) - before).to.be.within(3_600_000, 3_660_000);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // The library gives focus back in the next frame.
      await page.waitForFunction("document.activeElement.textContent.startsWith('Sandbox: ')");
    }));

  it('is shown to everybody, and moved only by those who may', () =>
    browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, { role: 'tenant_admin' }, '/sessions');
      await page.getByText(/^Sandbox: /).waitFor();
      expect(await page.getByRole('button', { name: /^Sandbox: / }).count()).to.equal(0);
      const { body } = await api.call('GET', '/v1/sandbox/clock', { token: await api.token('tenant_admin') });
      expect(body['nextDeadlineAt']).to.equal(null);
    }));

  for (const { language, theme } of looks)
    it(`has no axe findings in ${language}, ${theme}`, () =>
      browser.inContext({}, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const page = await openConsole(context, api, { role: 'operator' }, '/sessions');
        await page.locator('.top-end button').first().click();
        await page.getByRole('dialog').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      }));
});
