import { expect } from 'chai';
import { verifyChains } from '#libs/event-store/index.js';
import { associationTypes, beginning, readFeed } from '#libs/event-feed/index.js';
import { executeWithin, lookUpForClaim } from '#libs/inbox/index.js';
import { findRelatedClaims } from '#libs/read-models/index.js';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { settleOverdue } from '#libs/reconciliation/index.js';
import {
  addTenants,
  type ClaimServices,
  customer,
  evergreen,
  ironbridge,
  reviewer,
  secondReviewer,
  TestClaim,
} from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { subscription, TestPartner } from '../../support/subscriptions.js';
import { TestDirectory } from '../../support/worker.js';

const day = 86_400_000;
const thirdReviewer = { ...secondReviewer, subject: 'reviewer-3' };

describe('two partners who claim one target', () => {
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    const { source } = database;
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 8);
  });

  after(() => database?.close());

  const claimOf = (partner: typeof evergreen, tenant: { tenantId: string; domain: string }) =>
    new TestClaim(services, { partner, tenant, products: ['teams'] });

  async function submit(claim: TestClaim): Promise<void> {
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
  }

  /** Approves a claim and has its customer notified. Returns the end of the customer's window. */
  async function approve(claim: TestClaim, lines?: number[], type: 'approveClaim' | 'decideDispute' = 'approveClaim'): Promise<string> {
    const { commandId } = await claim.accept(type, thirdReviewer, { lines, outcome: 'approve' });
    await claim.execute();
    expect(await claim.outcome(commandId)).to.have.property('status', 'done');
    const { position } = await claim.deliverNotice();
    return position.alarm!.at;
  }

  async function becomeHolder(claim: TestClaim): Promise<void> {
    await submit(claim);
    await approve(claim);
    await claim.accept('acceptClaim', customer, { isTenantAdmin: true });
    await claim.execute();
    expect(await claim.phase()).to.equal('official');
  }

  /** Advances the product's clock. */
  const advance = (ms: number) =>
    services.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES (make_interval(secs => $1))
       ON CONFLICT (only_row) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead`,
      [ms / 1000],
    );

  /** Decides for the challenger by disregarding the holder's evidence. */
  async function decideFor(challenger: TestClaim, holder: TestClaim) {
    const disregardedEvidence = (await holder.row()).state.evidence.map(({ evidenceId }) => evidenceId);
    const body = { line: 1, winner: challenger.claimId, step: 'newest_evidence' as const, disregardedEvidence };
    const { commandId } = await challenger.accept('decideRivals', reviewer, body);
    const { changed } = await challenger.execute();
    return { outcome: await challenger.outcome(commandId), changed: changed.map(({ claimId }) => claimId) };
  }

  /** Has the customer choose between the claims on a target, and a reviewer decide accordingly. */
  async function choose(claim: TestClaim, line: number, winner: TestClaim, by = reviewer): Promise<void> {
    await claim.accept('askCustomerToChoose', by, { line });
    await claim.execute();
    const { choiceId } = (await claim.row()).state.choices.at(-1)!;
    await claim.accept('chooseRival', customer, { choiceId, claimId: winner.claimId });
    const { commandId } = await claim.accept('decideRivals', by, { line, winner: winner.claimId, step: 'customer_choice' });
    await claim.execute();
    expect(await claim.outcome(commandId)).to.have.property('status', 'done');
  }

  const tenures = (tenantId: string) =>
    services.source.query(
      `SELECT claim_id AS "claimId", official_at AS "from", ended_at AS "to", end_reason AS reason FROM associations
       WHERE tenant_id = $1 ORDER BY official_at, ended_at`,
      [tenantId],
    );

  it('cause a warning and a hearing for the holder before anything is decided', async () => {
    const tenant = tenants.pop()!;
    const [holder, challenger] = [claimOf(evergreen, tenant), claimOf(ironbridge, tenant)];
    await becomeHolder(holder);
    await challenger.draft();
    await challenger.addEvidence();
    await challenger.accept('submitClaim', challenger.partner, {});
    const { changed } = await challenger.execute();
    expect(changed).to.deep.equal([{ claimId: holder.claimId, partnerAccountId: evergreen.accountId }]);
    expect((await holder.eventTypes()).at(-1)).to.equal('HolderWarned');
    const early = await decideFor(challenger, holder);
    expect(early.outcome).to.have.nested.property('findings[0].code', 'holder_not_heard');
    const [letter] = await services.source.query('SELECT kind, about FROM letters WHERE claim_id = $1 AND kind = $2', [
      holder.claimId,
      'holder_warning',
    ]);
    expect(letter.about.dueAt).to.equal((await holder.row()).alarm_at!.toISOString());
    expect(JSON.stringify(letter)).not.to.contain(challenger.claimId);
  });

  it('change places at one instant, however late the deadline is processed', async () => {
    const tenant = tenants.pop()!;
    const [holder, challenger] = [claimOf(evergreen, tenant), claimOf(ironbridge, tenant)];
    await becomeHolder(holder);
    await submit(challenger);
    await advance(10 * day);
    // The end of the hearing has not been processed yet, but its instant has passed.
    const decided = await decideFor(challenger, holder);
    expect(decided).to.deep.include({ changed: [holder.claimId] });
    expect(decided.outcome).to.have.property('status', 'done');
    expect((await holder.eventTypes()).slice(-3)).to.deep.equal(['HolderWarned', 'HearingClosed', 'RivalsDecided']);

    const dueAt = await approve(challenger);
    await advance(12 * day);
    // The customer ends the old association after the deadline but before it is processed: by then the new one is official.
    const late = await holder.accept('optOut', customer, {});
    await challenger
      .command('submitClaim', challenger.partner, {})
      .then(({ facts }) =>
        services.source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, $2, $3)', [
          challenger.claimId,
          facts!.askedAt,
          facts,
        ]),
      );
    const woken: string[] = [];
    const engine = { wake: async ({ claimId }: { claimId: string }) => void woken.push(claimId) };
    await settleOverdue({ ...services, engine });
    expect(woken).to.include(holder.claimId);
    await holder.execute();
    const at = new Date(Date.parse(dueAt) + 1);
    const rows = await tenures(tenant.tenantId);
    expect(rows.map(({ claimId, to, reason }: Record<string, unknown>) => [claimId, to, reason])).to.deep.equal([
      [holder.claimId, at, 'superseded'],
      [challenger.claimId, null, null],
    ]);
    expect(rows[1].from).to.deep.equal(at);
    expect(await holder.outcome(late.commandId)).to.have.nested.property('findings[0].code', 'nothing_to_decline');
  });

  it('leave the holder its association when the customer refuses the challenger', async () => {
    const tenant = tenants.pop()!;
    const [holder, challenger] = [claimOf(evergreen, tenant), claimOf(ironbridge, tenant)];
    await becomeHolder(holder);
    await submit(challenger);
    await advance(10 * day);
    await decideFor(challenger, holder);
    await approve(challenger);
    await challenger.accept('optOut', customer, { blockPartner: true });
    await challenger.execute();
    expect([await holder.phase(), await challenger.phase()]).to.deep.equal(['official', 'rejected']);

    const next = claimOf(ironbridge, tenant);
    await next.draft();
    await next.addEvidence();
    const { commandId } = await next.accept('submitClaim', next.partner, {});
    await next.execute();
    const refused = await next.outcome(commandId);
    expect(
      refused?.status === 'refused' &&
        refused.findings.filter(({ severity }) => severity === 'error').map(({ code, field, line }) => [code, field, line]),
    ).to.deep.equal([
      ['claim_cooldown', 'lines[0].product', 1],
      ['partner_blocked', 'tenantId', null],
    ]);
  });

  it('appear in the feed in the order they change places, whichever transaction began first', async () => {
    const tenant = tenants.pop()!;
    const [holder, challenger] = [claimOf(evergreen, tenant), claimOf(ironbridge, tenant)];
    await becomeHolder(holder);
    await submit(challenger);
    await advance(20 * day);
    await decideFor(challenger, holder);
    await approve(challenger);
    await challenger.accept('acceptClaim', customer, { isTenantAdmin: true });
    const early = services.source.createQueryRunner();
    await early.startTransaction();
    await early.query('SELECT pg_current_xact_id()');
    await holder.addEvidence();
    await executeWithin(early.manager, services.library, challenger.claimId);
    await early.commitTransaction();
    await early.release();
    const reading = { after: beginning, types: associationTypes, limit: 100 };
    const { items } = await readFeed(services.source.manager, { kind: 'everything' }, reading);
    const events = items.filter(({ event }) => event.tenantId === tenant.tenantId);
    expect(events.map(({ event: { claimId, type } }) => [claimId, type])).to.deep.equal([
      [holder.claimId, 'association.official'],
      [holder.claimId, 'association.ended'],
      [challenger.claimId, 'association.official'],
    ]);
  });

  it('have their pending claims decided together, and the loser is notified at once and may dispute', async () => {
    const tenant = tenants.pop()!;
    const [first, second] = [claimOf(evergreen, tenant), claimOf(ironbridge, tenant)];
    await submit(first);
    await submit(second);
    const blocked = await second.accept('approveClaim', reviewer, {});
    await second.execute();
    expect(await second.outcome(blocked.commandId)).to.have.nested.property('findings[0].code', 'decision_record_required');
    const { outcome, changed } = await decideFor(second, first);
    expect([outcome?.status, changed]).to.deep.equal(['done', [first.claimId]]);
    const lost = (await first.events()).slice(-2);
    expect(lost.map(({ type }) => type)).to.deep.equal(['RivalsDecided', 'LinesRejected']);
    expect(lost[1]!.data).to.deep.include({ reason: 'lost_arbitration', isFinal: false });
    await approve(second);

    await first.accept('openDispute', first.partner, { textId: first.claimId });
    await first.execute();
    const own = await first.accept('decideDispute', reviewer, { outcome: 'final' });
    await first.execute();
    expect(await first.outcome(own.commandId)).to.have.nested.property('findings[0].code', 'second_reviewer_required');
    const { rivals } = await findRelatedClaims(services.source.manager, {
      claimId: second.claimId,
      partnerAccountId: second.partnerAccountId,
      tenantId: tenant.tenantId,
      targets: [`workload:${tenant.tenantId}:teams`],
    });
    expect(rivals.map(({ claimId, disputedDeciders }) => [claimId, disputedDeciders])).to.deep.equal([[first.claimId, [reviewer.subject]]]);
  });

  it('compete for the only subscription even if neither claim names it', async () => {
    const [tenant] = await addTenants(services.source, 1, [subscription({ product: 'sales' })]);
    const partners = [new TestPartner(services.source), new TestPartner(services.source)];
    const claims = partners.map((partner) => claimOf(partner, tenant!));
    for (const [index, { details }] of claims.entries()) {
      await partners[index]!.setEnrolments('osu_business_applications');
      Object.assign(details, {
        area: 'business_applications',
        lines: [{ line: 1, product: 'sales', subscriptionId: null, activities: ['presales'] }],
      });
    }
    await meet(claims, 'subscription_already_claimed');
  });

  it('compete for the same activity under a programme that is exclusive per activity', async () => {
    const body = { ...samplePolicy, name: 'by-activity', exclusivityKey: 'target_and_activity' };
    await services.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('by-activity', 1, '2025-01-01', $1)`, [
      body,
    ]);
    const tenant = tenants.pop()!;
    const claims = [evergreen, ironbridge].map(
      (partner) => new TestClaim(services, { partner, tenant, products: ['teams'], programme: 'by-activity' }),
    );
    await meet(claims, 'workload_already_claimed');
  });

  /** Makes the first claim the holder and submits the second, which warns both of them in one transaction. */
  async function meet([holder, challenger]: TestClaim[], warning: string): Promise<void> {
    await becomeHolder(holder!);
    await submit(challenger!);
    expect((await challenger!.row()).state.findings.map(({ code }) => code)).to.deep.equal([warning]);
    expect((await holder!.eventTypes()).at(-1)).to.equal('HolderWarned');
  }

  it('can swap two targets at one instant, whichever claim is processed first', async () => {
    const tenant = tenants.pop()!;
    const claims = [evergreen, ironbridge].map((partner) => new TestClaim(services, { partner, tenant, products: ['teams', 'exchange'] }));
    const [first, second] = claims as [TestClaim, TestClaim];
    for (const claim of claims) await submit(claim);
    // Each prevails on one target and is rejected on the other.
    await choose(first, 1, first);
    await choose(first, 2, second);
    await approve(first, [1]);
    await approve(second, [2]);
    for (const claim of claims) {
      await claim.accept('acceptClaim', customer, { isTenantAdmin: true });
      await claim.execute();
      await claim.accept('openDispute', claim.partner, { textId: claim.claimId });
      await claim.execute();
    }
    await advance(20 * day);
    // The customer reverses both choices.
    await choose(first, 2, first, secondReviewer);
    await choose(second, 1, second, secondReviewer);
    const dueAt = await approve(first, [2], 'decideDispute');
    await approve(second, [1], 'decideDispute');
    await advance(20 * day);
    await lookUpForClaim(services.directory, services.source, first.claimId);
    await lookUpForClaim(services.directory, services.source, second.claimId);
    await first.execute();
    const at = new Date(Date.parse(dueAt) + 1);
    const rows = await services.source.query(
      `SELECT target, claim_id AS "claimId", official_at = $2 AS "isBegun", ended_at = $2 AS "isEnded", end_reason AS reason FROM associations
       WHERE tenant_id = $1 ORDER BY target, official_at`,
      [tenant.tenantId, at],
    );
    const held = (product: string, claim: TestClaim) => ({
      target: `workload:${tenant.tenantId}:${product}`,
      claimId: claim.claimId,
      isBegun: false,
      isEnded: true,
      reason: 'superseded',
    });
    const begun = { isBegun: true, isEnded: null, reason: null };
    expect(rows).to.deep.equal([
      held('exchange', second),
      { ...held('exchange', first), ...begun },
      held('teams', first),
      { ...held('teams', second), ...begun },
    ]);
    expect((await second.execute()).wasChanged).to.equal(false);
  });

  it('leave every event chain intact', async () => {
    for await (const { broken } of verifyChains(services.source.manager)) expect(broken).to.deep.equal([]);
  });
});
