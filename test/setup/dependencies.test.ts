import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { makeCheckout, startTool } from './checkout.fixture.js';

describe('the dependencies', function () {
  this.timeout(60_000);
  let checkout: string;

  beforeEach(() => {
    checkout = makeCheckout();
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(checkoutRoot, file), join(checkout, file));
  });

  afterEach(() => rm(checkout, { recursive: true, force: true }));

  it('are asked for in one sentence when there is no network', async () => {
    const env = { PATH: process.env['PATH'], npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' };
    const { code, output } = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], env).result;
    expect(code).to.equal(1);
    expect(output.trimEnd().split('\n').at(-1)).to.match(
      /^\S.* cannot be installed because npm does not reach its registry: check the network .* and start again\. Log: .*\.log$/,
    );
  });

  it('are asked for in one sentence when there is no npm', async () => {
    const { code, output } = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], { PATH: '/nonexistent' }).result;
    expect(code).to.equal(1);
    expect(output.trimEnd().split('\n').at(-1)).to.match(
      / cannot be installed because there is no npm on PATH: install npm and start again\.$/,
    );
  });

  it('are not believed to be there when the lock file names others', async () => {
    mkdirSync(join(checkout, 'node_modules'));
    cpSync(join(checkoutRoot, 'node_modules/.package-lock.json'), join(checkout, 'node_modules/.package-lock.json'));
    const env = { PATH: '/nonexistent' };
    const same = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], env).result;
    expect(same.output).to.match(/dependencies from the lock file +already right/);
    writeFileSync(join(checkout, 'package-lock.json'), '{ "packages": { "node_modules/left-pad": { "version": "1.3.0" } } }');
    const changed = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], env).result;
    expect(changed.output).to.match(/✗ dependencies from the lock file/);
  });
});
