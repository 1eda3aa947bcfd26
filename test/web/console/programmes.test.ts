import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { addTenants, TestClaim } from '../../support/claims.js';
import { type ConsolePerson, openConsole } from '../../support/console.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';
import { eventually } from '../../support/wait.js';

const vera: ConsolePerson = { role: 'vendor_admin', subject: 'vera' };
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe("The console's pages of programmes", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
  });

  after(async () => {
    await browser?.close();
    await api?.close();
    await database?.close();
  });

  const inConsole = (path: string, test: (page: Page) => Promise<void>, { person = vera, language = 'en', theme = 'light' } = {}) =>
    browser.inContext({ viewport: { width: 1280, height: 900 } }, async (context) => {
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
      await test(await openConsole(context, api, person, path));
    });

  /** Publishes the sample programme under a name of its own, changed or not. */
  const publish = async (name: string, more: object = {}, headers: Record<string, string> = {}) => {
    const { name: _name, version: _version, ...content } = samplePolicy;
    const token = await api.token('vendor_admin', { subject: 'victor' });
    const { status } = await api.call('PUT', `/v1/programmes/${name}`, { token, body: { ...content, ...more }, headers });
    expect(status).to.equal(201);
  };

  const read = async (name: string) => (await api.call('GET', `/v1/programmes/${name}`, { token: await api.token('vendor_admin') })).body;
  const text = (page: Page) => page.getByRole('textbox', { name: 'Document' });
  const isReady = (page: Page, words: string | RegExp = 'Can be published') =>
    page.getByRole('status').filter({ hasText: words }).waitFor();

  it('list each programme with what is in force and what is scheduled', async () => {
    await publish('listed');
    await publish('listed', { effectiveFrom: inDays(20) }, { 'if-match': '"1"' });
    await inConsole('/programmes', async (page) => {
      const row = page.getByRole('row', { name: /^listed/ });
      await row.getByText('version 2 from').waitFor();
      expect(await row.innerText()).to.match(/version 1.*victor/s);
    });
  });

  it('change a clock in the form, say how many claims would notice, and publish', async () => {
    await publish('changed');
    const services = {
      source: database.source,
      library: new ProgrammeLibrary(database.source),
      directory: new TestDirectory(database.source),
    };
    for (const tenant of await addTenants(database.source, 2)) {
      const claim = new TestClaim(services, { programme: 'changed', tenant });
      await claim.draft();
    }
    await inConsole('/programmes/changed', async (page) => {
      await page.getByLabel('Review begins within').fill('9');
      await eventually(async () => expect(await text(page).inputValue()).to.contain('reviewStartBusinessDays: 9'));
      await isReady(page, 'You have changed 1 value');
      await page.getByRole('button', { name: 'Review and publish' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Begin of the review, business days: 5 → 9. 2 claims would get the new length').waitFor();
      await dialog.getByText('2 drafts would follow this version').waitFor();
      const changes = dialog.getByRole('region', { name: 'Changes from version 1' });
      await eventually(async () =>
        expect(await changes.getByRole('row').allInnerTexts()).to.include('clocks.reviewStartBusinessDays\t5\t9'),
      );
      await dialog.getByRole('button', { name: 'Publish now' }).click();
      await page.getByRole('alert').filter({ hasText: 'Version 2 is published.' }).waitFor();
      await page.getByRole('row', { name: /^2 In force/ }).waitFor();
    });
    expect((await read('changed'))['clocks']).to.include({ reviewStartBusinessDays: 9 });
  });

  it('name the drafts that a retired product would refuse, and the claims of a changed clock', async () => {
    await publish('retiring');
    const services = {
      source: database.source,
      library: new ProgrammeLibrary(database.source),
      directory: new TestDirectory(database.source),
    };
    const drafts: TestClaim[] = [];
    for (const [index, tenant] of (await addTenants(database.source, 3)).entries()) {
      const claim = new TestClaim(services, { programme: 'retiring', tenant, products: index < 2 ? ['yammer'] : ['exchange'] });
      await claim.draft();
      drafts.push(claim);
    }
    const [first, second, third] = drafts.map(({ number }) => number);
    const expectEffects = (language: string, words: (string | RegExp)[]) =>
      inConsole(
        '/programmes/retiring',
        async (page) => {
          const document = page.getByRole('textbox', { name: language === 'en' ? 'Document' : 'Документ' });
          const changed = (await document.inputValue())
            .replace(/(code: yammer(?:.*\n)*? {4}state: )active/, '$1retired')
            .replace(/answerBusinessDays: \d+/, 'answerBusinessDays: 8');
          await document.fill(changed);
          await page.getByRole('button', { name: language === 'en' ? 'Review and publish' : 'Проверить и опубликовать' }).click();
          const dialog = page.getByRole('dialog');
          for (const each of words) await dialog.getByText(each).first().waitFor();
          expect(await dialog.innerText()).not.to.contain(third);
        },
        { language },
      );
    await expectEffects('en', [
      /Answer of the partner, business days: \d+ → 8\. 3 claims would get the new length if the clock starts; none has it running/,
      '3 drafts would follow this version',
      '2 would be refused for what is allowed today:',
      /2 drafts: `yammer` cannot be claimed/,
      `${second}, ${first}`,
    ]);
    await expectEffects('ru', [/3 заявки получат/, '2 не будут приняты', /2 черновика:/, `${second}, ${first}`]);
  });

  it('keep the form in step with the document, as YAML with its comments and as JSON', async () => {
    await publish('stepped');
    await inConsole('/programmes/stepped', async (page) => {
      await text(page).fill((await text(page).inputValue()).replace('language: en', '# As decided in May.\nlanguage: ru'));
      await eventually(async () => expect(await page.getByLabel('Language of mails').inputValue()).to.equal('ru'));
      await page.getByText('Products', { exact: true }).click();
      await page.getByText('yammer', { exact: true }).click();
      const product = page
        .locator('details[open]')
        .filter({ has: page.locator('summary code', { hasText: 'yammer' }) })
        .last();
      await product.getByLabel('State').selectOption('retired');
      await eventually(async () =>
        expect(await text(page).inputValue())
          .to.contain('# As decided in May.')
          .and.to.match(/code: yammer(.*\n)*? {4}state: retired/),
      );
      await page.getByLabel('JSON').check();
      await eventually(async () => expect(JSON.parse(await text(page).inputValue()).language).to.equal('ru'));
      await page.getByLabel('Contact e-mail').fill('programme@meridian-cloud.example');
      await eventually(async () =>
        expect(JSON.parse(await text(page).inputValue()).vendor.contactEmail).to.equal('programme@meridian-cloud.example'),
      );
      await page.getByRole('button', { name: 'Undo all changes' }).click();
      await eventually(async () => expect(await page.getByLabel('Language of mails').inputValue()).to.equal('en'));
    });
  });

  it('show what is wrong at its path, in the form and in the document', async () => {
    await publish('wrong');
    await inConsole('/programmes/wrong', async (page) => {
      await isReady(page);
      await page.getByLabel('The partner answers within').fill('soon');
      await isReady(page, '1 fault keeps this from being published');
      const pointer = '/clocks/answerBusinessDays';
      await eventually(async () => expect(await page.locator(`[name="${pointer}"]`).getAttribute('aria-invalid')).to.equal('true'));
      const line = (await text(page).inputValue()).split('\n').findIndex((each) => each.includes('answerBusinessDays')) + 1;
      await page.getByRole('button', { name: `Line ${line}:` }).click();
      await eventually(async () => expect(await selected(page)).to.contain('answerBusinessDays: soon'));
      await page.getByRole('button', { name: pointer }).click();
      await eventually(async () => expect(await page.locator(':focus').getAttribute('name')).to.equal(pointer));
      await page.getByRole('button', { name: 'Review and publish' }).click();
      await eventually(async () =>
        expect(await page.getByRole('dialog').getByRole('button', { name: 'Publish now' }).isDisabled()).to.equal(true),
      );
      await page.keyboard.press('Escape');

      // A fault within a closed entry opens it.
      await text(page).fill(
        (await text(page).inputValue())
          .replace('answerBusinessDays: soon', 'answerBusinessDays: 5')
          .replace(/family: \w+/, 'family: nobody'),
      );
      await isReady(page, '1 fault keeps');
      await page.getByRole('button', { name: /^\/products\/\d+\/family$/ }).click();
      await page.getByLabel('Family of subscriptions').waitFor();
      await page.locator('[name$="/family"]:focus').waitFor();
    });
  });

  it('wait with the form while the document cannot be read, and say in which line', async () => {
    await publish('unreadable');
    await inConsole('/programmes/unreadable', async (page) => {
      const whole = await text(page).inputValue();
      await text(page).fill(whole.replace('language: en', 'language: [en'));
      await page
        .getByRole('status')
        .filter({ hasText: /cannot be read at line \d+/ })
        .waitFor();
      await eventually(async () => expect(await page.getByLabel('Name of the vendor').isDisabled()).to.equal(true));
      await text(page).fill(whole);
      await isReady(page);
      await eventually(async () => expect(await page.getByLabel('Name of the vendor').isEnabled()).to.equal(true));
    });
  });

  it('schedule a version and take it back, with the keyboard alone', async () => {
    await publish('scheduled');
    await inConsole('/programmes/scheduled', async (page) => {
      await isReady(page);
      await text(page).fill(
        (await text(page).inputValue())
          .replace(/effectiveFrom: .*/, `effectiveFrom: ${inDays(30)}`)
          .replace('noticeTiming: on_approval', 'noticeTiming: on_submit'),
      );
      await isReady(page, 'You have changed 2 values');
      await press(page, 'Review and publish');
      await page.getByRole('dialog').getByText('What claims would notice').waitFor();
      await press(page, /^Schedule for/);
      await page.getByRole('row', { name: /^2 Scheduled/ }).waitFor();
      expect(await read('scheduled')).to.include({ version: 1, noticeTiming: 'on_approval' });
      await press(page, 'Take back version 2');
      await press(page, 'Take back');
      await page.getByRole('row', { name: /^2 Taken back/ }).waitFor();
    });
  });

  it('show what somebody else has published meanwhile, and join both', async () => {
    await publish('shared');
    await inConsole('/programmes/shared', async (page) => {
      await page.getByLabel('The partner answers within').fill('7');
      await page.getByLabel('Review begins within').fill('8');
      await isReady(page, 'You have changed 2 values');
      await page.getByRole('button', { name: 'Review and publish' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('What claims would notice').waitFor();
      const clocks = { ...samplePolicy.clocks, answerBusinessDays: 6, hearingBusinessDays: 4 };
      await publish('shared', { effectiveFrom: inDays(0), clocks }, { 'if-match': '"1"' });
      await dialog.getByRole('button', { name: 'Publish now' }).click();

      const theirs = page.getByRole('region', { name: 'What changed meanwhile' });
      await theirs.waitFor();
      await eventually(async () => expect(await page.getByText(/Version 2 was published .* by victor/).count()).to.equal(1));
      await theirs.getByRole('row', { name: 'clocks.answerBusinessDays 5 6' }).waitFor();
      await theirs.getByRole('row', { name: 'clocks.hearingBusinessDays 5 4' }).waitFor();
      await eventually(async () =>
        expect(await page.getByLabel('The partner answers within').inputValue(), 'what was typed').to.equal('7'),
      );
      await page.getByText('changed by both of you').waitFor();
      await page.getByRole('button', { name: 'Take these changes into mine' }).click();
      await eventually(async () => expect(await page.getByLabel('The holder answers a rival within').inputValue()).to.equal('4'));
      await eventually(async () => expect(await page.getByLabel('The partner answers within').inputValue()).to.equal('7'));
      await page.getByLabel('In force from', { exact: true }).fill(inDays(1));
      await isReady(page, 'Can be published as version 3');
      await page.getByRole('button', { name: 'Review and publish' }).click();
      await dialog.getByRole('button', { name: /^Schedule for/ }).click();
      await page.getByRole('row', { name: /^3 Scheduled/ }).waitFor();
    });
  });

  it('ask before a document that was not published is left', async () => {
    await publish('left');
    await inConsole('/programmes/left', async (page) => {
      await page.getByLabel('Name of the vendor').fill('Somebody else');
      await page.getByRole('navigation').getByRole('link', { name: 'Calendars' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Stay' }).click();
      expect(await page.getByLabel('Name of the vendor').inputValue()).to.equal('Somebody else');
    });
  });

  it('begin a programme as a copy of another one', () =>
    inConsole('/programmes', async (page) => {
      await page.getByRole('button', { name: 'New programme' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Not A Name');
      await dialog.getByRole('button', { name: 'Begin' }).click();
      await dialog.getByText('Use at most 40').waitFor();
      await dialog.getByLabel('Name').fill('copied');
      await dialog.getByLabel('Begin as a copy of').selectOption('sample');
      await dialog.getByRole('button', { name: 'Begin' }).click();
      await isReady(page, 'Can be published as version 1');
      await page.getByRole('button', { name: 'Review and publish' }).click();
      await dialog.getByText('has no version in force').waitFor();
      await dialog.getByRole('button', { name: 'Publish now' }).click();
      await page.getByRole('row', { name: /^1 In force/ }).waitFor();
      expect(await read('copied')).to.include({ version: 1 });
    }));

  it('are read by others without anything to change', () =>
    inConsole(
      '/programmes/sample',
      async (page) => {
        await page.getByRole('row', { name: /^1 In force/ }).waitFor();
        expect(await page.getByRole('button', { name: 'Review and publish' }).count()).to.equal(0);
      },
      { person: { role: 'reviewer' } },
    ));

  it('say that there is no such programme', () =>
    inConsole('/programmes/nothing', async (page) => {
      await page.getByRole('alert').waitFor();
    }));

  for (const [language, theme] of [
    ['en', 'light'],
    ['en', 'dark'],
    ['ru', 'light'],
    ['ru', 'dark'],
  ] as const)
    it(`have no accessibility fault in ${language}, ${theme}`, async () => {
      const options = { language, theme };
      await inConsole(
        '/programmes',
        async (page) => {
          await page.getByRole('row', { name: /^sample / }).waitFor();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
        },
        options,
      );
      await inConsole(
        '/programmes/sample',
        async (page) => {
          await page.locator('[name="/clocks/answerBusinessDays"]').fill('x');
          await page.locator('[name="/clocks/answerBusinessDays"][aria-invalid]').waitFor();
          const closed = page.locator('details.publication-section:not([open]) > summary');
          while ((await closed.count()) > 0) await closed.first().click();
          await page.locator('details[data-pointer="/products/0"] > summary').click();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
          await page.locator('[name="/clocks/answerBusinessDays"]').fill('6');
          await page.locator('[name="/clocks/answerBusinessDays"]:not([aria-invalid])').waitFor();
          await page.locator('.publication-bar .button[data-kind=primary]').click();
          await page.locator('#effects-title').waitFor();
          expect(await accessibilityFaults(page)).to.deep.equal([]);
        },
        options,
      );
    });
});

/** Moves to a button by Tab and presses it. */
async function press(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('button', { name, exact: typeof name === 'string' });
  await button.waitFor();
  for (let steps = 0; steps < 300; steps++) {
    if ((await button.and(page.locator(':focus')).count()) > 0) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${name}.`);
}

const selected = (page: Page): Promise<string> =>
  page
    .getByRole('textbox', { name: 'Document' })
    .evaluate((area) =>
      (({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))(area as unknown as TextArea),
    );

interface TextArea {
  value: string;
  selectionStart: number;
  selectionEnd: number;
}
