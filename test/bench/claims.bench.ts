import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { endProcess, type Stack, startStack } from '#libs/embedded/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { runFloor } from './floor.js';
import { inParallel, type Measured, measure, percentile, type Timings } from './measure.js';
import { addTenants, plainClaim, publishSecondsPolicy, token } from './sandbox.js';

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '200' },
    // As many requests as one partner may have answered at a time (waiting-room.ts).
    concurrency: { type: 'string', default: '12' },
    burst: { type: 'string', default: '2000' },
    window: { type: 'string', default: '3' },
  },
});
const count = Number(values.claims);
const concurrency = Number(values.concurrency);
const windowSeconds = Number(values.window);
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

interface Reply {
  status: number;
  etag: string | undefined;
  body: { claimId: string };
}

function post(url: string, bearer: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, etag: response.headers.etag, body: text === '' ? {} : JSON.parse(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

interface Callers {
  partner: string;
  reviewer: string;
}

async function runClaims(stack: Stack, source: DataSource, callers: Callers): Promise<Measured & { commits: number; events: number }> {
  const programme = await publishSecondsPolicy(source, windowSeconds);
  const tenants = await addTenants(source, count + 20);
  const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
  const timings: Timings = { submit: [], approve: [] };
  const claimIds: string[] = [];
  const one = async (index: number): Promise<void> => {
    const started = performance.now();
    const claim = await post(`${stack.addresses.apiUrl}/v1/claims`, callers.partner, plainClaim(programme, tenants[index]!, evidence));
    timings.submit.push(performance.now() - started);
    if (claim.status !== 201) throw new Error(`Create answered ${claim.status}: ${JSON.stringify(claim.body)}`);
    claimIds.push(claim.body.claimId);
    const approving = performance.now();
    const decision = { outcome: 'approve' };
    const url = `${stack.addresses.apiUrl}/v1/claims/${claim.body.claimId}/decisions`;
    const decided = await post(url, callers.reviewer, decision, { 'if-match': claim.etag! });
    timings.approve.push(performance.now() - approving);
    if (decided.status >= 300) throw new Error(`Approve answered ${decided.status}: ${JSON.stringify(decided.body)}`);
  };
  await inParallel(20, concurrency, (index) => one(count + index));
  await untilOfficial(source, claimIds);
  claimIds.length = timings.submit.length = timings.approve.length = 0;
  const { parts } = stack;
  const pids = {
    temporal: parts.temporal!.pid!,
    postgres: parts.postgres!.pid!,
    worker: parts.worker.pid!,
    api: parts.api.pid!,
    mailbox: parts.mailbox!.pid!,
  };
  const commitsBefore = await commitsOf(source);
  const measured = await measure(pids, timings, async () => {
    await inParallel(count, concurrency, one);
    await untilOfficial(source, claimIds);
  });
  // A backend's statistics reach the view about a second after it goes idle.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const commits = (await commitsOf(source)) - commitsBefore;
  return { ...measured, commits, events: await historyLength(stack, claimIds[0]!) };
}

async function untilOfficial(source: DataSource, claimIds: string[]): Promise<void> {
  for (;;) {
    const [{ left }] = await source.query<[{ left: number }]>(
      "SELECT count(*)::int AS left FROM claims WHERE claim_id = ANY($1) AND phase <> 'official'",
      [claimIds],
    );
    if (left === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function commitsOf(source: DataSource): Promise<number> {
  const [row] = await source.query<[{ commits: string }]>(
    'SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row.commits);
}

async function historyLength(stack: Stack, claimId: string): Promise<number> {
  const { client, close } = createClient({ address: stack.addresses.temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  const process = await new ClaimEngine(client).process(claimId);
  await close();
  return process?.historyEvents ?? Number.NaN;
}

/** Measures how many claims per second are accepted when all arrive at once, regardless of when they are executed. */
async function runBurst(stack: Stack, source: DataSource, callers: Callers, size: number) {
  const programme = await publishSecondsPolicy(source, 3600);
  const tenants = await addTenants(source, size);
  const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
  const statuses = new Map<number, number>();
  const started = performance.now();
  await inParallel(size, 64, async (index) => {
    const { status } = await post(`${stack.addresses.apiUrl}/v1/claims`, callers.partner, plainClaim(programme, tenants[index]!, evidence));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  });
  return { seconds: (performance.now() - started) / 1000, statuses: Object.fromEntries(statuses) };
}

function report(name: string, measured: Measured): void {
  const total = Object.values(measured.cpu).reduce((sum, ms) => sum + ms, 0);
  const by = Object.entries(measured.cpu).map(([process, ms]) => `${process} ${(ms / count).toFixed(1)}`);
  const times = (kind: keyof Timings) =>
    `${percentile(measured.timings[kind], 0.5).toFixed(0)} / ${percentile(measured.timings[kind], 0.95).toFixed(0)} ms`;
  console.log(`${name}: ${(count / measured.seconds).toFixed(1)} claims per second`);
  console.log(`  CPU per claim: ${(total / count).toFixed(1)} ms (${by.join(', ')})`);
  console.log(`  p50 / p95: submit ${times('submit')}, approve ${times('approve')}`);
}

const perClaim = ({ cpu }: Measured): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0) / count;

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({
  dataDirectory: join(directory, 'data'),
  ports: 'free',
  say: console.log,
  env: { ...process.env, CPOR_LOG_LEVEL: 'warn' },
});
try {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const callers = { partner: await token(stack, 'claim_admin'), reviewer: await token(stack, 'reviewer') };
  console.log(`${count} plain claims, ${concurrency} at a time, with a window of ${windowSeconds} s.`);
  const floor = await runFloor(stack, count, concurrency, windowSeconds * 1000);
  report('Bare Temporal, steps that do nothing', floor);
  console.log(`  history events: ${floor.events}`);
  const claims = await runClaims(stack, source, callers);
  report('cpor', claims);
  console.log(`  history events: ${claims.events}; SQL commits per claim: ${(claims.commits / count).toFixed(1)}`);
  console.log(`CPU of cpor relative to the floor: ${(perClaim(claims) / perClaim(floor)).toFixed(2)}`);
  const burst = await runBurst(stack, source, callers, Number(values.burst));
  const rate = (Number(values.burst) / burst.seconds).toFixed(0);
  console.log(`Burst of ${values.burst}: ${rate} accepted per second; answers ${JSON.stringify(burst.statuses)}`);
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
