import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ClaimState, fold } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { aClaim, aCommand, actors, aLine, someFacts, times } from '../support/claim-builders.js';
import { Market } from '../support/market.js';
import { expectEveryoneHeard, expectNobodyForgotten, expectOneAtATime, tenuresOf } from '../support/market-laws.js';
import { moveOf, opening, type Step, step } from '../support/market-moves.js';

/** Up to six open claims of three companies at a time, two workloads of one tenant. */
const companies = ['aa', 'bb', 'cc'].map((letters) => `6a1f0c1e-0000-4000-8000-0000000000${letters}`);
const claimIds = ['claim-1', 'claim-2', 'claim-3', 'claim-4', 'claim-5', 'claim-6'];
const companyOf = (claimId: string) => companies[claimIds.indexOf(claimId.split('.')[0]!) % companies.length]!;

/** The claim that is open under a number; when it has come to its end, the next. */
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
  const products = [['teams'], ['exchange'], ['teams', 'exchange']][choice % 3]!;
  const lines = products.map((product, index) => aLine(index + 1, product));
  const body = { number: claimId, partnerAccountId: companyOf(claimId), details: aClaim({ lines }) };
  return aCommand('draftClaim', body, partnerOf(claimId));
}

const facts = (state: ClaimState) =>
  someFacts({ location: { globalAccountId: state.partnerAccountId, partnerId: state.details.partnerId } });

interface Played {
  market: Market;
  refusals: Set<string>;
}

function play(steps: Step[]): Played {
  const market = new Market(samplePolicy, facts);
  const refusals = new Set<string>();
  let at = times.drafted;
  for (const one of [...opening, ...steps]) {
    at = new Date(Date.parse(at) + one.hours * hour).toISOString();
    const claimId = currentId(market, claimIds[one.claim]!);
    const state = market.claims.get(claimId)?.state;
    const claims = [...market.claims.values()];
    const mover = { claimId, partner: partnerOf(claimId), locations, now: at, claims, newId: randomUUID };
    const command = state === undefined || state.version === 0 ? draftOf(claimId, one) : moveOf(state, one, mover);
    for (const code of market.receive(claimId, command, at)) refusals.add(code);
  }
  return { market, refusals };
}

describe('Any run of many claims on few targets', function () {
  this.timeout(300_000);

  it('keeps the laws of exclusivity, a thousand times', () => {
    const met = { associations: 0, supersessions: 0, refusals: new Set<string>() };
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 70 }), (steps) => {
        const { market, refusals } = play(steps);
        for (const code of refusals) met.refusals.add(code);
        const tenures = [...market.claims.values()].flatMap(({ claimId, state }) => tenuresOf(claimId, state));
        met.associations += tenures.length;
        met.supersessions += tenures.filter(({ reason }) => reason === 'superseded').length;
        expectOneAtATime(tenures);
        for (const { state, events } of market.claims.values()) {
          expectNobodyForgotten(state);
          expectEveryoneHeard(events);
          expect(fold(events), 'read again').to.deep.equal(state);
        }
      }),
      { numRuns: 1000 },
    );
    // What the laws are about has happened, or nothing was put to the test.
    expect(met.associations).to.be.greaterThan(1000);
    expect(met.supersessions).to.be.greaterThan(20);
    expect([...met.refusals]).to.include.members([
      'decision_record_required',
      'holder_not_heard',
      'rival_in_window',
      'no_rivals',
      'claim_cooldown',
      'partner_blocked',
      'duplicate_own',
    ]);
  });
});
