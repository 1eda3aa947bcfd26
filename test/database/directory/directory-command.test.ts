import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const main = join(import.meta.dirname, '../../../apps/cli/src/main.js');
const tenantId = '0a8f2c1e-77d3-4b61-9c55-1d2e3f4a5b6c';

const documentOf = (workloads: string[], more: object = {}) => ({
  accounts: [],
  tenants: [{ tenantId, name: 'Fourth Coffee', country: 'US', language: 'en', domains: ['fourth-coffee.example'], workloads, ...more }],
});

describe('cpor directory import', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let folder: string;

  before(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'cpor-test-directory-'));
  });
  after(async () => {
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function file(name: string, content: unknown): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  const run = (...args: string[]): Promise<{ code: number; output: string; errors: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], CPOR_MODE: 'sandbox', DATABASE_URL: database.appUrl };
      execFile(process.execPath, [main, 'directory', ...args], { env }, (error, output, errors) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output, errors });
      });
    });

  const workloads = async () => {
    const query = { partnerId: '1240371', tenantId, identifiers: [] };
    return (await new PostgresDirectoryProvider(database.source).lookUp(query)).tenant?.workloads;
  };

  it('imports each file in turn and reports no changes the second time', async () => {
    const [first, second] = [await file('first.json', documentOf(['teams'])), await file('second.json', documentOf(['teams', 'intune']))];
    const done = await run('import', first, second);
    expect([done.code, done.errors]).to.deep.equal([0, '']);
    expect(done.output).to.equal(`${first}: 3 rows read, 3 new or changed.\n${second}: 4 rows read, 1 new or changed.\n`);
    expect(await workloads()).to.deep.equal(['intune', 'teams']);
    expect((await run('import', second)).output).to.equal(`${second}: 4 rows read, 0 new or changed.\n`);
  });

  it('lists every fault of a document, imports none of it and skips the remaining files', async () => {
    const faulty = await file('faulty.json', documentOf(['exchange'], { country: 'usa', domains: ['nowhere'] }));
    const good = await file('good.json', documentOf(['sharepoint']));
    const before = await workloads();
    const { code, output, errors } = await run('import', faulty, good);
    expect([code, output]).to.deep.equal([1, '']);
    expect(errors).to.contain(`${faulty}: tenants.0.country: a country is two capital letters`).and.to.contain('tenants.0.domains.0');
    expect(await workloads()).to.deep.equal(before);
  });

  it('writes nothing with --check', async () => {
    const good = await file('checked.json', documentOf(['viva_topics']));
    expect(await run('import', '--check', good)).to.deep.equal({ code: 0, output: `${good}: 0 accounts, 1 tenants.\n`, errors: '' });
    expect(await workloads()).not.to.include('viva_topics');
    expect((await run('import', '--check', await file('not.json', '{'))).errors).to.contain('is not JSON.');
  });

  it('prints its usage', async () => {
    expect(await run()).to.include({ code: 2, output: '' });
    const { code, output } = await run('--help');
    expect([code, output.split('\n')[0]]).to.deep.equal([0, 'Usage: cpor directory import [--check] FILE...']);
  });
});
