import type { BrowserContext, Page } from 'playwright-core';
import type { Role } from '#libs/auth/index.js';
import type { TestApi } from './api.js';
import { waitFor } from './wait.js';

export interface ConsolePerson {
  role: Role;
  partner?: string;
  locations?: string[];
  tenant?: string;
  subject?: string;
  actsFor?: string[];
}

/** Use it for tests of the console's pages: opens the console as somebody with a role. Sign-in itself has its own tests. */
export async function openConsole(context: BrowserContext, api: TestApi, { role, ...more }: ConsolePerson, path = '/'): Promise<Page> {
  const token = await api.token(role, more);
  await context.route(`${api.url}/v1/**`, (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${token}` } }),
  );
  await context.route(`${api.url}/session`, (route) =>
    route.fulfill({ json: { isSignedIn: true, subject: 'test', name: 'Test', csrfToken: 'test' } }),
  );
  const page = await context.newPage();
  await page.goto(`${api.url}/console${path}`);
  return page;
}

/** Signs a sample person in, as a person does: through the console and the sandbox's issuer. Returns the page that was asked for. */
export async function signIn(context: BrowserContext, apiUrl: string, name: string, path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${apiUrl}/console${path}`);
  await page.getByRole('link', { name: /^(Sign in|Войти)$/ }).click();
  await page.getByRole('button', { name }).click();
  await page.getByRole('navigation', { name: /^(Sections|Разделы)$/ }).waitFor();
  return page;
}

/** Waits until nothing of the page loads any more. A stream of events never ends, so the network is no measure. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('main').waitFor();
  await waitFor('the page to have loaded', async () => (await page.locator('.loading, .loading-bar').count()) === 0);
}
