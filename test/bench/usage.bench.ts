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
import { partnerAccountId, partnerId } from './sandbox.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, associations: { type: 'string', default: '10000' } },
});
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

async function timed<Result>(what: string, pid: number, work: () => Promise<Result>): Promise<Result> {
  const [before, started] = [memoryOf(pid, 'VmRSS'), performance.now()];
  const result = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const [now, most] = [memoryOf(pid, 'VmRSS'), memoryOf(pid, 'VmHWM')].map((megabytes) => megabytes.toFixed(0));
  console.log(`${what}: ${seconds} s; memory of the API ${before.toFixed(0)} MB before, ${now} MB after, ${most} MB peak so far`);
  return result;
}

const directory = await mkdtemp(join(tmpdir(), 'cpor-bench-'));
const stack = await startStack({
  dataDirectory: join(directory, 'data'),
  ports: 'free',
  say: console.log,
  env: { ...process.env, CPOR_LOG_LEVEL: 'warn' },
});
try {
  const source = await createDataSource(stack.addresses.databaseUrl).initialize();
  const api = stack.addresses.apiUrl;
  const pid = stack.parts.api.pid!;
  const [vendor, viewer] = [await token(stack, 'vendor_admin'), await token(stack, 'usage_viewer')];
  await addAssociations(source);
  const importFile = async (users: number): Promise<void> => {
    const reply = await send('POST', `${api}/v1/usage/imports?set=workload_usage`, vendor, file(users));
    if (reply.status !== 201) throw new Error(`The import answered ${reply.status}: ${reply.text}`);
  };
  await timed(`Import of ${rows} rows`, pid, () => importFile(10));
  const [size] = await source.query<[{ table: string; index: string }]>(
    `SELECT pg_size_pretty(pg_table_size('usage_rows')) AS table, pg_size_pretty(pg_indexes_size('usage_rows')) AS index`,
  );
  console.log(`Stored: table ${size.table}, index ${size.index}`);
  await timed('The same targets and months once more, in place of the first', pid, () => importFile(20));
  const ids = await source.query<{ id: string }[]>('SELECT association_id AS id FROM associations ORDER BY random() LIMIT 200');
  const read = async (what: string, paths: string[]): Promise<Reply> => {
    const times: number[] = [];
    let last: Reply | undefined;
    for (const path of paths) {
      const started = performance.now();
      last = await send('GET', `${api}${path}`, viewer);
      times.push(performance.now() - started);
      if (last.status !== 200) throw new Error(`${path} answered ${last.status}: ${last.text.slice(0, 500)}`);
    }
    console.log(`${what}: p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`);
    return last!;
  };
  const times = (count: number, path: string): string[] => Array.from({ length: count }, () => path);
  await read(
    'One association',
    ids.map(({ id }) => `/v1/associations/${id}/usage?set=workload_usage`),
  );
  const first = await read(`First 100 rows of ${associations} associations`, times(50, '/v1/usage?set=workload_usage'));
  const middle = Buffer.from(JSON.stringify({ associationId: ids[0]!.id, month: monthOf(3), dimension: '' })).toString('base64url');
  await read('100 rows from the middle', times(50, `/v1/usage?set=workload_usage&cursor=${middle}`));
  await read('20 series', times(20, '/v1/usage/series?set=workload_usage&measure=MonthlyActiveUsers'));
  await read(
    `Sum of one month over ${associations} associations`,
    times(5, `/v1/usage/aggregates?set=workload_usage&from=${monthOf(3)}&to=${monthOf(3)}`),
  );
  await read(`Sums of all months over ${associations} associations`, times(3, '/v1/usage/aggregates?set=workload_usage'));
  const [logged] = await source.query<[{ customers: number; entries: number }]>(
    `SELECT count(DISTINCT tenant_id)::int AS customers, count(*)::int AS entries FROM access_entries
     WHERE access_id = (SELECT access_id FROM access_entries ORDER BY at DESC, access_id DESC LIMIT 1)`,
  );
  console.log(`The last of these reads is logged for ${logged.customers} customers, in ${logged.entries} entries`);
  const exported = await timed(`Export of ${associations * months} rows`, pid, () =>
    send('GET', `${api}/v1/usage/export?set=workload_usage`, viewer),
  );
  console.log(`Exported ${(exported.bytes / 1_000_000).toFixed(1)} MB; the first page starts with ${first.text.slice(0, 80)}`);
  await source.destroy();
} finally {
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}
await endProcess(0);
