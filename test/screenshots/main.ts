import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutRoot, endProcess } from '#libs/embedded/index.js';
import { TestBrowser } from '../support/browser.js';
import { settled, signIn } from '../support/console.js';
import { type Product, startProduct } from '../support/product.js';
import { type ConsolePage, consolePages } from './pages.js';
import { prepareWorld } from './world.js';

const usage = `Usage: npm run screenshots [-- --all] [-- --only NAME] [-- --docs]
  --all   both languages and both colour schemes
  --only  pages whose name begins so
  --docs  only the pictures of docs/images, which are committed`;

interface Look {
  language: 'en' | 'ru';
  theme: 'light' | 'dark';
}

const usualLooks: Look[] = [
  { language: 'en', theme: 'light' },
  { language: 'ru', theme: 'dark' },
];
const allLooks: Look[] = (['en', 'ru'] as const).flatMap((language) => (['light', 'dark'] as const).map((theme) => ({ language, theme })));

/** What the documentation shows. */
const documented = ['claim-waiting', 'review', 'portal'];

/** Where pictures go, what they are called, and whether they show the whole page or what fits into a window. */
interface Album {
  looks: Look[];
  folder: string;
  fileOf: (page: ConsolePage, look: Look) => string;
  isWholePage: boolean;
}

const album = (looks: Look[]): Album => ({
  looks,
  folder: join(checkoutRoot, '.data', 'screenshots'),
  fileOf: ({ name }, { language, theme }) => `${name}.${language}.${theme}.png`,
  isWholePage: true,
});

const docsAlbum: Album = {
  looks: usualLooks.slice(0, 1),
  folder: join(checkoutRoot, 'docs', 'images'),
  fileOf: ({ name }) => `${name}.png`,
  isWholePage: false,
};

/** Starts the product, takes claims through their lives and photographs the console. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { all: { type: 'boolean', default: false }, only: { type: 'string' }, docs: { type: 'boolean', default: false } },
  });
  const isWanted = ({ name }: ConsolePage) =>
    values.docs ? documented.includes(name) : values.only === undefined || name.startsWith(values.only);
  const product = await startProduct();
  const browser = await TestBrowser.open();
  try {
    const pages = consolePages(await prepareWorld(product)).filter(isWanted);
    await photograph(product, browser, pages, values.docs ? docsAlbum : album(values.all ? allLooks : usualLooks));
  } finally {
    await browser.close();
    await product.close();
  }
}

async function photograph(product: Product, browser: TestBrowser, pages: ConsolePage[], { looks, folder, ...way }: Album): Promise<void> {
  const { apiUrl } = product.stack.addresses;
  const people = [...new Set(pages.map(({ person }) => person))];
  await mkdir(folder, { recursive: true });
  for (const [look, person] of looks.flatMap((one) => people.map((who) => [one, who] as const)))
    await browser.inContext({ viewport: { width: 1280, height: 800 } }, async (context) => {
      const { language, theme } = look;
      await context.addInitScript(`localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`);
      const page = await signIn(context, apiUrl, person);
      for (const one of pages.filter((candidate) => candidate.person === person)) {
        await page.goto(`${apiUrl}/console${one.path}`);
        await settled(page);
        const path = join(folder, way.fileOf(one, look));
        await page.screenshot({ path, fullPage: way.isWholePage });
        process.stdout.write(`${path}\n`);
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
