import { randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import type { Scope } from '#libs/auth/index.js';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import {
  findUsageImport,
  importUsage,
  listUsageImportErrors,
  readUsageRows,
  type UsageImportOutcome,
  type UsageSetName,
  usageSets,
} from '#libs/usage/index.js';
import { addTenants, type ClaimServices, evergreen } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { csvOf, monthFrom, officialClaim, publishUsageProgramme } from '../../support/usage.js';
import { waitFor } from '../../support/wait.js';
import { TestDirectory } from '../../support/worker.js';

describe('a usage import', () => {
  let database: TestDatabase;
  let tenantId: string;
  let month: string;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 8 });
    const { source } = database;
    const services: ClaimServices = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    await publishUsageProgramme(source, 'brief', {});
    const [tenant] = await addTenants(source, 1);
    await officialClaim(services, { programme: 'brief', tenant: tenant!, products: ['exchange'] });
    tenantId = tenant!.tenantId;
    month = monthFrom(new Date(), 0);
  });
  after(() => database?.close());
  beforeEach(() => database.source.query('DELETE FROM usage_rows'));

  const row = (users: number | string, more: Record<string, string | number> = {}) => ({
    CustomerTenantId: tenantId,
    WorkloadName: 'Exchange',
    MonthlyActiveUsers: users,
    PaidAvailableUnits: 500,
    Date: month,
    ...more,
  });

  const take = (
    csv: string | Buffer | Readable,
    importId: string = randomUUID(),
    set: UsageSetName = 'workload_usage',
  ): Promise<UsageImportOutcome> =>
    importUsage(database.source, {
      importId,
      set,
      programme: 'sample',
      products: samplePolicy.products,
      importedBy: 'vendor',
      csv: csv instanceof Readable ? csv : Readable.from([Buffer.from(csv)]),
    });

  /** Returns the month's users as the partner reads them, or null if there is no row. */
  async function shown(): Promise<unknown> {
    const scope: Scope = { kind: 'partner', accountId: evergreen.accountId, locations: 'all' };
    const reader = { scope, subject: 'viewer', isExecutive: false };
    const { rows } = await readUsageRows(database.source.manager, reader, { set: usageSets.workload_usage, limit: 10 });
    return rows[0]?.values['MonthlyActiveUsers'] ?? null;
  }

  const storedRows = async (): Promise<number> => {
    const [{ count }] = await database.source.query<[{ count: number }]>('SELECT count(*)::int AS count FROM usage_rows');
    return count;
  };

  it('accepts published columns in any order and case, with a byte order mark and with either line ending', async () => {
    const importId = randomUUID();
    const heading = '\uFEFFdate,monthlyactiveusers,PAIDAVAILABLEUNITS,WorkloadName,CustomerTenantId,CustomerName';
    const csv = `${heading}\r\n${month},41,50,EXO,${tenantId.toUpperCase()},"Müller, Sons"\r\n`;
    expect(await take(csv, importId)).to.deep.equal({ result: 'published' });
    expect(await shown()).to.equal(41);
    const { startedAt, publishedAt, ...rest } = (await findUsageImport(database.source.manager, importId))!;
    expect(rest).to.deep.equal({
      importId,
      set: 'workload_usage',
      programme: 'sample',
      state: 'published',
      rowsRead: 1,
      rowsStored: 1,
      rowsRefused: 0,
      latestMonth: month,
      failure: null,
      failedLine: null,
    });
    expect(Date.parse(publishedAt!)).to.be.at.least(Date.parse(startedAt));
  });

  it('accepts what spreadsheets write: UTF-16, other delimiters, empty rows and columns, local months and pasted ids', async () => {
    const [year, number] = month.split('-');
    const tables = (cells: string[]) => {
      const heading = 'Date;Monthly Active Users;PaidAvailableUnits;WorkloadName;CustomerTenantId;;';
      const empty = ';'.repeat(6);
      return ['sep=;', heading, empty, `${cells.join(';')};;`, empty].join('\r\n');
    };
    const guid = `{${tenantId.toUpperCase()}}`;
    expect(await take(Buffer.from(`\uFEFF${tables([`01.${number}.${year}`, '51', '60', 'EXO', guid])}`, 'utf16le'))).to.deep.equal({
      result: 'published',
    });
    expect(await shown()).to.equal(51);
    // With the month or the day first: except in January, only one reading is the first day of a month.
    expect(await take(tables([`${number}/01/${year}`, '"=""52"""', '60', 'EXO', `\u00a0${tenantId}\u200b`]))).to.deep.equal({
      result: 'published',
    });
    expect(await shown()).to.equal(52);
    const importId = randomUUID();
    expect(await take(tables(['2026-03-14', '5.2E+12', '#N/A', 'EXO', tenantId]), importId)).to.deep.equal({ result: 'published' });
    const errors = await listUsageImportErrors(database.source.manager, importId, { after: 0, limit: 100 });
    expect(errors.map(({ line, column, code }) => [line, column, code])).to.deep.equal([
      [4, 'Date', 'month_invalid'],
      [4, 'MonthlyActiveUsers', 'cell_mangled'],
      [4, 'PaidAvailableUnits', 'cell_mangled'],
    ]);
    expect(await take(Buffer.from([0x44, 0xe9, 0x0a]))).to.deep.equal({ result: 'unreadable', line: 1 });
    await take(csvOf([row(10)]));
  });

  it('refuses an identifier that a spreadsheet has rounded, also in a column of texts', async () => {
    const importId = randomUUID();
    const rows = [row(10, { CustomerName: '1.24E+06' }), row(11, { CustomerTenantId: '1.24E+06' }), row(12, { CustomerName: '1E5 Ltd' })];
    expect(await take(csvOf(rows), importId)).to.deep.equal({ result: 'published' });
    const errors = await listUsageImportErrors(database.source.manager, importId, { after: 0, limit: 100 });
    expect(errors.map(({ line, column, code }) => [line, column, code])).to.deep.equal([
      [2, 'CustomerName', 'cell_mangled'],
      [3, 'CustomerTenantId', 'cell_mangled'],
    ]);
    expect(await shown()).to.equal(12);
  });

  it('reports each faulty row with its line and column, and stores the others', async () => {
    const importId = randomUUID();
    const future = monthFrom(new Date(), 2);
    const rows = [
      row(10),
      row(10, { CustomerTenantId: 'contoso' }),
      row('', {}),
      row('-1', { PaidAvailableUnits: '1.5' }),
      row(10, { Date: '2026-03-14' }),
      row(10, { Date: future }),
      row(10, { WorkloadName: 'Minesweeper' }),
      row(11),
      row(12, { WorkloadName: 'Teams' }),
    ];
    const csv = `${csvOf(rows)}\n${tenantId},Exchange\n`;
    expect(await take(csv, importId)).to.deep.equal({ result: 'published' });
    const errors = await listUsageImportErrors(database.source.manager, importId, { after: 0, limit: 100 });
    expect(errors.map(({ line, column, code }) => [line, column, code])).to.deep.equal([
      [3, 'CustomerTenantId', 'guid_invalid'],
      [4, 'MonthlyActiveUsers', 'value_required'],
      [5, 'MonthlyActiveUsers', 'number_invalid'],
      [5, 'PaidAvailableUnits', 'number_invalid'],
      [6, 'Date', 'month_invalid'],
      [7, 'Date', 'month_in_future'],
      [8, 'WorkloadName', 'workload_unknown'],
      [11, null, 'cells_differ'],
      [9, null, 'row_repeated'],
    ]);
    expect(errors.every(({ message }) => message.length > 20)).to.equal(true);
    const taken = (await findUsageImport(database.source.manager, importId))!;
    expect([taken.rowsRead, taken.rowsStored, taken.rowsRefused]).to.deep.equal([10, 2, 8]);
    expect(await shown()).to.equal(10);
    expect(await listUsageImportErrors(database.source.manager, importId, { after: 7, limit: 1 })).to.have.length(1);
  });

  it('refuses a header that lacks a column or has an unknown one', async () => {
    const importId = randomUUID();
    const outcome = await take('CustomerTenantId,WorkloadName,Date,MonthlyActiveUser,Date\n', importId);
    expect(outcome).to.deep.equal({
      result: 'header_refused',
      faults: [
        { column: 'MonthlyActiveUser', code: 'column_unknown' },
        { column: 'Date', code: 'column_repeated' },
        { column: 'MonthlyActiveUsers', code: 'column_missing' },
        { column: 'PaidAvailableUnits', code: 'column_missing' },
      ],
    });
    expect((await findUsageImport(database.source.manager, importId))?.state).to.equal('failed');
    expect(((await take('')) as { result: string }).result).to.equal('header_refused');
  });

  it('accepts a row for a workload or for a subscription, but not for both', async () => {
    const importId = randomUUID();
    const both = { CustomerTenantId: tenantId, WorkloadName: 'Exchange', SubscriptionId: randomUUID(), CPORPaidSeats: 1, Date: month };
    await take(csvOf([both, { ...both, SubscriptionId: '', WorkloadName: '' }]), importId, 'aggregates');
    const errors = await listUsageImportErrors(database.source.manager, importId, { after: 0, limit: 10 });
    expect(errors.map(({ line, code }) => [line, code])).to.deep.equal([
      [2, 'target_ambiguous'],
      [3, 'target_ambiguous'],
    ]);
  });

  it('stores nothing of a file with an unclosed quote and keeps little of it in memory', async () => {
    await take(csvOf([row(10)]));
    const importId = randomUUID();
    const many = Array.from({ length: 20_000 }, () => `${tenantId},Exchange,11,500,${month}`).join('\n');
    const outcome = await take(`${csvOf([row(11)])}\n"${many}`, importId);
    expect(outcome.result).to.equal('unreadable');
    const failed = (await findUsageImport(database.source.manager, importId))!;
    expect([failed.state, failed.failure, failed.rowsStored]).to.deep.equal(['failed', 'unreadable', 0]);
    expect([await shown(), await storedRows()]).to.deep.equal([10, 1]);
  });

  it('updates figures and leaves no superseded rows behind', async () => {
    await take(csvOf([row(10), row(20, { WorkloadName: 'Teams' })]));
    await take(csvOf([row(11)]));
    expect([await shown(), await storedRows()]).to.deep.equal([11, 2]);
  });

  it('keeps the previous figures visible until the whole file is stored', async () => {
    await take(csvOf([row(10)]));
    const importId = randomUUID();
    const csv = new PassThrough();
    const taking = take(csv, importId);
    csv.write(`${csvOf([row(11)])}\n`);
    for (let line = 0; line < 6_000; line++) csv.write(`${randomUUID()},Teams,1,1,${month}\n`);
    await waitFor('some of the rows to be stored', async () => (await storedRows()) > 2_000);
    expect([await shown(), (await findUsageImport(database.source.manager, importId))?.state]).to.deep.equal([10, 'receiving']);
    csv.end();
    expect(await taking).to.deep.equal({ result: 'published' });
    expect(await shown()).to.equal(11);
  });

  it('publishes nothing after an interruption and starts over when it is sent again', async () => {
    await take(csvOf([row(10)]));
    const importId = randomUUID();
    const csv = new PassThrough();
    const taking = take(csv, importId).catch((error: Error) => error.message);
    csv.write(`${csvOf([row(11)])}\n`);
    for (let line = 0; line < 6_000; line++) csv.write(`${randomUUID()},Teams,1,1,${month}\n`);
    await waitFor('some of the rows to be stored', async () => (await storedRows()) > 2_000);
    csv.destroy();
    expect(await taking).to.equal('The sender disconnected before the end of the file.');
    expect([await shown(), (await findUsageImport(database.source.manager, importId))?.state]).to.deep.equal([10, 'interrupted']);
    expect(await take(csvOf([row(12)]), importId)).to.deep.equal({ result: 'published' });
    expect([await shown(), await storedRows()]).to.deep.equal([12, 1]);
  });

  it('changes nothing when it is sent again, and refuses another file under the same id', async () => {
    const importId = randomUUID();
    await take(csvOf([row(10)]), importId);
    await take(csvOf([row(11)]));
    expect(await take(csvOf([row(10)]), importId)).to.deep.equal({ result: 'repeated' });
    expect(await take(csvOf([row(12)]), importId)).to.deep.equal({ result: 'conflict' });
    expect(await take(csvOf([row(10)]), importId, 'teams_detail')).to.deep.equal({ result: 'conflict' });
    expect(await shown()).to.equal(11);
  });

  it('reports rows repeated across batches, and reads a text that it has met before the same way', async () => {
    const importId = randomUUID();
    const rows = 7_000;
    const tenants = Array.from({ length: rows }, () => randomUUID());
    const [faulty, repeated] = [5_500, 6_000];
    const lines = tenants.map((tenant, index) => {
      if (index === faulty) return `${tenant},Minesweeper,1,1,${month}`;
      return `${index === repeated ? tenants[10] : tenant},Teams,${index % 1_500},1,${month}`;
    });
    const csv = ['CustomerTenantId,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,Date', ...lines].join('\n');
    expect(await take(csv, importId)).to.deep.equal({ result: 'published' });
    const errors = await listUsageImportErrors(database.source.manager, importId, { after: 0, limit: 10 });
    expect(errors.map(({ position, line, code }) => [position, line, code])).to.deep.equal([
      [1, faulty + 2, 'workload_unknown'],
      [2, repeated + 2, 'row_repeated'],
    ]);
    const taken = (await findUsageImport(database.source.manager, importId))!;
    expect([taken.rowsRead, taken.rowsStored, taken.rowsRefused]).to.deep.equal([rows, rows - 2, 2]);
    const stored = await database.source.query<{ line: number; users: number }[]>(
      `SELECT line, (figures -> 'MonthlyActiveUsers')::int AS users FROM usage_rows ORDER BY line`,
    );
    expect(stored).to.deep.equal(
      tenants.flatMap((_, index) => (index === faulty || index === repeated ? [] : [{ line: index + 2, users: index % 1_500 }])),
    );
  });

  it('fails as a whole when PostgreSQL refuses a batch while the next is being read, and can be sent again', async () => {
    await take(csvOf([row(10)]));
    const importId = randomUUID();
    const header = 'CustomerTenantId,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,Date';
    const lines = Array.from({ length: 9_000 }, (_, index) => `${randomUUID()},Teams,${index},1,${month}`);
    const csv = [header, `${tenantId},Exchange,11,500,${month}`, ...lines].join('\n');
    await asSuperuser(database, `ALTER TABLE usage_rows ADD CONSTRAINT refused CHECK (line <> 4000) NOT VALID`);
    const fault = await take(csv, importId).catch((error: Error) => error.message);
    await asSuperuser(database, 'ALTER TABLE usage_rows DROP CONSTRAINT refused');
    expect(fault).to.match(/violates check constraint "refused"/);
    expect([await shown(), (await findUsageImport(database.source.manager, importId))?.state]).to.deep.equal([10, 'interrupted']);
    expect(await take(csv, importId)).to.deep.equal({ result: 'published' });
    expect([await shown(), await storedRows()]).to.deep.equal([11, 9_001]);
  });

  it('is refused while another import of the same set is running, but not because of other sets', async () => {
    const csv = new PassThrough();
    const importId = randomUUID();
    const taking = take(csv, importId);
    csv.write(csvOf([row(10)]));
    await waitFor('the first to begin', async () => (await findUsageImport(database.source.manager, importId)) !== null);
    expect(await take(csvOf([row(11)]))).to.deep.equal({ result: 'busy' });
    expect(await take(csvOf([row(11)]), importId)).to.deep.equal({ result: 'busy' });
    expect(
      await take(
        csvOf([{ CustomerTenantId: tenantId, WorkloadName: 'Exchange', MeetingCount: 1, Date: month }]),
        randomUUID(),
        'teams_detail',
      ),
    ).to.deep.equal({
      result: 'published',
    });
    csv.end();
    expect(await taking).to.deep.equal({ result: 'published' });
  });
});
