import { expect } from 'chai';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { accessibilityFaults } from '../../support/accessibility.js';
import { completeClaim, draftClaim, type Json, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { type ConsolePerson, openConsole } from '../../support/console.js';
import { extent } from '../../support/extent.js';
import { evergreen, northwind } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';
import { eventually } from '../../support/wait.js';

const person: ConsolePerson = { role: 'claim_admin' };
const dayAgo = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const pdf = (name: string) => ({ name, mimeType: 'application/pdf', buffer: somePdf() });

describe("The console's form for a new claim", () => {
  let stage: Stage;
  let api: TestApi;
  let browser: TestBrowser;
  let token: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    browser = await TestBrowser.open();
    token = await api.token('claim_admin');
  });

  after(async () => {
    await browser.close();
    await api.close();
    await stage.close();
  });

  const inForm = (path: string, test: (page: Page, context: BrowserContext) => Promise<void>, who = person) =>
    browser.inContext({}, async (context) => test(await openConsole(context, api, who, path), context));

  const idIn = (page: Page): string => /claims\/([0-9a-f-]{36})/.exec(page.url())![1]!;
  const claimOf = async (claimId: string): Promise<Json> => (await api.call('GET', `/v1/claims/${claimId}`, { token })).body;
  const claims = async (): Promise<number> => (await api.call('GET', '/v1/claims/summary', { token })).body['claims'] as number;
  const stepOf = (page: Page, name: string) => page.getByRole('heading', { level: 2, name, exact: true });
  const save = (page: Page) => page.getByRole('button', { name: 'Save and continue' }).click();
  const draftOf = (more: Json = {}): Promise<Json> => draftClaim(api, token, { programme: 'sample', ...more });

  /** Moves with the Tab key until a control has the focus. */
  async function tabTo(page: Page, control: Locator): Promise<void> {
    await control.waitFor();
    for (let presses = 0; presses < 80; presses += 1) {
      if ((await control.and(page.locator(':focus')).count()) > 0) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${String(control)}.`);
  }

  async function type(page: Page, label: string, text: string, of: Page | Locator = page): Promise<void> {
    await tabTo(page, of.getByLabel(label, { exact: true }));
    await page.keyboard.type(text);
  }

  async function press(page: Page, control: Locator, key: string): Promise<void> {
    await tabTo(page, control);
    await page.keyboard.press(key);
  }

  it('takes a claim from the customer to its submission with the keyboard alone, and saves a draft at every step', () =>
    inForm('/claims/new?programme=sample', async (page) => {
      await type(page, 'Tenant ID', `{${northwind.tenantId.toUpperCase()}}`);
      await type(page, 'Customer’s domain', northwind.domain);
      await page.keyboard.press('Enter');
      await press(page, page.getByRole('radio', { name: 'Business Applications' }), 'Space');
      await press(page, page.getByRole('checkbox', { name: /Business Central/ }), 'Space');
      await press(page, page.getByRole('checkbox', { name: 'Revenue association' }), 'Space');
      await eventually(async () =>
        expect(await page.getByRole('checkbox', { name: 'Usage' }).isDisabled(), 'revenue association stands alone').to.equal(true),
      );
      await type(page, 'Name of the claim', 'Central for Northwind');
      await press(page, page.getByRole('button', { name: 'Save and continue' }), 'Enter');

      const ofCustomer = page.getByRole('group', { name: 'Customer’s contact' });
      await ofCustomer.waitFor();
      const claimId = idIn(page);
      const drafted = await claimOf(claimId);
      expect(drafted).to.deep.include({ phase: 'draft', name: 'Central for Northwind', tenantId: northwind.tenantId });
      expect(drafted['lines'][0]).to.deep.include({ product: 'business_central', activities: ['revenue_association'] });

      await type(page, 'Name', 'Alex Carter', ofCustomer);
      await type(page, 'Title', 'Head of IT', ofCustomer);
      await type(page, 'E-mail', `alex@${northwind.domain}`, ofCustomer);
      const own = page.getByRole('group', { name: 'Your contact' });
      await type(page, 'Name', 'Robin Fields', own);
      await type(page, 'E-mail', 'claims@evergreen.example', own);
      await type(page, 'Solution seller', 'Dana Seller');
      await type(page, 'Customer', 'Northwind');
      await type(page, 'Product or solution of the software vendor', 'Ledger');
      await page.keyboard.press('Enter');

      const choose = page.getByRole('button', { name: 'Choose files' });
      await tabTo(page, choose);
      expect((await claimOf(claimId))['revenue']).to.deep.equal({
        sellerName: 'Dana Seller',
        customerName: 'Northwind',
        solutionName: 'Ledger',
      });
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
      await chooser.setFiles([pdf('statement.pdf'), pdf('annex.pdf')]);
      for (const file of ['statement.pdf', 'annex.pdf']) {
        const date = page.getByLabel(`Date of the customer’s signature, ${file}`);
        await date.fill(dayAgo());
      }
      await press(page, page.getByRole('button', { name: 'Upload and continue' }), 'Enter');

      await press(page, page.getByRole('checkbox', { name: /We confirm/ }), 'Space');
      const evidence = (await claimOf(claimId))['evidence'] as Json[];
      expect(evidence.map(({ fileName, signedOn }) => [fileName, signedOn])).to.deep.equal([
        ['statement.pdf', dayAgo()],
        ['annex.pdf', dayAgo()],
      ]);
      await press(page, page.getByRole('button', { name: 'Submit the claim' }), 'Enter');
      await page
        .getByRole('alert')
        .filter({ hasText: `Claim ${drafted['number']} is submitted.` })
        .waitFor();
      expect(new URL(page.url()).pathname).to.equal(`/console/claims/${claimId}`);
      expect(await claimOf(claimId)).to.include({ phase: 'submitted', acknowledgementVersion: 1 });
    }));

  it('finds the tenant by its domain', () =>
    inForm('/claims/new?programme=sample', async (page) => {
      await page.getByLabel('Customer’s domain').fill(northwind.domain);
      await page.getByRole('button', { name: 'Continue' }).click();
      await stepOf(page, 'What you claim').waitFor();
      expect(new URL(page.url()).searchParams.get('tenantId')).to.equal(northwind.tenantId);
      await page.getByRole('radio', { name: 'Modern Work and Security' }).check();
      await page.getByText(/cannot be claimed$/).click();
      await page.getByRole('row', { name: /Viva Topics.*does not have|Viva Topics/ }).waitFor();
    }));

  it('says beside the field what is wrong with the customer', () =>
    inForm('/claims/new?programme=sample', async (page) => {
      const tenant = page.getByLabel('Tenant ID');
      const goOn = page.getByRole('button', { name: 'Continue' });
      const says = async (text: RegExp) => {
        await page.getByRole('alert').filter({ hasText: text }).waitFor();
        await page.locator('.field-error').filter({ hasText: text }).waitFor();
        await eventually(async () => expect(await tenant.getAttribute('aria-invalid')).to.equal('true'));
      };
      await goOn.click();
      await says(/Enter the tenant ID or the domain/);
      await tenant.fill('11111111-2222-4333-8444-555555555555');
      await goOn.click();
      await says(/no tenant with this ID/);
      await tenant.fill('northwind');
      await goOn.click();
      await says(/is not a GUID/);
      expect(await tenant.inputValue()).to.equal('northwind');
    }));

  it('opens the step of a refused field, gives the summary the focus, and leads from it to every other field', async () => {
    const { claimId } = await draftOf({ contacts: undefined, evidence: [], acknowledgementVersion: undefined, name: undefined });
    await inForm(`/claims/${claimId}/edit?step=check`, async (page) => {
      await page.getByRole('button', { name: 'Submit the claim' }).click();
      const summary = page.getByRole('alert').filter({ hasText: 'There are' });
      await summary.waitFor();
      await eventually(async () => expect(await page.locator(':focus').filter({ has: summary }).count(), 'focus').to.equal(1));
      await page.locator('.field-error').filter({ hasText: 'Accept the programme' }).waitFor();
      await summary.getByRole('button', { name: /The customer's contact needs a title/ }).click();
      const title = page.getByRole('group', { name: 'Customer’s contact' }).getByLabel('Title');
      await title.waitFor();
      await title.and(page.locator(':focus')).waitFor();
      await eventually(async () => expect(await title.getAttribute('aria-invalid')).to.equal('true'));
      await summary.getByRole('button', { name: /Upload at least one proof/ }).click();
      await page.getByRole('button', { name: 'Choose files' }).and(page.locator(':focus')).waitFor();
      await page.locator('.field-error').filter({ hasText: 'Upload at least one proof' }).waitFor();
    });
    await inForm(`/claims/${claimId}/edit?step=contacts`, async (page) => {
      await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Customer' }).click();
      await page.getByLabel('Tenant ID').fill('bf77df2a-6a8b-4c50-bd40-fa4a2e73527e');
      await page.getByLabel('Customer’s domain').fill('blueheron-logistics.example');
      await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'What you claim' }).click();
      await page.getByRole('checkbox', { name: 'Teams', exact: true }).uncheck();
      await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Contacts' }).click();
      await save(page);
      await stepOf(page, 'What you claim').waitFor();
      await page.getByRole('alert').filter({ hasText: 'There is a problem' }).waitFor();
      expect((await claimOf(claimId as string))['tenantId'], 'nothing was saved').to.equal(northwind.tenantId);
    });
  });

  it('refuses a file at once by type and size, keeps one whose upload failed, and asks for a date', async () => {
    const { claimId } = await draftOf({ evidence: [] });
    await inForm(`/claims/${claimId}/edit?step=evidence`, async (page, context) => {
      let uploads = 0;
      await context.route('**/evidence', (route) => {
        uploads += 1;
        return uploads === 1 ? route.abort('connectionreset') : route.fallback();
      });
      const input = page.locator('input[type=file][multiple]');
      await input.setInputFiles([{ name: 'tool.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') }]);
      await page.getByText('The type of the file was not recognised').waitFor();
      // Made in the page, because so much data takes long to send to it.
      await page.evaluate(`
        const files = new DataTransfer();
        files.items.add(new File(['%PDF-1.4', new Uint8Array(20 * 1024 * 1024)], 'big.pdf'));
        const chosen = document.querySelector('input[type=file][multiple]');
        chosen.files = files.files;
        chosen.dispatchEvent(new Event('change', { bubbles: true }));
      `);
      await page.getByText('the limit is 20 MiB').waitFor();
      await page.getByRole('button', { name: 'Save and continue' }).click();
      await page.getByRole('alert').filter({ hasText: 'Remove the files that are not accepted' }).waitFor();
      await stepOf(page, 'Evidence').waitFor();
      await page.getByRole('button', { name: 'Remove tool.exe' }).click();
      await page.getByRole('button', { name: 'Remove big.pdf' }).click();
      await input.setInputFiles([pdf('statement.pdf')]);
      const upload = page.getByRole('button', { name: 'Upload and continue' });
      await upload.click();
      await page.getByText('State the date on which the customer signed the evidence.').waitFor();
      expect(uploads, 'nothing was sent').to.equal(0);
      await page.getByLabel('Date of the customer’s signature').fill(dayAgo());
      await upload.click();
      await page.getByText('Not uploaded: The server could not be reached.').waitFor();
      await upload.click();
      await stepOf(page, 'Check and submit').waitFor();
      const evidence = (await claimOf(claimId as string))['evidence'] as Json[];
      expect(evidence.map(({ fileName, signedOn }) => [fileName, signedOn])).to.deep.equal([['statement.pdf', dayAgo()]]);
    });
  });

  it('takes files that are dropped or pasted', async () => {
    const { claimId } = await draftOf({ evidence: [] });
    await inForm(`/claims/${claimId}/edit?step=evidence`, async (page) => {
      await page.getByRole('button', { name: 'Choose files' }).waitFor();
      const files = await page.evaluateHandle(`(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['%PDF-1.4 dropped'], 'dropped.pdf', { type: 'application/pdf' }));
        return transfer;
      })()`);
      for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('.drop-zone', event, { dataTransfer: files });
      const queue = page.getByRole('list', { name: 'Files to upload' });
      await queue.getByText('dropped.pdf').waitFor();
      await page.evaluate(`
        const pasted = new DataTransfer();
        pasted.items.add(new File(['%PDF-1.4 pasted'], 'pasted.pdf', { type: 'application/pdf' }));
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true }));
      `);
      await queue.getByText('pasted.pdf').waitFor();
    });
  });

  it('shows what somebody else changed meanwhile, and loses nothing that was typed', async () => {
    const { claimId, version } = await draftOf({ name: 'First name' });
    await inForm(`/claims/${claimId}/edit?step=targets`, async (page) => {
      const name = page.getByLabel('Name of the claim');
      await name.fill('My name');
      await page.getByLabel('Your reference (optional)').fill('REF-1');
      const changes = { name: 'Their name', tags: ['theirs'] };
      const theirs = await api.call('PATCH', `/v1/claims/${claimId}`, { token, body: changes, headers: { 'If-Match': `"${version}"` } });
      expect(theirs.status, theirs.text).to.equal(200);
      await save(page);
      const notice = page.getByRole('alert').filter({ hasText: 'Somebody else has changed this claim' });
      await notice.getByRole('row', { name: /Name of the claim Their name What you entered stays: My name/ }).waitFor();
      await notice.getByRole('row', { name: /Tags \(optional\) theirs Taken over/ }).waitFor();
      await eventually(async () => expect(await name.inputValue()).to.equal('My name'));
      expect((await claimOf(claimId as string))['name']).to.equal('Their name');
      await save(page);
      await stepOf(page, 'Contacts').waitFor();
      expect(await claimOf(claimId as string)).to.deep.include({ name: 'My name', externalReference: 'REF-1', tags: ['theirs'] });
    });
  });

  it('goes on with the draft after a reload, and makes no second one after "back"', () =>
    inForm(`/claims/new?programme=sample&step=targets&tenantId=${northwind.tenantId}&domain=${northwind.domain}`, async (page) => {
      await page.getByRole('navigation', { name: 'Steps' }).waitFor();
      await page.goto(page.url().replace('step=targets', 'step=customer'));
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('radio', { name: 'Modern Work and Security' }).check();
      await page.getByRole('checkbox', { name: 'Exchange' }).check();
      await page.reload();
      await stepOf(page, 'What you claim').waitFor();
      expect(new URL(page.url()).searchParams.get('tenantId'), 'the customer is in the address').to.equal(northwind.tenantId);
      await page.getByRole('radio', { name: 'Modern Work and Security' }).check();
      await page.getByRole('checkbox', { name: 'Exchange' }).check();
      const before = await claims();
      await save(page);
      await stepOf(page, 'Contacts').waitFor();
      const claimId = idIn(page);
      await page.reload();
      await stepOf(page, 'Contacts').waitFor();
      await page.goBack();
      await page.waitForURL(`**/claims/${claimId}/edit?step=targets`);
      await save(page);
      await stepOf(page, 'Contacts').waitFor();
      expect(await claims()).to.equal(before + 1);
    }));

  it('asks before unsaved input is left', async () => {
    const { claimId } = await draftOf();
    await inForm(`/claims/${claimId}/edit?step=targets`, async (page) => {
      const name = page.getByLabel('Name of the claim');
      await name.fill('Unsaved');
      const out = page.getByRole('link', { name: 'Claims', exact: true });
      await out.click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Stay here' }).click();
      expect(await name.inputValue()).to.equal('Unsaved');
      await out.click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Leave without saving' }).click();
      await page.waitForURL('**/console/claims');
      expect((await claimOf(claimId as string))['name']).to.equal(completeClaim().name);
    });
  });

  it('begins a claim from an earlier one, without its evidence', async () => {
    const earlier = await draftOf({ name: 'Earlier', tags: ['wave-1'] });
    await inForm(`/claims/new?from=${earlier['claimId']}`, async (page) => {
      await page.getByText(`Begun from ${earlier['number']}`).waitFor();
      expect(await page.getByLabel('Tenant ID').inputValue()).to.equal(northwind.tenantId);
      await save(page);
      await stepOf(page, 'What you claim').waitFor();
      const copy = await claimOf(idIn(page));
      expect(copy['claimId']).to.not.equal(earlier['claimId']);
      expect(copy).to.deep.include({
        name: 'Earlier',
        tags: ['wave-1'],
        contacts: earlier['contacts'],
        evidence: [],
        acknowledgementVersion: null,
      });
    });
  });

  it('says so to those who may not claim, and at a claim that cannot be edited', async () => {
    await inForm('/claims/new', (page) => page.getByRole('heading', { name: 'You cannot make claims' }).waitFor(), { role: 'reviewer' });
    const { claimId } = await draftOf();
    await api.call('DELETE', `/v1/claims/${claimId}`, { token });
    await inForm(`/claims/${claimId}/edit`, (page) => page.getByRole('heading', { name: 'This claim cannot be edited now' }).waitFor());
    const other = await api.token('claim_admin', { partner: 'a63c88ce-01ab-4367-a328-6ec63a60f30b', locations: ['*'] });
    const foreign = await api.call('POST', '/v1/claims', { token: other, body: completeClaim({ partnerId: '48213' }) });
    await inForm(`/claims/${foreign.body['claimId']}/edit`, (page) =>
      page.getByText('It does not exist, or it is not yours to see.').waitFor(),
    );
  });

  const steps = ['customer', 'targets', 'contacts', 'evidence', 'check'];
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
    it(`is accessible at every step in ${language}, ${theme}, at phone width too`, async () => {
      const { claimId } = await draftOf();
      await browser.inContext({ viewport: { width: 390, height: 844 } }, async (context) => {
        await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
        const page = await openConsole(context, api, person, `/claims/${claimId}/edit?step=customer`);
        for (const step of steps) {
          await page.goto(`${api.url}/console/claims/${claimId}/edit?step=${step}`);
          await page.locator('.steps [aria-current=step]').waitFor();
          await page.locator(`form [name], .card`).first().waitFor();
          expect(await accessibilityFaults(page), step).to.deep.equal([]);
          expect(await page.evaluate('document.documentElement.scrollWidth'), `width of ${step}`).to.be.at.most(390);
        }
      });
    });
  }

  it('offers the locations that the person acts for', () =>
    inForm(
      '/claims/new',
      async (page) => {
        const options = page.getByLabel('Your location').getByRole('option');
        await options.first().waitFor({ state: 'attached' });
        const names = await options.allInnerTexts();
        expect(names.every((name) => name.includes('Austin'))).to.equal(true);
        expect(names).to.have.length(1);
        expect(names[0]).to.not.include(evergreen.partnerId);
      },
      { role: 'claim_user', locations: ['1240388'] },
    ));
});
