import { expect } from 'chai';
import type { HistoryEntry } from '#libs/read-models/index.js';
import { faultsOfEvents } from '../../chaos/driver/comparison.js';
import { apply, file, settle } from '../../chaos/model/effects.js';
import { type ClaimModel, type Model, newLine, type Step } from '../../chaos/model/model.js';
import { refusalOf } from '../../chaos/model/refusals.js';
import { settleRivals } from '../../chaos/model/rivals.js';

const admin = 'admin@customer.example';
const at = (ms: number) => ({ from: ms, to: ms });

function claimOf(claimId: string, account: string, evidenceOn = '2026-10-01'): ClaimModel {
  return {
    claimId,
    number: `CLM-${claimId}`,
    account,
    partnerId: '51000',
    name: claimId,
    contact: `${claimId}@customer.example`,
    partnerEmail: `${claimId}@partner.example`,
    lines: [newLine(1, 'teams')],
    notices: [],
    choices: [],
    evidenceOn,
    submittedAt: null,
    competesSince: null,
    hasSupplied: true,
    events: [],
    mails: [],
    tenures: [],
  };
}

/** A customer with submitted claims of these companies for one product. */
function withClaims(...claims: ClaimModel[]): Model {
  const model: Model = { claims: [], blocked: [], refusals: [] };
  for (const [index, claim] of claims.entries()) {
    file(model, claim, true, true, at(index));
    claim.submittedAt = index;
  }
  return model;
}

/** Takes a step if the model allows it, and returns its refusal otherwise. */
function take(model: Model, step: Step, ms: number): string[] {
  settle(model, ms);
  const refusal = refusalOf(model, step);
  if (refusal.length === 0) apply(model, step, at(ms), admin);
  return refusal;
}

/** Approves a claim; its notice is delivered, and its window closes at an instant. */
function openWindow(model: Model, claim: ClaimModel, closesAt: number): void {
  expect(take(model, { type: 'approve', claim: claim.claimId }, 100)).to.deep.equal([]);
  Object.assign(claim.notices[0]!, { closesAt, isSettled: true });
  for (const recipient of claim.notices[0]!.recipients) recipient.state = 'accepted';
}

const phaseOf = ({ lines }: ClaimModel) => lines[0]!.phase;

describe('the model that chaos runs are compared with', () => {
  it('declines a claim whose customer refuses at the deadline, and ends the association a millisecond later', () => {
    for (const [refusedAt, phase, reason] of [
      [1_000, 'rejected', undefined],
      [1_001, 'official', undefined],
      [1_002, 'ended', 'customer_revoked'],
    ] as const) {
      const claim = claimOf('one', 'aspen');
      const model = withClaims(claim);
      openWindow(model, claim, 1_000);
      if (phase === 'official') settle(model, refusedAt);
      else take(model, { type: 'optOut', claim: 'one' }, refusedAt);
      expect(phaseOf(claim), String(refusedAt)).to.equal(phase);
      expect(claim.tenures[0]?.reason ?? undefined).to.equal(reason);
    }
  });

  it('expects the warning of a new holder as late as the submission of a rival whose request hung', () => {
    const [holder, rival] = [claimOf('one', 'aspen'), claimOf('two', 'birch')];
    const model = withClaims(holder);
    openWindow(model, holder, 1_000);
    file(model, rival, true, true, { from: 900, to: 9_000 });
    settle(model, 2_000);
    const warned = holder.events.find(({ type }) => type === 'HolderWarned');
    expect(warned?.at).to.deep.equal({ from: 1_001, to: 9_000 });
  });

  it('lets a refusal bind the company, and no other', () => {
    const claim = claimOf('one', 'aspen');
    const model = withClaims(claim);
    openWindow(model, claim, 1_000);
    take(model, { type: 'optOut', claim: 'one' }, 500);
    const again = claimOf('two', 'aspen');
    file(model, again, false, true, at(600));
    expect(take(model, { type: 'submit', claim: 'two' }, 700)).to.deep.equal(['claim_cooldown']);
    file(model, claimOf('three', 'birch'), false, true, at(800));
    expect(take(model, { type: 'submit', claim: 'three' }, 900)).to.deep.equal([]);
  });

  it('approves no claim beside a rival without a decision, which goes by the newest evidence and rejects the loser', () => {
    const [one, two] = [claimOf('one', 'aspen', '2026-10-01'), claimOf('two', 'birch', '2026-10-02')];
    const model = withClaims(one, two);
    expect(take(model, { type: 'approve', claim: 'two' }, 10)).to.deep.equal(['decision_record_required']);
    expect(settleRivals(model, one, one.lines[0]!)).to.deep.equal({ winner: 'two', step: 'newest_evidence' });
    const decision = { type: 'decideRivals', claim: 'one', lines: [1], winner: 'two', reason: 'newest_evidence', reviewer: 'rita' };
    expect(take(model, { ...decision, winner: 'one' }, 20)).to.deep.equal(['decision_order']);
    expect(take(model, decision, 30)).to.deep.equal([]);
    expect([phaseOf(one), phaseOf(two)]).to.deep.equal(['rejected', 'submitted']);
    expect(take(model, { type: 'approve', claim: 'two' }, 40)).to.deep.equal([]);
  });

  it('lets a rejection be disputed once, before another reviewer', () => {
    const claim = claimOf('one', 'aspen');
    const model = withClaims(claim);
    take(model, { type: 'reject', claim: 'one', reason: 'evidence_insufficient', reviewer: 'rita' }, 10);
    expect(take(model, { type: 'dispute', claim: 'one' }, 20)).to.deep.equal([]);
    const decision = { type: 'decideDispute', claim: 'one', outcome: 'final' };
    expect(take(model, { ...decision, reviewer: 'rita' }, 30)).to.deep.equal(['second_reviewer_required']);
    expect(take(model, { ...decision, reviewer: 'sam' }, 40)).to.deep.equal([]);
    expect(take(model, { type: 'dispute', claim: 'one' }, 50)).to.deep.equal(['dispute_already_used']);
  });
});

describe('the comparison of a history with the model', () => {
  const iso = (ms: number) => new Date(ms).toISOString();
  const entry = (type: string, data: Record<string, unknown>, ms: number, recordedMs = ms): HistoryEntry =>
    ({
      version: 1,
      type,
      at: iso(ms),
      recordedAt: iso(recordedMs),
      data,
      by: { kind: 'system', subject: null },
    }) as unknown as HistoryEntry;
  const expected = {
    claimId: 'one',
    events: [
      { type: 'CustomerAccepted', lines: [1], detail: null, at: { from: 500, to: 600 } },
      { type: 'LinesMadeOfficial', lines: [1], detail: null, at: at(1_000) },
    ],
  };
  const accepted = entry('CustomerAccepted', { lines: [1] }, 550);
  const official = entry('LinesMadeOfficial', { lines: [{ line: 1 }] }, 1_000, 1_200);
  const kindsOf = (...history: HistoryEntry[]) => faultsOfEvents(expected, history).map(({ kind }) => kind);

  it('finds nothing in a history that is as it must be', () => {
    expect(kindsOf(accepted, official)).to.deep.equal([]);
    expect(kindsOf(accepted, entry('NoticeAccepted', {}, 700), official)).to.deep.equal([]);
  });

  it('finds what is lost, done twice, out of order, of another instant, or early', () => {
    expect(kindsOf(official)).to.deep.equal(['lost']);
    expect(kindsOf(accepted, official, official)).to.deep.equal(['twice']);
    expect(kindsOf(accepted, official, entry('ClaimWithdrawn', { lines: [1] }, 2_000))).to.deep.equal(['wrong']);
    expect(kindsOf(official, accepted)).to.deep.equal(['wrong']);
    expect(kindsOf(entry('CustomerAccepted', { lines: [1] }, 700), official)).to.deep.equal(['wrong']);
    expect(kindsOf(accepted, entry('LinesMadeOfficial', { lines: [{ line: 1 }] }, 1_000, 990))).to.deep.equal(['early']);
  });
});
