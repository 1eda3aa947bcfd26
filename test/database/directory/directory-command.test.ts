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

  /** The counts of a report: added, changed, removed and unchanged, by kind. */
  const changesIn = (output: string): Record<string, number[]> =>
    Object.fromEntries(
      [...output.matchAll(/^ {2}(\w+) +(\d+) +(\d+) +(\d+) +(\d+)$/gm)].map(([, label, ...counts]) => [label, counts.map(Number)]),
    );

  it('imports each file in turn and reports no changes the second time', async () => {
    const [first, second] = [await file('first.json', documentOf(['teams'])), await file('second.json', documentOf(['teams', 'intune']))];
    const done = await run('import', first, second);
    expect([done.code, done.errors]).to.deep.equal([0, '']);
    expect(changesIn(done.output.split(second)[0]!)['workloads']).to.deep.equal([1, 0, 0, 0]);
    expect(changesIn(done.output.split(second)[1]!)['workloads']).to.deep.equal([1, 0, 0, 1]);
    expect(await workloads()).to.deep.equal(['intune', 'teams']);
    expect(changesIn((await run('import', second)).output)).to.deep.include({ customers: [0, 0, 0, 1], workloads: [0, 0, 0, 2] });
  });

  it('lists every fault of a document and imports none of the files', async () => {
    const faulty = await file('faulty.json', documentOf(['exchange'], { country: 'usa', domains: ['nowhere'] }));
    const good = await file('good.json', documentOf(['sharepoint']));
    const before = await workloads();
    for (const files of [
      [faulty, good],
      [good, faulty],
    ]) {
      const { code, errors } = await run('import', ...files);
      expect(code).to.equal(1);
      expect(errors).to.contain(`${faulty}: tenants.0.country: must be two capital letters`).and.to.contain('tenants.0.domains.0');
      expect(errors).to.match(/Nothing was imported\.\n$/);
      expect(await workloads()).to.deep.equal(before);
    }
  });

  it('writes nothing with --dry-run, and reports what it would', async () => {
    const good = await file('checked.json', documentOf(['viva_topics']));
    const { code, output, errors } = await run('import', '--dry-run', good);
    expect([code, errors]).to.deep.equal([0, '']);
    expect(changesIn(output)['workloads']).to.deep.equal([1, 0, 2, 0]);
    expect(output).to.match(/Nothing was written\.\n$/);
    expect(await workloads()).not.to.include('viva_topics');
    expect((await run('import', '--dry-run', await file('not.json', '{'))).errors).to.contain('is not valid JSON.');
    expect((await run('import', await file('table.csv', 'a,b\n'))).errors).to.contain('If it is a table, say which: --customers');
  });

  it('imports tables, with the product names of the programmes in force', async () => {
    const other = '0a8f2c1e-77d3-4b61-9c55-1d2e3f4a5b6d';
    const customers = await file(
      'Customers.csv',
      `Microsoft ID,Company name,Primary domain name,Tags\n${other},Relecloud,relecloud.example,\n`,
    );
    const heading = 'SubscriptionId,CustomerTenantId,Product,SubscriptionState,SubscriptionEndDate,SalesChannel';
    const subscriptions = await file(
      'subs.csv',
      `${heading}\n${other.replace('0a', '1a')},${other},Business Central,Active,2027-06-30,Web Direct\n`,
    );
    const done = await run('import', '--customers', customers, '--subscriptions', subscriptions);
    expect([done.code, done.errors]).to.deep.equal([0, '']);
    expect(done.output).to.contain(`${customers}: 1 row. Columns: Microsoft ID, Company name, Primary domain name. Ignored: Tags.`);
    expect(changesIn(done.output)).to.deep.equal({ customers: [1, 0, 0, 0], domains: [1, 0, 0, 0], subscriptions: [1, 0, 0, 0] });
    const answer = await new PostgresDirectoryProvider(database.source).lookUp({ partnerId: '', tenantId: other, identifiers: [] });
    expect(answer.tenant?.subscriptions[0]).to.include({ product: 'business_central', family: 'dynamics', channel: 'web_direct' });

    const faulty = await run('import', '--customers', customers, '--subscriptions', await file('subs.csv', `${heading}\n1,2,x,y,z,\n`));
    expect([faulty.code, faulty.output]).to.deep.equal([1, '']);
    expect(faulty.errors).to.contain(`${subscriptions}:2: column SubscriptionId: The value must be a GUID.\n`);
  });

  it('prints its usage', async () => {
    expect(await run()).to.include({ code: 2, output: '' });
    const { code, output } = await run('--help');
    expect([code, output.split('[')[0]]).to.deep.equal([0, 'Usage: cpor directory import ']);
  });
});
