import { expect } from 'chai';
import { accessibilityFaults } from '../../support/accessibility.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { signIn } from '../../support/console.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/wait.js';

describe("The console's pages of roles and sessions", () => {
  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
  });

  after(async () => {
    await browser.close();
    await api.close();
    await database.close();
  });

  it('give a viewer of usage the right to claim, effective at the next request, and take it away again', () =>
    browser.inContext({}, (adminContext) =>
      browser.inContext({}, async (viewerContext) => {
        const viewer = await signIn(viewerContext, api.url, 'Uma Patel');
        await viewer.goto(`${api.url}/console/claims`);
        await viewer.getByText('name the permission claims.read').waitFor();

        const admin = await signIn(adminContext, api.url, 'Ann Fletcher', '/members');
        await admin.getByText('Nobody has a role from here yet').waitFor();
        await admin.getByRole('button', { name: 'Give somebody a role' }).click();
        await admin.getByRole('button', { name: 'Save' }).click();
        await admin.getByRole('alert').waitFor();
        expect(await accessibilityFaults(admin)).to.deep.equal([]);
        await admin.getByLabel('Sign-in id of the person').fill('uma.evergreen');
        await admin.getByLabel('Claims clerk').check();
        await admin.getByRole('button', { name: 'Save' }).click();
        await admin.getByRole('rowheader', { name: 'uma.evergreen' }).waitFor();

        await viewer.reload();
        await viewer.getByText('No claims yet').waitFor();

        await admin.getByRole('button', { name: 'Take away the roles of uma.evergreen' }).click();
        await admin.getByRole('alertdialog').getByRole('button', { name: 'Take away' }).click();
        await admin.getByText('Nobody has a role from here yet').waitFor();
        await eventually(async () =>
          expect(await admin.getByRole('region', { name: 'What was changed' }).getByRole('row').count()).to.equal(3),
        );
        await viewer.reload();
        await viewer.getByText('name the permission claims.read').waitFor();
      }),
    ));

  it('show where a person is signed in, and end another session', () =>
    browser.inContext({}, (firstContext) =>
      browser.inContext({}, async (secondContext) => {
        const first = await signIn(firstContext, api.url, 'Ivy Sandoval');
        const second = await signIn(secondContext, api.url, 'Ivy Sandoval', '/sessions');
        await second.getByRole('row').nth(2).waitFor();
        expect(await accessibilityFaults(second)).to.deep.equal([]);
        await second.getByRole('button', { name: /^End the session/ }).click();
        await second.getByRole('row').nth(2).waitFor({ state: 'detached' });
        await first.locator('a[href="/console/associations"]').dispatchEvent('click');
        await first.getByText('Your session has ended').waitFor();
      }),
    ));
});
