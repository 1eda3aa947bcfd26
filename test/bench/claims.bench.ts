import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endProcess, startStack } from '#libs/embedded/index.js';
import { createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { workflowIds } from '../../temporal.config.js';
import { Floor } from './floor.js';
import { inParallel, type Measured, measure, percentile, type Timings, totalOf } from './measure.js';
import { measurement, median, rounded, table } from './report.js';
import { type Bench, type ClaimsRound, evidence, pidsOf, post, runClaims } from './plain-claims.js';
import { addTenants, plainClaim, publishSecondsPolicy, token } from './sandbox.js';
import { type DatabaseWork, StatementCounter } from './statements.js';
import { historyOf } from './workflows.js';

/**
 * Compares plain claims (submitted, approved, notified, a silent customer, official) with the floor: bare Temporal workflows for the same
 * messages. The two alternate, each round is compared with the floor measured right before it, and the medians of the rounds are reported. Then a burst: how many claims a second are accepted at once.
 *
 *     npm run bench -- [--claims 200] [--rounds 5] [--warm-up 300] [--concurrency 12] [--burst 2000] [--window seconds] [--profile]
 *
 * `--profile` also prints what PostgreSQL executed for a claim and what its histories hold; counting statements costs a little.
 */
const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    // The first hundreds of claims of a process compile its code, which a running installation has done long ago.
    'warm-up': { type: 'string', default: '300' },
    profile: { type: 'boolean', default: false },
    // As many requests as one partner may have answered at a time (waiting-room.ts).
    concurrency: { type: 'string', default: '12' },
    burst: { type: 'string', default: '2000' },
    window: { type: 'string', default: '3' },
  },
});
const count = Number(values.claims);
const rounds = Number(values.rounds);
const concurrency = Number(values.concurrency);
const windowSeconds = Number(values.window);

/** Measures how many claims per second are accepted when all arrive at once, regardless of when they are executed. */
async function runBurst({ apiUrls, pids, source, callers, statements }: Bench, size: number): Promise<void> {
  const programme = await publishSecondsPolicy(source, 3600);
  const tenants = await addTenants(source, size);
  const statuses = new Map<number, number>();
  const timings: Timings = { submit: [], approve: [] };
  await statements?.reset();
  const { seconds, cpu, otherLoad } = await measure(pids, timings, () =>
    inParallel(size, 64, async (index) => {
      const started = performance.now();
      const { status } = await post(`${apiUrls[0]}/v1/claims`, callers.partner, plainClaim(programme, tenants[index]!, evidence));
      timings.submit.push(performance.now() - started);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }),
  );
  measurement('burst', {
    claims: size,
    perSecond: rounded(size / seconds),
    answers: Object.fromEntries(statuses),
    cpuMsBy: Object.fromEntries(Object.entries(cpu).map(([process, ms]) => [process, rounded(ms / size)])),
    submitMs: { p50: rounded(percentile(timings.submit, 0.5)), p99: rounded(percentile(timings.submit, 0.99)) },
    otherLoad: rounded(otherLoad),
  });
  const database = await statements?.read();
  if (database !== undefined) reportDatabase('database work of a claim in a burst', database, size);
}

const processes = ['temporal', 'worker', 'postgres', 'api', 'mailbox', 'client'];

function report(subject: string, round: number, measured: Measured): void {
  const perClaim = Object.fromEntries(Object.entries(measured.cpu).map(([process, ms]) => [process, rounded(ms / count)]));
  measurement('plain claim', {
    subject,
    round,
    claims: count,
    perSecond: rounded(count / measured.seconds),
    cpuMs: rounded(totalOf(measured) / count),
    cpuMsBy: perClaim,
    idleCpuMsPerSecond: rounded(measured.idle),
    submitMs: { p50: rounded(percentile(measured.timings.submit, 0.5)), p95: rounded(percentile(measured.timings.submit, 0.95)) },
    approveMs: { p50: rounded(percentile(measured.timings.approve, 0.5)), p95: rounded(percentile(measured.timings.approve, 0.95)) },
    otherLoad: rounded(measured.otherLoad),
  });
}

function compare(floors: Measured[], claims: Measured[], events: { floor: number; claim: number }): void {
  const middle = (some: Measured[], figure: (measured: Measured) => number) => median(some.map(figure));
  const row = (name: string, figure: (measured: Measured) => number): [string, number, number, number] => {
    const [floor, claim] = [middle(floors, figure), middle(claims, figure)];
    return [name, floor, claim, median(claims.map((measured, round) => figure(measured) / figure(floors[round]!)))];
  };
  table(
    ['Median of the rounds', 'floor', 'claim', 'ratio'],
    [
      row('CPU, ms', (measured) => totalOf(measured) / count),
      ...processes.map((name): [string, number, number, null] => [
        `  ${name}`,
        middle(floors, ({ cpu }) => (cpu[name] ?? 0) / count),
        middle(claims, ({ cpu }) => (cpu[name] ?? 0) / count),
        null,
      ]),
      row('submit p50, ms', ({ timings }) => percentile(timings.submit, 0.5)),
      row('approve p50, ms', ({ timings }) => percentile(timings.approve, 0.5)),
      row('per second', ({ seconds }) => count / seconds),
      ['history events', events.floor, events.claim, events.claim / events.floor],
    ],
  );
}

function reportDatabase(name: string, { statements, commits, walBytes }: DatabaseWork, size: number): void {
  const calls = statements.reduce((sum, statement) => sum + statement.calls, 0);
  measurement(name, {
    commits: rounded(commits / size),
    statements: rounded(calls / size),
    walBytes: rounded(walBytes / size),
  });
  table(
    ['Statement', 'calls a claim', 'ms a claim', 'of it planning'],
    statements.slice(0, 45).map(({ text, calls: called, ms, planMs }) => [text.slice(0, 110), called / size, ms / size, planMs / size]),
  );
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env: { ...process.env, CPOR_LOG_LEVEL: 'warn' } });
try {
  const statements = values.profile ? await StatementCounter.open(stack) : null;
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const { client, close } = createClient({ address: stack.addresses.temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  const callers = { partner: await token(stack, 'claim_admin'), reviewer: await token(stack, 'reviewer') };
  const programme = await publishSecondsPolicy(source, windowSeconds);
  const apiUrls = [stack.addresses.apiUrl];
  const bench: Bench = { apiUrls, pids: pidsOf(stack), concurrency, source, client, callers, programme, statements };
  const floor = await Floor.start(stack);
  const [floors, claims]: [(Measured & { events: number })[], ClaimsRound[]] = [[], []];
  await floor.run(Number(values['warm-up']), concurrency, windowSeconds * 1000);
  await runClaims(bench, Number(values['warm-up']));
  for (let round = 1; round <= rounds; round++) {
    floors.push(await floor.run(count, concurrency, windowSeconds * 1000));
    report('floor', round, floors.at(-1)!);
    claims.push(await runClaims(bench, count));
    report('claim', round, claims.at(-1)!);
  }
  await floor.stop();
  const { claimId, database } = claims.at(-1)!;
  const history = await historyOf(client, workflowIds.claim(claimId));
  compare(floors, claims, { floor: floors.at(-1)!.events, claim: history.length });
  if (database !== null) reportDatabase('database work of a claim', database, count);
  if (values.profile) console.log(history.join('\n'));
  if (Number(values.burst) > 0) await runBurst(bench, Number(values.burst));
  await statements?.close();
  await close();
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
