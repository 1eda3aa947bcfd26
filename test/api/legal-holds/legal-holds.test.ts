import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { completeClaim, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('A legal hold over HTTP', () => {
  let database: TestDatabase;
  let api: TestApi;
  let admin: string;
  let partner: string;

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    admin = await api.token('vendor_admin');
    partner = await api.token('claim_admin');
  });
  afterEach(async () => {
    await api?.close();
    await database?.close();
  });

  async function draft(more: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const made = await api.call('POST', '/v1/claims', { token: partner, body: completeClaim(more) });
    expect(made.status, made.text).to.equal(201);
    return made.body;
  }

  const path = (claimId: string, rest = '') => `/v1/claims/${claimId}/legal-holds${rest}`;

  it('is placed and released once, and keeps who did so and why', async () => {
    const { claimId } = await draft();
    const placed = await api.call('POST', path(claimId), { token: admin, body: { reason: 'Litigation 17' } });
    expect(placed.status, placed.text).to.equal(201);
    expect(placed.body).to.include({ claimId, reason: 'Litigation 17', placedBy: 'vendor_admin-own', release: null });
    const releases = path(claimId, `/${placed.body['holdId']}/releases`);
    const operator = await api.token('operator');
    const key = randomUUID();
    const released = await api.call('POST', releases, { token: operator, key, body: { reason: 'Settled' } });
    expect([released.status, released.body['release'].reason, released.body['release'].releasedBy]).to.deep.equal([
      201,
      'Settled',
      'operator-own',
    ]);
    const again = await api.call('POST', releases, { token: operator, key, body: { reason: 'Settled' } });
    expect([again.status, again.body]).to.deep.equal([201, released.body]);
    const second = await api.call('POST', releases, { token: operator, body: { reason: 'Settled' } });
    expect([second.status, second.body['code']]).to.deep.equal([409, 'legal_hold_released']);
    const list = await api.call('GET', path(claimId), { token: admin });
    expect(list.body).to.deep.equal({ items: [released.body], next: null });
  });

  it('is placed once per idempotency key, and the key is bound to the path and body', async () => {
    const [{ claimId }, { claimId: another }] = [await draft(), await draft({ lines: [{ product: 'exchange', activities: ['usage'] }] })];
    const key = randomUUID();
    const send = (claim: string, reason: string) => api.call('POST', path(claim), { token: admin, key, body: { reason } });
    const answers = await Promise.all([send(claimId, 'Litigation'), send(claimId, 'Litigation'), send(claimId, 'Litigation')]);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).to.equal(1);
    const refused = await send(claimId, 'Another');
    expect([refused.status, refused.body['code']]).to.deep.equal([422, 'idempotency_conflict']);
    const { holdId } = answers[0].body as { holdId: string };
    expect((await api.call('GET', path(claimId), { token: admin })).body['items']).to.have.length(1);
    const elsewhere = await send(another, 'Litigation');
    expect([elsewhere.status, elsewhere.body['claimId']]).to.deep.equal([201, another]);
    const release = () => api.call('POST', path(claimId, `/${holdId}/releases`), { token: admin, key, body: { reason: 'Litigation' } });
    const released = await release();
    expect([released.status, released.body['holdId']], released.text).to.deep.equal([201, holdId]);
    expect((await release()).body).to.deep.equal(released.body);
  });

  it('needs a reason and an existing claim, and a release needs a hold of that claim', async () => {
    const { claimId } = await draft();
    const blank = await api.call('POST', path(claimId), { token: admin, body: { reason: ' ' } });
    expect([blank.status, blank.body['errors'][0].field]).to.deep.equal([422, 'reason']);
    const nowhere = [path(randomUUID()), path(claimId, `/${randomUUID()}/releases`)];
    for (const address of nowhere) expect((await api.call('POST', address, { token: admin, body: { reason: 'x' } })).status).to.equal(404);
  });
});
