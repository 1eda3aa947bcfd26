import { expect } from 'chai';
import { consolePages } from '../../screenshots/pages.js';
import { prepareWorld, type World } from '../../screenshots/world.js';
import { accessibilityFaults } from '../../support/accessibility.js';
import { TestBrowser } from '../../support/browser.js';
import { settled, signIn } from '../../support/console.js';
import { looks } from '../../support/looks.js';
import { type Product, startProduct } from '../../support/product.js';

describe('Every page of the console', function () {
  this.timeout(300_000);
  this.slow(300_000);
  let product: Product;
  let world: World;
  let browser: TestBrowser;

  before(async () => {
    product = await startProduct();
    world = await prepareWorld(product);
    browser = await TestBrowser.open();
  });

  after(async () => {
    await browser?.close();
    await product?.close();
  });

  for (const { language, theme } of looks)
    it(`has no accessibility fault, no error in the browser's console and no sideways scrolling in ${language}, ${theme}`, async () => {
      const pages = consolePages(world);
      const faults: string[] = [];
      for (const person of new Set(pages.map((page) => page.person)))
        await browser.inContext({ viewport: { width: 1280, height: 800 } }, async (context) => {
          await context.addInitScript(
            `localStorage.setItem('cpor.language', '${language}'); localStorage.setItem('cpor.theme', '${theme}')`,
          );
          const page = await signIn(context, product.stack.addresses.apiUrl, person);
          for (const { name, path, isRefused } of pages.filter((one) => one.person === person)) {
            const complaints: string[] = [];
            // A page that shows a refusal has asked for what it may not see, which the browser reports.
            const listen = (message: { type(): string; text(): string }) => {
              if (message.type() === 'error' && isRefused !== true) complaints.push(`${name}: ${message.text()}`);
            };
            page.on('console', listen);
            await page.goto(`${product.stack.addresses.apiUrl}/console${path}`);
            await settled(page);
            faults.push(...complaints, ...(await accessibilityFaults(page)).map((fault) => `${name}: ${fault}`));
            const width = await page.evaluate('document.documentElement.scrollWidth');
            if (Number(width) > 1280) faults.push(`${name}: is ${String(width)} pixels wide`);
            page.off('console', listen);
          }
        });
      expect(faults).to.deep.equal([]);
    });
});
