import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import { draftClaim, startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { openConsole } from '../../support/console.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe("The console's list of claims", () => {
  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
    const token = await api.token('claim_admin');
    for (const name of ['Teams for Northwind', 'Exchange for Northwind']) await draftClaim(api, token, { name });
  });

  after(async () => {
    await browser.close();
    await api.close();
    await database.close();
  });

  it('shows the claims in scope and keeps a search in the address', () =>
    browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, { role: 'claim_admin' }, '/claims');
      await page.getByRole('row', { name: /Teams for Northwind/ }).waitFor();
      await page.getByRole('searchbox').fill('Exchange');
      await page.getByRole('row', { name: /Teams for Northwind/ }).waitFor({ state: 'detached' });
      expect(new URL(page.url()).search).to.equal('?q=Exchange');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).to.deep.equal([]);
    }));
});
