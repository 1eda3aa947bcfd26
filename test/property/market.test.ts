import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ClaimState, fold } from '#libs/claims/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { aClaim, aCommand, actors, aLine, aSubscription, aSubscriptionClaim, someFacts, times } from '../support/claim-builders.js';
import { Market } from '../support/market.js';
import {
  expectHearingsAndRecords,
  expectOpenLinesToWait,
  expectOneHolderAtATime,
  expectRefusalsToBind,
  expectSignaturesByTheirCode,
  tenuresOf,
} from '../support/market-laws.js';
import { moveOf, opening, type Step, step } from '../support/market-moves.js';

/** Programmes that differ in when the customer is notified and in whether a refusal starts a cool-down. */
const programmes = [
  samplePolicy,
  { ...samplePolicy, noticeTiming: 'on_submit' as const },
  { ...samplePolicy, clocks: { ...samplePolicy.clocks, coolDownCalendarDays: 0 } },
];

/** Up to six open claims of three companies, on two workloads of one tenant and on one subscription for two activities. */
const companies = ['aa', 'bb', 'cc'].map((letters) => `6a1f0c1e-0000-4000-8000-0000000000${letters}`);
const claimIds = ['claim-1', 'claim-2', 'claim-3', 'claim-4', 'claim-5', 'claim-6'];
/** Returns the company of a claim; all `own` claims belong to the first. */
const companyOf = (claimId: string) =>
  claimId.startsWith('own') ? companies[0]! : companies[claimIds.indexOf(claimId.split('.')[0]!) % 3]!;

/** Returns the open claim with this number, or a new one if the last is closed. */
function currentId(market: Market, first: string): string {
  const closed = ['ended', 'rejected', 'rejected_final', 'canceled'];
  for (let generation = 1; ; generation++) {
    const claimId = generation === 1 ? first : `${first}.${generation}`;
    const state = market.claims.get(claimId)?.state;
    if (state === undefined || state.lines.length === 0 || state.lines.some(({ phase }) => !closed.includes(phase))) return claimId;
  }
}

const hour = 3_600_000;

const locations = ['4012345', '4012346'];
const partnerOf = (claimId: string) => {
  const account = companyOf(claimId);
  return { ...actors.partner, subject: `person-of-${account}`, actsFor: [account] };
};

function draftOf(claimId: string, { choice }: Step) {
  const products = [['teams'], ['exchange'], ['teams', 'exchange']][choice % 4];
  const lines = products?.map((product, index) => aLine(index + 1, product));
  const details =
    lines === undefined
      ? aSubscriptionClaim({ product: 'business_central', activities: [choice % 8 === 3 ? 'presales' : 'usage'] })
      : aClaim({ lines });
  const body = { number: claimId, partnerAccountId: companyOf(claimId), details };
  return aCommand('draftClaim', body, partnerOf(claimId));
}

const subscription = aSubscription({ product: 'business_central' });
const facts = (state: ClaimState) =>
  someFacts({
    location: { globalAccountId: state.partnerAccountId, partnerId: state.details.partnerId },
    tenant: { subscriptions: [subscription] },
    identifiers: { [subscription.subscriptionId]: { kind: 'subscription', subscription } },
  });

interface Played {
  market: Market;
  refusals: Set<string>;
}

/** One company's claims on the same two targets, which the customer sometimes refuses. Some steps are longer than a cool-down. */
const ownClaimIds = ['own-1', 'own-2', 'own-3'];
const ownStep: fc.Arbitrary<Step> = fc.record({
  claim: fc.nat(2),
  kind: fc.constantFrom(
    ...Array.from({ length: 14 }, () => 'proceed' as const),
    'optOut',
    'optOut',
    'block',
    'accept',
    'transfer',
    'check',
    'clear',
  ),
  hours: fc.constantFrom(0, 0, 0, 1, 26, 190, 800),
  choice: fc.constantFrom(0, 3, 4, 7, 8, 11),
});

function play(policy: Policy, steps: Step[], ids = claimIds): Played {
  const market = new Market(policy, facts);
  const refusals = new Set<string>();
  let at = times.drafted;
  for (const next of steps) {
    at = new Date(Date.parse(at) + next.hours * hour).toISOString();
    const claimId = currentId(market, ids[next.claim]!);
    const state = market.claims.get(claimId)?.state;
    const claims = [...market.claims.values()];
    const mover = { claimId, partner: partnerOf(claimId), locations, now: at, claims, newId: randomUUID };
    const command = state === undefined || state.version === 0 ? draftOf(claimId, next) : moveOf(state, next, mover);
    for (const code of market.receive(claimId, command, at)) refusals.add(code);
  }
  return { market, refusals };
}

describe('any sequence of many claims on few targets', function () {
  this.timeout(300_000);

  it('respects exclusivity', () => {
    const met = { associations: 0, supersessions: 0, signed: 0, refusals: new Set<string>() };
    fc.assert(
      fc.property(fc.constantFrom(...programmes), fc.array(step, { minLength: 30, maxLength: 70 }), (policy, steps) => {
        const { market, refusals } = play(policy, [...opening, ...steps]);
        for (const code of refusals) met.refusals.add(code);
        const tenures = [...market.claims.values()].flatMap(({ claimId, state }) => tenuresOf(claimId, state));
        met.associations += tenures.length;
        met.supersessions += tenures.filter(({ reason }) => reason === 'superseded').length;
        expectOneHolderAtATime(tenures);
        expectRefusalsToBind([...market.claims.values()]);
        for (const { state, events } of market.claims.values()) {
          expectOpenLinesToWait(state);
          expectHearingsAndRecords(events);
          met.signed += expectSignaturesByTheirCode(events);
          expect(fold(events), 'folded again').to.deep.equal(state);
        }
      }),
      { numRuns: 1000 },
    );
    // The situations that the laws are about did occur.
    expect(met.associations).to.be.greaterThan(1000);
    expect(met.supersessions).to.be.greaterThan(20);
    expect(met.signed).to.be.greaterThan(20);
    expect([...met.refusals]).to.include.members([
      'decision_record_required',
      'holder_not_heard',
      'rival_in_window',
      'no_rivals',
      'claim_cooldown',
      'partner_blocked',
      'duplicate_own',
      'signature_open',
      'signature_code_expired',
    ]);
  });

  it("applies a customer's refusal to all claims of the company", () => {
    const met = { afterRefusals: 0, settled: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...programmes), fc.array(ownStep, { minLength: 20, maxLength: 60 }), (policy, steps) => {
        const claims = [...play(policy, steps, ownClaimIds).market.claims.values()];
        met.afterRefusals += expectRefusalsToBind(claims);
        const reasons = claims.flatMap(({ state }) => state.lines.map(({ rejection }) => rejection?.reason));
        met.settled += reasons.filter((reason) => reason === 'customer_refused_target').length;
        for (const { state } of claims) expectOpenLinesToWait(state);
      }),
      { numRuns: 500 },
    );
    // The situations that the law is about did occur.
    expect(met.afterRefusals).to.be.greaterThan(20);
    expect(met.settled).to.be.greaterThan(20);
  });
});
