import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityFaults } from './accessibility.js';
import { startTestApi, type TestApi } from './api.js';
import { TestBrowser } from './browser.js';
import { type ConsolePerson, openConsole } from './console.js';
import { Stage } from './stage.js';

interface OpenOptions {
  person?: ConsolePerson;
  /** What follows the claim's address, such as `/answer`. */
  path?: string;
  language?: 'en' | 'ru';
  theme?: 'light' | 'dark';
  /** Prepares the context before the page opens. */
  prepare?: (context: BrowserContext) => void;
}

/** Use it for tests of the pages of one claim: a `Stage`, the API on it and a browser. */
export class ClaimConsole {
  private constructor(
    readonly stage: Stage,
    readonly api: TestApi,
    private readonly browser: TestBrowser,
  ) {}

  static async start(): Promise<ClaimConsole> {
    const stage = await Stage.open();
    const api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    return new ClaimConsole(stage, api, await TestBrowser.open());
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.api.close();
    await this.stage.close();
  }

  /** Opens a page of the claim, by default as its partner's administrator, and runs the test with it. */
  async open(
    { claimId }: { claimId: string },
    { person = { role: 'claim_admin' }, path = '', language = 'en', theme = 'light', prepare }: OpenOptions,
    test: (page: Page) => Promise<void>,
  ): Promise<void> {
    await this.browser.inContext({ viewport: { width: 1280, height: 900 } }, async (context) => {
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
      prepare?.(context);
      await test(await openConsole(context, this.api, person, `/claims/${claimId}${path}`));
    });
  }
}

/** Expects no finding of axe on the page. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessibilityFaults(page)).to.deep.equal([]);
}

/** Presses Tab until the control with this name has the focus. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const isThere = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
  for (let presses = 0; presses < 80; presses++) {
    const text = await page.evaluate(
      `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.textContent ?? '').trim()`,
    );
    if (isThere(String(text))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${String(name)}.`);
}
