import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect } from 'chai';
import { OpenStreams, streamLimits } from '../../../apps/api/src/changes/open-streams.js';
import { codeOf, draftClaim, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { EventReader } from '../../support/event-stream.js';
import { evergreen, evergreenAustin, ironbridge } from '../../support/sample-directory.js';
import { waitFor } from '../../support/wait.js';

describe('Live updates', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let readers: EventReader[] = [];
  const usual = { ...streamLimits };

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
  });
  afterEach(async () => {
    for (const reader of readers) reader.close();
    readers = [];
    Object.assign(streamLimits, usual);
    await waitFor('every stream to be closed', () => Promise.resolve(api.app.get(OpenStreams).count === 0));
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  async function watch(path: string, { token = partner, headers = {}, of = api } = {}): Promise<EventReader> {
    const reader = await EventReader.open(`${of.url}/v1${path}`, token, headers);
    readers.push(reader);
    return reader;
  }

  async function rename(claimId: string, version: number, more: object = { name: `Version ${version + 1}` }): Promise<void> {
    const reply = await api.call('PATCH', `/v1/claims/${claimId}`, { token: partner, body: more, headers: { 'If-Match': `"${version}"` } });
    expect(reply.status, reply.text).to.equal(200);
  }

  const versionOf = async (claimId: string) =>
    (await api.call('GET', `/v1/claims/${claimId}`, { token: partner })).body['version'] as number;

  it('begin with the present version and go on with each new one', async () => {
    const { claimId, version } = await draftClaim(api, partner);
    const reader = await watch(`/claims/${claimId}/changes`);
    expect(reader.headers.get('content-type')).to.match(/^text\/event-stream/);
    expect(await reader.event(1)).to.deep.include({ event: 'message', id: String(version) });
    await rename(claimId, version);
    const { id, data } = await reader.event(2);
    expect(data).to.deep.include({ claimId, version: await versionOf(claimId), phase: 'draft' });
    expect(Number(id)).to.equal(data.version);
  });

  it('leave out the version that the reader knows', async () => {
    const { claimId, version } = await draftClaim(api, partner);
    const reader = await watch(`/claims/${claimId}/changes`, { headers: { 'Last-Event-ID': String(version) } });
    await rename(claimId, version);
    expect((await reader.event(1)).data.version).to.be.greaterThan(version);
  });

  it('reach every reader of a claim, and none of another claim', async () => {
    const [one, other] = [await draftClaim(api, partner), await draftClaim(api, partner)];
    const watching = await Promise.all([1, 2, 3].map(() => watch(`/claims/${one['claimId']}/changes`)));
    const bystander = await watch(`/claims/${other['claimId']}/changes`);
    await rename(one['claimId'], one['version']);
    for (const reader of watching) await reader.event(2);
    expect(bystander.events.map(({ data }) => data.claimId)).to.deep.equal([other['claimId']]);
  });

  it('keep the connection alive, and end when the token has expired', async () => {
    streamLimits.heartbeatMs = 200;
    const { claimId } = await draftClaim(api, partner);
    // The guard tolerates 30 seconds, so this token is good for two.
    const token = await api.token('claim_admin', { lifetimeSeconds: -28 } as object);
    const reader = await watch(`/claims/${claimId}/changes`, { token });
    await waitFor('a heartbeat', () => Promise.resolve(reader.beats > 0));
    expect(await reader.event(2)).to.deep.include({ event: 'end', data: { reason: 'access' } });
    await waitFor('the end of the response', () => Promise.resolve(reader.isClosed));
    const again = await watch(`/claims/${claimId}/changes`, { token });
    expect(again.status).to.equal(401);
  });

  it('end without telling what happened when the claim leaves the scope of the reader', async () => {
    const { claimId, version } = await draftClaim(api, partner);
    const token = await api.token('claim_user', { locations: [evergreen.partnerId] });
    const reader = await watch(`/claims/${claimId}/changes`, { token });
    await reader.event(1);
    await rename(claimId, version, { partnerId: evergreenAustin.partnerId });
    expect(await reader.event(2)).to.deep.equal({ event: 'end', id: null, data: { reason: 'access' } });
  });

  it('are refused beyond a number per caller, and available again once one is closed', async () => {
    streamLimits.perCaller = 2;
    const { claimId } = await draftClaim(api, partner);
    const path = `/claims/${claimId}/changes`;
    const [first] = [await watch(path), await watch('/changes')];
    const refused = await api.call('GET', `/v1${path}`, { token: partner });
    expect([...codeOf(refused), refused.headers.get('retry-after')]).to.deep.equal([429, 'too_many_requests', '30']);
    expect((await watch(path, { token: await api.token('claim_user') })).status).to.equal(200);
    first.close();
    await waitFor('room for another', async () => (await watch(path)).status === 200);
  });

  it('are not available as anything else', async () => {
    const { claimId } = await draftClaim(api, partner);
    for (const path of [`/v1/claims/${claimId}/changes`, '/v1/changes']) {
      const reply = await api.call('GET', path, { token: partner, headers: { accept: 'application/json' } });
      expect(codeOf(reply), path).to.deep.equal([406, 'not_acceptable']);
    }
  });

  it('tell of changes in the scope of the caller alone, several at once', async () => {
    const [own, rival] = await Promise.all([
      watch('/changes'),
      api.token('claim_admin', { partner: ironbridge.accountId }).then((token) => watch('/changes', { token })),
    ]);
    const reviewer = await watch('/changes', { token: await api.token('reviewer') });
    const acting = await watch('/changes', { token: await api.token('reviewer', { actsFor: [ironbridge.accountId], subject: 'acts' }) });
    for (const reader of [own, rival, reviewer, acting]) expect((await reader.event(1)).event).to.equal('ready');
    const made = await Promise.all([draftClaim(api, partner), draftClaim(api, partner)]);
    const ids = made.map(({ claimId }) => claimId as string);
    const seen = (reader: EventReader) => reader.events.slice(1).flatMap(({ data }) => data.claimIds as string[]);
    for (const reader of [own, reviewer, acting]) {
      await waitFor('both claims', () => Promise.resolve(ids.every((id) => seen(reader).includes(id))));
      expect(seen(reader)).to.have.members(ids);
    }
    expect(rival.events).to.have.length(1);
  });

  it('end with the process, which is not kept from closing', async () => {
    const another = await startTestApi({ database });
    const token = await another.token('claim_admin');
    const { claimId } = await draftClaim(another, token);
    const reader = await watch(`/claims/${claimId}/changes`, { token, of: another });
    await reader.event(1);
    // Browsers open connections in advance.
    const unused = createConnection(Number(new URL(another.url).port), '127.0.0.1');
    await once(unused, 'connect');
    const closed = once(unused, 'close');
    await another.close();
    await closed;
    expect(await reader.event(2)).to.deep.include({ event: 'end', data: { reason: 'shutdown' } });
    await waitFor('the end of the response', () => Promise.resolve(reader.isClosed));
  });
});
