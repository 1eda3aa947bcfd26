import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import {
  type DirectoryDocument,
  importDirectory,
  parseDirectory,
  PostgresDirectoryProvider,
  sampleDirectory,
} from '#libs/directory/index.js';
import { dropPostgres, type EmbeddedPostgres, startPostgres } from '#libs/embedded/index.js';
import { createDataSource, createOwnerDataSource } from '#libs/event-store/index.js';

const northwind = tenantNamed('Northwind Traders');
const volga = tenantNamed('ООО «Волга-Текстиль»');

function sample(): DirectoryDocument {
  const parsed = parseDirectory(sampleDirectory);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}

function tenantNamed(name: string): DirectoryDocument['tenants'][number] {
  const tenant = sample().tenants.find((candidate) => candidate.name === name);
  if (tenant === undefined) throw new Error(`The sample has no ${name}.`);
  return tenant;
}

describe('the PostgreSQL directory provider', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let database: DataSource;
  let provider: PostgresDirectoryProvider;

  before(async function () {
    this.timeout(60_000);
    directory = await mkdtemp(join(tmpdir(), 'cpor-directory-'));
    postgres = await startPostgres({ directory, port: 0, durable: false });
    const urls = await postgres.createDatabase('directory');
    const owner = await createOwnerDataSource(urls.ownerUrl).initialize();
    await owner.runMigrations();
    await owner.destroy();
    database = await createDataSource(urls.appUrl).initialize();
    provider = new PostgresDirectoryProvider(database);
  });

  beforeEach(async () => {
    expect(await importDirectory(database, sampleDirectory)).to.include({ ok: true });
  });

  after(async () => {
    await database?.destroy();
    await postgres?.stop();
    await dropPostgres(directory);
    await rm(directory, { recursive: true, force: true });
  });

  const lookUp = (partnerId: string, tenantId = northwind.tenantId, identifiers: string[] = []) =>
    provider.lookUp({ partnerId, tenantId, identifiers, at: '2026-11-04T09:00:00.000Z' });

  it('returns all facts about a location, a tenant and an identifier', async () => {
    const [subscription] = northwind.subscriptions;
    const answer = await lookUp('1240388', northwind.tenantId.toUpperCase(), [subscription!.subscriptionId.toUpperCase()]);
    const facts = northwind.subscriptions.map((entry) => ({ ...entry, tenantId: northwind.tenantId }));
    expect(answer).to.deep.equal({
      askedAt: '2026-11-04T09:00:00.000Z',
      location: {
        partnerId: '1240388',
        name: 'Evergreen Cloud Consulting, Austin',
        globalAccountId: sample().accounts[0]!.accountId,
        legalName: 'Evergreen Cloud Consulting, Inc.',
        type: 'standard',
        isAgreementActive: true,
        isProfileComplete: true,
        enrolledProgrammes: ['modern_work_security_usage'],
        siblings: [
          { partnerId: '1240371', enrolledProgrammes: ['modern_work_security_usage', 'osu_business_applications'] },
          { partnerId: '1240395', enrolledProgrammes: [] },
        ],
      },
      tenant: {
        tenantId: northwind.tenantId,
        name: 'Northwind Traders',
        domains: ['northwind-traders.example', 'nwtraders.example'],
        language: 'en',
        isPublicSector: false,
        workloads: [...northwind.workloads].sort(),
        admins: northwind.admins,
        subscriptions: facts.sort((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1)),
      },
      identifiers: {
        [subscription!.subscriptionId]: { kind: 'subscription', subscription: facts.find((fact) => fact.product === 'business_central') },
      },
    });
  });

  it('looks everything up in one statement', async () => {
    const statements: string[] = [];
    const counted = new PostgresDirectoryProvider({
      query: (sql, parameters) => {
        statements.push(sql);
        return database.query(sql, parameters);
      },
    });
    await counted.lookUp({ partnerId: '1240371', tenantId: northwind.tenantId, identifiers: ['x', northwind.tenantId] });
    expect(statements).to.have.length(1);
  });

  it('returns null for unknown and malformed values', async () => {
    expect(await lookUp('9999999', '00000000-0000-4000-8000-000000000000')).to.deep.equal({
      askedAt: '2026-11-04T09:00:00.000Z',
      location: null,
      tenant: null,
      identifiers: {},
    });
    expect(await lookUp("1' or true --", "x' or true --")).to.include({ location: null, tenant: null });
  });

  it('recognises tenant and order IDs entered as subscription IDs', async () => {
    const foreign = volga.subscriptions[0]!.subscriptionId;
    const order = northwind.orders[0]!;
    const { identifiers } = await lookUp('1240371', northwind.tenantId, [
      foreign,
      volga.tenantId,
      order,
      'ABC-17',
      '00000000-0000-4000-8000-000000000000',
    ]);
    expect(identifiers[foreign]).to.have.nested.property('subscription.tenantId', volga.tenantId);
    expect(identifiers[volga.tenantId]).to.deep.equal({ kind: 'tenant' });
    expect(identifiers[order]).to.deep.equal({ kind: 'order' });
    expect(identifiers['abc-17']).to.deep.equal({ kind: 'unknown' });
    expect(identifiers['00000000-0000-4000-8000-000000000000']).to.deep.equal({ kind: 'unknown' });
    expect(Object.keys(identifiers)).to.have.length(5);
  });

  it('keeps leading zeros of a PartnerID', async () => {
    expect((await lookUp('0098172')).location).to.include({ partnerId: '0098172' });
    expect((await lookUp('98172')).location).to.equal(null);
  });

  it('reports the facts that keep a location from claiming', async () => {
    const facts = async (partnerId: string) => (await lookUp(partnerId)).location;
    expect(await facts('1240395')).to.deep.include({
      enrolledProgrammes: [],
      siblings: [
        { partnerId: '1240371', enrolledProgrammes: ['modern_work_security_usage', 'osu_business_applications'] },
        { partnerId: '1240388', enrolledProgrammes: ['modern_work_security_usage'] },
      ],
    });
    expect(await facts('904448')).to.deep.include({ enrolledProgrammes: [] });
    expect(await facts('48240')).to.include({ type: 'frp' });
    expect(await facts('612990')).to.include({ isAgreementActive: false, isProfileComplete: true });
    expect(await facts('904417')).to.include({ isAgreementActive: true, isProfileComplete: false });
  });

  it('counts an enrolment through its last day', async () => {
    const enrolledAt = async (at: string) =>
      (await provider.lookUp({ partnerId: '48255', tenantId: northwind.tenantId, identifiers: [], at })).location?.enrolledProgrammes;
    expect(await enrolledAt('2025-06-30T23:59:59.999Z')).to.have.length(2);
    expect(await enrolledAt('2025-07-01T00:00:00.000Z')).to.deep.equal([]);
  });

  it('stores international domains as A-labels', async () => {
    expect((await lookUp('5518204', volga.tenantId)).tenant?.domains).to.deep.equal([
      'volga-textile.example',
      'xn----7sbfemsndgw3bjd6l.example',
    ]);
  });

  it('also works with a plain pg pool', async () => {
    const pool = new Pool({ connectionString: (database.options as { url: string }).url, max: 1 });
    try {
      const query = { partnerId: '5518204', tenantId: volga.tenantId, identifiers: [], at: '2026-11-04T09:00:00.000Z' };
      expect(await new PostgresDirectoryProvider(pool).lookUp(query)).to.deep.equal(await provider.lookUp(query));
    } finally {
      await pool.end();
    }
  });

  it('uses the database clock if no instant is given', async () => {
    const [{ before }] = await database.query<[{ before: Date }]>('SELECT clock_timestamp() AS before');
    const { askedAt } = await provider.lookUp({ partnerId: '1240371', tenantId: northwind.tenantId, identifiers: [] });
    expect(askedAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(askedAt) - before.getTime()).to.be.within(-1, 60_000);
  });

  it('writes nothing when the same document is imported again', async () => {
    const again = await importDirectory(database, sampleDirectory);
    expect(again.ok && again.changes.filter(({ added, changed, removed }) => added + changed + removed > 0)).to.deep.equal([]);
  });

  it('applies changes and deletes what a listed tenant no longer has', async () => {
    const document = sample();
    const tenant = document.tenants.find(({ tenantId }) => tenantId === northwind.tenantId)!;
    tenant.name = 'Northwind';
    tenant.domains = ['nwtraders.example'];
    tenant.workloads = ['teams'];
    tenant.admins = tenant.admins.slice(1);
    tenant.subscriptions[0]!.state = 'suspended';
    const other = document.tenants.find(({ tenantId }) => tenantId === volga.tenantId)!;
    other.domains = [...other.domains, 'northwind-traders.example'];
    await importDirectory(database, document);
    const { tenant: changed } = await lookUp('1240371');
    expect(changed).to.deep.include({ name: 'Northwind', domains: ['nwtraders.example'], workloads: ['teams'], admins: tenant.admins });
    expect(changed?.subscriptions.find(({ product }) => product === 'business_central')).to.include({ state: 'suspended' });
    expect((await lookUp('1240371', volga.tenantId)).tenant?.domains).to.include('northwind-traders.example');
  });

  it('returns when a subscription was provisioned, its grace period and its successor', async () => {
    const polar = tenantNamed('АО «Полярный рейс»');
    const { identifiers } = await lookUp('5518204', polar.tenantId, ['a35fe70b-5139-44fc-9872-1d08406a91cf']);
    expect(identifiers['a35fe70b-5139-44fc-9872-1d08406a91cf']).to.have.property('subscription').that.includes({
      provisionedOn: '2025-12-11',
      endsOn: '2026-12-10',
      graceEndsOn: '2027-01-09',
      successorId: '7c9b1f3e-52d6-4a8b-9e07-3f6a41d8c5b2',
    });
  });

  it('keeps tenants that the document does not list', async () => {
    await importDirectory(database, { accounts: [], tenants: [] });
    expect((await lookUp('1240371')).tenant).to.include({ name: 'Northwind Traders' });
  });

  it('changes nothing if the document is faulty', async () => {
    const document = sample();
    document.tenants[0]!.name = 'Changed';
    document.tenants[1]!.tenantId = document.tenants[0]!.tenantId;
    expect(await importDirectory(database, document)).to.have.property('ok', false);
    expect((await lookUp('1240371')).tenant).to.include({ name: 'Northwind Traders' });
  });
});
