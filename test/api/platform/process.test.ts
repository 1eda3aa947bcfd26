import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findFreePort } from '#libs/embedded/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { waitFor } from '../../support/wait.js';

const main = join(import.meta.dirname, '../../../apps/api/src/main.js');

interface Running {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

function run(env: Record<string, string>): Running {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number | null) };
}

describe('The API process', () => {
  let database: TestDatabase;
  let directory: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    directory = await mkdtemp(join(tmpdir(), 'cpor-test-process-'));
  });
  after(async () => {
    await database?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('reports every configuration fault and exits', async () => {
    const { output, ended } = run({ CPOR_MODE: 'sandbox', DATABASE_URL: 'mysql://somewhere/cpor', CPOR_API_PORT: 'http' });
    expect(await ended).to.equal(1);
    expect(output()).to.include('DATABASE_URL').and.include('TEMPORAL_ADDRESS').and.include('CPOR_API_PORT');
    expect(output()).not.to.include('    at ');
  });

  it('logs each request without tokens, queries or bodies, and exits on SIGTERM', async function () {
    this.timeout(30_000);
    const port = await findFreePort(0);
    const url = `http://127.0.0.1:${port}`;
    const { child, output, ended } = run({
      CPOR_MODE: 'sandbox',
      DATABASE_URL: database.appUrl,
      TEMPORAL_ADDRESS: `127.0.0.1:${await findFreePort(0)}`,
      CPOR_API_PORT: String(port),
      CPOR_DATA_DIR: directory,
    });
    try {
      await waitFor('the API', async () => (await fetch(`${url}/livez`).catch(() => null))?.ok === true);
      await fetch(`${url}/n/secret-of-a-link?lang=en`);
      await fetch(`${url}/v1/claims?q=personal-text`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret-of-a-caller', 'content-type': 'application/json' },
        body: '{"name":"text-of-a-body"}',
      });
      await waitFor('two lines', () => output().includes('"route":"/n/:token"') && output().includes('"route":"/v1/claims"'));
      expect(output()).not.to.match(/secret-of-|personal-text|text-of-a-body/);
    } finally {
      child.kill('SIGTERM');
    }
    await ended;
    expect(child.signalCode ?? child.exitCode).to.be.oneOf(['SIGTERM', 143, 0]);
  });
});
