import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { endProcess, type Stack, startStack } from '#libs/embedded/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { percentile } from './measure.js';
import { addTenants, type BenchTenant, plainClaim, publishSecondsPolicy, token } from './sandbox.js';

/**
 * Measures how much one partner's import slows others down: the time from the creation of another partner's claim to the outcome of its
 * submission, and from a reviewer's decision to its outcome, with and without the import.
 *
 *     npm run bench -- --fairness [--rows 5000] [--samples 40]
 */
const { values } = parseArgs({
  options: {
    fairness: { type: 'boolean' },
    rows: { type: 'string', default: '5000' },
    samples: { type: 'string', default: '40' },
  },
});
const rows = Number(values.rows);
const samples = Number(values.samples);
const other = { accountId: 'a63c88ce-01ab-4367-a328-6ec63a60f30b', partnerId: '48213' };
const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
const answerLimitMs = 120_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Waits {
  submit: number[];
  decide: number[];
}

class Callers {
  constructor(
    private readonly stack: Stack,
    private readonly partner: string,
    private readonly reviewer: string,
  ) {}

  async claim(programme: string, tenant: BenchTenant): Promise<{ submitMs: number; decideMs: number }> {
    const body = { ...plainClaim(programme, tenant, evidence), partnerId: other.partnerId };
    const submitted = await this.timed('/v1/claims', this.partner, body);
    const claimId = submitted.claimId;
    const seen = await fetch(`${this.stack.addresses.apiUrl}/v1/claims/${claimId}`, {
      headers: { authorization: `Bearer ${this.reviewer}` },
    });
    const decided = await this.timed(`/v1/claims/${claimId}/decisions`, this.reviewer, { outcome: 'approve' }, seen.headers.get('etag')!);
    return { submitMs: submitted.ms, decideMs: decided.ms };
  }

  /** Returns the milliseconds until the command has its outcome, whether in the answer or in the operation. */
  private async timed(path: string, bearer: string, body: unknown, etag?: string): Promise<{ ms: number; claimId: string }> {
    const headers = {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(etag && { 'if-match': etag }),
    };
    const started = performance.now();
    const response = await fetch(`${this.stack.addresses.apiUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = (await response.json()) as { claimId: string };
    if (response.status >= 300) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    if (response.status === 202) await this.untilDone(response.headers.get('location')!, bearer);
    return { ms: performance.now() - started, claimId: answer.claimId };
  }

  private async untilDone(location: string, bearer: string): Promise<void> {
    const givesUpAt = performance.now() + answerLimitMs;
    while (performance.now() < givesUpAt) {
      const response = await fetch(`${this.stack.addresses.apiUrl}${location}`, { headers: { authorization: `Bearer ${bearer}` } });
      const { status } = (await response.json()) as { status: string };
      if (status === 'done') return;
      if (status === 'refused') throw new Error(`${location} was refused.`);
      await pause(25);
    }
    throw new Error(`${location} had no outcome for ${answerLimitMs / 1000} s.`);
  }
}

async function measureWaits(callers: Callers, programme: string, tenants: BenchTenant[]): Promise<Waits> {
  const waits: Waits = { submit: [], decide: [] };
  for (const tenant of tenants) {
    const { submitMs, decideMs } = await callers.claim(programme, tenant);
    waits.submit.push(submitMs);
    waits.decide.push(decideMs);
    await pause(250);
  }
  return waits;
}

async function startImport(stack: Stack, source: DataSource, programme: string): Promise<string> {
  const tenants = await addTenants(source, rows);
  const lines = tenants.map((tenant) => {
    const { submit: _submit, ...claim } = plainClaim(programme, tenant, evidence);
    return JSON.stringify(claim);
  });
  const response = await fetch(`${stack.addresses.apiUrl}/v1/claims/imports?submit=true`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await token(stack, 'claim_admin')}`,
      'content-type': 'application/x-ndjson',
      'idempotency-key': randomUUID(),
    },
    body: lines.join('\n'),
  });
  const answer = (await response.json()) as { importId: string; rows: { waiting: number } };
  if (response.status !== 202 || answer.rows.waiting !== rows) throw new Error(`The import was answered ${response.status}.`);
  return answer.importId;
}

async function progressOf(source: DataSource, importId: string): Promise<{ accepted: number; submitted: number; state: string }> {
  const [row] = await source.query<[{ accepted: number; submitted: number; state: string }]>(
    `SELECT count(*) FILTER (WHERE r.outcome = 'accepted')::int AS accepted,
       count(*) FILTER (WHERE c.outcome ->> 'status' = 'done')::int AS submitted, min(i.state) AS state
     FROM claim_imports i JOIN claim_import_rows r USING (import_id) LEFT JOIN claim_commands c USING (command_id) WHERE import_id = $1`,
    [importId],
  );
  return row;
}

const shown = (ms: number[]): string => `${percentile(ms, 0.5).toFixed(0)} / ${percentile(ms, 0.95).toFixed(0)} ms`;

function report(what: string, without: number[], during: number[]): void {
  const [before, after] = [percentile(without, 0.5), percentile(during, 0.5)];
  const delay = `delayed by ${(after - before).toFixed(0)} ms at the median, ratio ${(after / before).toFixed(2)}`;
  console.log(`${what}: p50 / p95 without ${shown(without)}, with ${shown(during)}; ${delay}`);
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({ dataDirectory: join(directory, 'data'), ports: 'free', env: { ...process.env, CPOR_LOG_LEVEL: 'warn' } });
try {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const programme = await publishSecondsPolicy(source, 86_400);
  const tenants = await addTenants(source, samples * 2 + 10);
  const callers = new Callers(stack, await token(stack, 'claim_admin', other.accountId), await token(stack, 'reviewer'));
  await measureWaits(callers, programme, tenants.splice(0, 10));
  const without = await measureWaits(callers, programme, tenants.splice(0, samples));
  const importId = await startImport(stack, source, programme);
  const began = performance.now();
  while ((await progressOf(source, importId)).accepted < Math.min(100, rows / 10)) await pause(250);
  const before = { ...(await progressOf(source, importId)), at: performance.now() };
  const during = await measureWaits(callers, programme, tenants.splice(0, samples));
  const after = { ...(await progressOf(source, importId)), at: performance.now() };
  if (after.state !== 'running') throw new Error('The import had ended before the measurement did: send more rows.');
  console.log(`An import of ${rows} claims by one partner; ${samples} claims of another, each decided by a reviewer.`);
  report('Create and submit, until the outcome', without.submit, during.submit);
  report('Decision, until the outcome', without.decide, during.decide);
  const rate = ((after.submitted - before.submitted) / ((after.at - before.at) / 1000)).toFixed(1);
  const sinceStart = ((after.at - began) / 1000).toFixed(0);
  console.log(
    `The import: ${after.accepted} of ${rows} rows taken and ${after.submitted} claims submitted after ${sinceStart} s, ${rate} a second.`,
  );
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
