import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startTestApi, type TestApi } from '../support/api.js';
import { TestBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { waitFor } from '../support/wait.js';

const cli = fileURLToPath(new URL('../../apps/cli/src/main.js', import.meta.url));

describe('cpor login, with a real browser', function () {
  this.timeout(60_000);

  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;
  let folder: string;
  const opened = () => readFile(join(folder, 'opened'), 'utf8').catch(() => '');

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
    folder = await mkdtemp(join(tmpdir(), 'cpor-login-'));
    // What opens a browser on Linux and on macOS: here it only notes the address, which the test's browser then opens.
    await mkdir(join(folder, 'bin'));
    for (const name of ['xdg-open', 'open']) {
      await writeFile(join(folder, 'bin', name), `#!/bin/sh\nprintf %s "$1" > "${folder}/opened"\n`);
      await chmod(join(folder, 'bin', name), 0o755);
    }
  });
  after(async () => {
    await browser?.close();
    await api?.close();
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const env = () => ({
    PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
  });
  const profiles = () => join(folder, 'config/cpor/profiles.json');

  const cpor = (...words: string[]) =>
    new Promise<{ code: number; out: string; said: string }>((resolve) =>
      execFile(process.execPath, [cli, ...words], { cwd: folder, env: env() }, (error, out, said) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, said }),
      ),
    );

  /** Starts the command, and returns the address that it had the browser open. */
  async function login(): Promise<{ child: ChildProcess; address: string; output: () => string }> {
    await rm(join(folder, 'opened'), { force: true });
    const child = spawn(process.execPath, [cli, 'login', api.url, '--name', 'sandbox'], { cwd: folder, env: env() });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    await waitFor('the browser to be opened', async () => (await opened()) !== '');
    const address = await opened();
    expect(output).to.include(`Sign in at:\n  ${address}`);
    return { child, address, output: () => output };
  }
  const ended = (child: ChildProcess) => waitFor('the end of the command', () => child.exitCode !== null);

  it('opens the sign-in page, takes the person back to the terminal, and keeps the profile for its owner alone', async function () {
    if (process.platform === 'win32') this.skip();
    const { child, address, output } = await login();
    await browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(address);
      await page.getByRole('button', { name: 'Ann Fletcher' }).click();
      await page.getByText('You are signed in. You can close this window and go back to the terminal.').waitFor();
      expect(page.url()).to.match(/^http:\/\/127\.0\.0\.1:\d+\/callback\?/);
      await ended(child);
      // The address holds a code that has been used; nobody listens there any more.
      const back = await page.reload().catch(() => null);
      expect(back).to.equal(null);
    });
    expect(child.exitCode, output()).to.equal(0);
    expect(output()).to.include('Signed in as Ann Fletcher');
    expect((await stat(profiles())).mode & 0o777).to.equal(0o600);
    const { accessToken } = JSON.parse(await readFile(profiles(), 'utf8')).profiles.sandbox;
    expect(output()).to.not.include(accessToken);

    const me = await cpor('whoami', '--json');
    expect([me.code, JSON.parse(me.out).name], me.said).to.deep.equal([0, 'Ann Fletcher']);
    const claims = await cpor('claims', 'list', '--json');
    expect(claims.code, claims.said).to.equal(0);
  });

  it('says in the browser and in the terminal that the sign-in was cancelled, and keeps the profile as it was', async function () {
    if (process.platform === 'win32') this.skip();
    const before = await readFile(profiles(), 'utf8');
    const { child, address, output } = await login();
    await browser.inContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(address);
      await page.getByRole('button', { name: /Cancel/ }).click();
      await page.getByText('The sign-in has failed. The terminal says why.').waitFor();
    });
    await ended(child);
    expect([child.exitCode, output().includes('The sign-in was cancelled.')], output()).to.deep.equal([1, true]);
    expect(await readFile(profiles(), 'utf8')).to.equal(before);
  });
});
