import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { mintSandboxToken, type Role } from '#libs/auth/index.js';
import { endProcess, type Stack, startStack } from '#libs/embedded/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { percentile } from './measure.js';
import { cpuMs } from './process-cpu.js';
import { measurement, rounded, table } from './report.js';
import { partnerAccountId, partnerId } from './sandbox.js';

const { values } = parseArgs({
  options: { usage: { type: 'boolean' }, rows: { type: 'string', default: '1000000' }, associations: { type: 'string', default: '10000' } },
});
/**
 * A vendor's usage file, imported twice, and what a partner with many associations reads of it.
 *
 *     npm run bench -- --usage [--rows 1000000] [--associations 10000]
 */
const months = 20;
const rows = Number(values.rows);
const associations = Number(values.associations);
const monthOf = (index: number): string => new Date(Date.UTC(2025, index, 1)).toISOString().slice(0, 10);

/** A separate tenant for each target, the same in every run. */
const tenantOf = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;

/** Generates the file while it is sent. */
function* file(users: number): Generator<string> {
  yield 'CustomerTenantId,CustomerName,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,ClaimId,MpnId,PartnerAttributionType,Date\n';
  for (let row = 0; row < rows; row++) {
    const target = Math.floor(row / months);
    yield `${tenantOf(target)},Customer ${target},Exchange,${users + (row % 500)},1000,CLM-000001,1240371,CPOR,${monthOf(row % months)}\n`;
  }
}

/** Adds claims and active associations of one partner for the first targets, as bare rows without events. */
async function addAssociations(source: DataSource): Promise<void> {
  await source.query(
    `WITH targets AS (
       SELECT n, gen_random_uuid() AS claim_id, ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS tenant_id
       FROM generate_series(0, $1::int - 1) AS n
     ), claimed AS (
       INSERT INTO claims (claim_id, number, version, partner_account_id, partner_id, tenant_id, phase, state)
       SELECT claim_id, 'BENCH-' || n, 1, $2, $3, tenant_id, 'official', jsonb_build_object('policy', $4::text, 'details', repeat(md5(n::text), 60))
       FROM targets
     )
     INSERT INTO associations (association_id, claim_id, line, target, partner_account_id, partner_id, tenant_id, activities, official_at)
     SELECT gen_random_uuid(), claim_id, 1, 'workload:' || tenant_id || ':exchange', $2, $3, tenant_id, '{usage}', '2025-01-15' FROM targets`,
    [associations, partnerAccountId, partnerId, `${samplePolicy.name}@${samplePolicy.version}`],
  );
}

const memoryOf = (pid: number, line: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

const token = ({ dataDirectory, addresses }: Stack, role: Role): Promise<string> =>
  mintSandboxToken({
    dataDirectory,
    issuer: `${addresses.apiUrl}/sandbox/issuer`,
    audience: 'cpor',
    roles: [role],
    subject: `bench-${role}`,
    ...(role === 'usage_viewer' ? { partner: partnerAccountId, locations: ['*'] } : {}),
    lifetimeSeconds: 7_200,
  });

interface Reply {
  status: number;
  text: string;
  bytes: number;
}

function send(method: string, url: string, bearer: string, body?: Iterable<string>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'text/csv', 'idempotency-key': randomUUID() };
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (text.length < 200_000) text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, bytes }));
    });
    sent.on('error', reject);
    if (body === undefined) sent.end();
    else Readable.from(grouped(body), { objectMode: false }).pipe(sent);
  });
}

function* grouped(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}

const reported: (string | number)[][] = [];

/** Runs the work once, and reports elapsed seconds, CPU seconds of API and PostgreSQL, and the API's memory. */
async function timed<Result>(what: string, { api, postgres }: Processes, work: () => Promise<Result>): Promise<Result> {
  const cpuBefore = [cpuMs(api), cpuMs(postgres)];
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const [apiCpu, postgresCpu] = [cpuMs(api) - cpuBefore[0]!, cpuMs(postgres) - cpuBefore[1]!].map((ms) => ms / 1000);
  measurement(what, {
    rows,
    associations,
    seconds: rounded(seconds),
    cpuSeconds: { api: rounded(apiCpu!), postgres: rounded(postgresCpu!) },
    apiMegabytes: { after: Math.round(memoryOf(api, 'VmRSS')), peak: Math.round(memoryOf(api, 'VmHWM')) },
  });
  reported.push([what, seconds * 1000, seconds * 1000, apiCpu! * 1000, postgresCpu! * 1000]);
  return result;
}

interface Processes {
  api: number;
  postgres: number;
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({
  dataDirectory: join(directory, 'data'),
  ports: 'free',
  env: { ...process.env, CPOR_LOG_LEVEL: 'warn' },
});
try {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const api = stack.addresses.apiUrl;
  const processes = { api: stack.parts.api.pid!, postgres: stack.parts.postgres!.pid! };
  const [vendor, viewer] = [await token(stack, 'vendor_admin'), await token(stack, 'usage_viewer')];
  await addAssociations(source);
  const importFile = async (users: number): Promise<void> => {
    const reply = await send('POST', `${api}/v1/usage/imports?set=workload_usage`, vendor, file(users));
    if (reply.status !== 201) throw new Error(`The import answered ${reply.status}: ${reply.text}`);
  };
  await timed('usage import', processes, () => importFile(10));
  const [size] = await source.query<[{ table: string; index: string }]>(
    `SELECT pg_size_pretty(pg_table_size('usage_rows')) AS table, pg_size_pretty(pg_indexes_size('usage_rows')) AS index`,
  );
  measurement('usage stored', { rows, table: size.table, index: size.index });
  await timed('usage import in place of another', processes, () => importFile(20));
  const ids = await source.query<{ id: string }[]>('SELECT association_id AS id FROM associations ORDER BY random() LIMIT 200');
  const read = async (what: string, paths: string[]): Promise<Reply> => {
    const times: number[] = [];
    const cpuBefore = [cpuMs(processes.api), cpuMs(processes.postgres)];
    let last: Reply | undefined;
    for (const path of paths) {
      const started = performance.now();
      last = await send('GET', `${api}${path}`, viewer);
      times.push(performance.now() - started);
      if (last.status !== 200) throw new Error(`${path} answered ${last.status}: ${last.text.slice(0, 500)}`);
    }
    const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
    const [apiCpu, postgresCpu] = [cpuMs(processes.api) - cpuBefore[0]!, cpuMs(processes.postgres) - cpuBefore[1]!].map(
      (ms) => ms / paths.length,
    );
    measurement(what, {
      rows,
      associations,
      ms: { p50: rounded(p50), p95: rounded(p95) },
      cpuMs: { api: rounded(apiCpu!), postgres: rounded(postgresCpu!) },
    });
    reported.push([what, p50, p95, apiCpu!, postgresCpu!]);
    return last!;
  };
  const times = (count: number, path: string): string[] => Array.from({ length: count }, () => path);
  await read(
    'usage of one association',
    ids.map(({ id }) => `/v1/associations/${id}/usage?set=workload_usage`),
  );
  await read('first 100 usage rows', times(50, '/v1/usage?set=workload_usage'));
  const middle = Buffer.from(JSON.stringify({ associationId: ids[0]!.id, month: monthOf(3), dimension: '' })).toString('base64url');
  await read('100 usage rows from the middle', times(50, `/v1/usage?set=workload_usage&cursor=${middle}`));
  await read('20 usage series', times(20, '/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers'));
  await read('usage sums of one month', times(5, `/v1/usage/aggregates?set=workload_usage&from=${monthOf(3)}&to=${monthOf(3)}`));
  await read('usage sums of all months', times(3, '/v1/usage/aggregates?set=workload_usage'));
  const [logged] = await source.query<[{ customers: number; entries: number }]>(
    `SELECT count(DISTINCT tenant_id)::int AS customers, count(*)::int AS entries FROM access_entries
     WHERE access_id = (SELECT access_id FROM access_entries ORDER BY at DESC, access_id DESC LIMIT 1)`,
  );
  measurement('usage read logged', { customers: logged.customers, entries: logged.entries });
  const exported = await timed('usage export', processes, () => send('GET', `${api}/v1/usage/export?set=workload_usage`, viewer));
  measurement('usage exported', { megabytes: rounded(exported.bytes / 1_000_000) });
  table(['Usage', 'p50 ms', 'p95 ms', 'CPU ms API', 'CPU ms PostgreSQL'], reported);
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
