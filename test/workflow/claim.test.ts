import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { CommandOutcome } from '#libs/inbox/index.js';
import { customer, reviewer, secondReviewer } from '../support/claims.js';
import { brief, days, Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

/** The most history events that an unopposed claim may take (ADR 0012). */
const eventBudget = 33;

const codeOf = (outcome: CommandOutcome | null) => (outcome?.status === 'refused' ? outcome.findings[0]?.code : undefined);

describe('the claim workflow', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
  });

  after(async function () {
    this.timeout(30_000);
    await stage?.close();
  });

  it('takes an unopposed claim from submission to official within its budget of history events', async () => {
    const claim = await stage.notified({ programme: brief.name });
    await stage.until(claim, 'official');
    await stage.untilStatus(claim, 'COMPLETED');
    expect(await claim.eventTypes()).to.deep.equal([
      'ClaimDrafted',
      'EvidenceAdded',
      'ClaimSubmitted',
      'ReviewStarted',
      'LinesApproved',
      'NoticeRequested',
      'NoticeAccepted',
      'NoticeAccepted',
      'LinesMadeOfficial',
    ]);
    const names = await stage.historyTypes(claim);
    expect(names).to.include('TimerFired');
    expect(names.length, names.join(' ')).to.be.at.most(eventBudget);
    console.log(`      ${names.length} history events`);
    const due = (await claim.row()).state.notices[0]!.closesAt!;
    expect((await claim.events()).at(-1)!.at).to.equal(new Date(Date.parse(due) + 1).toISOString());
  });

  it('waits five business days on a timer that moves with the product’s clock', async () => {
    const claim = await stage.notified();
    const { alarm_at } = await claim.row();
    await stage.advance(alarm_at!.getTime() - Date.now() - days(1));
    expect(await claim.phase()).to.equal('consent_pending');
    await stage.advance(days(2));
    await stage.until(claim, 'official');
    expect(await stage.historyTypes(claim)).to.include.members(['TimerFired', 'WorkflowExecutionTimeSkippingTransitioned']);
    expect((await claim.events()).at(-1)!.at).to.equal(new Date(alarm_at!.getTime() + 1).toISOString());
  });

  it('accepts a raw signal without a body as an opt-out', async () => {
    const claim = await stage.notified();
    await stage.handle(claim).signal('optOut');
    await stage.until(claim, 'rejected');
    await stage.untilStatus(claim, 'COMPLETED');
    const last = (await claim.events()).at(-1)!;
    expect(last).to.deep.include({ type: 'CustomerDeclined', by: { kind: 'customer', subject: 'temporal' } });
  });

  it('ends an official association when it receives an opt-out signal', async () => {
    const claim = await stage.notified({ programme: brief.name });
    await stage.until(claim, 'official');
    await stage.untilStatus(claim, 'COMPLETED');
    const { commandId } = await claim.accept('optOut', customer, {});
    await stage.engine.wake(claim, 'optOut', commandId);
    await stage.until(claim, 'ended');
  });

  const malformed: Record<string, unknown> = {
    'text for a body': 'no',
    'a null byte in its reason': { reason: 'no\u0000' },
    'half a character in its reason': { reason: 'no \ud800' },
    'a reason of the wrong type': { reason: 7, lines: 'all' },
  };
  for (const [what, body] of Object.entries(malformed)) {
    it(`accepts an opt-out with ${what}`, async () => {
      const claim = await stage.notified();
      await stage.handle(claim).signal('optOut', body);
      await stage.until(claim, 'rejected', 10_000);
    });
  }

  it('accepts an opt-out that names an unknown command only once, and executes a stored command that a signal names', async () => {
    const claim = await stage.notified();
    const unknown = { commandId: randomUUID(), reason: 'We never met' };
    for (const body of [unknown, unknown]) await stage.handle(claim).signal('optOut', body);
    await stage.until(claim, 'rejected', 10_000);
    const texts = await stage.source.query("SELECT content FROM personal_data WHERE claim_id = $1 AND kind = 'text'", [claim.claimId]);
    expect(texts).to.deep.equal([{ content: { text: 'We never met' } }]);
    const other = await stage.notified();
    const { commandId } = await other.accept('optOut', customer, {});
    await stage.engine.wake(other, 'optOut', commandId);
    await stage.until(other, 'rejected', 10_000);
    for (const { claimId } of [claim, other]) {
      const rows = await stage.source.query("SELECT FROM claim_commands WHERE claim_id = $1 AND type = 'optOut'", [claimId]);
      expect(rows).to.have.length(1);
    }
  });

  it('requests information when it receives a raw signal with a reason', async () => {
    const claim = await stage.submitted();
    await stage.handle(claim).signal('requestInformation', { reason: 'dates_missing_or_old', comment: 'Which year?' });
    await stage.until(claim, 'action_required');
    const asked = (await claim.events()).at(-1)!;
    expect(asked).to.deep.include({ type: 'InformationRequested', by: { kind: 'reviewer', subject: 'temporal' } });
    expect(asked.data).to.deep.include({ reasons: ['dates_missing_or_old'] });
  });

  it('keeps free text that was sent as a reason code out of the inbox', async () => {
    const claim = await stage.submitted();
    await stage.handle(claim).signal('requestInformation', { reasons: ['Ask Ann Lee about\u0000 it'] });
    await waitFor('the signal to be settled', async () => {
      const rows = await stage.source.query(
        `SELECT outcome, body::text FROM claim_commands WHERE claim_id = $1 AND type = 'requestInformation'`,
        [claim.claimId],
      );
      if (rows.length > 0) expect(rows[0].body).to.not.include('Ann Lee');
      return rows.length > 0 && rows[0].outcome !== null;
    });
    expect(await claim.phase()).to.equal('submitted');
  });

  it('starts a new run with each submission', async () => {
    const claim = await stage.submitted();
    expect(codeOf(await claim.executeCommand('requestInformation', reviewer, { reasons: ['evidence_all_missing'] }))).to.equal(undefined);
    expect(codeOf(await claim.executeCommand('submitClaim', claim.partner, {}))).to.equal('answer_required');
    // While a letter is being sent, a resubmission continues in the same run.
    await stage.untilIdle(claim);
    const { runId } = await stage.handle(claim).describe();
    await claim.accept('addEvidence', claim.partner, {
      evidence: { evidenceId: claim.claimId, sha256: '1'.repeat(64), signedOn: new Date().toISOString().slice(0, 10), cover: null },
    });
    expect(await claim.executeCommand('submitClaim', claim.partner, {})).to.deep.include({ status: 'done' });
    await waitFor('the next run', async () => (await stage.handle(claim).describe()).runId !== runId);
    expect((await stage.historyTypes(claim, runId)).at(-1)).to.equal('WorkflowExecutionContinuedAsNew');

    expect(await claim.executeCommand('approveClaim', reviewer, {})).to.deep.include({ status: 'done' });
    await stage.untilWindow(claim);
    const { searchAttributes } = await stage.handle(claim).describe();
    expect(searchAttributes['ClaimPartner']).to.deep.equal([claim.partnerAccountId]);
    await waitFor('the phase to become searchable', async () => {
      const current = (await stage.handle(claim).describe()).searchAttributes;
      return current['ClaimPhase']?.[0] === 'consent_pending' && current['ClaimAlarmAt'] !== undefined;
    });
  });

  it('ends its run after a refused submission and starts another for the next one', async () => {
    const claim = await stage.drafted();
    await claim.accept('editClaim', claim.partner, { changes: { acknowledgementVersion: null } });
    await claim.execute();
    expect(codeOf(await claim.executeCommand('submitClaim', claim.partner, {}))).to.equal('acknowledgement_required');
    await stage.untilStatus(claim, 'COMPLETED');
    expect((await claim.row()).is_open).to.equal(false);

    await claim.accept('editClaim', claim.partner, { changes: { acknowledgementVersion: 1 } });
    await claim.execute();
    expect(await claim.executeCommand('submitClaim', claim.partner, {})).to.deep.include({ status: 'done' });
    expect(await stage.status(claim)).to.equal('RUNNING');
    await waitFor('two runs to be listed', async () => (await stage.runs(claim)).length === 2);
  });

  it('reports what the claim waits for, who acts next and by when', async () => {
    const claim = await stage.notified();
    const { alarm_at } = await claim.row();
    const process = await stage.engine.process(claim.claimId);
    expect(process).to.deep.include({ runStatus: 'RUNNING', retrying: [] });
    expect(process!.view).to.deep.include({ claimId: claim.claimId, step: 'waiting', noticesUnderWay: [] });
    expect(process!.view).to.have.nested.property('position.waiting[0].for', 'customer');
    expect(process!.view).to.have.nested.property('position.waiting[0].mover', 'customer');
    expect(process!.view).to.have.nested.property('position.waiting[0].until', alarm_at!.toISOString());
    expect(await stage.engine.process('f4b0b1f2-52c2-4a53-8f3c-0b0d9a3c0a12')).to.equal(null);
  });

  it('rejects a claim whose partner does not answer in time (K4), and closes its dispute window after thirty days (K7)', async () => {
    const claim = await stage.submitted();
    await claim.executeCommand('requestInformation', reviewer, { reasons: ['evidence_all_missing'] });
    await stage.advance(days(12));
    await stage.until(claim, 'rejected');
    expect((await claim.events()).at(-1)!.data).to.deep.include({ reason: 'no_partner_response', isFinal: false });
    expect(await stage.status(claim)).to.equal('RUNNING');

    await stage.advance(days(40));
    await waitFor('the dispute to close', async () => (await claim.eventTypes()).at(-1) === 'DisputeWindowClosed');
    await stage.untilStatus(claim, 'COMPLETED');
    expect(codeOf(await claim.executeCommand('openDispute', claim.partner, { textId: claim.claimId }))).to.equal('dispute_window_closed');
  });

  it('requires another reviewer for a dispute, and notifies the customer once the claim is approved', async () => {
    const claim = await stage.submitted({ programme: brief.name });
    await claim.executeCommand('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    await claim.executeCommand('openDispute', claim.partner, { textId: claim.claimId });
    expect(codeOf(await claim.executeCommand('decideDispute', reviewer, { outcome: 'approve' }))).to.equal('second_reviewer_required');
    expect(await claim.executeCommand('decideDispute', secondReviewer, { outcome: 'approve' })).to.deep.include({ status: 'done' });
    await stage.until(claim, 'official');
    await stage.untilStatus(claim, 'COMPLETED');
  });
});
