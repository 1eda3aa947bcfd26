import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { dropPostgres, startPostgres } from '#libs/embedded/index.js';
import { createDataSource, createOwnerDataSource } from '#libs/event-store/index.js';
import {
  type AssociationEvent,
  associationTypes,
  beginning,
  findPlace,
  type FeedEvent,
  type FeedPosition,
  readFeed,
} from '#libs/event-feed/index.js';
import { executeWithin, lookUpForClaim } from '#libs/inbox/index.js';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { addTenants, type ClaimServices, customer, evergreen, ironbridge, reviewer, TestClaim } from '../../support/claims.js';
import { createDatabase, createTestDatabase, dropDatabase, type TestDatabase } from '../../support/database.js';
import { copyRows } from '../../support/restore.js';
import { TestPartner } from '../../support/subscriptions.js';
import { passDays } from '../../support/usage.js';
import { TestDirectory } from '../../support/worker.js';

const everything: Scope = { kind: 'everything' };
const usage = 'modern_work_security_usage';

describe('the event feed', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  before(async () => {
    database = await createTestDatabase({ poolSize: 20 });
    const { source } = database;
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 60);
  });

  after(() => database?.close());

  async function notified(partner = evergreen, products = ['teams'], programme = 'sample'): Promise<TestClaim> {
    const claim = new TestClaim(services, { programme, partner, tenant: tenants.pop()!, products });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    await claim.deliverNotice();
    return claim;
  }

  async function official(partner = evergreen, products = ['teams'], programme = 'sample'): Promise<TestClaim> {
    const claim = await notified(partner, products, programme);
    await claim.accept('acceptClaim', customer, { isTenantAdmin: true });
    await claim.execute();
    expect(await claim.phase()).to.equal('official');
    return claim;
  }

  const execute = async (claim: TestClaim, ...[type, actor, body]: Parameters<TestClaim['accept']>) => {
    const { commandId } = await claim.accept(type, actor, body);
    await claim.execute();
    expect(await claim.outcome(commandId)).to.have.property('status', 'done');
  };

  const read = (after: FeedPosition, limit = 100, scope: Scope = everything) =>
    readFeed(services.source.manager, scope, { after, types: associationTypes, limit });

  /** Reads from a position to the end of the feed. */
  async function readOn(
    from: FeedPosition,
    limit = 100,
    scope: Scope = everything,
  ): Promise<{ events: AssociationEvent[]; place: FeedPosition }> {
    const events: AssociationEvent[] = [];
    let place = from;
    for (let hasMore = true; hasMore; ) {
      const page = await read(place, limit, scope);
      events.push(...page.items.map(({ event }) => event));
      place = page.next;
      hasMore = page.hasMore;
    }
    return { events, place };
  }

  const end = async (): Promise<FeedPosition> => (await readOn(beginning)).place;

  it('reports an association with everything that an incentive system needs', async () => {
    const from = await end();
    const partner = new TestPartner(services.source);
    await partner.setEnrolments(usage);
    const claim = await official(partner);
    const [officialEvent] = (await readOn(from)).events;
    const association = (await claim.row()).state.lines[0]!.official!;
    const { at, recordedAt } = (await claim.events()).find(({ type }) => type === 'LinesMadeOfficial')!;
    expect(officialEvent).to.deep.equal({
      eventId: officialEvent!.eventId,
      type: 'association.official',
      at,
      recordedAt,
      version: (await claim.row()).version,
      claimId: claim.claimId,
      claimNumber: claim.number,
      line: 1,
      associationId: association.associationId,
      target: `workload:${claim.details.tenantId}:teams`,
      tenantId: claim.details.tenantId,
      partnerAccountId: partner.accountId,
      partnerId: partner.partnerId,
      by: 'customer',
      activities: ['usage'],
      from: at,
      to: null,
      endReason: null,
      isIncentivised: true,
      isOptedOutOfIncentives: false,
      isEligible: true,
    });

    await partner.setEnrolments();
    await execute(claim, 'checkAssociation', reviewer, {});
    await execute(claim, 'checkAssociation', reviewer, {});
    await execute(claim, 'endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
    const { events } = await readOn(from);
    expect(events.map(({ type, isEligible, to, endReason }) => [type, isEligible, to !== null, endReason])).to.deep.equal([
      ['association.official', true, false, null],
      ['association.eligibility_changed', false, false, null],
      ['association.ended', false, true, 'partner_disassociated'],
    ]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).to.equal(3);
    expect((await readOn(from)).events).to.deep.equal(events);
  });

  it('reports a transfer as an end at one location and a start at the other at the same instant', async () => {
    const from = await end();
    const partner = new TestPartner(services.source);
    await partner.setEnrolments(usage);
    const claim = await official(partner, ['teams', 'exchange']);
    claim.details.partnerId = partner.otherPartnerId;
    await execute(claim, 'transferAssociation', claim.partner, { partnerId: partner.otherPartnerId });
    const { events } = await readOn(from);
    const { at } = (await claim.events()).at(-1)!;
    expect(
      events
        .slice(2)
        .map(({ type, line, partnerId, from: begins, to, endReason }) => [type, line, partnerId, begins === at, to, endReason]),
    ).to.deep.equal([
      ['association.ended', 1, partner.partnerId, false, at, 'transferred'],
      ['association.official', 1, partner.otherPartnerId, true, null, null],
      ['association.ended', 2, partner.partnerId, false, at, 'transferred'],
      ['association.official', 2, partner.otherPartnerId, true, null, null],
    ]);
    const seenBy = async (scope: Scope) => (await readOn(from, 1, scope)).events.map(({ type, partnerId }) => `${type} ${partnerId}`);
    const { accountId, partnerId, otherPartnerId } = partner;
    expect(await seenBy({ kind: 'partner', accountId, locations: [otherPartnerId] })).to.deep.equal(
      Array<string>(2).fill(`association.official ${otherPartnerId}`),
    );
    expect(await seenBy({ kind: 'partner', accountId, locations: [partnerId] })).to.have.length(4);
    expect(await seenBy({ kind: 'partner', accountId: ironbridge.accountId, locations: 'all' })).to.deep.equal([]);
    expect(await seenBy({ kind: 'nothing' })).to.deep.equal([]);
  });

  it('leaves out association checks that changed nothing', async () => {
    const body = { ...samplePolicy, name: 'checked', whenEnrolmentIsLost: 'end' };
    await services.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('checked', 1, '2025-01-01', $1)`, [
      body,
    ]);
    const from = await end();
    const claim = await official(evergreen, ['teams'], 'checked');
    for (let week = 1; week <= 4; week++) {
      await passDays(services.source, 8);
      await lookUpForClaim(services.directory, services.source, claim.claimId);
      await claim.execute();
    }
    expect((await claim.eventTypes()).filter((type) => type === 'AssociationChecked')).to.have.length(4);
    await execute(claim, 'endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
    for (const limit of [1, 2, 100]) {
      const { events } = await readOn(from, limit);
      expect(events.map(({ type }) => type)).to.deep.equal(['association.official', 'association.ended']);
    }
  });

  it('does not wait for a slow transaction, and reports its events after those already read', async () => {
    const from = await end();
    const [slow, quick] = [await notified(), await notified()];
    const runner = services.source.createQueryRunner();
    await slow.accept('acceptClaim', customer, { isTenantAdmin: true });
    await runner.startTransaction();
    await executeWithin(runner.manager, services.library, slow.claimId);
    // The slow transaction has written its events but stays open; the quick one begins later and commits first.
    await quick.accept('acceptClaim', customer, { isTenantAdmin: true });
    await quick.execute();
    expect(await quick.phase()).to.equal('official');
    const meanwhile = await readOn(from);
    expect(meanwhile.events.map(({ claimId }) => claimId)).to.deep.equal([quick.claimId]);
    await runner.commitTransaction();
    await runner.release();
    const { events } = await readOn(meanwhile.place);
    expect(events.map(({ claimId }) => claimId)).to.deep.equal([slow.claimId]);
    expect((await readOn(from)).events.map(({ claimId }) => claimId)).to.deep.equal([quick.claimId, slow.claimId]);
  });

  it('keeps the order of a claim’s events even if the transaction of the later event began first', async () => {
    const from = await end();
    const claim = await notified();
    const early = services.source.createQueryRunner();
    await early.startTransaction();
    // The transaction gets its id now but writes to this claim last, as one that displaces a holder does.
    await early.query('SELECT pg_current_xact_id()');
    await execute(claim, 'acceptClaim', customer, { isTenantAdmin: true });
    await claim.accept('endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
    await executeWithin(early.manager, services.library, claim.claimId);
    await early.commitTransaction();
    await early.release();
    const { events } = await readOn(from);
    expect(events.map(({ type }) => type)).to.deep.equal(['association.official', 'association.ended']);
  });

  it('delivers each event once and in order to a consumer that stops within pages, during concurrent writes', async () => {
    const from = await end();
    const claims = await Promise.all(Array.from({ length: 24 }, (_, index) => notified(index % 2 === 0 ? evergreen : ironbridge)));
    const consumed: AssociationEvent[] = [];
    let place = from;
    let isWriting = true;
    const consume = async () => {
      // The consumer stops after processing only a part of the page.
      const { items } = await read(place, 5);
      const done = items.slice(0, 1 + (consumed.length % 3));
      consumed.push(...done.map(({ event }) => event));
      place = done.at(-1)?.place ?? place;
      return done.length;
    };
    const writing = Promise.all(
      claims.map(async (claim, index) => {
        await claim.accept('acceptClaim', customer, { isTenantAdmin: true });
        await services.source.transaction(async (manager) => {
          await executeWithin(manager, services.library, claim.claimId);
          await manager.query('SELECT pg_sleep($1)', [(index % 5) / 20]);
        });
        if (index % 3 === 0)
          await execute(claim, 'endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
      }),
    ).finally(() => {
      isWriting = false;
    });
    while (isWriting) await consume();
    await writing;
    while ((await consume()) > 0);
    const all = (await readOn(from)).events;
    expect(all).to.have.length(24 + 8);
    expect(consumed).to.deep.equal(all);
    expect(new Set(all.map(({ eventId }) => eventId)).size).to.equal(32);
    for (const { claimId } of claims) {
      const types = all.filter((event) => event.claimId === claimId).map(({ type }) => type);
      expect(types.slice(0, 1)).to.deep.equal(['association.official']);
    }
  });

  describe('of all changes', () => {
    const readAll = async (scope: Scope, from = beginning, limit = 100) => {
      const events: FeedEvent[] = [];
      for (let after = from, hasMore = true; hasMore; ) {
        const page = await readFeed(services.source.manager, scope, { after, limit });
        events.push(...page.items.map(({ event }) => event));
        ({ next: after, hasMore } = page);
      }
      return events;
    };
    const of = (claim: TestClaim, events: FeedEvent[]) => events.filter(({ claimId }) => claimId === claim.claimId);
    const partnerScope = ({ accountId }: typeof evergreen): Scope => ({ kind: 'partner', accountId, locations: 'all' });

    it('reports every version of a claim, in ids, codes and instants', async () => {
      const claim = await official();
      await execute(claim, 'endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
      for (const limit of [1, 3, 100]) {
        const events = of(claim, await readAll(everything, beginning, limit));
        expect(events.map(({ type, version }) => [version, type])).to.deep.equal([
          [1, 'claim.created'],
          [2, 'claim.evidence_added'],
          [3, 'claim.submitted'],
          [4, 'claim.review_started'],
          [5, 'claim.approved'],
          [6, 'claim.notice_requested'],
          [7, 'claim.notice_accepted'],
          [8, 'claim.notice_accepted'],
          [9, 'claim.customer_accepted'],
          [10, 'association.official'],
          [11, 'association.ended'],
        ]);
      }
      const [accepted] = of(claim, await readAll(everything)).filter(({ type }) => type === 'claim.notice_accepted');
      const { at, recordedAt, data } = (await claim.events()).find(({ type }) => type === 'NoticeAccepted')!;
      const { noticeId, clocks } = data as { noticeId: string; clocks: { deadline: { dueAt: string } }[] };
      expect(accepted).to.deep.equal({
        eventId: accepted!.eventId,
        type: 'claim.notice_accepted',
        at,
        recordedAt,
        version: 7,
        claimId: claim.claimId,
        claimNumber: claim.number,
        tenantId: claim.details.tenantId,
        partnerAccountId: evergreen.accountId,
        partnerId: claim.details.partnerId,
        by: 'system',
        lines: [],
        phase: 'consent_pending',
        reasons: [],
        deadlines: [{ clock: 'customer_window', lines: [1], dueAt: clocks[0]!.deadline.dueAt }],
        aboutId: noticeId,
      });
    });

    it('shows a partner no internal comments, and a customer what it was told, from its first notice on', async () => {
      const claim = await notified();
      await execute(claim, 'addComment', reviewer, { textId: claim.claimId, visibility: 'internal' });
      await execute(claim, 'addComment', reviewer, { textId: claim.claimId, visibility: 'shared' });
      const typesFor = async (scope: Scope) => of(claim, await readAll(scope)).map(({ type }) => type.replace('claim.', ''));
      // The customer's contact and its tenant admin each get the notice.
      const notices = ['notice_requested', 'notice_accepted', 'notice_accepted'];
      const untilNotice = ['created', 'evidence_added', 'submitted', 'review_started', 'approved', ...notices];
      expect(await typesFor(everything)).to.deep.equal([...untilNotice, 'comment_added', 'comment_added']);
      expect(await typesFor(partnerScope(evergreen))).to.deep.equal([...untilNotice, 'comment_added']);
      expect(await typesFor(partnerScope(ironbridge))).to.deep.equal([]);
      const tenant: Scope = { kind: 'tenant', tenantId: claim.details.tenantId };
      expect(await typesFor(tenant)).to.deep.equal(notices);
      for (const event of of(claim, await readAll(tenant))) expect(event).to.deep.include({ phase: null, reasons: [] });
      expect(await typesFor({ kind: 'tenant', tenantId: evergreen.accountId })).to.deep.equal([]);
    });

    it('shows staff who act for a partner nothing of its rivals', async () => {
      const tenant = tenants.at(-1)!;
      const claim = await notified();
      const rival = new TestClaim(services, { partner: ironbridge, tenant, products: ['teams'] });
      await rival.draft();
      await rival.addEvidence();
      await execute(rival, 'submitClaim', rival.partner, {});
      const actingFor: Scope = { kind: 'everything', actsFor: [ironbridge.accountId] };
      const seen = await readAll(actingFor);
      expect(of(claim, seen)).to.deep.equal([]);
      expect(of(rival, seen).at(-1)).to.include({ type: 'claim.submitted' });
    });

    it('looks at a limited number of events for a page, and goes on where it stopped', async () => {
      const none: Scope = { kind: 'partner', accountId: 'nobody', locations: 'all' };
      const page = await readFeed(services.source.manager, none, { after: beginning, limit: 10, placesPerPage: 5 });
      expect(page).to.deep.include({ items: [], hasMore: true });
      expect(page.next.place).to.equal('5');
      const last = await readFeed(services.source.manager, none, { after: beginning, limit: 10, placesPerPage: 100_000 });
      expect(last.hasMore).to.equal(false);
    });
  });

  describe('after a restore', () => {
    let restored: TestDatabase;
    let original: ClaimServices;

    /** Points the test at another database. */
    const moveTo = (source: DataSource) => {
      services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    };

    beforeEach(() => {
      original = services;
    });

    afterEach(async () => {
      services = original;
      await restored?.close();
    });

    it('continues from every issued cursor in a new cluster, although transaction ids restart there', async () => {
      const before = await end();
      await official();
      const between = (await readOn(before)).place;
      const claim = await official();
      // This one is not read before the restore.
      const unread = await official(ironbridge);
      const directory = await mkdtemp(join(tmpdir(), 'cpor-restored-'));
      const postgres = await startPostgres({ directory, port: 0, durable: false });
      try {
        const owner = await createOwnerDataSource(postgres.ownerUrl).initialize();
        await owner.runMigrations();
        await owner.destroy();
        const url = new URL(postgres.superuserUrl);
        url.pathname = '/cpor';
        await copyRows(database.superuserUrl, url.href);
        const source = await createDataSource(postgres.appUrl).initialize();
        try {
          const xids = await Promise.all(
            [original.source, source].map(async (cluster) => {
              const [row] = await cluster.query<[{ xid: string }]>('SELECT pg_current_xact_id()::text AS xid');
              return Number(row.xid);
            }),
          );
          expect(xids[1]).to.be.below(xids[0]!);
          moveTo(source);
          expect(await findPlace(source.manager, between)).to.deep.equal(between);
          const { events, place } = await readOn(between);
          expect(events.map(({ claimId }) => claimId)).to.deep.equal([claim.claimId, unread.claimId]);
          const later = await official();
          expect((await readOn(place)).events.map(({ claimId }) => claimId)).to.deep.equal([later.claimId]);
          expect((await readOn(between)).events).to.have.length(3);
          expect((await readOn(before)).events).to.have.length(4);
        } finally {
          await source.destroy();
        }
      } finally {
        await postgres.stop();
        await dropPostgres(directory);
      }
    });

    it('refuses a cursor beyond what was restored, as after a point-in-time recovery or a failover', async () => {
      restored = await createTestDatabase();
      moveTo(restored.source);
      tenants.push(...(await addTenants(restored.source, 8)));
      await official();
      const kept = await end();
      await restored.source.destroy();
      // Copies the database at this instant. The original continues and is then lost.
      const copy = await createDatabase(`${restored.name}_copy`, restored.name);
      restored.source = await createDataSource(restored.appUrl).initialize();
      moveTo(restored.source);
      await official();
      const { place: lost, events: lostEvents } = await readOn(kept);
      expect(lostEvents).to.have.length(1);
      const source = await createDataSource(copy.appUrl).initialize();
      try {
        moveTo(source);
        expect(await findPlace(source.manager, kept)).to.deep.equal(kept);
        // The copy has no event at that place at first, and later a different one.
        expect(await findPlace(source.manager, lost)).to.equal(null);
        const other = await official();
        expect((await readOn(kept)).events.map(({ claimId }) => claimId)).to.deep.equal([other.claimId]);
        expect(await findPlace(source.manager, lost)).to.equal(null);
      } finally {
        await source.destroy();
        await dropDatabase(`${restored.name}_copy`);
      }
    });
  });
});
