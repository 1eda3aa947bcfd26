import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutRoot, endProcess } from '#libs/embedded/index.js';
import { TestBrowser } from '../support/browser.js';
import { settled, signIn } from '../support/console.js';
import { type Product, startProduct } from '../support/product.js';
import { type ConsolePage, consolePages } from './pages.js';
import { prepareWorld } from './world.js';

const usage = 'Usage: npm run screenshots [-- --all] [--only NAME]   (--all: both languages and both colour schemes)';

interface Look {
  language: 'en' | 'ru';
  theme: 'light' | 'dark';
}

const usualLooks: Look[] = [
  { language: 'en', theme: 'light' },
  { language: 'ru', theme: 'dark' },
];
const allLooks: Look[] = (['en', 'ru'] as const).flatMap((language) => (['light', 'dark'] as const).map((theme) => ({ language, theme })));

const folder = join(checkoutRoot, '.data', 'screenshots');

/** Starts the product, takes claims through their lives and photographs every page of the console into .data/screenshots. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: 'boolean', default: false }, only: { type: 'string' } } });
  await mkdir(folder, { recursive: true });
  const product = await startProduct();
  const browser = await TestBrowser.open();
  try {
    const pages = consolePages(await prepareWorld(product)).filter(({ name }) => values.only === undefined || name.startsWith(values.only));
    for (const look of values.all ? allLooks : usualLooks) await photograph(product, browser, pages, look);
  } finally {
    await browser.close();
    await product.close();
  }
}

async function photograph(product: Product, browser: TestBrowser, pages: ConsolePage[], { language, theme }: Look): Promise<void> {
  for (const person of new Set(pages.map((page) => page.person)))
    await browser.inContext({ viewport: { width: 1280, height: 800 } }, async (context) => {
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
      const page = await signIn(context, product.stack.addresses.apiUrl, person);
      for (const { name, path } of pages.filter((one) => one.person === person)) {
        await page.goto(`${product.stack.addresses.apiUrl}/console${path}`);
        await settled(page);
        const file = join(folder, `${name}.${language}.${theme}.png`);
        await page.screenshot({ path: file, fullPage: true });
        process.stdout.write(`${file}\n`);
      }
    });
}

try {
  await main();
  await endProcess(0);
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isUsage ? `${(error as Error).message}\n${usage}` : (error as Error).stack}\n`);
  await endProcess(1);
}
