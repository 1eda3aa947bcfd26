import { expect } from 'chai';
import type { ClaimProcess } from '#libs/engine/index.js';
import { repairClaims } from '#libs/reconciliation/index.js';
import { reviewer, type TestClaim } from '../support/claims.js';
import { bringBack, takeDown } from '../support/database.js';
import type { RelayAnswer } from '../support/relay.js';
import { brief, Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

describe('a claim during an outage', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  afterEach(async function () {
    this.timeout(30_000);
    stage.directory.isDown = false;
    await bringBack(stage.database);
    if (stage.worker === undefined) await stage.startWorker();
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  async function untilRetrying(claim: TestClaim, step: string): Promise<ClaimProcess['retrying'][number]> {
    let found: ClaimProcess['retrying'][number] | undefined;
    await waitFor(`${step} to be retried`, async () => {
      const process = await stage.engine.process(claim.claimId).catch(() => null);
      found = process?.retrying.find((retried) => retried.step === step);
      return found !== undefined;
    });
    return found!;
  }

  it('waits visibly for a directory that fails at its submission, and then continues', async function () {
    this.timeout(60_000);
    const claim = await stage.drafted();
    stage.directory.isDown = true;
    const { commandId } = await claim.accept('submitClaim', claim.partner, {}, { withFacts: false });
    await stage.engine.wake(claim);
    expect(await untilRetrying(claim, 'lookUpDirectory')).to.deep.include({ error: 'The directory is down.' });
    expect((await stage.engine.process(claim.claimId))!.view).to.deep.include({ step: 'querying_directory' });
    expect(await claim.outcome(commandId)).to.equal(null);
    stage.directory.isDown = false;
    await stage.until(claim, 'submitted');
    expect(await claim.outcome(commandId)).to.deep.include({ status: 'done' });
    await claim.executeCommand('withdrawClaim', claim.partner, {});
    await stage.untilStatus(claim, 'COMPLETED');
    expect(await stage.historyTypes(claim)).to.include('ActivityTaskCompleted');
  });

  it('waits visibly for a directory that fails at the end of its window, and becomes official as of the deadline', async function () {
    this.timeout(60_000);
    const claim = await stage.notified({ programme: brief.name });
    const dueAt = (await claim.row()).alarm_at!;
    stage.directory.isDown = true;
    expect(await untilRetrying(claim, 'lookUpDirectory')).to.deep.include({ error: 'The directory is down.' });
    expect(await claim.phase()).to.equal('consent_pending');
    const withdrawal = await claim.accept('withdrawClaim', claim.partner, {});
    await stage.engine.wake(claim);
    stage.directory.isDown = false;
    await stage.until(claim, 'official');
    expect((await claim.events()).at(-1)!.at).to.equal(new Date(dueAt.getTime() + 1).toISOString());
    await waitFor('the withdrawal to be settled', async () => (await claim.outcome(withdrawal.commandId)) !== null);
    expect(await claim.outcome(withdrawal.commandId)).to.have.nested.property('findings[0].code', 'not_in_phase');
  });

  it('is woken only once by the reconciliation while the directory fails', async function () {
    this.timeout(60_000);
    const claim = await stage.drafted();
    stage.directory.isDown = true;
    await claim.accept('submitClaim', claim.partner, {}, { withFacts: false });
    const listed = async () => {
      for await (const claimId of stage.engine.runningClaims()) if (claimId === claim.claimId) return true;
      return false;
    };
    expect((await repairClaims(stage.source, stage.engine, { graceSeconds: 0 })).byReason.command_without_outcome).to.equal(1);
    await waitFor('the run to be listed', listed);
    expect((await repairClaims(stage.source, stage.engine, { graceSeconds: 0 })).repaired).to.equal(0);
    stage.directory.isDown = false;
    await stage.until(claim, 'submitted', 30_000);
  });

  it('switches to durable steps while the database is down, and then continues', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    const { commandId } = await claim.accept('approveClaim', reviewer, {});
    await takeDown(stage.database);
    await stage.engine.wake(claim);
    const retrying = await untilRetrying(claim, 'executeCommands');
    expect(retrying.error).to.include('not currently accepting connections');
    await bringBack(stage.database);
    await waitFor('the outcome', async () => (await claim.outcome(commandId)) !== null);
    expect(await claim.outcome(commandId)).to.deep.include({ status: 'done' });
    await stage.untilWindow(claim);
    expect(await stage.historyTypes(claim)).to.include('ActivityTaskScheduled');
  });

  it('keeps a raw signal until the database can store it', async function () {
    this.timeout(60_000);
    const claim = await stage.notified();
    await takeDown(stage.database);
    await stage.handle(claim).signal('optOut', { reason: 'We never met' });
    await untilRetrying(claim, 'acceptSignal');
    await bringBack(stage.database);
    await stage.until(claim, 'rejected', 30_000);
    const [text] = await stage.source.query(`SELECT content FROM personal_data WHERE claim_id = $1 AND kind = 'text'`, [claim.claimId]);
    expect(text).to.deep.equal({ content: { text: 'We never met' } });
  });

  it('loses no wake-up while no worker is running', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    await stage.stopWorker();
    const { commandId } = await claim.accept('approveClaim', reviewer, {});
    const answer = await stage.engine.executeCommand(claim, 'approveClaim', commandId).catch((error: Error) => error.name);
    expect(answer).to.equal('WorkflowUpdateRPCTimeoutOrCancelledError');
    await stage.startWorker();
    await repairClaims(stage.source, stage.engine, { graceSeconds: 0 });
    await stage.untilWindow(claim);
    expect(await claim.outcome(commandId)).to.deep.include({ status: 'done' });
  });

  it('sends no mail twice when the database fails after the relay has accepted the mail', async function () {
    this.timeout(60_000);
    const claim = await stage.submitted();
    let isFirst = true;
    stage.relay.answer = async (): Promise<RelayAnswer> => {
      if (isFirst) await takeDown(stage.database);
      isFirst = false;
      return 'accept';
    };
    await claim.accept('approveClaim', reviewer, {});
    await stage.engine.wake(claim);
    await waitFor('the relay to accept the first mail', () => stage.relay.received.some(({ to }) => to.endsWith(claim.details.domain!)));
    stage.relay.answer = () => 'accept';
    await bringBack(stage.database);
    await stage.untilWindow(claim);
    const recipients = stage.relay.received.map(({ to }) => to).filter((to) => to.endsWith(claim.details.domain!));
    expect(recipients).to.have.members([claim.customerEmail, `admin@${claim.details.domain}`]);
  });
});
