import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endProcess, startStack } from '#libs/embedded/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import type { Flood } from './flooder.js';
import { percentile } from './measure.js';
import { addTenants, type BenchTenant, plainClaim, publishSecondsPolicy, token } from './sandbox.js';
import { TimedCaller } from './timed-caller.js';

/**
 * Measures how much one partner's flood slows another down: the time of a read and of a submission, without and with the flood, under the limits of
 * `CPOR_RATE_LIMITS` (`off` shows what they are for). The flood comes from a process of its own, so that its work is not taken for the product's.
 *
 *     npm run bench -- --flood [--samples 60] [--flooders 40]
 */
const { values } = parseArgs({
  options: {
    flood: { type: 'boolean' },
    samples: { type: 'string', default: '60' },
    flooders: { type: 'string', default: '40' },
  },
});
const samples = Number(values.samples);
const flooders = Number(values.flooders);
const other = { accountId: 'a63c88ce-01ab-4367-a328-6ec63a60f30b', partnerId: '48213' };
const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
const pauseMs = 200;
/** The ratio that the limits are for. */
const wantedRatio = 1.5;

interface Times {
  read: number[];
  submit: number[];
}

/** What the other partner waits, a read and a submission at a time. */
async function measure(caller: TimedCaller, programme: string, tenants: BenchTenant[]): Promise<Times> {
  const times: Times = { read: [], submit: [] };
  for (const tenant of tenants) {
    const read = await caller.send('/v1/claims?limit=20');
    const submit = await caller.send('/v1/claims', { ...plainClaim(programme, tenant, evidence), partnerId: other.partnerId });
    if (read.status !== 200 || submit.status >= 300) throw new Error(`The other partner was answered ${read.status} and ${submit.status}.`);
    times.read.push(read.ms);
    times.submit.push(submit.ms);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return times;
}

/** Starts the flood in a process of its own. Returns what stops it and tells how often each status was answered. */
function startFlood(flood: Flood): () => Promise<Map<number, number>> {
  const child = fork(fileURLToPath(new URL('./flooder.js', import.meta.url)), [JSON.stringify(flood)]);
  return async () => {
    const answers = once(child, 'message') as Promise<[[number, number][]]>;
    child.send('stop');
    return new Map((await answers)[0]);
  };
}

function report(what: string, without: number[], during: number[]): void {
  const shown = (ms: number[]) => `${percentile(ms, 0.5).toFixed(0)} / ${percentile(ms, 0.95).toFixed(0)} ms`;
  const ratio = percentile(during, 0.95) / percentile(without, 0.95);
  const verdict = ratio <= wantedRatio ? `within ${wantedRatio}` : `above ${wantedRatio}`;
  console.log(`${what}: p50 / p95 without ${shown(without)}, with ${shown(during)}; ratio of p95 ${ratio.toFixed(2)}, ${verdict}`);
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env: { ...process.env, CPOR_LOG_LEVEL: 'error' } });
try {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const programme = await publishSecondsPolicy(source, 86_400);
  const tenants = await addTenants(source, 2 * samples + 10);
  const flooded = await addTenants(source, 500);
  // The callers must differ by subject, which is what limits go by.
  const { apiUrl } = stack.addresses;
  const caller = new TimedCaller(apiUrl, await token(stack, 'claim_admin', other.accountId, 'bench-other'));
  const bearer = await token(stack, 'claim_admin');
  await measure(caller, programme, tenants.splice(0, 10));
  const without = await measure(caller, programme, tenants.splice(0, samples));
  const stop = startFlood({ apiUrl, bearer, programme, tenants: flooded, atOnce: flooders });
  const startedAt = performance.now();
  // The burst that a full limit allows is part of the flood, but not of every moment of it.
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const during = await measure(caller, programme, tenants.splice(0, samples));
  const seconds = (performance.now() - startedAt) / 1_000;
  const answers = await stop();
  console.log(`One partner floods with ${flooders} requests at a time; ${samples} reads and submissions of another.`);
  report('Read', without.read, during.read);
  report('Create and submit', without.submit, during.submit);
  const rates = [...answers].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${(count / seconds).toFixed(1)}`);
  console.log(`Answers to the flood, a second: ${rates.join(', ')}.`);
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
