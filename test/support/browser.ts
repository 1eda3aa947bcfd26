import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium as playwright } from 'playwright-core';
import { checkoutRoot } from '#libs/embedded/index.js';

/**
 * Starts Chromium from its npm package, which unpacks itself into the temporary folder. It gets one of the checkout's own:
 * in the common one it would belong to whichever account came first.
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = join(checkoutRoot, '.tools', 'chromium');
  await mkdir(folder, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    // Reads the temporary folder when it is loaded.
    const { default: chromium } = await import('@sparticuz/chromium');
    // In a single process the end of one context is the end of the browser.
    const args = chromium.args.filter((argument) => argument !== '--single-process');
    return await playwright.launch({ executablePath: await chromium.executablePath(), args });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
