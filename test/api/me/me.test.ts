import { expect } from 'chai';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { refuse, TestDirectoryService } from '../../support/directory-service.js';
import { blueHeron, evergreen, evergreenAustin, ironbridge, northwind } from '../../support/sample-directory.js';

describe('Who I am', () => {
  let database: TestDatabase;
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const me = async (token: string, of = api) => {
    const reply = await of.call('GET', '/v1/me', { token });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };

  it('names the company, its locations and what the roles allow', async () => {
    const answer = await me(await api.token('claim_user'));
    expect(answer).to.deep.include({ roles: ['claim_user'], mode: 'sandbox', tenant: null, language: 'en' });
    expect(answer['partner']).to.deep.include({ partnerAccountId: evergreen.accountId, coversAllLocations: true, isComplete: true });
    expect(answer['partner'].name).to.match(/evergreen/i);
    const locations = answer['partner'].locations as { partnerId: string; name: string }[];
    expect(locations.map(({ partnerId }) => partnerId)).to.include.members([evergreen.partnerId, evergreenAustin.partnerId]);
    expect(locations.every(({ name }) => name.length > 0)).to.equal(true);
    expect(answer['permissions']).to.include('claims.create').and.not.to.include('claims.dispute');
  });

  it('names only the locations that the token covers, and none of another company', async () => {
    const locations = [evergreenAustin.partnerId, ironbridge.partnerId];
    const { partner } = await me(await api.token('claim_admin', { locations }));
    expect(partner).to.deep.include({ coversAllLocations: false, isComplete: true });
    expect(partner.locations.map(({ partnerId }: { partnerId: string }) => partnerId)).to.have.members(locations);
    const named = partner.locations.filter(({ name }: { name: string | null }) => name !== null);
    expect(named.map(({ partnerId }: { partnerId: string }) => partnerId)).to.deep.equal([evergreenAustin.partnerId]);
  });

  it('names the tenant and its language', async () => {
    const { tenant, language, partner } = await me(await api.token('tenant_admin', { tenant: northwind.tenantId }));
    expect(tenant).to.deep.include({ tenantId: northwind.tenantId, language });
    expect(tenant.name).to.match(/northwind/i);
    expect(partner).to.equal(null);
  });

  it('tells a caller without a role that there is none, and refuses everything else', async () => {
    const token = await api.token('claim_user', { roles: [] } as object);
    expect(await me(token)).to.deep.include({ roles: [], permissions: [] });
    for (const path of ['/v1/claims', '/v1/programmes', '/v1/review-queue']) {
      const refused = await api.call('GET', path, { token });
      expect([refused.status, refused.body['code']], path).to.deep.equal([403, 'forbidden']);
    }
  });

  it('never tells who administers the tenant', async () => {
    const [admin] = await database.source.query<{ email: string }[]>('SELECT email FROM directory_tenant_admins WHERE tenant_id = $1', [
      blueHeron.tenantId,
    ]);
    const { text } = await api.call('GET', '/v1/me', { token: await api.token('tenant_admin', { tenant: blueHeron.tenantId }) });
    expect(text).not.to.include(admin!.email);
  });

  describe('with a directory of the vendor’s own', () => {
    let service: TestDirectoryService;
    let connected: TestApi;

    before(async () => {
      service = new TestDirectoryService(new PostgresDirectoryProvider(database.source));
      await service.start();
      connected = await startTestApi({ database, env: { DIRECTORY_URL: service.url, DIRECTORY_TOKEN: service.token } });
    });
    after(async () => {
      await connected?.close();
      await service?.stop();
    });

    it('names what the token lists', async () => {
      const locations = [evergreen.partnerId, evergreenAustin.partnerId];
      const { partner } = await me(await connected.token('claim_user', { locations }), connected);
      expect(partner.name).to.match(/evergreen/i);
      expect(partner.locations.map(({ name }: { name: string | null }) => name)).not.to.include(null);
    });

    it('says that there may be more locations where none can be listed', async () => {
      const { partner } = await me(await connected.token('claim_user', { partner: ironbridge.accountId }), connected);
      expect(partner).to.deep.include({ coversAllLocations: true, locations: [], isComplete: false });
    });

    it('answers without names while the directory is down', async () => {
      service.always = refuse(503);
      const locations = [ironbridge.partnerId];
      const { partner } = await me(await connected.token('claim_user', { partner: ironbridge.accountId, locations }), connected);
      expect(partner).to.deep.include({ name: null, locations: [{ partnerId: ironbridge.partnerId, name: null }] });
    });
  });
});
