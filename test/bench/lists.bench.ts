import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createOwnerDataSource, createDataSource } from '#libs/event-store/index.js';
import { startPostgres, dropPostgres } from '#libs/embedded/index.js';
import { loadSampleData } from '#libs/sample-data/index.js';
import { startTestApi } from '../support/api.js';
import { type PlanSketch, recordStatements, sketchPlan } from './list-plans.js';
import { listShapes } from './list-shapes.js';
import { loadClaims } from './load-claims.js';
import { percentile } from './measure.js';
import { onCpuMs } from './process-cpu.js';

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '30' },
    only: { type: 'string', default: '' },
    /** Keeps the cluster here, to be used again. */
    directory: { type: 'string' },
    report: { type: 'string', default: 'lists-report.md' },
    /** The whole plans, beside the report's one line each. */
    plans: { type: 'string', default: 'lists-plans.md' },
  },
});
const count = Number(values.claims);
const runs = Number(values.runs);

const directory = values.directory ?? (await mkdtemp(join(tmpdir(), 'cpor-lists-')));
const postgres = await startPostgres({ directory, port: 0 });
try {
  const owner = await createOwnerDataSource(postgres.ownerUrl).initialize();
  await owner.runMigrations();
  const [loaded] = await owner.query<[{ claims: string }]>('SELECT count(*) AS claims FROM claims');
  await owner.destroy();
  const source = await createDataSource(postgres.appUrl).initialize();
  if (Number(loaded.claims) === 0) {
    await loadSampleData(source);
    await loadClaims(postgres.ownerUrl, count, console.log);
  }
  const [size] = await source.query<[{ table: string; indexes: string }]>(
    `SELECT pg_size_pretty(pg_table_size('claims')) AS table, pg_size_pretty(pg_indexes_size('claims')) AS indexes`,
  );
  const api = await startTestApi({ database: postgres });
  const lines = ['| List | Items | Median ms | p95 ms | CPU ms | Pages | Plan |', '|---|---:|---:|---:|---:|---:|---|'];
  const plans: string[] = [];
  console.log(`Table claims ${size.table}, its indexes ${size.indexes}; ${runs} runs each, over HTTP.`);
  for (const shape of (await listShapes(api)).filter(({ name }) => name.includes(values.only))) {
    const timings: number[] = [];
    const cpu: number[] = [];
    let items = 0;
    for (let run = 0; run < runs; run++) {
      const cpuBefore = onCpuMs(postgres.pid);
      const started = performance.now();
      const { status, body, text } = await api.call('GET', shape.path, { token: shape.token });
      timings.push(performance.now() - started);
      cpu.push(onCpuMs(postgres.pid) - cpuBefore);
      if (status !== 200) throw new Error(`${shape.path} answered ${status}: ${text}`);
      items = Array.isArray(body['items']) ? body['items'].length : Number(body['claims']);
    }
    const [median, p95] = [percentile(timings, 0.5), percentile(timings, 0.95)];
    console.log(
      `${shape.name.padEnd(70)} ${String(items).padStart(8)} ${median.toFixed(1).padStart(8)} ${p95.toFixed(1).padStart(8)} ${percentile(cpu, 0.5).toFixed(1).padStart(8)}`,
    );
    const sketches: PlanSketch[] = [];
    for (const statement of await recordStatements(api, () => api.call('GET', shape.path, { token: shape.token }))) {
      const rows = await source.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN (ANALYZE, BUFFERS) ${statement.sql}`, statement.parameters);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      sketches.push(sketchPlan(plan));
      plans.push(`## ${shape.name}\n\n\`GET ${shape.path}\`\n\n\`\`\`sql\n${statement.sql}\n\`\`\`\n\n\`\`\`\n${plan}\n\`\`\`\n`);
    }
    const pages = sketches.reduce((sum, sketch) => sum + sketch.pages, 0);
    const sketch = sketches.map(({ nodes }) => nodes.join(', ')).join('; then ');
    lines.push(
      `| ${shape.name} | ${items} | ${median.toFixed(1)} | ${p95.toFixed(1)} | ${percentile(cpu, 0.5).toFixed(1)} | ${pages} | ${sketch} |`,
    );
  }
  await mkdir(dirname(values.report), { recursive: true });
  const title = `# Lists of ${count} claims\n\nTable ${size.table}, indexes ${size.indexes}; over HTTP, ${runs} runs each.`;
  await writeFile(values.report, `${title}\n\n${lines.join('\n')}\n`);
  await writeFile(values.plans, `${title}\n\n${plans.join('\n')}`);
  console.log(`Timings: ${values.report}; plans: ${values.plans}`);
  await api.close();
  await source.destroy();
} finally {
  await postgres.stop();
  if (values.directory === undefined) {
    await dropPostgres(directory);
    await rm(directory, { recursive: true, force: true });
  }
}
process.exit(0);
