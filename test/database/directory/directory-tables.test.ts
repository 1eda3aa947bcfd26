import { Readable } from 'node:stream';
import { expect } from 'chai';
import {
  type DirectoryAnswer,
  importDirectory,
  importTables,
  type ImportedTable,
  PostgresDirectoryProvider,
  type ProductName,
  sampleDirectory,
  type TableImport,
} from '#libs/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { northwind } from '../../support/sample-directory.js';

const contoso = '0f4a6f3e-5f0b-4a55-9a3c-3d1f0d7a4b01';
const fabrikam = '0f4a6f3e-5f0b-4a55-9a3c-3d1f0d7a4b02';
const first = '11111111-5f0b-4a55-9a3c-3d1f0d7a4b01';
const second = '22222222-5f0b-4a55-9a3c-3d1f0d7a4b02';
const at = '2026-11-04T09:00:00.000Z';

/** As Partner Center exports its list of customers. */
const customers = `Microsoft ID,Company name,Primary domain name,Relationship,Tags
${contoso},Contoso Ltd,contoso.example,Cloud Reseller,
${fabrikam.toUpperCase()},"Fabrikam, Inc.",Fabrikam.example,Cloud Reseller,gold
`;
/** As the report of subscriptions has them: a line for each month. */
const subscriptions = `PGAMpnId,MpnId,SubscriptionId,SubscriptionStartDate,SubscriptionEndDate,SubscriptionState,month,CustomerTenantId,ProductFamily,Product,RawProductName,SKU,SalesChannel
1,2,${first},2026-01-01,2026-12-31,Active,2026-09,${contoso},,Dynamics 365,Dynamics 365 Sales Enterprise,CSP-1,Volume Licensing
1,2,${first},2026-01-01,2026-12-31,Disabled,2026-10,${contoso},,Dynamics 365,Dynamics 365 Sales Enterprise,CSP-1,Volume Licensing
1,2,${second},2026-01-01,,Active,2026-10,${contoso},,Office 365,Visio Plan 2,VISIO,CSP
`;
const products: ProductName[] = [
  { name: 'dynamics 365 sales enterprise', code: 'sales', unit: 'subscription', family: 'dynamics' },
  { name: 'microsoft teams', code: 'teams', unit: 'workload', family: null },
];

describe('The import of directory tables', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database?.close());

  /** Imports the tables in a transaction of their own. */
  async function imported(
    tables: Partial<Record<ImportedTable, string | Buffer>>,
    options: { replaces?: boolean } = {},
  ): Promise<TableImport> {
    const files = Object.entries(tables).map(([table, content]) => ({
      table: table as ImportedTable,
      file: `${table}.csv`,
      bytes: Readable.from([Buffer.from(content as string)]),
    }));
    return importTables(database.source, files, { products, ...options });
  }
  async function changesOf(...args: Parameters<typeof imported>): Promise<Record<string, number[]>> {
    const done = await imported(...args);
    if (!done.ok) throw new Error(JSON.stringify(done.faults));
    return Object.fromEntries(
      done.changes.map(({ label, added, changed, removed, unchanged }) => [label, [added, changed, removed, unchanged]]),
    );
  }
  async function faultsOf(...args: Parameters<typeof imported>): Promise<string[]> {
    const done = await imported(...args);
    if (done.ok) throw new Error('The import was not refused.');
    return done.faults.map(({ file, line, column, message }) => `${file}:${line} ${column}: ${message}`);
  }
  const lookUp = (tenantId: string, partnerId = '1240371'): Promise<DirectoryAnswer> =>
    new PostgresDirectoryProvider(database.source).lookUp({ partnerId, tenantId, identifiers: [], at });

  it('reads customers and subscriptions as Partner Center exports them', async () => {
    expect(await changesOf({ customers, subscriptions })).to.deep.equal({
      customers: [2, 0, 0, 0],
      domains: [2, 0, 0, 0],
      subscriptions: [2, 0, 0, 0],
    });
    const { tenant } = await lookUp(contoso);
    expect(tenant).to.deep.include({ name: 'Contoso Ltd', domains: ['contoso.example'], language: 'en', isPublicSector: false });
    // The latest month counts.
    expect(tenant!.subscriptions).to.deep.equal([
      {
        subscriptionId: first,
        tenantId: contoso,
        product: 'sales',
        family: 'dynamics',
        channel: 'volume_licensing',
        state: 'expired',
        provisionedOn: '2026-01-01',
        endsOn: '2026-12-31',
        graceEndsOn: null,
        successorId: null,
      },
      {
        subscriptionId: second,
        tenantId: contoso,
        product: 'visio_plan_2',
        family: 'microsoft_365',
        channel: 'csp',
        state: 'active',
        provisionedOn: '2026-01-01',
        endsOn: null,
        graceEndsOn: null,
        successorId: null,
      },
    ]);
    expect((await lookUp(fabrikam)).tenant).to.deep.include({ name: 'Fabrikam, Inc.', domains: ['fabrikam.example'] });
  });

  it('says which columns it read and ignored, and which products no catalogue has', async () => {
    const done = await imported({ customers, subscriptions });
    expect(done).to.deep.include({ ok: true, unknownProducts: ['Visio Plan 2'] });
    expect(done.ok && done.files[0]).to.deep.equal({
      file: 'customers.csv',
      rows: 2,
      used: ['Microsoft ID', 'Company name', 'Primary domain name'],
      ignored: ['Relationship', 'Tags'],
    });
  });

  it('changes nothing the second time, and only what a later table states', async () => {
    expect(await changesOf({ customers })).to.deep.equal({ customers: [0, 0, 0, 2], domains: [0, 0, 0, 2] });
    await changesOf({ customers: `tenantId,name,domain,language,isPublicSector\n${contoso},Contoso Ltd,contoso.example,ru-RU,yes\n` });
    // The export of Partner Center has no such columns, so they stay.
    expect(await changesOf({ customers: `${customers.split('\n')[0]}\n${contoso},Contoso AG,contoso.example,,\n` })).to.deep.equal({
      customers: [0, 1, 0, 0],
      domains: [0, 0, 0, 1],
    });
    expect((await lookUp(contoso)).tenant).to.deep.include({ name: 'Contoso AG', language: 'ru', isPublicSector: true });
    expect((await lookUp(contoso)).tenant?.subscriptions).to.have.length(2);
    expect((await lookUp(northwind.tenantId)).tenant?.workloads).to.include('teams');
  });

  it('reads locations, enrolments, administrators and workloads', async () => {
    const locations = `MPNId,PartnerName,PGA_MPNId,PGA_PartnerName,City,Country,AccountType
1234566,Contoso Consulting,1234566,Contoso Consulting,London,UK,Global
0234567,"Contoso Consulting, Paris",1234566,Contoso Consulting,Paris,France,Location
`;
    const enrolments =
      'MPNId,Programme,Status,Valid until\n0234567,osu_business_applications,Enrolled,2027-06-30\n0234567,modern_work_security_usage,Action required,\n';
    const admins = `id,displayName,mail,tenantId\n33333333-5f0b-4a55-9a3c-3d1f0d7a4b03,Ann Lee,ann.lee@contoso.example,${contoso}\n`;
    const workloads = `CustomerTenantId,WorkloadName,Month\n${contoso},Microsoft Teams,2026-09\n${contoso},Microsoft Teams,2026-10\n${contoso},intune,2026-10\n`;
    const done = await imported({ locations, enrolments, admins, workloads });
    expect(done).to.have.property('ok', true);
    expect(done.ok && done.accounts).to.have.length(1);
    const { location, tenant } = await lookUp(contoso, '0234567');
    expect(location).to.deep.include({
      name: 'Contoso Consulting, Paris',
      legalName: 'Contoso Consulting',
      globalAccountId: done.ok && done.accounts[0]!.accountId,
      enrolledProgrammes: ['osu_business_applications'],
      siblings: [],
    });
    expect(tenant!.admins).to.deep.equal([
      { adminId: '33333333-5f0b-4a55-9a3c-3d1f0d7a4b03', name: 'Ann Lee', email: 'ann.lee@contoso.example' },
    ]);
    expect(tenant!.workloads).to.deep.equal(['intune', 'teams']);
    // Issuers put it into tokens, so it is the same whenever it is derived.
    expect(done.ok && done.accounts[0]!.accountId).to.equal('e7ea3652-ed0b-5cf8-8cbb-8d498943eae5');
  });

  it('reads files as people have them', async () => {
    const asUtf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(customers.replaceAll(',', '\t').replace('Fabrikam\t', 'Fabrikam,'), 'utf16le'),
    ]);
    const asExcel = `\ufeffsep=;\r\n${customers.replaceAll(',', ';').replace('Fabrikam;', 'Fabrikam,').replaceAll('\n', '\r\n')}`;
    for (const table of [asUtf16, asExcel])
      expect(await changesOf({ customers: table }))
        .to.have.property('customers')
        .that.satisfies((counts: number[]) => counts[3] === 2 || counts[1] === 1);
  });

  it('refuses a table without a required column, by its name', async () => {
    expect(await faultsOf({ customers: 'Company name,Primary domain name\nContoso,contoso.example\n' })).to.deep.equal([
      'customers.csv:1 tenantId: The table has no such column. It may be called: tenantId, CustomerTenantId, Microsoft ID.',
    ]);
    expect(await faultsOf({ customers: '' })).to.deep.equal(['customers.csv:1 null: The file is empty.']);
    expect(await faultsOf({ workloads: 'tenantId,workload,Workload\n' })).to.deep.equal([
      'workloads.csv:1 workload: The table has two columns of this name. Remove one.',
    ]);
  });

  it('names file, line and column of every fault, and imports nothing', async () => {
    const faulty = `subscriptionId,tenantId,product,channel,state,provisionedOn,endsOn,graceEndsOn
1.11E+31,${contoso},sales,csp,Active,,,
${first},contoso,sales,csp,dormant,07/08/2026,2026-13-01,
${second},${contoso},sales,csp,Active,,2026-12-31,2026-12-30
33333333-5f0b-4a55-9a3c-3d1f0d7a4b03,${contoso},sales,,Active,,0001-01-01,
`;
    expect(await faultsOf({ subscriptions: faulty, customers: `${customers}${contoso},Other name,other.example,,\n` })).to.deep.equal([
      'customers.csv:4 null: Differs from line 2 in name, about the same record. Keep one of the two.',
      'subscriptions.csv:2 subscriptionId: A spreadsheet has turned this number into "1.11E+31". Format the column as text and enter the value again.',
      'subscriptions.csv:3 tenantId: The value must be a GUID.',
      'subscriptions.csv:3 state: The value must be one of: Active, Enabled, In grace, Grace, Grace period, Warning, Suspended, Expired, Disabled, Canceled, Cancelled, Deleted, Deprovisioned, Inactive, Not provisioned, Pending.',
      'subscriptions.csv:3 provisionedOn: "07/08/2026" could be 2026-08-07 or 2026-07-08. Write one of the two.',
      'subscriptions.csv:3 endsOn: "2026-13-01" is not a valid date. Write it as YYYY-MM-DD.',
      'subscriptions.csv:4 graceEndsOn: The date must not be earlier than endsOn.',
      'subscriptions.csv:5 channel: The cell is empty.',
      'subscriptions.csv:5 endsOn: The value must be in 2000 or later; use null for no end.',
    ]);
    expect((await lookUp(contoso)).tenant?.name).to.equal('Contoso Ltd');
  });

  it('refuses lines about customers and locations that do not exist', async () => {
    const unknown = '99999999-5f0b-4a55-9a3c-3d1f0d7a4b03';
    expect(await faultsOf({ workloads: `tenantId,workload\n${contoso},teams\n${unknown},teams\n` })).to.deep.equal([
      `workloads.csv:3 null: ${unknown} is not in the directory. Import --customers with it or before it.`,
    ]);
    expect(await faultsOf({ enrolments: 'partnerId,programme\n9999,sales\n' })).to.deep.equal([
      'enrolments.csv:2 null: 9999 is not in the directory. Import --locations with it or before it.',
    ]);
    // Who is left out of a complete table is gone, whatever the directory had.
    const only = `tenantId,name,domain\n${contoso},Contoso Ltd,contoso.example\n`;
    expect(await faultsOf({ customers: only, workloads: `tenantId,workload\n${fabrikam},teams\n` }, { replaces: true })).to.have.length(1);
    expect((await lookUp(fabrikam)).tenant).not.to.equal(null);
  });

  it('lets a renewal end the grace period of the former term', async () => {
    const heading = 'subscriptionId,tenantId,product,channel,state,endsOn';
    await changesOf({ subscriptions: `${heading},graceEndsOn\n${first},${contoso},sales,csp,in_grace,2026-12-31,2027-01-30\n` });
    await changesOf({ subscriptions: `${heading}\n${first},${contoso},sales,csp,in_grace,2026-12-31\n` });
    const graceEnd = async () =>
      (await lookUp(contoso)).tenant?.subscriptions.find(({ subscriptionId }) => subscriptionId === first)?.graceEndsOn;
    expect(await graceEnd()).to.equal('2027-01-30');
    await changesOf({ subscriptions: `${heading}\n${first},${contoso},sales,csp,active,2027-12-31\n` });
    expect(await graceEnd()).to.equal(null);
  });

  it('removes what a complete table leaves out, and what belonged to it', async () => {
    const only = `tenantId,name,domain\n${contoso},Contoso Ltd,contoso.example\n`;
    const changes = await changesOf({ customers: only }, { replaces: true });
    expect(changes['customers']).to.deep.equal([0, 0, 27, 1]);
    expect(changes['subscriptions']![2]).to.be.greaterThan(20);
    expect((await lookUp(northwind.tenantId)).tenant).to.equal(null);
    expect((await lookUp(contoso)).tenant?.subscriptions).to.have.length(2);
    // Partners are of another kind, and stay.
    expect((await lookUp(contoso)).location).not.to.equal(null);
    const document = await importDirectory(database.source, sampleDirectory, { replaces: true });
    expect(document.ok && document.changes.find(({ label }) => label === 'customers')).to.include({ added: 26, removed: 1 });
    expect((await lookUp(contoso, '0234567')).location).to.equal(null);
  });
});
