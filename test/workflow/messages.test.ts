import { expect } from 'chai';
import { repairClaims } from '#libs/reconciliation/index.js';
import { customer, publishBriefProgramme, reviewer, type TestClaim } from '../support/claims.js';
import { brief, Stage } from '../support/stage.js';
import { patientEngine } from '../support/temporal.js';
import { waitFor } from '../support/wait.js';

describe('the claim’s mailbox', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  afterEach(async function () {
    this.timeout(30_000);
    if (stage.worker === undefined) await stage.startWorker();
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  const unsettled = async (): Promise<number> => {
    const [row] = await stage.source.query<[{ count: number }]>('SELECT count(*)::int AS count FROM claim_commands WHERE outcome IS NULL');
    return row.count;
  };

  const storedOptOuts = async (claim: TestClaim): Promise<unknown[]> =>
    stage.source.query(`SELECT outcome FROM claim_commands WHERE claim_id = $1 AND type = 'optOut'`, [claim.claimId]);

  /** Stores a command and sends its Update without waiting for the answer, like a client that has disconnected. */
  async function send(claim: TestClaim, ...args: Parameters<TestClaim['accept']>): Promise<string> {
    const { commandId } = await claim.accept(...args);
    stage.engine.executeCommand(claim, args[0], commandId).catch(() => undefined);
    return commandId;
  }

  it('answers sixty messages that arrive at the same time', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    const body = { textId: claim.claimId, visibility: 'shared' as const };
    const ids = await Promise.all(Array.from({ length: 60 }, () => send(claim, 'addComment', claim.partner, body)));
    await waitFor('every command to be settled', async () => (await unsettled()) === 0);
    const outcomes = await Promise.all(ids.map((id) => claim.outcome(id)));
    expect(outcomes.map((outcome) => outcome?.status)).to.deep.equal(Array(60).fill('done'));
    expect(new Set(outcomes.map((outcome) => outcome?.version)).size).to.equal(60);
    expect((await claim.eventTypes()).filter((type) => type === 'CommentAdded')).to.have.length(60);
  });

  it('answers messages that arrive while a run is closing', async function () {
    this.timeout(120_000);
    const engine = patientEngine(stage.namespace.client, 60_000);
    const claims = await Promise.all(Array.from({ length: 24 }, () => stage.submitted()));
    await Promise.all(
      claims.map(async (claim, index) => {
        const withdrawal = send(claim, 'withdrawClaim', claim.partner, {});
        await new Promise((resolve) => setTimeout(resolve, index * 4));
        const { commandId } = await claim.accept('addComment', claim.partner, { textId: claim.claimId, visibility: 'shared' });
        const comment = engine.executeCommand(claim, 'addComment', commandId);
        const signal = stage
          .handle(claim)
          .signal('optOut')
          .catch(() => undefined);
        await Promise.all([withdrawal, comment, signal]);
      }),
    );
    await waitFor('every command to be settled', async () => (await unsettled()) === 0);
    for (const claim of claims) {
      expect(await claim.phase()).to.equal('canceled');
      expect(await claim.eventTypes()).to.include('CommentAdded');
      await stage.untilStatus(claim, 'COMPLETED');
    }
  });

  it('starts a new run for messages that arrive after the run has ended', async () => {
    const claim = await stage.submitted();
    await claim.executeCommand('withdrawClaim', claim.partner, {});
    await stage.untilStatus(claim, 'COMPLETED');
    const { commandId } = await claim.accept('addComment', claim.partner, { textId: claim.claimId, visibility: 'shared' });
    await stage.engine.executeCommand(claim, 'addComment', commandId);
    const outcome = await claim.outcome(commandId);
    expect(outcome).to.deep.include({ status: 'done' });
    await stage.untilStatus(claim, 'COMPLETED');
    await stage.engine.executeCommand(claim, 'addComment', commandId);
    expect(await claim.outcome(commandId)).to.deep.equal(outcome);
    expect((await claim.eventTypes()).filter((type) => type === 'CommentAdded')).to.have.length(1);
  });

  it('answers messages that arrive while a resubmission starts the next run', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    await claim.executeCommand('requestInformation', reviewer, { reasons: ['evidence_all_missing'] });
    await claim.accept('addEvidence', claim.partner, {
      evidence: { evidenceId: claim.claimId, sha256: '1'.repeat(64), signedOn: new Date().toISOString().slice(0, 10), cover: null },
    });
    await stage.untilIdle(claim);
    const { runId } = await stage.handle(claim).describe();
    await stage.stopWorker();
    await stage.handle(claim).signal('optOut');
    await stage.handle(claim).signal('optOut', { reason: 'no' });
    const { commandId } = await claim.accept('submitClaim', claim.partner, {});
    await stage.engine.wake(claim);
    await stage.startWorker();
    await waitFor('the signals to be settled', async () => {
      const rows = (await storedOptOuts(claim)) as { outcome: unknown }[];
      return rows.length === 2 && rows.every(({ outcome }) => outcome !== null);
    });
    expect(await claim.outcome(commandId)).to.deep.include({ status: 'done' });
    expect(await claim.executeCommand('approveClaim', reviewer, {})).to.deep.include({ status: 'done' });
    await waitFor('the next run', async () => (await stage.handle(claim).describe()).runId !== runId);
  });

  it('decides messages by the time they were received, even if no worker was running then', async function () {
    this.timeout(60_000);
    // Long enough to stop the worker within it, on a busy machine as well.
    await publishBriefProgramme(stage.source, 'unhurried', 8);
    const claims = [await stage.notified({ programme: 'unhurried' }), await stage.notified({ programme: 'unhurried' })];
    await stage.stopWorker();
    const [inTime, late] = claims as [TestClaim, TestClaim];
    const early = await inTime.accept('optOut', customer, {});
    await stage.engine.wake(inTime, 'optOut', early.commandId).catch(() => undefined);
    const dueAt = (await late.row()).alarm_at!;
    await waitFor('the timers to fire', async () => (await stage.historyTypes(late)).includes('TimerFired'));
    const tooLate = await late.accept('optOut', customer, {});
    await stage.engine.wake(late, 'optOut', tooLate.commandId).catch(() => undefined);
    await stage.startWorker();
    await stage.until(inTime, 'rejected');
    await stage.until(late, 'ended');
    expect(early.receivedAt <= (await inTime.row()).state.notices[0]!.closesAt!).to.equal(true);
    const decided = (await late.events()).slice(-2).map(({ type, at }) => ({ type, at }));
    expect(decided).to.deep.equal([
      { type: 'LinesMadeOfficial', at: new Date(dueAt.getTime() + 1).toISOString() },
      { type: 'AssociationEnded', at: tooLate.receivedAt },
    ]);
  });

  it('is drained by the reconciliation after a wake-up or a timer is lost', async function () {
    this.timeout(60_000);
    const waiting = await stage.notified();
    const overdue = await stage.notified({ programme: brief.name });
    await stage.handle(overdue).terminate('lost');
    await stage.handle(waiting).terminate('lost');
    const orphan = await stage.submitted();
    const { commandId } = await orphan.accept('withdrawClaim', orphan.partner, {});
    const dueAt = (await overdue.row()).alarm_at!.getTime();
    await waitFor('the deadline to pass', () => Date.now() > dueAt + 10);
    // Visibility lags behind and may still list a run that has just ended.
    await waitFor('the end of both runs to be listed', async () => {
      const running: string[] = [];
      for await (const claimId of stage.engine.runningClaims()) running.push(claimId);
      return !running.includes(waiting.claimId) && !running.includes(overdue.claimId) && running.includes(orphan.claimId);
    });
    const report = await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    expect(report).to.deep.equal({
      repaired: 3,
      failed: 0,
      byReason: {
        command_without_outcome: 1,
        alarm_overdue: 1,
        notice_not_attempted: 0,
        letter_not_attempted: 0,
        workflow_missing: 1,
        association_out_of_step: 0,
      },
      unlisted: null,
    });
    await stage.until(overdue, 'official');
    await stage.until(orphan, 'canceled');
    expect(await orphan.outcome(commandId)).to.deep.include({ status: 'done' });
    await stage.untilStatus(waiting, 'RUNNING');
    await stage.handle(waiting).signal('optOut');
    await stage.until(waiting, 'rejected');
    const reasons = await stage.source.query('SELECT claim_id, reason FROM repairs ORDER BY reason');
    expect(reasons).to.deep.equal([
      { claim_id: overdue.claimId, reason: 'alarm_overdue' },
      { claim_id: orphan.claimId, reason: 'command_without_outcome' },
      { claim_id: waiting.claimId, reason: 'workflow_missing' },
    ]);
  });

  it('keeps working after its workflow is cancelled', async () => {
    stage.relay.answer = () => 451;
    const claim = await stage.approved();
    await waitFor('a refused mail', () => stage.relay.attempts.includes(claim.customerEmail));
    await stage.handle(claim).cancel();
    await waitFor('the run to end', async () => (await stage.status(claim)) !== 'RUNNING');
    stage.relay.answer = () => 'accept';
    await stage.engine.wake(claim);
    await stage.untilWindow(claim);
    await stage.handle(claim).signal('optOut');
    await stage.until(claim, 'rejected');
  });
});
