import { WorkflowNotFoundError } from '@temporalio/client';
import { expect } from 'chai';
import type { EndReason } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { readTargetHistory, type TargetInterval } from '#libs/read-models/index.js';
import { repairClaims } from '#libs/reconciliation/index.js';
import { readClock } from '#libs/event-store/index.js';
import { workflowIds } from '../../temporal.config.js';
import { customer, evergreen, ironbridge, reviewer, TestClaim } from '../support/claims.js';
import { brief, days, namesOf, Stage } from '../support/stage.js';
import { subscription, TestCustomer, TestPartner } from '../support/subscriptions.js';
import { waitFor } from '../support/wait.js';

const usage = 'modern_work_security_usage';
const vendor = { kind: 'reviewer' as const, subject: 'vendor-admin', actsFor: [] };

describe('the association workflow', function () {
  this.timeout(60_000);
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
    const clocks = { ...samplePolicy.clocks, consentWindow: { days: brief.seconds, unit: 'second' as const } };
    const variants = { term: { termMonths: 12 }, strict: { whenEnrolmentIsLost: 'end' } };
    for (const [name, more] of Object.entries(variants)) {
      await stage.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, '2025-01-01', $2)`, [
        name,
        { ...samplePolicy, name, clocks, ...more },
      ]);
    }
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  async function official(options: ConstructorParameters<typeof TestClaim>[1] = {}): Promise<TestClaim> {
    const claim = await stage.notified({ programme: brief.name, ...options });
    await stage.until(claim, 'official');
    return claim;
  }

  /** An official claim on a subscription of a customer. */
  async function officialOn(owner: TestCustomer, subscriptionId: string): Promise<TestClaim> {
    const claim = new TestClaim(stage, { programme: brief.name, tenant: owner });
    Object.assign(claim.details, {
      area: 'business_applications',
      lines: [{ line: 1, product: 'sales', subscriptionId, activities: ['presales'] }],
    });
    await claim.draft();
    await claim.addEvidence();
    expect(await claim.executeCommand('submitClaim', claim.partner, {})).to.deep.include({ status: 'done' });
    expect(await claim.executeCommand('approveClaim', reviewer, {})).to.deep.include({ status: 'done' });
    await stage.until(claim, 'official');
    return claim;
  }

  const associationOf = async (claim: TestClaim, line = 1) =>
    (await claim.row()).state.lines.find((candidate) => candidate.line === line)!.official!;
  const handle = (associationId: string) => stage.namespace.client.workflow.getHandle(workflowIds.association(associationId));
  const history = async (associationId: string) => namesOf(await handle(associationId).fetchHistory());

  async function untilWorkflow(associationId: string, status: string): Promise<void> {
    await waitFor(`the workflow of association ${associationId} to be ${status}`, async () => {
      const description = await handle(associationId)
        .describe()
        .catch(() => undefined);
      return description?.status.name === status;
    });
  }

  async function expectNotFound(associationId: string): Promise<void> {
    const error = await handle(associationId)
      .describe()
      .catch((fault: unknown) => fault);
    expect(error).to.be.instanceOf(WorkflowNotFoundError);
  }

  async function untilNoWorkflow(associationId: string): Promise<void> {
    await waitFor(`association ${associationId} to have no workflow that runs`, async () => {
      const description = await handle(associationId)
        .describe()
        .catch(() => undefined);
      return description?.status.name !== 'RUNNING';
    });
  }

  /** Waits until the workflow has finished its first task and sleeps: from then on it drains the inbox only when woken. */
  async function untilAsleep(associationId: string): Promise<void> {
    await untilWorkflow(associationId, 'RUNNING');
    await waitFor(`the workflow of association ${associationId} to sleep`, async () =>
      (await history(associationId)).includes('WorkflowTaskCompleted'),
    );
  }

  /** The first instant of a local date of the programme's calendar. */
  async function instantOf(date: string): Promise<string> {
    const [row] = await stage.source.query<[{ at: Date }]>(`SELECT $1::timestamp AT TIME ZONE 'America/New_York' AS at`, [date]);
    return row.at.toISOString();
  }

  const dayAfter = (date: string, count: number): string =>
    new Date(Date.parse(`${date}T00:00:00Z`) + days(count)).toISOString().slice(0, 10);
  const today = async (): Promise<string> => {
    const [row] = await stage.source.query<[{ today: string }]>(
      `SELECT to_char(cpor_now() AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS today`,
    );
    return row.today;
  };

  /** The last instant of a local date of the programme's calendar. */
  const endOf = async (date: string): Promise<string> => new Date(Date.parse(await instantOf(dayAfter(date, 1))) - 1).toISOString();

  /** Moves the clock to noon of a local date. */
  async function toNoonOf(date: string): Promise<void> {
    await stage.advance(Date.parse(await instantOf(date)) + days(0.5) - Date.parse(await readClock(stage.source)));
  }

  const lettersTo = async (claim: TestClaim): Promise<{ kind: string; outcome: string | null }[]> =>
    stage.source.query('SELECT kind, outcome FROM letters WHERE claim_id = $1 ORDER BY event_version, kind, letter_id', [claim.claimId]);

  async function expectEnded(claim: TestClaim, endReason: EndReason, line = 1): Promise<void> {
    await waitFor(`line ${line} to end`, async () => (await associationOf(claim, line)).to !== null);
    const association = await associationOf(claim, line);
    expect(association.endReason).to.equal(endReason);
    const rows = await stage.source.query('SELECT ended_at, end_reason FROM associations WHERE association_id = $1', [
      association.associationId,
    ]);
    expect(rows).to.deep.equal([{ ended_at: new Date(association.to!), end_reason: endReason }]);
    await untilNoWorkflow(association.associationId);
    await waitFor('the letters to be sent', async () => {
      const letters = await lettersTo(claim);
      return letters.some(({ kind }) => kind === 'partner_ended') && letters.every(({ outcome }) => outcome === 'accepted');
    });
    await stage.untilStatus(claim, 'COMPLETED');
  }

  it('is not started for an association without a clock, which the customer ends through the link a year later', async () => {
    const claim = await official();
    await stage.untilStatus(claim, 'COMPLETED');
    const { associationId } = await associationOf(claim);
    await expectNotFound(associationId);

    await stage.advance(days(366));
    expect((await associationOf(claim)).to).to.equal(null);
    const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
    const { recipientId } = recipients[0]!;
    const { commandId, receivedAt } = await claim.accept('optOut', customer, { noticeId, recipientId });
    await stage.engine.wake(claim, 'optOut', commandId);
    await expectEnded(claim, 'customer_revoked');
    expect((await associationOf(claim)).to).to.equal(receivedAt);
    await expectNotFound(associationId);
    expect(await lettersTo(claim)).to.deep.equal([
      { kind: 'end_receipt', outcome: 'accepted' },
      { kind: 'end_receipt', outcome: 'accepted' },
      { kind: 'partner_ended', outcome: 'accepted' },
    ]);
  });

  it('notifies the partner 30, 7 and 1 days before a subscription ends, and ends on its last day', async () => {
    const owner = new TestCustomer(stage.source);
    const endsOn = dayAfter(await today(), 45);
    const sold = subscription({ endsOn });
    await owner.setSubscriptions(sold);
    const claim = await officialOn(owner, sold.subscriptionId);
    const { associationId } = await associationOf(claim);
    await waitFor('its timer', async () => (await history(associationId).catch((): string[] => [])).includes('TimerStarted'));
    const expiryNotices = async () => (await claim.events()).filter(({ type }) => type === 'ExpiryNoticeDue');
    for (const [index, daysLeft] of [30, 7, 1].entries()) {
      await toNoonOf(dayAfter(endsOn, 1 - daysLeft));
      await waitFor(`the notice of ${daysLeft} days`, async () => (await expiryNotices()).length === index + 1);
      const notice = (await expiryNotices()).at(-1)!;
      expect(notice.data).to.deep.equal({ line: 1, daysLeft, endsOn });
      expect(notice.at).to.equal(await endOf(dayAfter(endsOn, -daysLeft)));
    }
    expect(await associationOf(claim)).to.deep.include({ endsOn, to: null });
    await toNoonOf(dayAfter(endsOn, 1));
    await expectEnded(claim, 'subscription_ended');
    expect((await associationOf(claim)).to).to.equal(await endOf(endsOn));
    expect(await history(associationId)).to.include('TimerFired');
    expect((await lettersTo(claim)).map(({ kind }) => kind)).to.deep.equal([
      ...Array<string>(3).fill('expiry_notice'),
      'end_receipt',
      'end_receipt',
      'partner_ended',
    ]);
  });

  it('keeps an association through its subscription’s grace period, and ends it when the directory reports the expiry', async () => {
    const owner = new TestCustomer(stage.source);
    const endsOn = dayAfter(await today(), 3);
    const sold = subscription({ endsOn });
    await owner.setSubscriptions(sold);
    const claim = await officialOn(owner, sold.subscriptionId);
    await owner.setSubscriptions({ ...sold, state: 'in_grace', graceEndsOn: dayAfter(endsOn, 20) });
    await toNoonOf(dayAfter(endsOn, 4));
    await waitFor('a check during the grace period', async () => {
      const checked = (await claim.events()).filter(({ type }) => type === 'AssociationChecked').at(-1);
      return checked !== undefined && checked.at === (await endOf(dayAfter(endsOn, 3)));
    });
    expect((await associationOf(claim)).to).to.equal(null);
    await owner.setSubscriptions({ ...sold, state: 'expired' });
    await toNoonOf(dayAfter(endsOn, 6));
    await expectEnded(claim, 'subscription_ended');
  });

  it('carries an association over to the renewed subscription with a new notice, window and workflow', async () => {
    const owner = new TestCustomer(stage.source);
    const endsOn = dayAfter(await today(), 10);
    const sold = subscription({ endsOn });
    await owner.setSubscriptions(sold);
    const claim = await officialOn(owner, sold.subscriptionId);
    const renewal = subscription({ endsOn: dayAfter(endsOn, 365) });
    await owner.setSubscriptions({ ...sold, successorId: renewal.subscriptionId }, renewal);
    await toNoonOf(dayAfter(endsOn, -5));
    await waitFor('the renewal to be official', async () => (await claim.row()).state.lines[1]?.phase === 'official');
    const next = await associationOf(claim, 2);
    await untilWorkflow(next.associationId, 'RUNNING');
    expect(next.target).to.equal(`subscription:${renewal.subscriptionId}`);
    const { state } = await claim.row();
    expect(state.notices.map(({ lines }) => lines)).to.deep.equal([[1], [2]]);
    expect(next.from).to.equal(new Date(Date.parse(state.notices[1]!.closesAt!) + 1).toISOString());
    expect((await associationOf(claim, 1)).to).to.equal(null);
    await toNoonOf(dayAfter(endsOn, 1));
    await expectEnded(claim, 'subscription_ended');
    expect((await associationOf(claim, 2)).to).to.equal(null);
  });

  it('ends a workload association when its term expires, if the programme sets a term', async () => {
    const claim = await official({ programme: 'term' });
    const { associationId, from } = await associationOf(claim);
    await untilWorkflow(associationId, 'RUNNING');
    await stage.advance(days(364));
    expect((await associationOf(claim)).to).to.equal(null);
    await stage.advance(days(4));
    await expectEnded(claim, 'term_expired');
    const years = (Date.parse((await associationOf(claim)).to!) - Date.parse(from)) / days(365.25);
    expect(years).to.be.within(1, 1.01);
  });

  it('marks an association ineligible when the enrolment is lost, and ends it only if the programme says so', async () => {
    const partner = new TestPartner(stage.source);
    await partner.setEnrolments(usage);
    const lenient = await official({ partner });
    const strict = await official({ partner, programme: 'strict' });
    await partner.setEnrolments();
    for (const claim of [lenient, strict]) await claim.executeCommand('checkAssociation', vendor, {});
    await expectEnded(strict, 'enrolment_lost');
    expect(await associationOf(lenient)).to.deep.include({ to: null, isEligible: false });
  });

  it('ends at once when the partner gives the association up or the vendor revokes it', async () => {
    for (const [actor, reason] of [
      ['partner', 'partner_disassociated'],
      ['vendor', 'vendor_revoked'],
    ] as const) {
      const claim = await official();
      const by = actor === 'partner' ? claim.partner : vendor;
      expect(await claim.executeCommand('endAssociation', by, { reason, textId: claim.claimId })).to.deep.include({ status: 'done' });
      await expectEnded(claim, reason);
      expect((await claim.events()).at(-1)).to.deep.include({ by: { kind: by.kind, subject: by.subject } });
    }
  });

  it('transfers an association to another location at one instant, ending one workflow and starting another', async () => {
    const partner = new TestPartner(stage.source);
    await partner.setEnrolments(usage);
    const claim = await official({ partner, programme: 'term' });
    const before = await associationOf(claim);
    claim.details.partnerId = partner.otherPartnerId;
    const outcome = await claim.executeCommand('transferAssociation', claim.partner, { partnerId: partner.otherPartnerId });
    expect(outcome).to.deep.include({ status: 'done' });
    const after = await associationOf(claim);
    await untilWorkflow(before.associationId, 'COMPLETED');
    await untilWorkflow(after.associationId, 'RUNNING');
    const rows = await stage.source.query(
      'SELECT association_id, partner_id, official_at, ended_at, end_reason FROM associations WHERE claim_id = $1 ORDER BY official_at',
      [claim.claimId],
    );
    const at = new Date(after.from);
    expect(rows).to.deep.equal([
      {
        association_id: before.associationId,
        partner_id: partner.partnerId,
        official_at: new Date(before.from),
        ended_at: at,
        end_reason: 'transferred',
      },
      { association_id: after.associationId, partner_id: partner.otherPartnerId, official_at: at, ended_at: null, end_reason: null },
    ]);
    const intervals = await readTargetHistory(stage.source.manager, { kind: 'everything' }, after.target, undefined);
    expect(intervals.map(({ partnerId, because }) => [partnerId, because.transferredFrom])).to.deep.equal([
      [partner.partnerId, null],
      [partner.otherPartnerId, before.associationId],
    ]);
  });

  it('gives the holder a hearing, and ends its association at the instant the winner becomes official', async () => {
    const owner = new TestCustomer(stage.source);
    await owner.setSubscriptions();
    const holder = await official({ tenant: owner, partner: evergreen });
    const held = await associationOf(holder);
    const rival = await stage.submitted({ programme: brief.name, tenant: owner, partner: ironbridge });
    await waitFor('the hearing’s timer', async () =>
      (await history(held.associationId).catch((): string[] => [])).includes('TimerStarted'),
    );
    await waitFor('the warning to be sent', async () => (await lettersTo(holder)).some(({ outcome }) => outcome === 'accepted'));
    await stage.advance(days(10));
    await waitFor('the hearing to close', async () => (await holder.eventTypes()).includes('HearingClosed'));
    await rival.addEvidence();
    const choice = await rival.executeCommand('decideRivals', reviewer, { line: 1, winner: rival.claimId, step: 'newest_evidence' });
    expect(choice).to.deep.include({ status: 'done' });
    expect(await rival.executeCommand('approveClaim', reviewer, {})).to.deep.include({ status: 'done' });
    await stage.until(rival, 'official');
    await expectEnded(holder, 'superseded');
    const won = await associationOf(rival);
    const rows = await stage.source.query(
      'SELECT claim_id, official_at, ended_at FROM associations WHERE target = $1 ORDER BY official_at',
      [won.target],
    );
    expect(rows).to.deep.equal([
      { claim_id: holder.claimId, official_at: new Date(held.from), ended_at: new Date(won.from) },
      { claim_id: rival.claimId, official_at: new Date(won.from), ended_at: null },
    ]);
    const intervals = await readTargetHistory(stage.source.manager, { kind: 'everything' }, won.target, undefined);
    const decision = { step: 'newest_evidence', candidates: [rival, holder].map(({ claimId }) => claimId) };
    const decisionOf = ({ because }: TargetInterval) =>
      because.decision && { step: because.decision.step, candidates: because.decision.candidates.map(({ claimId }) => claimId) };
    expect(intervals.map(decisionOf)).to.deep.equal([null, decision]);
    // A partner sees only itself among the candidates.
    const scope = { kind: 'partner' as const, accountId: ironbridge.accountId, locations: 'all' as const };
    const visible = await readTargetHistory(stage.source.manager, scope, won.target, undefined);
    expect(visible.map(decisionOf)).to.deep.equal([{ ...decision, candidates: [rival.claimId] }]);
  });

  it('is restored after Temporal loses it, and then needs no further repair', async () => {
    const claim = await official({ programme: 'term' });
    const { associationId } = await associationOf(claim);
    await untilWorkflow(associationId, 'RUNNING');
    await stage.untilStatus(claim, 'COMPLETED');
    const running = async () => {
      const listed: string[] = [];
      for await (const listedId of stage.engine.runningAssociations()) listed.push(listedId);
      return listed;
    };
    const withClock = async () => {
      const rows = await stage.source.query<{ id: string }[]>(
        `SELECT a ->> 'associationId' AS id FROM claims, jsonb_array_elements(position -> 'associations') a
         WHERE a -> 'isLive' = 'true' AND a -> 'alarm' <> 'null'`,
      );
      return rows.map(({ id }) => id).sort();
    };
    await waitFor('all to be listed', async () => JSON.stringify((await running()).sort()) === JSON.stringify(await withClock()));
    expect(await repairClaims(stage.source, stage.engine, { graceSeconds: 0 })).to.deep.include({ repaired: 0, failed: 0 });
    await handle(associationId).terminate('lost');
    await waitFor('the loss to be listed', async () => !(await running()).includes(associationId));
    const report = await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    expect([report.repaired, report.byReason.association_out_of_step]).to.deep.equal([1, 1]);
    await untilWorkflow(associationId, 'RUNNING');
    await waitFor('the new run to be listed', async () => (await running()).includes(associationId));
    expect(await repairClaims(stage.source, stage.engine, { graceSeconds: 0 })).to.deep.include({ repaired: 0, failed: 0 });
  });

  it('ends and has its letters sent even if Temporal loses the step that ended it after the commit', async () => {
    const claim = await official({ programme: 'term' });
    const { associationId } = await associationOf(claim);
    await untilAsleep(associationId);
    await stage.untilStatus(claim, 'COMPLETED');
    await claim.accept('endAssociation', claim.partner, { reason: 'partner_disassociated', textId: claim.claimId });
    expect(await claim.execute()).to.deep.include({ wasChanged: true, hasLetters: true });
    const report = await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    expect([report.repaired, report.byReason.letter_not_attempted]).to.deep.equal([1, 1]);
    await expectEnded(claim, 'partner_disassociated');
  });

  it('has its clock fired by the reconciliation when its own timer is lost', async () => {
    const owner = new TestCustomer(stage.source);
    const sold = subscription({ endsOn: dayAfter(await today(), 2) });
    await owner.setSubscriptions(sold);
    const claim = await officialOn(owner, sold.subscriptionId);
    const { associationId } = await associationOf(claim);
    await untilWorkflow(associationId, 'RUNNING');
    await stage.untilStatus(claim, 'COMPLETED');
    await handle(associationId).terminate('lost');
    await stage.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES ('4 days') ON CONFLICT (only_row) DO UPDATE SET ahead = sandbox_clock.ahead + interval '4 days'`,
    );
    await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    await waitFor('the association to end', async () => (await associationOf(claim)).endReason === 'subscription_ended');
    const repairs = await stage.source.query('SELECT reason FROM repairs WHERE claim_id = $1', [claim.claimId]);
    expect(repairs).to.deep.equal([{ reason: 'alarm_overdue' }]);
  });
});
