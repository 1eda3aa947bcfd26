import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endProcess, type Pair, startStack } from '#libs/embedded/index.js';
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
    while (pairs.length < count - 1) pairs.push(await stack.addPair());
    const bench: Bench = {
      apiUrls: [stack.addresses.apiUrl, ...pairs.map(({ apiUrl }) => apiUrl)],
      pids: Object.assign(
        pidsOf(stack),
        ...pairs.map(({ api, worker }, index) => ({ [`api ${index + 2}`]: api.pid!, [`worker ${index + 2}`]: worker.pid! })),
      ) as Record<string, number>,
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
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
