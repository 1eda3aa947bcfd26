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

  it('cannot be installed without a network, and the message says so', async () => {
    const env = { PATH: process.env['PATH'], npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' };
    const { code, output } = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], env).result;
    expect(code).to.equal(1);
    expect(output.trimEnd().split('\n').at(-1)).to.match(
      /^\S.* could not be installed, because npm cannot reach its registry\. Check the network .* and try again\. Log: .*\.log$/,
    );
  });

  it('cannot be installed without npm, and the message says so', async () => {
    const { code, output } = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], { PATH: '/nonexistent' }).result;
    expect(code).to.equal(1);
    expect(output.trimEnd().split('\n').at(-1)).to.match(
      / could not be installed, because npm is not on PATH\. Install npm and try again\.$/,
    );
  });

  it('are installed again when the lock file has changed', async () => {
    mkdirSync(join(checkout, 'node_modules'));
    cpSync(join(checkoutRoot, 'node_modules/.package-lock.json'), join(checkout, 'node_modules/.package-lock.json'));
    const env = { PATH: '/nonexistent' };
    const same = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], env).result;
    expect(same.output).to.match(/dependencies from the lock file +already done/);
    writeFileSync(join(checkout, 'package-lock.json'), '{ "packages": { "node_modules/left-pad": { "version": "1.3.0" } } }');
    const changed = await startTool(checkout, ['tools/setup.mjs', '--only', 'sources'], env).result;
    expect(changed.output).to.match(/✗ dependencies from the lock file/);
  });
});
