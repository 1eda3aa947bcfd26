import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { findFreePort } from '#libs/embedded/index.js';
import { waitFor } from './wait.js';

interface Rules {
  groups: { name: string; interval?: string; rules: { alert: string; expr: string; for?: string }[] }[];
}

/** A series that a query returned, with its last value. */
export interface Series {
  metric: Record<string, string>;
  value: [at: number, value: string];
}

const rulesFile = 'deploy/prometheus/cpor.rules.yml';

/** How many times sooner an alert fires here than in production: by its `for` alone, which says how long the fault must last. */
export const sooner = 60;

/** Reads the rules of production, with each `for` divided. Expressions, and the ranges and limits in them, stay as they are. */
export async function soonerRules(): Promise<Rules> {
  const { groups } = parse(await readFile(rulesFile, 'utf8')) as Rules;
  const secondsOf = (text: string) => Number.parseInt(text, 10) * { s: 1, m: 60, h: 3600 }[text.at(-1) as 's' | 'm' | 'h'];
  const rules = groups
    .flatMap((group) => group.rules)
    .map((rule) => (rule.for ? { ...rule, for: `${secondsOf(rule.for) / sooner}s` } : rule));
  return { groups: [{ name: 'cpor', interval: '1s', rules }] };
}

/** Use it to ask what an operator's Prometheus would say. `CPOR_TEST_PROMETHEUS` names its binary. Reads every second, and keeps nothing. */
export class TestPrometheus {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly server: ChildProcess,
  ) {}

  /** @param targets the `/metrics` addresses of each job, as host and port */
  static async start(targets: Record<string, string>): Promise<TestPrometheus> {
    const binary = process.env['CPOR_TEST_PROMETHEUS'];
    if (!binary) throw new Error('Set CPOR_TEST_PROMETHEUS to the path of the prometheus binary, such as /usr/bin/prometheus.');
    const folder = await mkdtemp(join(tmpdir(), 'cpor-prometheus-'));
    await writeFile(join(folder, 'rules.yml'), stringify(await soonerRules()));
    const jobs = Object.entries(targets).map(([job, target]) => ({ job_name: job, static_configs: [{ targets: [target] }] }));
    const global = { scrape_interval: '1s', evaluation_interval: '1s' };
    await writeFile(join(folder, 'prometheus.yml'), stringify({ global, rule_files: ['rules.yml'], scrape_configs: jobs }));
    const port = await findFreePort(0);
    const options = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const server = spawn(binary, options, { stdio: 'ignore' });
    const prometheus = new TestPrometheus(folder, port, server);
    await waitFor('Prometheus to be ready', () =>
      fetch(`http://127.0.0.1:${port}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return prometheus;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGTERM');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  async query(expr: string): Promise<Series[]> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/query?query=${encodeURIComponent(expr)}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: { result: Series[] }; error?: string };
    if (status !== 'success') throw new Error(`${expr}: ${error}`);
    return data.result;
  }

  /** The names of the alerts that fire. */
  async firing(): Promise<string[]> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/alerts`);
    const { data } = (await answer.json()) as { data: { alerts: { state: string; labels: { alertname: string } }[] } };
    return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  }
}
