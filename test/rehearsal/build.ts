import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutRoot, findFreePort } from '#libs/embedded/index.js';
import { type Running, startProcess } from './process.js';
import type { Change } from './next-version.js';

const run = promisify(execFile);

/** A build of the product in a folder of its own. */
export class Build {
  private constructor(
    readonly id: string,
    private readonly root: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly logs: string,
  ) {}

  /** The build of this checkout. */
  static present(id: string, env: NodeJS.ProcessEnv, logs: string): Build {
    return new Build(id, checkoutRoot, env, logs);
  }

  /** Copies the build of this checkout with changes. @throws an Error when a text that should be replaced is not there */
  static async changed(id: string, changes: Change[], root: string, env: NodeJS.ProcessEnv, logs: string): Promise<Build> {
    await mkdir(root);
    for (const name of await readdir(checkoutRoot)) if (name !== 'dist') await symlink(join(checkoutRoot, name), join(root, name));
    const left = ['test', 'console', 'apps/demo', 'apps/local'].map((name) => join(checkoutRoot, 'dist', name));
    const filter = (path: string) => !path.endsWith('.map') && !left.includes(path);
    await cp(join(checkoutRoot, 'dist'), join(root, 'dist'), { recursive: true, filter });
    await symlink(join(checkoutRoot, 'dist/console'), join(root, 'dist/console'));
    for (const { file, from, to } of changes) {
      const path = join(root, 'dist', file);
      const text = await readFile(path, 'utf8');
      if (text.split(from).length !== 2)
        throw new Error(`${file} does not have the text "${from}" once: adapt test/rehearsal/next-version.ts.`);
      await writeFile(
        path,
        text.replace(from, () => to),
      );
    }
    const bundle = join(checkoutRoot, 'tools/setup/bundle-workflows.mjs');
    await run(process.execPath, [bundle, join(root, 'dist/workflows/index.js'), join(root, 'dist/workflow-bundle.js')]);
    return new Build(id, root, env, logs);
  }

  /** Starts a worker, which gets no work before its build has it. `metricsUrl` serves the metrics of Temporal's SDK. */
  async worker(): Promise<Running & { metricsUrl: string }> {
    const metrics = `127.0.0.1:${await findFreePort()}`;
    const worker = await this.start('worker', { CPOR_METRICS: '', CPOR_TEMPORAL_METRICS: metrics });
    return Object.assign(worker, { metricsUrl: `http://${metrics}/metrics` });
  }

  /** Starts an API process and waits until it answers. */
  async api(): Promise<Running & { url: string }> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const api = await this.start('api', { CPOR_API_PORT: String(port), CPOR_METRICS: '' });
    await api.until('it to answer', () => fetch(`${url}/livez`).then(({ ok }) => ok));
    return Object.assign(api, { url });
  }

  /** Runs a `cpor` command of this build. */
  async cpor(...args: string[]): Promise<{ exitCode: number; output: string }> {
    const file = join(this.root, 'dist/apps/cli/src/main.js');
    return new Promise((resolve) => {
      execFile(process.execPath, [file, ...args], { env: this.settings(), cwd: this.root, timeout: 120_000 }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
      });
    });
  }

  private start(app: string, env: NodeJS.ProcessEnv): Promise<Running> {
    const file = join(this.root, `dist/apps/${app}/src/main.js`);
    const logFile = join(this.logs, `${app}-${this.id}.log`);
    return startProcess(`The ${app} of ${this.id}`, file, { env: { ...this.settings(), ...env }, cwd: this.root, logFile });
  }

  private settings(): NodeJS.ProcessEnv {
    return { ...this.env, CPOR_BUILD_ID: this.id };
  }
}
