import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { isRunning } from '../../libs/embedded/processes.js';
import { waitFor } from '../support/wait.js';
import { makeCheckout, startTool, type ToolResult } from './checkout.fixture.js';

/** One test in each tier that `npm test` runs. */
const tiers = ['api', 'database', 'property', 'replay', 'setup', 'story', 'unit', 'web', 'workflow'];
const others = tiers.length;

/** Fails as long as a file is not there, and creates it: the first try fails, the second one passes. */
const flaky = (mark: string) => `
  if (existsSync('${mark}')) return;
  writeFileSync('${mark}', '');
  throw new Error('It was too slow.');`;

describe('a run of all tests', function () {
  this.timeout(120_000);
  this.slow(60_000);
  let checkout: string;
  let temporary: string;

  beforeEach(() => {
    checkout = makeCheckout();
    temporary = realpathSync(mkdtempSync(join(tmpdir(), 'cpor-run-')));
    symlinkSync(join(checkoutRoot, 'node_modules'), join(checkout, 'node_modules'));
    write('package.json', '{ "type": "module" }');
    write('dist/test/support/servers.js', '');
    write(
      'run.mjs',
      `import { runTool } from './tools/setup.mjs'; import { runAll } from './tools/tests/run.mjs'; await runTool(() => runAll([], {}));`,
    );
    for (const tier of tiers) test(`${tier}/passes`, '');
  });

  afterEach(() => {
    for (const folder of [checkout, temporary]) rmSync(folder, { recursive: true, force: true });
  });

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  const test = (name: string, body: string) =>
    write(
      `dist/test/${name}.test.js`,
      `import { existsSync, writeFileSync } from 'node:fs';
       describe('${name}', () => { it('does one thing', () => {${body}\n}); });`,
    );
  const start = (): { child: ChildProcess; result: Promise<ToolResult> } =>
    startTool(checkout, ['run.mjs'], { PATH: process.env['PATH'], TMPDIR: temporary });
  const run = async () => {
    const { code, output } = await start().result;
    return { code, output, last: output.trimEnd().split('\n').at(-1) };
  };

  it('counts the tests of every tier, and leaves nothing behind', async () => {
    const { code, last } = await run();
    expect(last).to.match(new RegExp(`^${others} passed, 0 failed in \\d+ min \\d+ s$`));
    expect(code).to.equal(0);
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('gives a file with real servers a second try, and says so', async () => {
    test('web/slow', flaky('mark'));
    const { code, output, last } = await run();
    expect(output).to.match(/^── Passed only at the second try.*\ntest\/web\/slow\.test\.ts: web\/slow does one thing$/m);
    expect(last).to.match(new RegExp(`^${others + 1} passed, 0 failed in `));
    expect(code).to.equal(0);
  });

  it('fails when the second try fails, too', async () => {
    test('api/wrong', "throw new Error('It is wrong.');");
    const { code, output, last } = await run();
    expect(output).to.match(/^── What failed\n.*test\/api\/wrong\.test\.ts: api\/wrong does one thing\nError: It is wrong\./m);
    expect(output).not.to.include('Passed only at the second try');
    expect(last).to.match(new RegExp(`^${others} passed, 1 failed in `));
    expect(code).to.equal(1);
  });

  for (const tier of ['unit', 'property', 'replay', 'database'])
    it(`never gives a test of the tier ${tier} a second try`, async () => {
      test(`${tier}/fickle`, flaky('mark'));
      const { code, output, last } = await run();
      expect(output).not.to.include('second try');
      expect(last).to.match(new RegExp(`^${others} passed, 1 failed in `));
      expect(code).to.equal(1);
    });

  it('gives no second try when most of the servers have failed', async () => {
    for (let count = 0; count < 9; count++) test(`web/broken-${count}`, flaky(`mark-${count}`));
    const { code, output, last } = await run();
    expect(output).to.include('9 files with real servers failed, too many for a second try.');
    expect(last).to.match(new RegExp(`^${others} passed, 9 failed in `));
    expect(code).to.equal(1);
  });

  it('blames the file whose process died, and runs the others', async () => {
    test('unit/deadly', "process.kill(process.pid, 'SIGKILL');");
    const { code, output, last } = await run();
    expect(output).to.match(/^── What failed\n.*test\/unit\/deadly\.test\.ts/m);
    expect(last).to.match(new RegExp(`^${others} passed, 1 failed in `));
    expect(code).to.equal(1);
  });

  it('fails when its servers do not start', async () => {
    write('dist/test/support/servers.js', "export async function mochaGlobalSetup() { throw new Error('There is no space left.'); }");
    const { code, output, last } = await run();
    expect(output).to.include('There is no space left.');
    expect(output).to.include('ended before all tests had run');
    expect(last).to.match(/^0 passed, 1 failed in /);
    expect(code).to.equal(1);
  });

  it('ends what a killed run has left, and removes its files', async () => {
    test('web/hangs', 'return new Promise(() => setInterval(() => 0, 1000));');
    write(
      'dist/test/support/servers.js',
      `import { spawn } from 'node:child_process'; import { renameSync, writeFileSync } from 'node:fs'; import { tmpdir } from 'node:os';
       export async function mochaGlobalSetup() {
         const args = ['-e', 'setInterval(() => 0, 1000)', tmpdir() + '/server'];
         const { pid } = spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
         writeFileSync('half', tmpdir() + ' ' + pid + ' ' + process.pid);
         renameSync('half', 'left');
       }`,
    );
    const killed = start();
    await waitFor('the server to run', () => existsSync(join(checkout, 'left')));
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const [folder, ...pids] = readFileSync(join(checkout, 'left'), 'utf8').split(' ');
    expect(existsSync(folder!)).to.equal(true);
    rmSync(join(checkout, 'dist/test/web/hangs.test.js'));
    write('dist/test/support/servers.js', '');
    const { last } = await run();
    expect(last).to.match(new RegExp(`^${others} passed, 0 failed in `));
    expect(existsSync(folder!)).to.equal(false);
    for (const pid of pids) await waitFor('what it left to have ended', async () => !(await isRunning(Number(pid))));
  });
});
