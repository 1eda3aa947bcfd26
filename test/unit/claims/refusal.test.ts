import { expect } from 'chai';
import { type ClaimEvent, consequencesOf, fold, systemActor } from '#libs/claims/index.js';
import { lettersOf } from '#libs/notices/index.js';
import { aCommand, aHolder, anEvent, ids, someFacts, times, upTo } from '../../support/claim-builders.js';
import { after, expireUntil, given } from '../../support/claim-specification.js';

const target = (product: string) => `workload:${ids.tenant}:${product}`;
const teams = target('teams');
const twin = { target: teams, claimId: 'claim-2', activities: ['usage'] };
const elsewhere = { target: target('sharepoint'), claimId: 'claim-3', activities: ['usage'] };
const refusedAt = (at: string, until: string | null = null) => ({ refusals: [{ target: teams, at, until }] });
const settled = (lines: number[], at: string, by = systemActor): ClaimEvent =>
  anEvent('LinesRejected', { lines, reason: 'customer_refused_target', textId: null, isFinal: true, clocks: [] }, at, by);

describe('a refusal of the company through one of its claims', () => {
  it('names the other claims it settles and sends each a command', () => {
    const { events } = given(...upTo.consent_pending).when(aCommand('optOut', { lines: [1] }), {
      own: [twin, elsewhere],
      at: times.supplied,
    });
    expect(events[0]!.data).to.deep.include({ settles: [{ claimId: 'claim-2', targets: [teams] }] });
    expect(consequencesOf('claim-1', events[0]!)).to.deep.equal([
      { claimId: 'claim-2', command: aCommand('recordRefusal', { targets: [teams] }), receivedAt: times.supplied },
    ]);
  });

  it('also names them when it ends an association', () => {
    const { events } = given(...upTo.official).when(aCommand('optOut', { lines: [1] }), { own: [twin], at: times.later });
    expect(events.map(({ type, data }) => [type, 'settles' in data && data.settles])).to.deep.equal([
      ['AssociationEnded', [{ claimId: 'claim-2', targets: [teams] }]],
    ]);
  });

  it('settles everything else that is open, in this claim and others, if it comes with a block', () => {
    const { events } = given(...upTo.consent_pending).when(aCommand('optOut', { lines: [1], blockPartner: true }), {
      own: [elsewhere],
      at: times.supplied,
    });
    expect(events.map(({ type }) => type)).to.deep.equal(['CustomerDeclined', 'PartnerBlocked', 'LinesRejected']);
    expect(events[1]!.data).to.deep.include({ settles: [{ claimId: 'claim-3', targets: [elsewhere.target] }] });
    expect(events[2]!.data).to.deep.include({ lines: [2], reason: 'customer_refused_target', isFinal: true });
  });

  it('finally rejects the open lines on its targets and no others', () => {
    given(...upTo.consent_pending)
      .when(aCommand('recordRefusal', { targets: [teams] }), { at: times.supplied })
      .then(settled([1], times.supplied));
    given(...upTo.disputed)
      .when(aCommand('recordRefusal', { targets: [teams] }), { at: times.later })
      .then(settled([1], times.later));
    given(...upTo.official)
      .when(aCommand('recordRefusal', { targets: [teams] }), { at: times.later })
      .thenNothing();
  });

  it('is reported to the partner and cannot be disputed', () => {
    const event = settled([1], times.supplied);
    const state = fold([...upTo.consent_pending, event]);
    expect(lettersOf(event, state)).to.deep.equal([
      { kind: 'refused_target', personId: 'person-partner', about: { lines: [1], at: times.supplied } },
    ]);
    given(...upTo.consent_pending, event)
      .when(aCommand('openDispute', { lines: [1], textId: 'text-1' }))
      .thenRefused('dispute_not_allowed');
  });

  it('settles a line whose window closes after it, even if that claim has no event about it', () => {
    const events = expireUntil(fold(upTo.consent_pending), times.official, refusedAt(times.supplied));
    expect(events.map(({ type, data }) => [type, 'lines' in data && data.lines.length])).to.deep.equal([
      ['LinesMadeOfficial', 1],
      ['LinesRejected', 1],
    ]);
  });

  it('does not affect lines notified after it or silently accepted before it', () => {
    for (const at of [times.drafted, times.later]) {
      const events = expireUntil(fold(upTo.consent_pending), times.official, refusedAt(at));
      expect(
        events.map(({ type }) => type),
        at,
      ).to.deep.equal(['LinesMadeOfficial']);
    }
  });

  it('bars a transfer based on an older notice, however long ago it happened', () => {
    const move = aCommand('transferAssociation', { partnerId: '4012346' });
    const world = { at: '2027-03-01T12:00:00.000Z', facts: someFacts({ location: { partnerId: '4012346' } }) };
    given(...upTo.official)
      .when(move, { ...world, ...refusedAt(times.later) })
      .thenRefused('customer_refused_target');
    given(...upTo.official)
      .when(move, { ...world, isBlocked: true })
      .thenRefused('partner_blocked');
  });

  it('bars a dispute during the cool-down or once the company has claimed again', () => {
    const dispute = aCommand('openDispute', { lines: [1], textId: 'text-1' });
    given(...upTo.rejected)
      .when(dispute, { at: times.later, own: [twin] })
      .thenRefused('duplicate_own');
    given(...upTo.rejected)
      .when(dispute, { at: times.later, holders: [aHolder({ partnerAccountId: ids.account })] })
      .thenRefused('duplicate_own');
    given(...upTo.rejected)
      .when(dispute, { at: times.later, ...refusedAt(times.drafted, '2027-01-01T00:00:00.000Z') })
      .thenRefused('claim_cooldown');
  });
});

describe('a line held by a check before official', () => {
  const held = { code: 'location_not_enrolled', severity: 'error' as const, field: 'partnerId', line: 1, message: 'It is not enrolled.' };
  const history = [...upTo.consent_pending, anEvent('LinesHeld', { lines: [1], findings: [held] })];

  it('can be rejected by the reviewer and then disputed', () => {
    const reject = aCommand('rejectClaim', { reason: 'partner_request' });
    const state = after(history, reject);
    expect(state.lines.map(({ phase, holds, isApproved }) => [phase, holds.length, isApproved])).to.deep.equal([
      ['rejected', 0, false],
      ['consent_pending', 0, true],
    ]);
    expect(state.lines[0]!.rejection).to.have.property('isDisputable', true);
  });

  it('does not affect the other lines of its window when rejected', () => {
    given(...history)
      .when(aCommand('rejectClaim', { lines: [1, 2], reason: 'partner_request' }))
      .thenFindings({ code: 'not_in_phase', severity: 'error', field: 'lines', line: 2 });
  });
});
