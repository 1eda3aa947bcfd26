import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutRoot, endProcess, findFreePort, type Stack, startStack, waitUntil } from '#libs/embedded/index.js';
import { createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { percentile, totalOf } from './measure.js';
import { type Bench, pidsOf, runClaims } from './plain-claims.js';
import { measurement, rounded, table } from './report.js';
import { publishSecondsPolicy, token } from './sandbox.js';

/**
 * Runs plain claims on one and on two API processes and as many workers. On two processors more processes cannot be faster; this shows
 * that they work side by side, and what each costs. The embedded PostgreSQL has 200 connections, enough for three of each: 30 for an API, 20 for a worker.
 *
 *     npm run bench -- --processes 1,2 [--claims 200] [--concurrency 12]
 */
const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '1,2' },
    claims: { type: 'string', default: '200' },
    concurrency: { type: 'string', default: '12' },
  },
});
const counts = values.processes.split(',').map(Number);
const claims = Number(values.claims);
const concurrency = Number(values.concurrency);
const windowSeconds = 3;
const warmUpClaims = 100;

/** An API process and a worker beside those of the stack. */
class Pair {
  private constructor(
    readonly url: string,
    private readonly api: ChildProcess,
    private readonly worker: ChildProcess,
  ) {}

  static async start({ env }: Stack): Promise<Pair> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const start = (app: string, more: Record<string, string> = {}) =>
      spawn(process.execPath, [join(checkoutRoot, `dist/apps/${app}/src/main.js`)], {
        env: { ...env, ...more },
        stdio: 'ignore',
        cwd: checkoutRoot,
      });
    const pair = new Pair(url, start('api', { CPOR_API_PORT: String(port) }), start('worker'));
    await waitUntil(async () => {
      const answer = await fetch(`${url}/readyz`).catch(() => undefined);
      return answer?.ok === true;
    }, 60_000);
    return pair;
  }

  pids(index: number): Record<string, number> {
    return { [`api ${index}`]: this.api.pid!, [`worker ${index}`]: this.worker.pid! };
  }

  async stop(): Promise<void> {
    const ended = [this.api, this.worker].map((child) => once(child, 'exit'));
    for (const child of [this.api, this.worker]) child.kill('SIGTERM');
    await Promise.all(ended);
  }
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env: { ...process.env, CPOR_LOG_LEVEL: 'warn' } });
const pairs: Pair[] = [];
try {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const { client, close } = createClient({ address: stack.addresses.temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  const callers = { partner: await token(stack, 'claim_admin'), reviewer: await token(stack, 'reviewer') };
  const programme = await publishSecondsPolicy(source, windowSeconds);
  const rows: (string | number)[][] = [];
  for (const count of counts) {
    while (pairs.length < count - 1) pairs.push(await Pair.start(stack));
    const bench: Bench = {
      apiUrls: [stack.addresses.apiUrl, ...pairs.map(({ url }) => url)],
      pids: Object.assign(pidsOf(stack), ...pairs.map((pair, index) => pair.pids(index + 2))) as Record<string, number>,
      concurrency,
      source,
      client,
      callers,
      programme,
      statements: null,
    };
    await runClaims(bench, warmUpClaims * count);
    const round = await runClaims(bench, claims);
    const figures = {
      perSecond: rounded(claims / round.seconds),
      cpuMs: rounded(totalOf(round) / claims),
      submitP50: rounded(percentile(round.timings.submit, 0.5)),
      approveP50: rounded(percentile(round.timings.approve, 0.5)),
      idleCpuMsPerSecond: rounded(round.idle),
    };
    measurement('processes', { processes: count, claims, ...figures, otherLoad: rounded(round.otherLoad) });
    rows.push([count, ...Object.values(figures)]);
  }
  table(['APIs and workers', 'claims a second', 'CPU ms a claim', 'submit p50 ms', 'approve p50 ms', 'idle CPU ms/s'], rows);
  await close();
  await source.destroy();
} finally {
  for (const pair of pairs) await pair.stop();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
