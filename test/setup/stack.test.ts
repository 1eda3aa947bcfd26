import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { checkoutRoot, dropPostgres, waitUntil } from '#libs/embedded/index.js';
import { startTool, type ToolResult } from './checkout.fixture.js';

const untilTerm = 'setInterval(() => undefined, 1_000); process.on("SIGTERM", () => process.exit(0));';
/** Stand-ins for the apps: these tests are about how the supervisor starts, watches and ends them. */
const apps = {
  cli: 'if (process.argv[2] === process.env.FAILING_COMMAND) { console.error("it broke"); process.exit(3); }',
  worker: untilTerm,
  mailbox: untilTerm,
  api: `import { createServer } from 'node:http';
    createServer((_, response) => response.end(process.env.DATABASE_OWNER_URL ?? 'no owner')).listen(process.env.CPOR_API_PORT, '127.0.0.1');
    process.on('SIGTERM', () => process.exit(0));`,
};

interface StackFile {
  apiUrl: string;
  pids: Record<'supervisor' | 'postgres' | 'temporal' | 'mailbox' | 'api' | 'worker', number>;
}

describe('the supervisor', function () {
  this.timeout(120_000);
  let checkout: string;
  let data: string;

  before(() => {
    checkout = realpathSync(mkdtempSync(join(tmpdir(), 'cpor-stack-')));
    data = join(checkout, '.data');
    cpSync(join(checkoutRoot, 'dist/libs'), join(checkout, 'dist/libs'), { recursive: true });
    cpSync(join(checkoutRoot, 'tools/temporal'), join(checkout, 'tools/temporal'), { recursive: true });
    cpSync(join(checkoutRoot, 'package.json'), join(checkout, 'package.json'));
    symlinkSync(join(checkoutRoot, 'node_modules'), join(checkout, 'node_modules'));
    symlinkSync(join(checkoutRoot, '.tools'), join(checkout, '.tools'));
    for (const [app, source] of Object.entries(apps)) {
      mkdirSync(join(checkout, 'dist/apps', app, 'src'), { recursive: true });
      writeFileSync(join(checkout, 'dist/apps', app, 'src/main.js'), source);
    }
    writeFileSync(
      join(checkout, 'start.mjs'),
      `import { startStack } from '${pathToFileURL(join(checkout, 'dist/libs/embedded/index.js')).href}';
      const stop = new Promise((resolve) => process.once('SIGTERM', resolve));
      try {
        const stack = await startStack({ ports: 'free', isDurable: false, isFresh: process.argv[2] === '--fresh', say: console.log });
        console.log('ready');
        await stop;
        await stack.stop();
        console.log('ended');
      } catch (error) {
        console.log(error.message);
        process.exitCode = 1;
      }
      process.disconnect?.();`,
    );
  });

  after(async () => {
    await dropPostgres(join(data, 'postgres'));
    await rm(checkout, { recursive: true, force: true });
  });

  const start = (env: NodeJS.ProcessEnv = {}, args: string[] = []) =>
    startTool(checkout, ['start.mjs', ...args], { PATH: process.env['PATH'], ...env });

  const readStack = (): StackFile | undefined => {
    try {
      return JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8')) as StackFile;
    } catch {
      return undefined;
    }
  };

  /** Waits until the supervisor has written the stack file; fails with its output when it ends instead. */
  const started = async ({ child, result }: ReturnType<typeof start>): Promise<StackFile> => {
    let failure: string | undefined;
    void result.then(({ output }) => (failure = output));
    const isUp = () => readStack()?.pids.supervisor === child.pid;
    await waitUntil(() => isUp() || failure !== undefined, 60_000);
    expect(isUp(), failure ?? 'no stack file within a minute').to.equal(true);
    return readStack() as StackFile;
  };

  const isGone = (pid: number): boolean => {
    try {
      // A zombie has ended and is only waiting for its parent.
      return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  };

  const end = async (supervisor: ReturnType<typeof start>): Promise<ToolResult> => {
    supervisor.child.kill('SIGTERM');
    return supervisor.result;
  };

  it('starts every part, writes the addresses to a private file, and stops every part', async () => {
    const supervisor = start();
    const { apiUrl, pids } = await started(supervisor);
    expect(statSync(join(data, 'stack.json')).mode & 0o777).to.equal(0o600);
    expect(await (await fetch(apiUrl)).text()).to.equal('no owner');
    const { code, output } = await end(supervisor);
    expect(output).to.equal('ready\nended\n');
    expect(code).to.equal(0);
    expect(Object.entries(pids).filter(([, pid]) => !isGone(pid))).to.deep.equal([]);
    expect(existsSync(join(data, 'stack.json'))).to.equal(false);
  });

  it('refuses to start twice on the same data', async () => {
    const supervisor = start();
    const { pids } = await started(supervisor);
    const second = await start().result;
    expect(second).to.deep.equal({
      code: 1,
      output: `cpor is already running in ${data} (process ${pids.supervisor}). Stop it first, or set CPOR_DATA_DIR to another folder.\n`,
    });
    await end(supervisor);
  });

  it('restarts parts that were killed, servers included', async () => {
    const supervisor = start();
    const before = await started(supervisor);
    const killed = ['postgres', 'temporal', 'worker'] as const;
    for (const name of killed) process.kill(before.pids[name], 'SIGKILL');
    const areBack = () => killed.every((name) => ![before.pids[name], null, undefined].includes(readStack()?.pids[name]));
    expect(await waitUntil(areBack, 30_000)).to.equal(true);
    const { output } = await end(supervisor);
    expect(output).to.contain('The worker was killed by SIGKILL; restarting it in 1 s.');
    expect(output).to.contain('PostgreSQL is running again');
  });

  it('leaves no app behind when it is killed, and ends leftover servers at the next start', async () => {
    const killed = start();
    const before = await started(killed);
    killed.child.kill('SIGKILL');
    await killed.result;
    const apps = [before.pids.api, before.pids.worker, before.pids.mailbox];
    expect(await waitUntil(() => apps.every(isGone), 15_000)).to.equal(true);
    expect([before.pids.postgres, before.pids.temporal].map(isGone)).to.deep.equal([false, false]);
    const supervisor = start();
    await started(supervisor);
    expect([before.pids.postgres, before.pids.temporal].map(isGone)).to.deep.equal([true, true]);
    expect((await end(supervisor)).code).to.equal(0);
  });

  it('keeps its data between starts and deletes them with --fresh', async () => {
    const credentials = () => readFileSync(join(data, 'postgres/credentials.json'), 'utf8');
    const before = credentials();
    const again = start();
    await started(again);
    await end(again);
    expect(credentials()).to.equal(before);
    const fresh = start({}, ['--fresh']);
    await started(fresh);
    await end(fresh);
    expect(credentials()).to.not.equal(before);
  });

  it('reports the failed step with its output and leaves nothing running', async () => {
    const { code, output } = await start({ FAILING_COMMAND: 'seed' }).result;
    expect(code).to.equal(1);
    expect(output).to.match(/^"cpor seed" exited with code 3\. Its log \(.*cli\.log\) ends with:\n[^]*it broke\n$/);
    expect(existsSync(join(data, 'stack.lock'))).to.equal(false);
  });
});
