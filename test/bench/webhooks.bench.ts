import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { endProcess, startStack } from '#libs/embedded/index.js';
import { createClient } from '#libs/engine/index.js';
import { readFeed, wholePlace } from '#libs/event-feed/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { measure, percentile } from './measure.js';
import { type Bench, evidence, pidsOf, post, runClaims } from './plain-claims.js';
import { measurement, median, rounded, table } from './report.js';
import { addTenants, plainClaim, publishSecondsPolicy, token } from './sandbox.js';
import { StatementCounter } from './statements.js';
import { kindsOf } from './webhook-kinds.js';
import { TalliedReceiver } from './webhook-tally.js';

/**
 * Delivers events to receivers that answer, fail, hang, redirect and lie, while claims make the events. Says what was delivered, doubled, lost and
 * how late; then replays them to one receiver, to see what a delivery costs, and to all, to see whether claims are delayed by a backlog.
 * Pauses between attempts are sixty times shorter than usual (CPOR_WEBHOOK_RETRY_SPEED); time limits are not.
 *
 *     npm run bench -- --webhooks [--events 10000] [--samples 40]
 */
const { values } = parseArgs({
  options: { webhooks: { type: 'boolean' }, events: { type: 'string', default: '10000' }, samples: { type: 'string', default: '40' } },
});
const wanted = Number(values.events);
const samples = Number(values.samples);
const retrySpeed = 60;
const windowSeconds = 3;

class Endpoints {
  private readonly ids = new Map<string, string>();

  constructor(
    private readonly apiUrl: string,
    private readonly bearer: string,
    readonly receivers: Record<string, TalliedReceiver>,
  ) {}

  async register(): Promise<void> {
    for (const [kind, { receiver }] of Object.entries(this.receivers)) {
      await receiver.start();
      const { endpointId, secret } = await this.call<{ endpointId: string; secret: string }>('', { url: receiver.url, description: kind });
      receiver.secrets.push(secret);
      this.ids.set(kind, endpointId);
    }
  }

  async call<Answer>(path: string, body: unknown): Promise<Answer> {
    const { status, body: answer } = await post(`${this.apiUrl}/v1/webhook-endpoints${path}`, this.bearer, body);
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
    return answer as Answer;
  }

  /** Delivers everything once more. */
  async replay(kinds: string[], since: string): Promise<void> {
    for (const kind of kinds) {
      this.receivers[kind]!.reset();
      await this.call(`/${this.ids.get(kind)}/replays`, { since, deliveries: 'all' });
    }
  }

  idOf = (kind: string): string => this.ids.get(kind)!;
}

interface Runs {
  runs: number;
  events: number;
  longest: number;
}

/** Histories of the endpoints' workflows that began since an instant. */
async function runsSince(client: Client, since: Date): Promise<Runs> {
  // The list of workflows lags behind.
  await pause(2_000);
  const found: Runs = { runs: 0, events: 0, longest: 0 };
  const query = `WorkflowType = 'webhookEndpointWorkflow' AND StartTime >= '${since.toISOString()}'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const { historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
    found.runs++;
    found.events += historyLength;
    found.longest = Math.max(found.longest, historyLength);
  }
  return found;
}

async function idsAfter(source: DataSource, place: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = { place, index: wholePlace, mark: '' }; ; ) {
    const page = await readFeed(source.manager, { kind: 'everything' }, { after, limit: 1_000 });
    ids.push(...page.items.map(({ event }) => event.eventId));
    if (!page.hasMore) return ids;
    after = page.next;
  }
}

const lastPlace = async (source: DataSource): Promise<string> => {
  await source.query('SELECT assign_feed_places()');
  const [{ place }] = await source.query<[{ place: string }]>('SELECT coalesce(max(place), 0)::text AS place FROM feed_places');
  return place;
};

async function untilDone(receivers: TalliedReceiver[], ids: string[], limitMs: number): Promise<number> {
  const started = performance.now();
  while (receivers.some((one) => one.doneOf(ids) < ids.length) && performance.now() - started < limitMs) await pause(100);
  return (performance.now() - started) / 1000;
}

/** Milliseconds from the request to the answer, one claim after the other. */
async function submitTimes({ apiUrls, source, callers, programme }: Bench, count: number): Promise<number[]> {
  const times: number[] = [];
  for (const tenant of await addTenants(source, count)) {
    const started = performance.now();
    const { status } = await post(`${apiUrls[0]}/v1/claims`, callers.partner, plainClaim(programme, tenant, evidence));
    if (status !== 201) throw new Error(`Create answered ${status}.`);
    times.push(performance.now() - started);
  }
  return times;
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const env = { ...process.env, CPOR_LOG_LEVEL: 'warn', CPOR_WEBHOOK_RETRY_SPEED: String(retrySpeed) };
const stack = await startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env });
let followed = 0;
const elsewhere = createServer((_, response) => {
  followed++;
  response.end();
});
try {
  const statements = await StatementCounter.open(stack);
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const { client, close } = createClient({ address: stack.addresses.temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  const callers = { partner: await token(stack, 'claim_admin'), reviewer: await token(stack, 'reviewer') };
  const programme = await publishSecondsPolicy(source, windowSeconds);
  const apiUrls = [stack.addresses.apiUrl];
  const bench: Bench = { apiUrls, pids: pidsOf(stack), concurrency: 12, source, client, callers, programme, statements: null };
  await runClaims(bench, 40);

  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  let isRevived = false;
  const kinds = kindsOf(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`, wanted / 5, () => isRevived);
  const receivers = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, new TalliedReceiver(kind)]));
  const endpoints = new Endpoints(stack.addresses.apiUrl, await token(stack, 'vendor_admin'), receivers);
  const startedAt = new Date();
  const before = await lastPlace(source);
  await endpoints.register();

  // Events, and their deliveries while they happen.
  const count = async () => Number(await lastPlace(source)) - Number(before);
  const began = performance.now();
  let claims = 0;
  while ((await count()) < wanted) {
    const perClaim = claims === 0 ? 10 : (await count()) / claims;
    const size = Math.max(1, Math.min(200, Math.ceil((wanted - (await count())) / perClaim)));
    await runClaims(bench, size);
    claims += size;
  }
  const eventSeconds = (performance.now() - began) / 1000;
  const ids = await idsAfter(source, before);
  const dead = Object.keys(receivers).find((name) => name.startsWith('hangs until'))!;
  const living = Object.entries(receivers).flatMap(([name, receiver]) => (name === dead ? [] : [receiver]));
  const drainSeconds = await untilDone(living, ids, 400_000);
  isRevived = true;
  const revivalSeconds = await untilDone([receivers[dead]!], ids, 200_000);
  const live = await runsSince(client, startedAt);
  const tallies = Object.entries(receivers).map(([name, receiver]) => ({ name, ...receiver.tally(ids) }));
  const faults = await source.query<{ description: string; fault: string; count: number }[]>(
    `SELECT e.description, coalesce(a ->> 'fault', a ->> 'status') AS fault, count(*)::int
     FROM webhook_deliveries d JOIN webhook_endpoints e USING (endpoint_id), jsonb_array_elements(d.log) a
     WHERE a ->> 'fault' IS NOT NULL OR (a ->> 'status')::int >= 300 GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const unverified = Object.values(receivers).flatMap(({ receiver }) => receiver.unverified);
  for (const tally of tallies)
    measurement('webhook receiver', {
      ...tally,
      failedAttempts: Object.fromEntries(
        faults.filter(({ description }) => description === tally.name).map((one) => [one.fault, one.count]),
      ),
    });
  measurement('webhooks while claims are made', {
    events: ids.length,
    claims,
    claimsPerSecond: rounded(claims / eventSeconds),
    deliveries: ids.length * tallies.length,
    secondsAfterTheLastClaim: rounded(drainSeconds),
    secondsAfterTheDeadOneAnswers: rounded(revivalSeconds),
    unverified: unverified.length,
    redirectsFollowed: followed,
    runs: live.runs,
    historyEventsADelivery: rounded(live.events / (ids.length * tallies.length)),
    longestHistory: live.longest,
  });

  // What a delivery costs: everything once more, to one receiver.
  for (const receiver of Object.values(receivers)) receiver.isGood = true;
  const good = Object.keys(receivers)[0]!;
  const replayedAt = new Date();
  await statements.reset();
  let seconds = 0;
  const cost = await measure(bench.pids, { submit: [], approve: [] }, async () => {
    await endpoints.replay([good], startedAt.toISOString());
    seconds = await untilDone([receivers[good]!], ids, 300_000);
  });
  const { statements: executed, commits, walBytes } = await statements.read();
  const replayed = await runsSince(client, replayedAt);
  const sum = (figure: 'calls' | 'rows') => executed.reduce((total, statement) => total + statement[figure], 0) / ids.length;
  const cpuMs = Object.fromEntries(Object.entries(cost.cpu).map(([name, ms]) => [name, rounded(ms / ids.length)]));
  measurement('a webhook delivery', {
    deliveries: ids.length,
    perSecond: rounded(ids.length / seconds),
    cpuMs,
    statements: rounded(sum('calls')),
    rows: rounded(sum('rows')),
    commits: rounded(commits / ids.length),
    walBytes: rounded(walBytes / ids.length),
    runs: replayed.runs,
    historyEvents: rounded(replayed.events / ids.length),
    longestHistory: replayed.longest,
    otherLoad: rounded(cost.otherLoad),
  });

  // Claims beside a backlog.
  await submitTimes(bench, 10);
  for (const receiver of Object.values(receivers)) receiver.reset();
  const quietFrom = await lastPlace(source);
  const without = await submitTimes(bench, samples);
  const quietIds = await idsAfter(source, quietFrom);
  await untilDone(Object.values(receivers), quietIds, 60_000);
  const quiet = Object.values(receivers).map((receiver) => receiver.tally(quietIds));
  measurement('webhooks of one claim after the other', {
    deliveries: quietIds.length * quiet.length,
    medianOf: { p50: median(quiet.map(({ p50 }) => p50)), p95: median(quiet.map(({ p95 }) => p95)) },
    longest: Math.max(...quiet.map(({ longest }) => longest)),
  });
  const all = Object.keys(receivers);
  await endpoints.replay(all, startedAt.toISOString());
  const drainBegan = performance.now();
  await pause(1_000);
  const backlog = ids.length * all.length;
  const left = () => backlog - Object.values(receivers).reduce((total, receiver) => total + receiver.doneOf(ids), 0);
  const during = await submitTimes(bench, samples);
  const leftAfter = left();
  const drained = (performance.now() - drainBegan) / 1000;
  await untilDone(Object.values(receivers), ids, 400_000);
  const times = (some: number[]) => ({ p50: rounded(percentile(some, 0.5)), p95: rounded(percentile(some, 0.95)) });
  measurement('claims beside a backlog', {
    backlog,
    leftAfterTheClaims: leftAfter,
    deliveriesPerSecond: rounded((backlog - leftAfter) / drained),
    without: times(without),
    with: times(during),
    ratio: rounded(percentile(during, 0.5) / percentile(without, 0.5)),
  });
  table(
    ['Receiver', 'delivered', 'doubled', 'in vain', 'lost', 'p50, ms', 'p95, ms', 'longest, ms'],
    tallies.map(({ name, delivered, doubled, doubledInVain, lost, p50, p95, longest }) => [
      name,
      delivered,
      doubled,
      doubledInVain,
      lost,
      p50,
      p95,
      longest,
    ]),
  );
  if (leftAfter <= 0) console.log('The backlog had drained before the claims were submitted: send more events.');
  if (tallies.some(({ lost, doubledInVain }) => lost + doubledInVain > 0) || unverified.length > 0 || followed > 0) process.exitCode = 1;
  for (const { receiver } of Object.values(receivers)) await receiver.stop();
  await statements.close();
  await close();
  await source.destroy();
} finally {
  elsewhere.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(Number(process.exitCode ?? 0));
