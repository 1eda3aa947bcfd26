import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Runs the processes of an image from its root file system, read-only, as the image's user and as process 1, without a container engine:
 *   DATABASE_URL=… DATABASE_OWNER_URL=… TEMPORAL_ADDRESS=… node deploy/image/try-rootfs.mjs .data/image/rootfs
 * Needs root. Migrates that database, starts API and worker in production mode, asks for their health and stops them. Use the servers of a sandbox:
 * "npm start" writes their addresses to .data/stack.json.
 */
const rootfs = realpathSync(process.argv[2] ?? '');
const apiPort = Number(process.env.PORT ?? 3990);
const metricsPort = apiPort + 1;
const settings = {
  DATABASE_URL: process.env.DATABASE_URL,
  TEMPORAL_ADDRESS: process.env.TEMPORAL_ADDRESS,
  NODE_ENV: 'production',
  CPOR_MODE: 'production',
  CPOR_API_HOST: '127.0.0.1',
  CPOR_API_PORT: String(apiPort),
  CPOR_PUBLIC_URL: 'https://claims.vendor.example',
  CPOR_MAIL_FROM: 'claims@vendor.example',
  CPOR_LINK_KEY: randomBytes(32).toString('base64'),
  OIDC_ISSUER: 'https://login.vendor.example',
  SMTP_URL: 'smtp://127.0.0.1:1',
};
/** The mounts are of the new process alone, so none is left. */
const inside = `
  mount --bind "$0" "$0"
  mount -t tmpfs tmpfs "$0/tmp"
  mount -t proc proc "$0/proc"
  mount -o remount,bind,ro "$0"
  exec chroot --userspec=65532:65532 --groups=65532 "$0" /nodejs/bin/node "$@"`;

/** @param {string[]} args @param {NodeJS.ProcessEnv} [more] */
function start(args, more = {}) {
  const env = { PATH: process.env.PATH, ...settings, ...more };
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc', inside, rootfs, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
  return { child, ended, output: () => output };
}

/** @param {string} title @param {string[]} args @param {NodeJS.ProcessEnv} [more] */
async function run(title, args, more) {
  const { ended, output } = start(args, more);
  say(`${title}: exit code ${await ended}`, output());
}

/** @param {string[]} lines */
const say = (...lines) => process.stdout.write(`${lines.map((line) => line.trimEnd()).join('\n')}\n`);

/** @param {number} port @param {string} path */
async function ask(port, path) {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(250)) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    if (answer) return `${answer.status} ${(await answer.text()).trim().slice(0, 300)}`;
  }
  return 'no answer within 60 s';
}

const write = "for (const f of ['/app/x', '/x', '/tmp/x']) try { require('fs').writeFileSync(f, ''); console.log(f, 'written') } catch (e) { console.log(f, e.code) }";
await run('writing as the user of the image', ['-e', `console.log('uid', process.getuid()); ${write}`]);
await run('cpor migrate', ['/app/dist/apps/cli/src/main.js', 'migrate'], { DATABASE_OWNER_URL: process.env.DATABASE_OWNER_URL });
const api = start(['/app/dist/apps/api/src/main.js']);
const worker = start(['/app/dist/apps/worker/src/main.js'], { CPOR_METRICS: `127.0.0.1:${metricsPort}` });
try {
  say(`API    /livez   ${await ask(apiPort, '/livez')}`);
  say(`worker /livez   ${await ask(metricsPort, '/livez')}`);
  await sleep(5_000);
  say(`API    /readyz  ${await ask(apiPort, '/readyz')}`);
  say(`API    /console ${(await ask(apiPort, '/console')).slice(0, 60)}`);
  await run('health check of the API', ['/app/deploy/image/health.mjs']);
  await run('health check of the worker', ['/app/deploy/image/health.mjs'], { CPOR_METRICS: `127.0.0.1:${metricsPort}` });
} finally {
  for (const [name, { child, ended, output }] of Object.entries({ api, worker })) {
    // "unshare" passes no signals on; process 1 of the image is its only child.
    process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')), 'SIGTERM');
    const code = await Promise.race([ended, sleep(40_000, 'still running')]);
    say(`${name} after SIGTERM: ${code}; its last lines:`, output().trimEnd().split('\n').slice(-3).join('\n').slice(0, 600));
    if (code === 'still running') child.kill('SIGKILL');
  }
}
