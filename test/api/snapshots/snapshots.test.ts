import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { canonicalJson } from '#libs/event-store/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { eraseDue, erasePerson } from '#libs/retention/index.js';
import { snapshotFields } from '#libs/snapshots/index.js';
import { codeOf, completeClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';

/** Of the claim's people, and of its file: nothing of a snapshot may contain any. */
const people = ['Alex Carter', 'Head of IT', 'alex@', 'Robin Fields', 'claims@evergreen.example', 'statement.pdf'];

describe('A snapshot of a submitted version over HTTP', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let vendor: string;
  let tenants: { tenantId: string; domain: string }[];

  beforeEach(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
    vendor = await api.token('vendor_admin');
    tenants = await addTenants(database.source, 4);
  });
  afterEach(async () => {
    await api?.close();
    await database?.close();
  });

  async function submitted(more: Json = {}): Promise<Json> {
    const tenant = tenants.pop()!;
    const contacts = {
      customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex@${tenant.domain}` },
      partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
    };
    const body = completeClaim({ ...tenant, contacts, tags: ['wave 1'], externalReference: 'EG-17', submit: true, ...more });
    const made = await api.call('POST', '/v1/claims', { token: partner, body });
    expect(made.status, made.text).to.equal(201);
    expect(made.body['submissions']).to.equal(1);
    return made.body;
  }

  const sharing = (claimId: string, submission: number | string = 1) => `/v1/claims/${claimId}/submissions/${submission}/snapshots`;
  const share = (claimId: string, body: Json = {}, token = partner) =>
    api.call('POST', sharing(claimId), { token, body: { fields: snapshotFields, ...body } });
  async function shared(claimId: string, body: Json = {}, token = partner): Promise<Json> {
    const made = await share(claimId, body, token);
    expect(made.status, made.text).to.equal(201);
    return made.body;
  }
  const list = async (claimId: string, token = partner) =>
    (await api.call('GET', `/v1/claims/${claimId}/snapshots`, { token })).body['items'] as Json[];
  const open = (url: string, headers: Record<string, string> = { accept: 'text/html' }) =>
    api.call('GET', url.slice(api.url.length), { headers });
  const openJson = (url: string) => open(url, { accept: 'application/json' });
  const revoke = (claimId: string, snapshotId: string, token = partner) =>
    api.call('POST', `/v1/claims/${claimId}/snapshots/${snapshotId}/revoke`, { token, body: {} });
  const moveClock = (by: string) =>
    database.source.query('INSERT INTO sandbox_clock (ahead) VALUES ($1) ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead', [
      by,
    ]);
  /** A page without what differs from link to link, to compare answers that must not reveal anything. */
  const answer = ({ status, text }: { status: number; text: string }) => [status, text];
  const unknown = () => open(`${api.url}/v/${randomUUID()}`);

  it('is a link that is shown once and opens as a page in either language, and as JSON', async () => {
    const { claimId, number, domain } = await submitted();
    const { url, ...made } = await shared(claimId, { label: 'Distributor', expiresAfterDays: 14 });
    expect(url).to.match(new RegExp(`^${api.url}/v/[\\w-]{43}$`));
    expect(made).to.deep.include({
      claimId,
      submission: 1,
      side: 'partner',
      label: 'Distributor',
      state: 'open',
      fields: [...snapshotFields],
    });
    expect(Date.parse(made['expiresAt']) - Date.parse(made['madeAt'])).to.equal(14 * 86_400_000);
    const page = await open(url);
    expect(page.status).to.equal(200);
    expect(page.text).to.include('<html lang="en">').and.include(number).and.include(domain).and.include(made['contentSha256']);
    expect(page.headers.get('cache-control')).to.equal('no-store');
    expect(page.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(page.headers.get('x-robots-tag')).to.equal('noindex, nofollow');
    expect(page.headers.get('vary')).to.include('Accept-Language');
    expect((await open(url, { 'accept-language': 'ru-RU,ru;q=0.9' })).text).to.include('<html lang="ru">');
    const usage = samplePolicy.activities.find(({ code }) => code === 'usage')!.label;
    expect(usage.ru).not.to.equal(usage.en);
    expect((await open(`${url}?lang=en`)).text).to.include(usage.en);
    expect((await open(`${url}?lang=ru`)).text)
      .to.include('Продукты и подписки')
      .and.include(usage.ru);
    const json = await openJson(url);
    expect(json.headers.get('content-type')).to.match(/^application\/json/);
    expect(json.headers.get('cache-control')).to.equal('no-store');
    expect(json.body).to.have.all.keys('content', 'contentSha256', 'expiresAt');
    expect(json.body['content'].claim).to.deep.include({ number, submission: 1, programme: 'sample' });
    const digest = createHash('sha256').update(canonicalJson(json.body['content'])).digest('hex');
    expect([digest, json.body['contentSha256']]).to.deep.equal([made['contentSha256'], made['contentSha256']]);
  });

  it('stores only a hash of its link', async () => {
    const { claimId } = await submitted();
    const { url } = await shared(claimId);
    const token = (url as string).split('/').at(-1)!;
    const [row] = await database.source.query<[{ text: string; token_hash: Buffer }]>(
      'SELECT s::text AS text, token_hash FROM snapshots s',
    );
    expect(row.text).not.to.include(token);
    expect(row.token_hash).to.deep.equal(createHash('sha256').update(token).digest());
    expect(JSON.stringify(await list(claimId))).not.to.include(token);
    // A problem names the address that was asked, but not the secret in it. Nor may it for the other links.
    expect(codeOf(await api.call('DELETE', `/v/${token}`))).to.deep.equal([405, 'method_not_allowed']);
    for (const path of [`/s/${token}`, `/n/${token}`]) {
      const refused = await api.call('POST', path, { body: {} });
      expect([refused.status, refused.text.includes(token)], path).to.deep.equal([415, false]);
    }
  });

  it('shows chosen fields only, and never people, texts, or names of files', async () => {
    const { claimId, tenantId, domain } = await submitted();
    const all = await shared(claimId);
    const [page, json] = [await open(all['url']), await openJson(all['url'])];
    expect(Object.keys(json.body['content'])).to.have.members(['claim', 'asOf', 'sharedBy', ...snapshotFields]);
    const [{ content }] = await database.source.query<[{ content: string }]>('SELECT content FROM snapshots');
    for (const copy of [page.text, json.text, content]) for (const words of people) expect(copy).not.to.include(words);

    const few = await shared(claimId, { fields: ['lines', 'terms', 'lines'] });
    const [onPage, inJson] = [await open(few['url']), await openJson(few['url'])];
    expect(Object.keys(inJson.body['content'])).to.have.members(['claim', 'asOf', 'sharedBy', 'lines', 'terms']);
    const stored = await database.source.query<{ content: string }[]>('SELECT content FROM snapshots WHERE snapshot_id = $1', [
      few['snapshotId'],
    ]);
    for (const copy of [onPage.text, inJson.text, stored[0]!.content]) {
      for (const words of [tenantId, domain, 'Teams adoption', 'EG-17', 'wave 1', evergreen.partnerId]) expect(copy).not.to.include(words);
    }
  });

  it('never changes, whatever becomes of the claim', async () => {
    const { claimId, tenantId } = await submitted();
    const made = await shared(claimId);
    const before = (await openJson(made['url'])).body;
    const path = `/v1/claims/${claimId}`;
    const question = { reasons: ['evidence_products_missing'], suggestedDrops: [1] };
    const asked = await api.call('POST', `${path}/information-requests`, { token: await api.token('reviewer'), body: question });
    expect(asked.status, asked.text).to.be.below(300);
    const read = await api.call('GET', path, { token: partner });
    const change = { name: 'Another name', tags: ['wave 2'], lines: [{ product: 'exchange', activities: ['usage'] }] };
    const edited = await api.call('PATCH', path, { token: partner, body: change, headers: { 'If-Match': read.headers.get('etag')! } });
    expect(edited.status, edited.text).to.equal(200);
    expect((await api.call('POST', `${path}/submissions`, { token: partner, body: {} })).status).to.equal(200);
    await database.source.query(`UPDATE directory_tenants SET name = 'Renamed' WHERE tenant_id = $1`, [tenantId]);
    await database.source.query(`UPDATE claims SET customer_name = 'Renamed' WHERE claim_id = $1`, [claimId]);
    expect((await openJson(made['url'])).body).to.deep.equal(before);
    expect(before['content'].description.name).to.equal('Teams adoption');
    // The earlier version can still be shared, and the later one is another.
    const again = (await openJson((await shared(claimId, { fields: ['lines'] }))['url'])).body;
    expect(again['content'].lines).to.deep.equal(before['content'].lines);
    const second = await api.call('POST', sharing(claimId, 2), { token: partner, body: { fields: ['description'] } });
    expect((await openJson(second.body['url'])).body['content'].description.name).to.equal('Another name');
  });

  it('cannot be written again by the application, and is not shown when somebody else changed what is stored', async () => {
    const { claimId } = await submitted();
    const { url, snapshotId } = await shared(claimId);
    await open(url);
    for (const sql of [
      'UPDATE snapshots SET content = content',
      'UPDATE snapshots SET content_sha256 = content_sha256',
      'UPDATE snapshots SET expires_at = expires_at',
      'DELETE FROM snapshots',
      'UPDATE snapshot_entries SET at = at',
      'DELETE FROM snapshot_entries',
    ]) {
      const failure = await database.source.query(sql).catch((error: unknown) => (error as Error).message);
      expect(failure, sql).to.include('permission denied');
    }
    await asSuperuser(
      database,
      `UPDATE snapshots SET content = replace(content, 'Teams adoption', 'Forged') WHERE snapshot_id = '${snapshotId}'`,
    );
    const opened = await open(url);
    expect(opened.status).to.equal(503);
    expect(opened.text).not.to.include('Forged');
  });

  it('is made by those who may submit the claim, reviewers and vendor admins', async () => {
    const { claimId } = await submitted();
    const may: [string, number][] = [
      [await api.token('claim_user'), 201],
      [await api.token('reviewer'), 201],
      [vendor, 201],
      [await api.token('vendor_support'), 403],
      [await api.token('usage_viewer'), 403],
      [await api.token('tenant_admin'), 403],
      [await api.token('operator'), 403],
      [await api.token('claim_admin', { partner: ironbridge.accountId }), 404],
      [await api.token('claim_user', { locations: [evergreenAustin.partnerId] }), 404],
    ];
    for (const [token, status] of may) expect((await share(claimId, {}, token)).status).to.equal(status);
    expect((await api.call('POST', sharing(claimId), { body: { fields: ['lines'] } })).status).to.equal(401);
  });

  it('is seen and revoked within the scope of its side: partners never see what the vendor shares', async () => {
    const { claimId } = await submitted();
    const own = await shared(claimId);
    const theirs = await shared(claimId, {}, vendor);
    const ids = async (token: string) => (await list(claimId, token)).map(({ snapshotId }) => snapshotId as string);
    expect(await ids(partner)).to.deep.equal([own['snapshotId']]);
    expect(await ids(await api.token('vendor_support'))).to.have.members([own['snapshotId'], theirs['snapshotId']]);
    expect(codeOf(await revoke(claimId, theirs['snapshotId']))).to.deep.equal([404, 'not_found']);
    for (const rest of ['', '/openings']) {
      const read = await api.call('GET', `/v1/claims/${claimId}/snapshots/${theirs['snapshotId']}${rest}`, { token: partner });
      expect(codeOf(read)).to.deep.equal([404, 'not_found']);
    }
    for (const token of [
      await api.token('claim_admin', { partner: ironbridge.accountId }),
      await api.token('claim_user', { locations: [evergreenAustin.partnerId] }),
    ]) {
      expect((await api.call('GET', `/v1/claims/${claimId}/snapshots`, { token })).status).to.equal(404);
      expect((await revoke(claimId, own['snapshotId'], token)).status).to.equal(404);
    }
    // A claim that the caller may see does not open the snapshots of another.
    const other = await submitted();
    expect((await revoke(other['claimId'], own['snapshotId'])).status).to.equal(404);
    expect((await open(own['url'])).status).to.equal(200);
    expect((await revoke(claimId, own['snapshotId'], vendor)).status).to.equal(200);
    expect((await open(own['url'])).status).to.equal(404);
    expect((await open(theirs['url'])).status).to.equal(200);
  });

  it('answers alike when revoked, expired or erased, and when it never existed', async () => {
    const { claimId } = await submitted();
    const [revoked, expiring] = [await shared(claimId), await shared(claimId, { expiresAfterDays: 1 })];
    const stranger = answer(await unknown());
    expect(stranger[0]).to.equal(404);
    const gone = await revoke(claimId, revoked['snapshotId']);
    expect(gone.body).to.deep.include({ state: 'revoked' });
    expect(gone.body['revocation'].by).to.equal('claim_admin-own');
    expect((await revoke(claimId, revoked['snapshotId'])).body).to.deep.equal(gone.body);
    expect(answer(await open(revoked['url']))).to.deep.equal(stranger);
    expect((await open(expiring['url'])).status).to.equal(200);
    await moveClock('23 hours 59 minutes');
    expect((await open(expiring['url'])).status).to.equal(200);
    await moveClock('24 hours');
    expect(answer(await open(expiring['url']))).to.deep.equal(stranger);
    expect(codeOf(await openJson(expiring['url']))).to.deep.equal(codeOf(await openJson(`${api.url}/v/${randomUUID()}`)));
    expect((await openJson(expiring['url'])).text).not.to.include((expiring['url'] as string).split('/').at(-1)!);
    expect((await list(claimId)).map(({ state, openings }) => [state, openings.count])).to.have.deep.members([
      ['revoked', 0],
      ['expired', 2],
    ]);
  });

  it('logs every opening, as a page or as JSON, and nothing else', async () => {
    const { claimId } = await submitted();
    const { url, snapshotId } = await shared(claimId);
    expect((await list(claimId))[0]!['openings']).to.deep.equal({ count: 0, firstAt: null, lastAt: null });
    await open(url);
    await openJson(url);
    await Promise.all([open(url), open(url), openJson(url)]);
    await unknown();
    const detail = await api.call('GET', `/v1/claims/${claimId}/snapshots/${snapshotId}`, { token: partner });
    expect(detail.body['content']).to.deep.equal((await openJson(url)).body['content']);
    const first = await api.call('GET', `/v1/claims/${claimId}/snapshots/${snapshotId}/openings?limit=4`, { token: partner });
    expect((first.body['items'] as Json[]).map(({ sequence }) => sequence)).to.deep.equal([7, 6, 5, 4]);
    const rest = await api.call('GET', `/v1/claims/${claimId}/snapshots/${snapshotId}/openings?cursor=${first.body['next']}`, {
      token: partner,
    });
    expect((rest.body['items'] as Json[]).map((item) => Object.keys(item))).to.deep.equal([
      ['sequence', 'at'],
      ['sequence', 'at'],
    ]);
    expect(rest.body['next']).to.equal(null);
    const [{ openings }] = (await list(claimId)) as [Json];
    expect(openings.count).to.equal(6);
    expect(openings.firstAt).to.equal(rest.body['items'].at(-1).at);
    expect(openings.lastAt).to.equal(first.body['items'][0].at);
    await revoke(claimId, snapshotId);
    await open(url);
    expect((await list(claimId))[0]!['openings'].count).to.equal(6);
  });

  it('is limited as other links are, whether it exists or not', async () => {
    const { claimId } = await submitted();
    const { url } = await shared(claimId);
    for (const link of [url, `${api.url}/v/${randomUUID()}`]) {
      const answers = await Promise.all(Array.from({ length: 70 }, () => open(link)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).to.be.above(0);
      expect(refused[0]!.headers.get('retry-after')).to.match(/^\d+$/);
    }
    expect((await list(claimId))[0]!['openings'].count).to.be.at.most(61);
  });

  it('is made once per key; a repeat gets a new link, and the earlier one is void', async () => {
    const { claimId } = await submitted();
    const key = randomUUID();
    const send = (body: Json) => api.call('POST', sharing(claimId), { token: partner, key, body });
    const first = await send({ fields: ['lines'] });
    const again = await send({ fields: ['lines'] });
    expect([again.status, again.body['snapshotId']]).to.deep.equal([201, first.body['snapshotId']]);
    expect((await open(first.body['url'])).status).to.equal(404);
    expect((await open(again.body['url'])).status).to.equal(200);
    expect(codeOf(await send({ fields: ['terms'] }))).to.deep.equal([422, 'idempotency_conflict']);
    expect(await list(claimId)).to.have.length(1);
    await revoke(claimId, first.body['snapshotId']);
    const late = await send({ fields: ['lines'] });
    expect([late.status, late.body['state'], (await open(late.body['url'])).status]).to.deep.equal([201, 'revoked', 404]);
  });

  it('is refused for what was never submitted, and with fields, days or labels that are not allowed', async () => {
    const { claimId } = await submitted();
    expect(codeOf(await api.call('POST', sharing(claimId, 2), { token: partner, body: { fields: ['lines'] } }))).to.deep.equal([
      404,
      'not_found',
    ]);
    for (const body of [
      { fields: [] },
      { fields: ['contacts'] },
      { expiresAfterDays: 0 },
      { expiresAfterDays: 91 },
      { expiresAfterDays: 1.5 },
      { label: '' },
      { label: 'x'.repeat(201) },
    ]) {
      expect(codeOf(await share(claimId, body)), JSON.stringify(body)).to.deep.equal([422, 'invalid_request']);
    }
  });

  it('has at most fifty open links for each side of a claim', async () => {
    const { claimId } = await submitted();
    const made: Json[] = [];
    for (let count = 0; count < 50; count++) made.push(await shared(claimId, { fields: ['lines'] }));
    expect(codeOf(await share(claimId))).to.deep.equal([409, 'too_many_snapshots']);
    expect((await share(claimId, {}, vendor)).status).to.equal(201);
    await revoke(claimId, made[0]!['snapshotId']);
    expect((await share(claimId)).status).to.equal(201);
    const page = await api.call('GET', `/v1/claims/${claimId}/snapshots?limit=30`, { token: partner });
    const rest = await api.call('GET', `/v1/claims/${claimId}/snapshots?limit=30&cursor=${page.body['next']}`, { token: partner });
    expect(new Set([...page.body['items'], ...rest.body['items']].map(({ snapshotId }) => snapshotId as string)).size).to.equal(51);
  });

  it('loses its label to an erasure of who wrote it, and its link to the claim’s retention', async () => {
    const { claimId } = await submitted();
    const made = await shared(claimId, { label: 'For Kim Novak', expiresAfterDays: 90 });
    const erased = await erasePerson(database.source, { email: 'nobody@evergreen.example', subject: 'claim_admin-own' }, { by: 'olga' });
    expect(erased).to.be.an('object');
    expect((await list(claimId))[0]).to.deep.include({ label: null, state: 'open' });
    expect((await open(made['url'])).status).to.equal(200);
    expect((await api.call('POST', `/v1/claims/${claimId}/withdrawals`, { token: partner, body: {} })).status).to.equal(200);
    await moveClock('8 years');
    // The link would still be open if it did not expire first: erasure alone must void it.
    await asSuperuser(database, `UPDATE snapshots SET expires_at = cpor_now() + interval '1 day'`);
    expect((await open(made['url'])).status).to.equal(200);
    await eraseDue(database.source, { by: 'olga' });
    expect(answer(await open(made['url']))).to.deep.equal(answer(await unknown()));
    const [row] = await database.source.query<[Json]>('SELECT token_hash, fingerprint FROM snapshots');
    expect(row).to.deep.equal({ token_hash: null, fingerprint: '' });
    expect((await list(claimId, vendor))[0]).to.deep.include({ label: null, state: 'erased' });
  });
});
