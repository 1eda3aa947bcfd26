import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { endProcess, type Stack, startStack } from '#libs/embedded/index.js';
import { ClaimEngine, createClient } from '#libs/engine/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { reviewer, TestClaim } from '../support/claims.js';
import { claimCountsSql, competitionSql } from '../support/derived-columns.js';
import { cloneClaims } from './clone-claims.js';
import { inParallel, percentile } from './measure.js';
import { cpuMs } from './process-cpu.js';
import { machineCpu, measurement, rounded, table } from './report.js';
import { addTenants, plainClaim, token } from './sandbox.js';

/**
 * What claims cost while they wait for their customers: each has its rows and a workflow with a timer that runs for days. Their earlier life is
 * copied from one claim that really lived it; only their waiting is their own.
 *
 *     npm run bench -- --waiting 100000 [--rest seconds]
 */
const { values } = parseArgs({ options: { waiting: { type: 'string', default: '10000' }, rest: { type: 'string', default: '60' } } });
const count = Number(values.waiting);
const restSeconds = Number(values.rest);

/** One claim whose customer has been notified by a real programme, so that its window closes in days. */
async function waitingClaim(source: DataSource): Promise<TestClaim> {
  const [tenant] = await addTenants(source, 1);
  const services = { source, library: new ProgrammeLibrary(source), directory: new PostgresDirectoryProvider(source) };
  const claim = new TestClaim(services, { tenant: tenant!, products: ['teams'] });
  await claim.draft();
  await claim.addEvidence(Buffer.from(statementOfWork(['Statement of work'])));
  await claim.accept('submitClaim', claim.partner, {});
  await claim.accept('approveClaim', reviewer, {});
  await claim.execute();
  await claim.deliverNotice();
  if ((await claim.phase()) !== 'consent_pending') throw new Error('The claim does not wait for its customer.');
  return claim;
}

async function superuserOf({ dataDirectory, addresses }: Stack): Promise<pg.Client> {
  const file = await readFile(join(dataDirectory, 'postgres', 'credentials.json'), 'utf8');
  const url = new URL(addresses.databaseUrl);
  url.username = 'postgres';
  url.password = (JSON.parse(file) as { superuserPassword: string }).superuserPassword;
  url.search = '';
  const client = new pg.Client(url.href);
  await client.connect();
  return client;
}

/** Bytes of each table with its indexes, without those that are never counted by claim. */
async function bytesByTable(superuser: pg.Client): Promise<Map<string, number>> {
  const { rows } = await superuser.query<{ name: string; bytes: number }>(
    `SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

async function temporalBytes({ dataDirectory }: Stack): Promise<number> {
  const folder = join(dataDirectory, 'temporal');
  const files = readdirSync(folder).filter((name) => name.includes('.db') || name.includes('sqlite'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const pidsOf = ({ parts }: Stack): Record<string, number> => ({
  temporal: parts.temporal!.pid!,
  postgres: parts.postgres!.pid!,
  worker: parts.worker.pid!,
  api: parts.api.pid!,
  mailbox: parts.mailbox!.pid!,
});

/** Resident megabytes of a process. PostgreSQL's are those of its main process: its connections share most of their memory. */
const residentOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

const eachProcess = (stack: Stack, figure: (pid: number) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(pidsOf(stack)).map(([name, pid]) => [name, rounded(figure(pid))]));

interface AtRest {
  /** Percent of one core, by process. */
  cpu: Record<string, number>;
  residentMegabytes: Record<string, number>;
}

async function atRest(stack: Stack): Promise<AtRest> {
  const before = Object.fromEntries(Object.entries(pidsOf(stack)).map(([name, pid]) => [name, cpuMs(pid)]));
  await pause(restSeconds * 1000);
  const cpu = Object.fromEntries(
    Object.entries(pidsOf(stack)).map(([name, pid]) => [name, rounded((cpuMs(pid) - before[name]!) / (restSeconds * 10))]),
  );
  return { cpu, residentMegabytes: eachProcess(stack, residentOf) };
}

interface Served {
  listMs: number;
  queueMs: number;
  submitMs: number;
}

async function served(stack: Stack, source: DataSource): Promise<Served> {
  const [partner, review] = [await token(stack, 'claim_admin'), await token(stack, 'reviewer')];
  const call = async (bearer: string, path: string, body?: unknown): Promise<number> => {
    const started = performance.now();
    const response = await fetch(`${stack.addresses.apiUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 300) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return performance.now() - started;
  };
  const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
  const tenants = await addTenants(source, 40);
  const times = { listMs: [] as number[], queueMs: [] as number[], submitMs: [] as number[] };
  for (const tenant of tenants) {
    times.submitMs.push(await call(partner, '/v1/claims', plainClaim('sample', tenant, evidence)));
    times.listMs.push(await call(partner, '/v1/claims?limit=50'));
    times.queueMs.push(await call(review, '/v1/review-queue?limit=50'));
  }
  const p50 = (some: number[]) => rounded(percentile(some.slice(5), 0.5));
  return { listMs: p50(times.listMs), queueMs: p50(times.queueMs), submitMs: p50(times.submitMs) };
}

const waitingWorkflows = async (client: Client): Promise<number> =>
  (await client.workflow.count(`WorkflowType = 'claimWorkflow' AND ExecutionStatus = 'Running' AND ClaimPhase = 'consent_pending'`)).count;

/** Starts the workflow of each claim, and waits until all of them wait for their timers. */
async function startWaiting(client: Client, claimIds: string[], partnerAccountId: string): Promise<number> {
  const engine = new ClaimEngine(client);
  const started = performance.now();
  await inParallel(claimIds.length, 24, async (index) => {
    const claim = { claimId: claimIds[index]!, partnerAccountId };
    for (;;) {
      try {
        await engine.wake(claim);
        return;
      } catch {
        // A busy server does not answer in time.
      }
    }
  });
  while ((await waitingWorkflows(client)) < claimIds.length) await pause(1_000);
  return (performance.now() - started) / 1000;
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const start = () => startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env: { ...process.env, CPOR_LOG_LEVEL: 'warn' } });
let stack = await start();
const open = async () => {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const connection = createClient({ address: stack.addresses.temporalAddress, namespace: 'cpor', apiKey: null, useTls: false }, []);
  return { source, client: connection.client, close: async () => Promise.all([connection.close(), source.destroy()]) };
};
try {
  let { source, client, close } = await open();
  const empty = { served: await served(stack, source), rest: await atRest(stack) };
  measurement('empty', { ...empty.served, ...empty.rest });
  const claim = await waitingClaim(source);
  const superuser = await superuserOf(stack);
  await superuser.query('VACUUM ANALYZE');
  const [tablesBefore, temporalBefore] = [await bytesByTable(superuser), await temporalBytes(stack)];
  const claimIds = await cloneClaims(superuser, claim, count, [claimCountsSql, competitionSql]);
  const tablesAfter = await bytesByTable(superuser);
  const seconds = await startWaiting(client, claimIds, claim.partnerAccountId);
  measurement('workflows started', { claims: count, seconds: rounded(seconds), perSecond: rounded(count / seconds) });
  // What the starts left to write is written before the rest is measured.
  await superuser.query('VACUUM ANALYZE');
  await pause(20_000);
  const perTable = [...tablesAfter]
    .map(([name, bytes]): [string, number] => [name, (bytes - (tablesBefore.get(name) ?? 0)) / count])
    .filter(([, bytes]) => bytes >= 1)
    .sort(([, a], [, b]) => b - a);
  const perClaim = {
    postgres: perTable.reduce((sum, [, bytes]) => sum + bytes, 0),
    temporal: ((await temporalBytes(stack)) - temporalBefore) / count,
  };
  measurement('bytes of a waiting claim', {
    claims: count,
    postgres: rounded(perClaim.postgres),
    temporal: rounded(perClaim.temporal),
    byTable: Object.fromEntries(perTable.map(([name, bytes]) => [name, rounded(bytes)])),
  });
  const machine = machineCpu();
  const rest = await atRest(stack);
  const others = (machineCpu().seconds - machine.seconds) / restSeconds;
  measurement('at rest', { claims: count, ...rest, machineCores: rounded(others) });
  const full = await served(stack, source);
  measurement('served', { claims: count, ...full });
  await superuser.end();
  await close();
  await stack.stop();
  const began = performance.now();
  stack = await start();
  const startSeconds = (performance.now() - began) / 1000;
  ({ source, client, close } = await open());
  measurement('started again', { claims: count, seconds: rounded(startSeconds), waiting: await waitingWorkflows(client) });
  await close();
  const sum = ({ cpu }: AtRest) => Object.values(cpu).reduce((total, percent) => total + percent, 0);
  table(
    [`With ${count} waiting claims`, 'empty', 'waiting', 'ratio'],
    [
      ...(['listMs', 'queueMs', 'submitMs'] as const).map((name) => [
        name,
        empty.served[name],
        full[name],
        full[name] / empty.served[name],
      ]),
      ['CPU at rest, % of a core', sum(empty.rest), sum(rest), null],
      ...Object.keys(rest.cpu).map((name) => [`  ${name}`, empty.rest.cpu[name]!, rest.cpu[name]!, null]),
      ...Object.keys(rest.cpu).map((name) => [
        `resident MB, ${name}`,
        empty.rest.residentMegabytes[name]!,
        rest.residentMegabytes[name]!,
        null,
      ]),
      ['bytes a claim, PostgreSQL', null, perClaim.postgres, null],
      ['bytes a claim, Temporal', null, perClaim.temporal, null],
      ['start, s', null, startSeconds, null],
    ],
  );
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
