import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium as playwright } from 'playwright-core';
import { checkoutRoot } from '#libs/embedded/index.js';

/** Use it for tests of pages: one Chromium per test file. If it dies, the running test fails and the next one gets a new browser. */
export class TestBrowser {
  private constructor(private browser: Browser) {}

  static async open(): Promise<TestBrowser> {
    return new TestBrowser(await launch());
  }

  /** Runs a test in its own context, without cookies or cache of other tests. */
  async inContext<Result>(options: BrowserContextOptions, run: (context: BrowserContext) => Promise<Result>): Promise<Result> {
    if (!this.browser.isConnected()) this.browser = await launch();
    const context = await this.browser.newContext(options);
    try {
      return await run(context);
    } finally {
      await context.close();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** In a single process, closing one context ends the browser. The others would hide what a browser refuses between origins. */
const unwanted = ['--single-process', '--disable-web-security', '--allow-running-insecure-content', '--disable-site-isolation-trials'];

/** Starts the Chromium of the npm package. It unpacks itself into the temporary folder, which is ours because another user may own /tmp/chromium. */
async function launch(): Promise<Browser> {
  const folder = join(checkoutRoot, '.tools', 'chromium');
  await mkdir(folder, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    // The package reads the temporary folder when it is loaded.
    const { default: chromium } = await import('@sparticuz/chromium');
    chromium.setGraphicsMode = false;
    const args = chromium.args.filter((argument) => !unwanted.includes(argument));
    // On a busy machine the watchdog of the graphics thread mistakes slowness for a hang and ends the browser.
    return await playwright.launch({ executablePath: await chromium.executablePath(), args: [...args, '--disable-gpu-watchdog'] });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
