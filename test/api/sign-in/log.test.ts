import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findFreePort } from '#libs/embedded/index.js';
import { CookieBrowser } from '../../support/cookie-browser.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen } from '../../support/sample-directory.js';
import { SecondIssuer } from '../../support/second-issuer.js';
import { waitFor } from '../../support/wait.js';

const main = join(import.meta.dirname, '../../../apps/api/src/main.js');

describe('The log of a sign-in', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let issuer: SecondIssuer;
  let directory: string;
  let child: ChildProcess;
  let output = '';
  let url: string;

  before(async () => {
    database = await createTestDatabase();
    issuer = await SecondIssuer.start([{ subject: 'robin', name: 'Robin Fields', roles: ['claim_admin'], partner: evergreen.accountId }]);
    directory = await mkdtemp(join(tmpdir(), 'cpor-test-log-'));
    const port = await findFreePort(0);
    url = `http://127.0.0.1:${port}`;
    await issuer.serve(url);
    const env = {
      ...issuer.env,
      PATH: process.env['PATH'] ?? '',
      CPOR_MODE: 'sandbox',
      DATABASE_URL: database.appUrl,
      TEMPORAL_ADDRESS: `127.0.0.1:${await findFreePort(0)}`,
      CPOR_API_PORT: String(port),
      CPOR_DATA_DIR: directory,
      CPOR_LOG_LEVEL: 'trace',
    };
    child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitFor('the API', async () => (await fetch(`${url}/livez`).catch(() => null))?.ok === true);
  });
  after(async () => {
    child?.kill('SIGKILL');
    if (child !== undefined && child.exitCode === null) await once(child, 'close');
    await issuer?.stop();
    await database?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('says what happened, and holds no code, state, cookie or token', async () => {
    const browser = new CookieBrowser(url);
    const secrets: string[] = [];
    const callbackOf = async () => {
      const { address } = await browser.follow('/sign-in?returnTo=/livez');
      const to = new URL('?as=robin', address);
      const callback = await browser.follow(to, ({ pathname }) => pathname === '/sign-in/callback', { method: 'POST' });
      secrets.push(callback.address.searchParams.get('code')!, callback.address.searchParams.get('state')!);
      return callback.address;
    };
    const address = await callbackOf();
    await browser.visit(address);
    secrets.push(browser.cookie()!, browser.cookie('__Host-cpor-sign-in')!);
    // The code was used before: openid-client's error holds the issuer's answer.
    await browser.visit(address);
    issuer.audience = 'payroll';
    browser.forgetIssuer();
    await browser.visit(await callbackOf());
    expect((await browser.call('GET', '/v1/claims')).status).to.equal(200);
    const csrf = await browser.csrf();
    secrets.push(...Object.values(csrf));
    const left = await browser.call('POST', '/sign-out', { body: {}, headers: csrf });
    const [, ticket] = (left.body['issuerSignOut'] as string).split('ticket=');
    secrets.push(ticket!);
    await browser.visit(left.body['issuerSignOut'] as string);
    await browser.visit('/livez');
    await waitFor('the lines', () => output.includes('token_wrong_audience') && output.includes('"route":"/sign-out/issuer"'));

    expect(output).to.include('A sign-in failed: sign_in_stale, invalid_grant').and.include('"route":"/sign-in/callback"');
    for (const secret of secrets) expect(secret.length > 20 && output.includes(secret), secret).to.equal(false);
    expect(output).to.not.match(/eyJ|__Host|Robin/);
  });
});
