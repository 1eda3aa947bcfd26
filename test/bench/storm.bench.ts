import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { systemActor } from '#libs/claims/index.js';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { endProcess, type Stack, startStack } from '#libs/embedded/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { expectRightOutcome, livesOf, windowEnd } from '../chaos/outcome.js';
import { reviewer, TestClaim } from '../support/claims.js';
import { inParallel, percentile } from './measure.js';
import { addTenants, publishSecondsPolicy, tenantToken } from './sandbox.js';

/**
 * Measures windows that all close at one instant, with customers refusing in the last second: the time until every outcome is recorded and
 * until Temporal is idle. Each claim has a workflow with a timer; only its earlier life is shortened, by commands without HTTP.
 *
 *     npm run bench -- --storm 5000 [--refusals 300] [--prepare seconds]
 */
const { values } = parseArgs({
  options: { storm: { type: 'string', default: '5000' }, refusals: { type: 'string' }, prepare: { type: 'string' } },
});
const count = Number(values.storm);
const refusals = Number(values.refusals ?? Math.min(300, Math.ceil(count / 10)));
const windowSeconds = 7_200;
/** Seconds from the first claim to the instant the windows close. */
const preparationMs = Number(values.prepare ?? 60 + count * 0.12) * 1_000;
const quietLimitMs = 1_800_000;

/** Creates claims whose windows all close at one instant, and starts the workflows that wait for it. */
async function prepare(source: DataSource, engine: ClaimEngine, closesAt: number): Promise<{ claims: TestClaim[]; tenants: string[] }> {
  const programme = await publishSecondsPolicy(source, windowSeconds);
  const services = { source, library: new ProgrammeLibrary(source), directory: new PostgresDirectoryProvider(source), engine };
  const customers = await addTenants(source, count);
  const claims = customers.map((tenant) => new TestClaim(services, { programme, tenant, products: ['teams'] }));
  const acceptedAt = new Date(closesAt - windowSeconds * 1000).toISOString();
  await inParallel(count, 8, async (index) => {
    const claim = claims[index]!;
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    // Recorded as notified without a mail, so that the reconciliation does not send one.
    const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
    const results = recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
    await wakeUntilAccepted(engine, claim);
  });
  return { claims, tenants: customers.map(({ tenantId }) => tenantId) };
}

/** Retries, because a busy machine may not answer in time. */
async function wakeUntilAccepted(engine: ClaimEngine, claim: TestClaim): Promise<void> {
  for (;;) {
    const isTaken = await engine.wake(claim).then(
      () => true,
      () => false,
    );
    if (isTaken) return;
  }
}

const running = (client: Client, more = '') =>
  client.workflow.count(`WorkflowType = 'claimWorkflow' AND ExecutionStatus = 'Running'${more}`).then((found) => found.count);

async function refuse(stack: Stack, claim: TestClaim, token: string, at: number): Promise<void> {
  await pause(Math.max(0, at - Date.now()));
  const response = await fetch(`${stack.addresses.apiUrl}/v1/claims/${claim.claimId}/opt-outs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: '{}',
  });
  if (response.status >= 300) throw new Error(`A refusal was answered ${response.status}: ${await response.text()}`);
}

const openClaims = async (source: DataSource): Promise<number> =>
  (
    await source.query<[{ open: number }]>(
      `SELECT (SELECT count(*)::int FROM claims WHERE phase = 'consent_pending')
         + (SELECT count(*)::int FROM claim_commands WHERE outcome IS NULL) AS open`,
    )
  )[0].open;

async function storm(stack: Stack, source: DataSource, client: Client): Promise<void> {
  const engine = new ClaimEngine(client);
  const closesAt = Date.now() + preparationMs;
  const { claims, tenants } = await prepare(source, engine, closesAt);
  while ((await running(client, " AND ClaimPhase = 'consent_pending'")) < count) {
    if (Date.now() > closesAt - 5_000) throw new Error('The workflows were not ready before the windows closed.');
    await pause(1_000);
  }
  const tokens = await Promise.all(tenants.slice(0, refusals).map((tenant) => tenantToken(stack, tenant)));
  console.log(`${count} windows close at ${new Date(closesAt).toISOString()}; ${refusals} customers refuse services it.`);
  await pause(Math.max(0, closesAt - 2_000 - Date.now()));
  const refusing = tokens.map((token, index) => refuse(stack, claims[index]!, token, closesAt - 1_000 + (index / refusals) * 1_100));
  await Promise.all(refusing);
  while ((await openClaims(source)) > 0) await pause(250);
  await reportRecorded(source, claims, closesAt);
  while ((await running(client)) > 0 && Date.now() < closesAt + quietLimitMs) await pause(500);
  console.log(
    `All workflows ended ${((Date.now() - closesAt) / 1000).toFixed(1)} s after the instant; still running: ${await running(client)}.`,
  );
}

const readAtOnce = 200;

async function reportRecorded(source: DataSource, claims: TestClaim[], closesAt: number): Promise<void> {
  const ids = claims.map(({ claimId }) => claimId);
  const lives: Awaited<ReturnType<typeof livesOf>> = [];
  // In pages, because one statement for all claims would exceed the statement time-out.
  for (let from = 0; from < ids.length; from += readAtOnce) lives.push(...(await livesOf(source, ids.slice(from, from + readAtOnce))));
  const ends = new Set(lives.map(windowEnd));
  if (ends.size !== 1) throw new Error(`The windows close at ${ends.size} instants.`);
  const phases = Object.groupBy(lives.map(expectRightOutcome), (phase) => phase);
  const lags = lives.flatMap(({ events }) =>
    events
      .filter(({ type }) => type === 'LinesMadeOfficial' || type === 'CustomerDeclined')
      .map(({ recordedAt }) => (Date.parse(recordedAt) - closesAt) / 1000),
  );
  const sent = lives.flatMap(({ commands }) => commands.filter(({ type }) => type === 'optOut'));
  const inTime = sent.filter(({ receivedAt }) => Date.parse(receivedAt) <= closesAt).length;
  console.log(
    `Every outcome is right: ${Object.entries(phases)
      .map(([phase, some]) => `${phase} ${some?.length}`)
      .join(', ')}.`,
  );
  console.log(`Refusals: ${inTime} in time, all honoured; ${sent.length - inTime} late, each of which ended its association.`);
  console.log(
    `Recorded after the instant: median ${percentile(lags, 0.5).toFixed(1)} s, p95 ${percentile(lags, 0.95).toFixed(1)} s, all within ${percentile(lags, 1).toFixed(1)} s.`,
  );
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env: { ...process.env, CPOR_LOG_LEVEL: 'warn' } });
try {
  const source = await createDataSource(stack.addresses.databaseUrl, { poolSize: 12 }).initialize();
  const { client, close } = createClient({ address: stack.addresses.temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  await storm(stack, source, client);
  await close();
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
