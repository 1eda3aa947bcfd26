import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { mintSandboxToken, type Role } from '#libs/auth/index.js';
import { codeOf, completeClaim, draftClaim, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen, evergreenAustin, ironbridge, northwind } from '../../support/sample-directory.js';

const clerk = { roles: ['claim_user'], locations: ['*'] };

describe('Members', function () {
  this.timeout(60_000);

  let database: TestDatabase;
  let api: TestApi;
  let admin: string;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    admin = await api.token('account_admin', { subject: 'ann' });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const put = (subject: string, body: unknown, more: { version?: number; token?: string } = {}) =>
    api.call('PUT', `/v1/members/${encodeURIComponent(subject)}`, {
      token: more.token ?? admin,
      body,
      headers: more.version === undefined ? {} : { 'If-Match': `"${more.version}"` },
    });
  const remove = (subject: string, version: number, token = admin) =>
    api.call('DELETE', `/v1/members/${encodeURIComponent(subject)}`, { token, headers: { 'If-Match': `"${version}"` } });

  /** A token as an identity provider makes that knows nothing of cpor. */
  const plainToken = (subject: string, more: { roles?: Role[]; partner?: string; actsFor?: string[] } = {}) =>
    mintSandboxToken({
      dataDirectory: api.dataDirectory,
      issuer: `${api.url}/sandbox/issuer`,
      audience: 'cpor',
      roles: [],
      subject,
      lifetimeSeconds: 600,
      ...more,
    });
  const statusOf = async (token: string, path = '/v1/claims') => (await api.call('GET', path, { token })).status;

  it('gives roles at the next request, changes them, and takes them away at the next request', async () => {
    const subject = `clerk ${randomUUID()}`;
    const token = await plainToken(subject);
    expect(await statusOf(token)).to.equal(403);

    const given = await put(subject, { roles: ['claim_user', 'claim_user'], locations: [evergreen.partnerId] });
    expect([given.status, given.headers.get('etag')]).to.deep.equal([201, '"1"']);
    expect(given.body).to.include({ subject, assignedBy: 'ann', firstSeenAt: null, lastSeenAt: null, version: 1 });
    expect([given.body['roles'], given.body['locations']]).to.deep.equal([['claim_user'], [evergreen.partnerId]]);
    expect(await statusOf(token)).to.equal(200);
    const { body: me } = await api.call('GET', '/v1/me', { token });
    expect(me['roles']).to.deep.equal(['claim_user']);
    expect(me['partner']).to.deep.include({ partnerAccountId: evergreen.accountId, coversAllLocations: false });

    const changed = await put(subject, { roles: ['usage_viewer'], locations: ['*'] }, { version: 1 });
    expect([changed.status, changed.body['version'], changed.body['firstSeenAt']].slice(0, 2)).to.deep.equal([200, 2]);
    expect(changed.body['firstSeenAt']).to.be.a('string');
    expect(await statusOf(token)).to.equal(403);

    expect((await remove(subject, 2)).status).to.equal(204);
    expect((await api.call('GET', '/v1/me', { token })).body).to.deep.include({ roles: [], partner: null });
  });

  it('keeps the record of every change', async () => {
    const subject = `recorded ${randomUUID()}`;
    await put(subject, clerk);
    await put(subject, { roles: ['claim_admin'], locations: [evergreen.partnerId] }, { version: 1 });
    expect((await put(subject, { roles: ['claim_admin'], locations: [evergreen.partnerId] }, { version: 2 })).body['version']).to.equal(2);
    await remove(subject, 2);
    const path = `/v1/members/changes?subject=${encodeURIComponent(subject)}&limit=2`;
    const first = await api.call('GET', path, { token: admin });
    const second = await api.call('GET', `${path}&cursor=${first.body['next']}`, { token: admin });
    const changes = [...first.body['items'], ...second.body['items']];
    expect(second.body['next']).to.equal(null);
    const mended = { roles: ['claim_admin'], locations: [evergreen.partnerId] };
    expect(changes.map(({ from, to, changedBy }) => [from, to, changedBy])).to.deep.equal([
      [mended, null, 'ann'],
      [clerk, mended, 'ann'],
      [null, clerk, 'ann'],
    ]);
  });

  it('lists members page by page, and only those of the own company', async () => {
    const names = ['one', 'two', 'three'].map((name) => `listed ${name} ${randomUUID()}`);
    for (const name of names) await put(name, clerk);
    const foreign = await api.token('account_admin', { partner: ironbridge.accountId, subject: 'ivy' });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body, text } = await api.call('GET', `/v1/members?limit=2${cursor && `&cursor=${cursor}`}`, { token: admin });
      expect(body['items'], text).to.be.an('array');
      seen.push(...(body['items'] as { subject: string }[]).map(({ subject }) => subject));
      cursor = body['next'] as string | null;
    }
    expect(seen).to.include.members(names);
    expect(new Set(seen).size).to.equal(seen.length);
    const { body: others } = await api.call('GET', '/v1/members?limit=100', { token: foreign });
    expect((others['items'] as { subject: string }[]).filter(({ subject }) => names.includes(subject))).to.deep.equal([]);
    expect(codeOf(await remove(names[0]!, 1, foreign))).to.deep.equal([404, 'not_found']);
  });

  it('demands the version of what is replaced, and never uses one twice', async () => {
    const subject = `versioned ${randomUUID()}`;
    expect(codeOf(await put(subject, clerk, { version: 1 }))).to.deep.equal([412, 'version_conflict']);
    await put(subject, clerk);
    expect(codeOf(await put(subject, { roles: ['claim_admin'], locations: ['*'] }))).to.deep.equal([428, 'precondition_required']);
    expect(codeOf(await remove(subject, 7))).to.deep.equal([412, 'version_conflict']);
    await remove(subject, 1);
    expect((await put(subject, clerk)).body['version']).to.equal(3);
    expect(codeOf(await remove(subject, 1))).to.deep.equal([412, 'version_conflict']);
  });

  it('makes one of two simultaneous changes', async () => {
    const subject = `raced ${randomUUID()}`;
    const replies = await Promise.all([put(subject, clerk), put(subject, { roles: ['claim_admin'], locations: ['*'] })]);
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([201, 428]);
  });

  describe('refuses', () => {
    it('roles of the vendor or of a customer, unknown ones and none', async () => {
      for (const roles of [['reviewer'], ['tenant_admin'], ['claim_user', 'operator'], ['boss'], []]) {
        expect(codeOf(await put('somebody', { roles, locations: ['*'] })), String(roles)).to.deep.equal([422, 'invalid_request']);
      }
    });

    it('locations of another company, unknown ones, none, and * beside others', async () => {
      const other = await put('somebody', { roles: ['claim_user'], locations: [evergreen.partnerId, ironbridge.partnerId, '9999999'] });
      expect(codeOf(other)).to.deep.equal([409, 'not_own_location']);
      expect(other.body['errors'].map(({ pointer }: { pointer: string }) => pointer)).to.deep.equal(['/locations/1', '/locations/2']);
      for (const locations of [[], ['*', evergreen.partnerId], ['Seattle']]) {
        expect((await put('somebody', { roles: ['claim_user'], locations })).status, String(locations)).to.equal(422);
      }
    });

    it('an account admin of some locations, and one without a company', async () => {
      const some = await api.token('account_admin', { locations: [evergreen.partnerId] });
      expect(codeOf(await put('somebody', clerk, { token: some }))).to.deep.equal([403, 'forbidden']);
      const none = await plainToken('nobody', { roles: ['account_admin'] });
      expect(codeOf(await put('somebody', clerk, { token: none }))).to.deep.equal([403, 'forbidden']);
      expect(await statusOf(none, '/v1/members')).to.equal(403);
    });

    it('to take away the last account admin that is known', async () => {
      const partner = `account of ${randomUUID()}`;
      const byToken = await api.token('account_admin', { partner, subject: 'owner' });
      const role = { roles: ['account_admin'], locations: ['*'] };
      await put('first', role, { token: byToken });
      const first = await plainToken('first', { partner });
      expect(codeOf(await put('first', { roles: ['claim_user'], locations: ['*'] }, { token: first, version: 1 }))).to.deep.equal([
        409,
        'last_account_admin',
      ]);
      expect(codeOf(await remove('first', 1, first))).to.deep.equal([409, 'last_account_admin']);
      await put('second', role, { token: first });
      const second = await plainToken('second', { partner });
      const both = await Promise.all([remove('first', 1, second), remove('second', 1, first)]);
      expect(both.map(({ status }) => status).filter((status) => status === 204)).to.have.length(1);
      // The issuer still says that the owner is an account admin.
      const { body } = await api.call('GET', '/v1/members', { token: byToken });
      const [left] = body['items'];
      expect((await remove(left.subject, left.version, byToken)).status).to.equal(204);
    });
  });

  describe('an assignment', () => {
    it('adds to the roles of a token, each role within its own locations', async () => {
      const subject = `both ${randomUUID()}`;
      await put(subject, { roles: ['usage_viewer'], locations: ['*'] });
      const token = await mintSandboxToken({
        dataDirectory: api.dataDirectory,
        issuer: `${api.url}/sandbox/issuer`,
        audience: 'cpor',
        roles: ['claim_user'],
        subject,
        partner: evergreen.accountId,
        locations: [evergreen.partnerId],
        lifetimeSeconds: 600,
      });
      const austin = await draftClaim(api, await api.token('claim_user'), { partnerId: evergreenAustin.partnerId });
      expect(await statusOf(token, `/v1/claims/${austin['claimId']}`)).to.equal(404);
      const own = await draftClaim(api, token);
      expect(await statusOf(token, `/v1/claims/${own['claimId']}`)).to.equal(200);
      expect(await statusOf(token, '/v1/usage/exports')).to.equal(200);
    });

    it('counts for nothing in another company', async () => {
      const subject = `elsewhere ${randomUUID()}`;
      await put(subject, { roles: ['claim_admin'], locations: ['*'] });
      expect(await statusOf(await plainToken(subject, { partner: ironbridge.accountId }))).to.equal(403);
    });

    it('gives staff of the vendor nothing, and cannot be used to keep a reviewer away', async () => {
      const subject = `reviewer ${randomUUID()}`;
      const claim = await draftClaim(api, await api.token('claim_user'), { tenantId: northwind.tenantId });
      await put(subject, { roles: ['claim_admin'], locations: ['*'] });
      const reviewer = await plainToken(subject, { roles: ['reviewer'] });
      const made = await api.call('POST', '/v1/claims', { token: reviewer, body: completeClaim() });
      expect(codeOf(made)).to.deep.equal([403, 'forbidden']);
      expect(claim['claimId']).to.be.a('string');
      const subjects = await database.source.query<unknown[]>('SELECT FROM partner_subjects WHERE subject = $1', [subject]);
      expect(subjects).to.have.length(0);
    });

    it('bars its holder from reviewing the partner, once used', async () => {
      const subject = `two hats ${randomUUID()}`;
      await put(subject, { roles: ['usage_viewer'], locations: ['*'] });
      expect(await statusOf(await plainToken(subject), '/v1/usage/exports')).to.equal(200);
      const rows = await database.source.query<{ account: string }[]>(
        'SELECT partner_account_id AS account FROM partner_subjects WHERE subject = $1',
        [subject],
      );
      expect(rows).to.deep.equal([{ account: evergreen.accountId }]);
    });
  });
});
