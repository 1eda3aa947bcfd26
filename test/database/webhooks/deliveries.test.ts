import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { beginning, readFeed } from '#libs/event-feed/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  addEndpoint,
  deliverToEndpoint,
  type Delivery,
  disableEndpoint,
  dispatchWebhooks,
  type EndpointOwner,
  type EndpointSettings,
  enableEndpoint,
  findEndpoint,
  listDeliveries,
  replaySince,
  retryGivenUp,
  rotateSecret,
} from '#libs/webhooks/index.js';
import { addTenants, type ClaimServices, customer, evergreen, ironbridge, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { TestDirectory, testWebhookSender } from '../../support/worker.js';

const vendor: EndpointOwner = { kind: 'vendor' };
const company = (id: string): EndpointOwner => ({ kind: 'partner', id, locations: null });

describe('webhook deliveries', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];
  let receiver: WebhookReceiver;
  const sender = testWebhookSender();

  before(async () => {
    database = await createTestDatabase({ poolSize: 20 });
    const { source } = database;
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 60);
  });

  beforeEach(async () => {
    receiver = await new WebhookReceiver().start();
    await dispatchAll();
  });

  afterEach(async () => {
    await receiver.stop();
    await services.source.query('DELETE FROM webhook_endpoints');
  });

  after(() => database?.close());

  async function endpoint(owner = vendor, settings: Partial<EndpointSettings> = {}, at = receiver): Promise<string> {
    const endpointId = randomUUID();
    const { secret, stored } = sender.secrets.create(endpointId);
    const usual: EndpointSettings = { url: at.url, description: '', types: null, locations: null, format: 'standard', contactEmail: null };
    await addEndpoint(services.source, owner, {
      ...usual,
      ...settings,
      endpointId,
      secret: stored,
      createdBy: 'somebody',
      atMost: 50,
    });
    at.secrets.push(secret);
    return endpointId;
  }

  async function submitted(partner = evergreen): Promise<TestClaim> {
    const claim = new TestClaim(services, { partner, tenant: tenants.pop()!, products: ['teams'] });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    return claim;
  }

  async function dispatchAll(): Promise<string[]> {
    const woken: string[] = [];
    for (let hasMore = true; hasMore; ) {
      const turn = await dispatchWebhooks(services.source);
      woken.push(...turn.endpointIds);
      hasMore = turn.hasMore;
    }
    return woken;
  }

  const deliver = (endpointId: string, untilMs = 20_000) =>
    deliverToEndpoint({ source: services.source, publicUrl: 'https://cpor.example', ...sender }, endpointId, { untilMs });

  const stateOf = (endpointId: string) => findEndpoint(services.source, vendor, endpointId);
  const queue = (endpointId: string) => listDeliveries(services.source.manager, endpointId, { limit: 1_000 });

  /** Lets time pass for retries and pauses, which run in real time. */
  const pass = (interval: string) =>
    asSuperuser(
      database,
      `UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at - interval '${interval}';
       UPDATE webhook_endpoints SET paused_until = paused_until - interval '${interval}', failing_since = failing_since - interval '${interval}',
         worked_at = worked_at - interval '${interval}'`,
    );

  const everyEvent = async () => {
    const { items } = await readFeed(services.source.manager, { kind: 'everything' }, { after: beginning, limit: 1_000 });
    return items.map(({ event }) => event);
  };

  it('send each event once, signed, in ids, codes and instants, and wake nobody without events', async () => {
    const [mine, theirs] = [await endpoint(company(evergreen.accountId)), await endpoint(company(ironbridge.accountId))];
    const claim = await submitted();
    expect(await dispatchAll()).to.deep.equal([mine]);
    expect(await deliver(mine)).to.equal(null);
    expect(await deliver(theirs)).to.equal(null);
    const events = (await everyEvent()).filter(({ claimId }) => claimId === claim.claimId);
    expect(receiver.received.map(({ id }) => id)).to.deep.equal(events.map(({ eventId }) => eventId));
    expect(receiver.unverified).to.deep.equal([]);
    const last = receiver.received.at(-1)!;
    expect(last.headers['content-type']).to.equal('application/json');
    const { type, timestamp, sequence, data } = JSON.parse(last.body) as Record<string, unknown>;
    const { cursor, ...event } = data as Record<string, unknown>;
    expect(event).to.deep.equal(events.at(-1));
    expect([type, timestamp, sequence]).to.deep.equal(['claim.submitted', events.at(-1)!.recordedAt, events.at(-1)!.version]);
    expect(cursor).to.be.a('string');
    for (const { body } of receiver.received) expect(body).to.not.match(/Ann Lee|Pat Roe|@/);
    expect(await deliver(mine)).to.equal(null);
    expect(receiver.received).to.have.length(events.length);
    expect(await stateOf(mine)).to.equal(null);
  });

  it('begin when an endpoint is registered, also the first one, before which nothing was dispatched', async () => {
    await submitted();
    const endpointId = await endpoint();
    const claim = await submitted();
    await dispatchAll();
    expect(await deliver(endpointId)).to.equal(null);
    expect(receiver.received.map(({ claimId }) => claimId)).to.deep.equal([claim, claim, claim].map(({ claimId }) => claimId));
  });

  it('leave out types and locations that were not asked for', async () => {
    const onlySubmissions = await endpoint(vendor, { types: ['claim.submitted'] });
    const elsewhere = await endpoint(company(evergreen.accountId), { locations: ['9999999'] });
    await submitted();
    await dispatchAll();
    expect(await deliver(onlySubmissions)).to.equal(null);
    expect(await deliver(elsewhere)).to.equal(null);
    expect(receiver.received.map(({ type }) => type)).to.deep.equal(['claim.submitted']);
  });

  it('can be CloudEvents', async () => {
    const endpointId = await endpoint(vendor, { format: 'cloudevents', types: ['claim.submitted'] });
    const claim = await submitted();
    await dispatchAll();
    await deliver(endpointId);
    const [{ headers, body, id }] = receiver.received as [WebhookReceiver['received'][number]];
    expect(headers['content-type']).to.equal('application/cloudevents+json');
    expect(JSON.parse(body)).to.deep.include({
      specversion: '1.0',
      id,
      source: 'https://cpor.example',
      type: 'claim.submitted',
      subject: claim.claimId,
      sequence: '0000000003',
    });
  });

  it('keep the order of a claim, and hold up no other claim, when one event fails', async () => {
    const endpointId = await endpoint();
    const [first, second] = [await submitted(), await submitted()];
    let isBroken = true;
    receiver.answer = ({ claimId, type }) => ({
      status: isBroken && claimId === first.claimId && type === 'claim.evidence_added' ? 500 : 200,
    });
    await dispatchAll();
    const wait = await deliver(endpointId);
    expect(wait).to.be.within(3_000, 7_000);
    const accepted = (claim: TestClaim) => receiver.accepted.filter(({ claimId }) => claimId === claim.claimId).map(({ type }) => type);
    const all = ['claim.created', 'claim.evidence_added', 'claim.submitted'];
    expect(accepted(first)).to.deep.equal(all.slice(0, 1));
    expect(accepted(second)).to.deep.equal(all);
    isBroken = false;
    await pass('10 seconds');
    expect(await deliver(endpointId)).to.equal(null);
    expect(accepted(first).filter((type, index, types) => types.indexOf(type) === index)).to.deep.equal(all);
    expect(receiver.most.ofClaim).to.equal(1);
  });

  it('are tried again sooner in a sandbox that hurries', async () => {
    const endpointId = await endpoint(vendor, { types: ['claim.submitted'] });
    receiver.answer = () => ({ status: receiver.received.length < 3 ? 500 : 200 });
    await submitted();
    await dispatchAll();
    const hurrying = { source: services.source, publicUrl: 'https://cpor.example', ...sender, retrySpeed: 1_000 };
    for (;;) {
      const pauseMs = await deliverToEndpoint(hurrying, endpointId, { untilMs: 20_000 });
      if (pauseMs === null) break;
      expect(pauseMs).to.be.below(1_000);
      await sleep(pauseMs);
    }
    expect(receiver.received).to.have.length(3);
  });

  it('are given up after three days of failures of one event, and can be tried again', async () => {
    const endpointId = await endpoint(vendor, { types: ['claim.created', 'claim.submitted'] });
    const claim = await submitted();
    receiver.answer = ({ type }) => ({ status: type === 'claim.created' ? 422 : 200, body: 'Not \0 this one' });
    await dispatchAll();
    for (let attempt = 1; attempt <= 10; attempt++) {
      await deliver(endpointId);
      const [{ attempts, state }] = (await queue(endpointId)).slice(-1) as [Delivery];
      expect(attempts).to.equal(attempt);
      if (state === 'given_up') break;
      // The endpoint works otherwise, so that it does not count as failing.
      await services.source.query('UPDATE webhook_endpoints SET failures = 0');
      await pass('25 hours');
    }
    const [{ state, log, eventId }] = (await queue(endpointId)).slice(-1) as [Delivery];
    expect([state, log.length]).to.deep.equal(['given_up', 10]);
    expect(log[0]).to.include({ status: 422, fault: null });
    await deliver(endpointId);
    expect(receiver.accepted.map(({ type }) => type)).to.deep.equal(['claim.submitted']);
    receiver.answer = () => ({ status: 200 });
    expect(await retryGivenUp(services.source.manager, endpointId, new Date(0))).to.equal(1);
    await deliver(endpointId);
    expect(receiver.received.at(-1)).to.include({ id: eventId, claimId: claim.claimId });
  });

  it('try a dead endpoint with one request at a time, and go on where they stopped once it answers', async () => {
    const endpointId = await endpoint();
    receiver.answer = () => ({ status: 503 });
    const claims = await Promise.all(Array.from({ length: 6 }, () => submitted()));
    await dispatchAll();
    // Up to eight requests are under way when the fifth failure is noted.
    expect(await deliver(endpointId)).to.be.within(3_000, 40_000);
    const tries = receiver.received.length;
    expect((await stateOf(endpointId))!.failingSince).to.not.equal(null);
    for (let probe = 1; probe <= 4; probe++) {
      // The longest pause, with its jitter, is twelve.
      await pass('13 minutes');
      const wait = await deliver(endpointId);
      expect(receiver.received).to.have.length(tries + probe);
      if (probe === 4) expect(wait).to.be.within(8 * 60_000, 12 * 60_000);
    }
    receiver.answer = () => ({ status: 200 });
    await pass('13 minutes');
    expect(await deliver(endpointId)).to.equal(null);
    expect(new Set(receiver.accepted.map(({ id }) => id)).size).to.equal(claims.length * 3);
    expect(await stateOf(endpointId)).to.deep.include({ failingSince: null, pausedUntil: null, pending: 0, isBehind: false });
  });

  it('disable an endpoint that has only failed for three days, which then loses nothing', async () => {
    const endpointId = await endpoint();
    receiver.answer = () => ({ status: 500 });
    for (let claim = 0; claim < 5; claim++) await submitted();
    await dispatchAll();
    await deliver(endpointId);
    await pass('73 hours');
    await deliver(endpointId);
    expect(await stateOf(endpointId)).to.include({ disabledBecause: 'failing' });
    await submitted();
    expect(await dispatchAll()).to.deep.equal([]);
    expect(await deliver(endpointId)).to.equal(null);
    receiver.answer = () => ({ status: 200 });
    await enableEndpoint(services.source, endpointId, false);
    expect(await deliver(endpointId)).to.equal(null);
    expect(new Set(receiver.accepted.map(({ id }) => id)).size).to.equal(6 * 3);
  });

  it('disable an endpoint that says it is gone, at once', async () => {
    const endpointId = await endpoint();
    receiver.answer = () => ({ status: 410 });
    await submitted();
    await dispatchAll();
    expect(await deliver(endpointId)).to.equal(null);
    expect(receiver.received).to.have.length(1);
    expect(await stateOf(endpointId)).to.include({ disabledBecause: 'gone' });
  });

  it('wait as long as the receiver asks, and do not count that as failures of the event', async () => {
    const endpointId = await endpoint(vendor, { types: ['claim.submitted'] });
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '120' } });
    await submitted();
    await dispatchAll();
    expect(await deliver(endpointId)).to.be.within(110_000, 121_000);
    expect((await queue(endpointId))[0]).to.include({ state: 'pending', attempts: 0 });
    receiver.answer = () => ({ status: 200 });
    expect(await deliver(endpointId)).to.be.above(0);
    await pass('3 minutes');
    expect(await deliver(endpointId)).to.equal(null);
    expect(receiver.accepted).to.have.length(2);
  });

  it('do not follow redirects', async () => {
    const other = await new WebhookReceiver().start();
    const endpointId = await endpoint(vendor, { types: ['claim.submitted'] });
    receiver.answer = () => ({ status: 302, headers: { location: other.url } });
    await submitted();
    await dispatchAll();
    await deliver(endpointId);
    expect([receiver.received.length, other.received.length + other.unverified.length]).to.deep.equal([1, 0]);
    await other.stop();
  });

  it('are signed with both secrets during a rotation, then with the new one alone', async () => {
    const endpointId = await endpoint(vendor, { types: ['claim.submitted'] });
    const [previous] = receiver.secrets;
    const { secret, stored } = sender.secrets.create(endpointId);
    await rotateSecret(services.source, endpointId, stored, new Date(Date.now() + 3_600_000));
    for (const known of [previous!, secret]) {
      receiver.secrets = [known];
      await submitted();
      await dispatchAll();
      expect(await deliver(endpointId)).to.equal(null);
    }
    await rotateSecret(services.source, endpointId, sender.secrets.create(endpointId).stored, new Date());
    await submitted();
    await dispatchAll();
    await deliver(endpointId);
    expect(receiver.unverified).to.have.length(1);
  });

  it('are sent again since an instant, with the same ids', async () => {
    const endpointId = await endpoint();
    const before = await submitted();
    await dispatchAll();
    await deliver(endpointId);
    const [{ now }] = await services.source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
    const after = await submitted();
    await dispatchAll();
    await deliver(endpointId);
    receiver.received.length = 0;
    await replaySince(services.source, endpointId, now);
    expect(await deliver(endpointId)).to.equal(null);
    const again = receiver.received.map(({ claimId }) => claimId);
    expect(again.filter((claimId) => claimId === after.claimId)).to.have.length(3);
    expect(again.filter((claimId) => claimId === before.claimId).length).to.be.below(4);
    expect(await deliver(endpointId)).to.equal(null);
    expect(receiver.received).to.have.length(again.length);
  });

  it('go on within a place that was read in part when a later instant is replayed', async () => {
    const endpointId = await endpoint();
    await submitted();
    await dispatchAll();
    await services.source.query('UPDATE webhook_endpoints SET unread_place = 1, unread_index = 1');
    await replaySince(services.source, endpointId, new Date(Date.now() + 3_600_000));
    const [row] = await services.source.query<{ place: string; index: number }[]>(
      'SELECT unread_place::text AS place, unread_index AS index FROM webhook_endpoints',
    );
    expect(row).to.deep.equal({ place: '1', index: 1 });
  });

  it('queue a limited number for an endpoint that takes none', async () => {
    const endpointId = await endpoint();
    await disableEndpoint(services.source, endpointId);
    await submitted();
    await dispatchAll();
    expect(await queue(endpointId)).to.deep.equal([]);
    expect(await stateOf(endpointId)).to.include({ isBehind: true, disabledBecause: 'owner' });
    await enableEndpoint(services.source, endpointId, true);
    expect(await deliver(endpointId)).to.equal(null);
    expect(receiver.received).to.deep.equal([]);
  });

  it('lose nothing and keep the order of claims while events are written and work stops at any moment', async () => {
    const endpointId = await endpoint();
    receiver.answer = () => ({ status: Math.random() < 0.05 ? 500 : 200 });
    const claims: TestClaim[] = [];
    let isWriting = true;
    const writing = (async () => {
      for (let round = 0; round < 6; round++) {
        const claim = await submitted(round % 2 === 0 ? evergreen : ironbridge);
        claims.push(claim);
        await claim.accept('approveClaim', reviewer, {});
        await claim.execute();
        await claim.deliverNotice();
        await claim.accept('acceptClaim', customer, { isTenantAdmin: true });
        await claim.execute();
      }
    })().finally(() => {
      isWriting = false;
    });
    const turn = async (untilMs?: number) => {
      await dispatchAll();
      await deliver(endpointId, untilMs);
      await pass('1 day');
      await services.source.query('UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, paused_until = NULL');
    };
    while (isWriting) await turn(50);
    await writing;
    receiver.answer = () => ({ status: 200 });
    // A busy machine has a backlog by now, so these are not cut off.
    for (let last = 0; last < 5; last++) await turn();
    const ours = new Set<string>(claims.map(({ claimId }) => claimId));
    const events = (await everyEvent()).filter(({ claimId }) => ours.has(claimId));
    const arrived = receiver.accepted.filter(({ claimId }) => ours.has(claimId!));
    expect(new Set(arrived.map(({ id }) => id))).to.deep.equal(new Set(events.map(({ eventId }) => eventId)));
    for (const claimId of ours) {
      const sequences = arrived.filter((event) => event.claimId === claimId).map(({ sequence }) => sequence!);
      expect(sequences).to.deep.equal(sequences.toSorted((a, b) => a - b));
    }
    expect(receiver.most.ofClaim).to.equal(1);
  });
});
