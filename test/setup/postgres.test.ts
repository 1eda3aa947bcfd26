import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { dropPostgres, type EmbeddedPostgres, startPostgres, waitUntil } from '#libs/embedded/index.js';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('embedded PostgreSQL', function () {
  this.timeout(60_000);
  let directory: string;
  let server: EmbeddedPostgres | undefined;

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'cpor-postgres-')), 'postgres');
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await dropPostgres(directory);
    await rm(dirname(directory), { recursive: true, force: true });
  });

  const start = async (port = 0): Promise<EmbeddedPostgres> => {
    server = await startPostgres({ directory, port, durable: false });
    return server;
  };

  it('gives the owner and the application different roles', async () => {
    const { ownerUrl, appUrl } = await start();
    expect(await query(ownerUrl, 'SELECT current_user, current_database()')).to.deep.equal([
      { current_user: 'cpor_owner', current_database: 'cpor' },
    ]);
    await query(ownerUrl, 'CREATE TABLE mine (id int)');
    const refusal = await query(appUrl, 'SELECT * FROM mine').catch((error: Error) => error.message);
    expect(refusal).to.equal('permission denied for table mine');
  });

  it('refuses a wrong password', async () => {
    const { appUrl } = await start();
    const refusal = await query(appUrl.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1').catch((error: { code: string }) => error.code);
    expect(refusal).to.equal('28P01');
  });

  it('keeps its passwords in a file that only its own account can read', async () => {
    await start();
    expect(statSync(join(directory, 'credentials.json')).mode & 0o777).to.equal(0o600);
  });

  it('listens on the loopback address only and accepts 200 connections', async () => {
    const { ownerUrl } = await start();
    const [settings] = await query(
      ownerUrl,
      `SELECT current_setting('listen_addresses') AS at, current_setting('max_connections') AS most`,
    );
    expect(settings).to.deep.equal({ at: '127.0.0.1', most: '200' });
  });

  it('creates databases, also from a template', async () => {
    const running = await start();
    const template = await running.createDatabase('template_of_tests');
    await query(template.ownerUrl, 'CREATE TABLE notes AS SELECT 7 AS n');
    const copy = await running.createDatabase('a_test', { template: 'template_of_tests' });
    expect(await query(copy.ownerUrl, 'SELECT n FROM notes')).to.deep.equal([{ n: 7 }]);
    await running.dropDatabase('a_test');
    const refusal = await query(copy.ownerUrl, 'SELECT 1').catch((error: { code: string }) => error.code);
    expect(refusal).to.equal('3D000');
  });

  it('keeps its data and its port when it is killed and restarted', async () => {
    const before = await start();
    await query(before.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    before.process.kill('SIGKILL');
    await before.process.ended;
    const after = await start(before.port);
    expect(after.ownerUrl).to.equal(before.ownerUrl);
    expect(await query(after.ownerUrl, 'SELECT n FROM kept')).to.deep.equal([{ n: 42 }]);
  });

  it('ends a server that an earlier run left on its data, and takes its port', async () => {
    const left = await start();
    await query(left.ownerUrl, 'CREATE TABLE kept AS SELECT 1 AS n');
    const after = await start(left.port);
    expect(left.process.isRunning()).to.equal(false);
    expect(after.port).to.equal(left.port);
    expect(await query(after.ownerUrl, 'SELECT n FROM kept')).to.deep.equal([{ n: 1 }]);
  });

  it('starts when the pid of its dead predecessor belongs to another program', async () => {
    const before = await start();
    const { placedAt = directory } = JSON.parse(readFileSync(join(directory, 'credentials.json'), 'utf8')) as { placedAt?: string };
    const pidFile = join(placedAt, 'cluster/postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    before.process.kill('SIGKILL');
    await before.process.ended;
    writeFileSync(pidFile, text.replace(/^\d+/, String(process.pid)));
    const after = await start();
    expect(await query(after.ownerUrl, 'SELECT 1 AS n')).to.deep.equal([{ n: 1 }]);
  });

  it('creates the cluster again when initdb was interrupted', async () => {
    await start();
    await server?.stop();
    await dropPostgres(directory);
    await mkdir(join(directory, 'cluster.new/base'), { recursive: true });
    writeFileSync(join(directory, 'cluster.new/PG_VERSION'), '18\n');
    writeFileSync(join(directory, 'initdb-password'), 'half');
    const { ownerUrl } = await start();
    expect(await query(ownerUrl, 'SELECT 1 AS n')).to.deep.equal([{ n: 1 }]);
  });

  it('uses another port when the preferred one is taken', async () => {
    const first = await start();
    const other = await startPostgres({ directory: `${directory}-2`, port: first.port, durable: false });
    try {
      expect(other.port).to.not.equal(first.port);
      expect(await query(other.ownerUrl, 'SELECT 1 AS n')).to.deep.equal([{ n: 1 }]);
    } finally {
      await other.stop();
      await dropPostgres(`${directory}-2`);
    }
  });

  it('leaves no process when it is stopped', async () => {
    const { pid } = await start();
    await server?.stop();
    const isGone = () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    expect(await waitUntil(isGone, 5_000)).to.equal(true);
  });
});
