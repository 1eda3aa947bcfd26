import { expect } from 'chai';
import { type Actor, type ClaimEvent, type ClockStart, fold, type SubscriptionFacts } from '#libs/claims/index.js';
import { endOfLocalDate } from '#libs/calendar/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import {
  aClock,
  aCommand,
  aHolder,
  actors,
  adminRecipient,
  anEvent,
  aSubscription,
  aSubscriptionClaim,
  calendar,
  contactRecipient,
  ids,
  officialLine,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { expireUntil, given, type World } from '../../support/claim-specification.js';

const sales = `subscription:${ids.salesSubscription}`;
const check = aCommand('checkAssociation', {});

/** Returns the clock that checks an association at the end of a local date. */
const until = (date: string, startedAt: string): ClockStart => ({
  clock: 'K13',
  lines: [1],
  startedAt,
  deadline: endOfLocalDate(calendar, date),
  policy: 'sample@1',
});

/** One subscription, official since mid-March 2026, which by default ends on 31 December 2026. */
const official = (endsOn = '2026-12-31'): ClaimEvent[] => [
  anEvent('ClaimDrafted', { details: aSubscriptionClaim() }),
  anEvent('EvidenceAdded'),
  anEvent('ClaimSubmitted', { lines: [1], clocks: [] }),
  anEvent('LinesApproved', { lines: [1] }),
  anEvent('NoticeRequested', { lines: [1] }),
  anEvent('NoticeAccepted', { clocks: [] }),
  anEvent('LinesMadeOfficial', {
    lines: [officialLine(1, 'association-1', sales, { activities: ['presales'] })],
    clocks: [until(daysBefore(endsOn, 30), times.official)],
  }),
];
const daysBefore = (date: string, days: number) => new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10);

const directory = (more: Partial<SubscriptionFacts>, location = {}): World => ({
  facts: someFacts({ location, tenant: { subscriptions: [aSubscription(more)] } }),
});
const endedAs = (reason: 'subscription_ended' | 'term_expired' | 'enrolment_lost', at: string, by = actors.system) =>
  anEvent('AssociationEnded', { lines: [1], reason, noticeId: null, recipientId: null, textId: null }, at, by);
const types = (events: ClaimEvent[]) => events.map(({ type, at }) => `${type} ${at.slice(0, 10)}`);

describe('ending an association', () => {
  const partnerEnds = (textId: string | null, lines?: number[]) =>
    aCommand('endAssociation', { reason: 'partner_disassociated', textId, lines });

  it('takes effect at once, for the named lines', () => {
    given(...upTo.official)
      .when(partnerEnds('text-1', [2]))
      .then(
        anEvent(
          'AssociationEnded',
          { lines: [2], reason: 'partner_disassociated', noticeId: null, recipientId: null, textId: 'text-1' },
          times.later,
          actors.partner,
        ),
      );
  });

  it('requires a reason', () => {
    given(...upTo.official)
      .when(partnerEnds(null))
      .thenFindings({ code: 'disassociation_reason_required', severity: 'error', field: 'reason', line: null });
  });

  it('is refused to vendor staff who act for the partner', () => {
    const self = { ...actors.reviewer, actsFor: [ids.account] };
    const revoke = (actor: Actor = actors.reviewer) => aCommand('endAssociation', { reason: 'vendor_revoked', textId: 'text-1' }, actor);
    given(...upTo.official)
      .when(revoke(self))
      .thenRefused('self_review_forbidden');
    expect(given(...upTo.official).when(revoke()).events).to.have.length(1);
  });

  it('requires a live association', () => {
    given(...upTo.consent_pending)
      .when(partnerEnds('text-1'))
      .thenRefused('not_in_phase');
    given(...upTo.ended)
      .when(partnerEnds('text-1'))
      .thenRefused('not_in_phase');
  });
});

describe('transferring associations', () => {
  const transfer = aCommand('transferAssociation', { partnerId: '4012346' });
  const there = (more = {}) => ({ facts: someFacts({ location: { partnerId: '4012346', ...more } }) });

  it('ends one association and begins the next at the same instant, with the same activities', () => {
    const moved = given(...upTo.official).when(transfer, there());
    moved.then(
      anEvent('AssociationTransferred', {
        lines: [
          { line: 1, endedId: 'association-1', associationId: 'id-1' },
          { line: 2, endedId: 'association-2', associationId: 'id-2' },
        ],
      }),
    );
    const state = fold([...upTo.official, ...moved.events]);
    expect(state.details.partnerId).to.equal('4012346');
    expect(state.lines[0]?.official).to.deep.include({ associationId: 'id-1', partnerId: '4012346', from: times.later, to: null });
    expect(state.lines[0]?.official?.earlier).to.deep.equal([
      { associationId: 'association-1', partnerId: '4012345', from: times.official, to: times.later },
    ]);
  });

  it('is refused while another line of the claim is undecided', () => {
    const begun = { lines: [officialLine(1, 'association-1', `workload:${ids.tenant}:teams`)] };
    const mixed = [...upTo.consent_pending, anEvent('LinesMadeOfficial', begun)];
    given(...mixed)
      .when(transfer, there())
      .thenFindings({ code: 'not_in_phase', severity: 'error', field: 'lines', line: 2 });
    const { events } = given(...mixed, anEvent('ClaimWithdrawn', { lines: [2] }, times.later)).when(transfer, there());
    expect(events.map(({ type }) => type)).to.deep.equal(['AssociationTransferred']);
  });

  it('restores eligibility when the new location is enrolled and the old one is not', () => {
    const lost = anEvent('AssociationChecked', { lines: [1, 2], isEligible: false });
    const { events } = given(...upTo.official, lost).when(transfer, there());
    expect(
      fold([...upTo.official, lost, ...events]).lines.map(({ official: moved }) => [moved?.partnerId, moved?.isEligible]),
    ).to.deep.equal([
      ['4012346', true],
      ['4012346', true],
    ]);
  });

  it('does not start a new term', () => {
    const policy = { ...samplePolicy, termMonths: 1 };
    const moved = given(...upTo.official).when(transfer, there()).events;
    const { events } = given(...upTo.official, ...moved).when(aCommand('checkAssociation', { lines: [1] }), {
      at: '2026-04-15T12:00:00.000Z',
      policy,
    });
    expect(events).to.deep.equal([endedAs('term_expired', '2026-04-15T12:00:00.000Z')]);
  });

  it('is limited to enrolled locations of the same company', () => {
    given(...upTo.official)
      .when(transfer, there({ globalAccountId: ids.rival }))
      .thenRefused('not_own_location');
    given(...upTo.official)
      .when(transfer, there({ enrolledProgrammes: [] }))
      .thenRefused('location_not_enrolled');
    given(...upTo.official)
      .when(aCommand('transferAssociation', { partnerId: '4012345' }))
      .thenNothing();
  });
});

describe('checking an association against the directory', () => {
  it('marks a suspended subscription as not eligible and keeps its association', () => {
    const isEligible = (state: SubscriptionFacts['state']) => {
      const { events } = given(...official()).when(check, directory({ state }));
      return events.map((event) => event.type === 'AssociationChecked' && event.data.isEligible);
    };
    expect(isEligible('suspended')).to.deep.equal([false]);
    expect(isEligible('in_grace')).to.deep.equal([true]);
    const world = { ...directory({ state: 'suspended' }), policy: { ...samplePolicy, whenEnrolmentIsLost: 'end' as const } };
    const { events } = given(...official()).when(check, world);
    expect(events.map(({ type }) => type)).to.deep.equal(['AssociationChecked']);
  });

  it('sends one expiry notice 30, 7 and 1 days before the end, and ends the association after its last day', () => {
    const events = expireUntil(fold(official()), '2027-02-01T00:00:00.000Z', directory({}));
    expect(types(events)).to.deep.equal([
      'ExpiryNoticeDue 2026-12-02',
      'AssociationChecked 2026-12-02',
      'ExpiryNoticeDue 2026-12-25',
      'AssociationChecked 2026-12-25',
      'ExpiryNoticeDue 2026-12-31',
      'AssociationChecked 2026-12-31',
      'AssociationEnded 2027-01-01',
    ]);
    expect(events.flatMap((event) => (event.type === 'ExpiryNoticeDue' ? [event.data.daysLeft] : []))).to.deep.equal([30, 7, 1]);
    expect(events.at(-1)).to.deep.equal(endedAs('subscription_ended', '2027-01-01T04:59:59.999Z'));
  });

  it('does not repeat an expiry notice when a check is requested in between', () => {
    const firstChecks = expireUntil(fold(official()), '2026-12-05T00:00:00.000Z', directory({}));
    expect(types(firstChecks)).to.include('ExpiryNoticeDue 2026-12-02');
    given(...official(), ...firstChecks)
      .when(check, { ...directory({}), at: '2026-12-05T12:00:00.000Z' })
      .thenNothing();
  });

  it('follows an extended subscription to its new end date and sends new expiry notices for it', () => {
    const first = expireUntil(fold(official()), '2026-12-05T00:00:00.000Z', directory({}));
    const prolonged = expireUntil(fold(first, fold(official())), '2027-06-02T12:00:00.000Z', directory({ endsOn: '2027-06-30' }));
    expect(types(prolonged)).to.deep.equal([
      'AssociationChecked 2026-12-25',
      'ExpiryNoticeDue 2027-06-01',
      'AssociationChecked 2027-06-01',
    ]);
  });

  it('keeps an association during the grace period, checks it daily, and ends it once the subscription has expired', () => {
    const past = fold(official('2026-04-30'));
    const grace = directory({ endsOn: '2026-04-30', state: 'in_grace' });
    const kept = expireUntil(past, '2026-05-03T12:00:00.000Z', grace);
    expect(kept.filter(({ type }) => type === 'AssociationEnded')).to.deep.equal([]);
    const ended = expireUntil(fold(kept, past), '2026-05-04T12:00:00.000Z', directory({ endsOn: '2026-04-30', state: 'expired' }));
    expect(types(ended)).to.deep.equal(['AssociationEnded 2026-05-04']);
  });

  for (const endsOn of ['9999-12-31', '9999-12-30', '9999-01-01', '2999-12-31', '2200-01-01']) {
    it(`treats ${endsOn}, a placeholder that vendors use, as no end date`, () => {
      const { events } = given(...official()).when(check, directory({ endsOn }));
      expect(events.map(({ type, data }) => [type, data])).to.deep.equal([
        ['AssociationChecked', { lines: [1], isEligible: true, endsOn: null, clocks: [] }],
      ]);
    });
  }

  it('begins an association without an end date when the subscription has such a placeholder', () => {
    const claimed = official().slice(0, -2);
    const state = fold([...claimed, anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.delivered, 5)] })]);
    const [made] = expireUntil(state, times.later, directory({ endsOn: '9999-12-31' }));
    expect(made?.type === 'LinesMadeOfficial' && [made.data.clocks, made.data.lines[0]?.endsOn]).to.deep.equal([[], undefined]);
  });

  it('records nothing when nothing has changed', () => {
    given(...official(), anEvent('AssociationChecked', { endsOn: '2026-12-31', clocks: [until('2026-12-01', times.later)] }))
      .when(check, directory({}))
      .thenNothing();
  });

  it('marks the association of an unenrolled location as not eligible and keeps it', () => {
    const { events } = given(...official()).when(check, directory({}, { enrolledProgrammes: [] }));
    expect(events.map(({ type, data }) => [type, (data as { isEligible?: boolean }).isEligible])).to.deep.equal([
      ['AssociationChecked', false],
    ]);
  });

  it('ends the association of an unenrolled location if the policy says so', () => {
    const policy: Policy = { ...samplePolicy, whenEnrolmentIsLost: 'end' };
    given(...official())
      .when(check, { ...directory({}, { enrolledProgrammes: [] }), policy })
      .then(endedAs('enrolment_lost', times.later));
  });

  it('checks enrolment weekly if losing it ends the association', () => {
    const policy: Policy = { ...samplePolicy, whenEnrolmentIsLost: 'end' };
    const [made] = given(...upTo.consent_pending).whenTimePasses(times.later, { policy }).events;
    const kept = expireUntil(fold([...upTo.consent_pending, made!]), '2026-03-30T12:00:00.000Z', { policy });
    expect(types(kept)).to.deep.equal([
      'AssociationChecked 2026-03-22',
      'AssociationChecked 2026-03-22',
      'AssociationChecked 2026-03-29',
      'AssociationChecked 2026-03-29',
    ]);
    const lost = { policy, ...directory({}, { enrolledProgrammes: [] }) };
    const ended = expireUntil(fold([...upTo.consent_pending, made!, ...kept]), '2026-04-06T12:00:00.000Z', lost);
    expect(types(ended)).to.deep.equal(['AssociationEnded 2026-04-05', 'AssociationEnded 2026-04-05']);
  });

  it('ends the association of a workload after the programme’s term', () => {
    const policy: Policy = { ...samplePolicy, termMonths: 12 };
    const [made] = given(...upTo.consent_pending).whenTimePasses(times.later, { policy }).events;
    const clocks = made?.type === 'LinesMadeOfficial' ? made.data.clocks : [];
    expect(clocks.map(({ lines, deadline }) => [lines, deadline.dueAtLocal.slice(0, 10)])).to.deep.equal([
      [[1], '2027-02-12'],
      [[2], '2027-02-12'],
    ]);
    const events = expireUntil(fold([...upTo.consent_pending, made!]), '2027-04-01T00:00:00.000Z', { policy });
    expect(events.filter(({ type }) => type === 'AssociationEnded')).to.deep.equal([
      endedAs('term_expired', '2027-03-15T03:59:59.999Z'),
      { ...endedAs('term_expired', '2027-03-15T03:59:59.999Z'), data: { ...endedAs('term_expired', '').data, lines: [2] } },
    ]);
  });

  it('runs no clock for an association without an end date', () => {
    const [made] = given(...upTo.consent_pending).whenTimePasses(times.later).events;
    expect(made?.type === 'LinesMadeOfficial' && made.data.clocks).to.deep.equal([]);
  });
});

describe('the renewal of a subscription', () => {
  const renewed = directory({ successorId: ids.secondSalesSubscription });

  it('becomes a new line with its own notice and window', () => {
    const { events } = given(...official()).when(check, renewed);
    expect(events.slice(0, 2)).to.deep.equal([
      anEvent('LineCarriedOver', { line: 2 }),
      anEvent(
        'NoticeRequested',
        {
          noticeId: 'id-3',
          lines: [2],
          recipients: [
            { ...contactRecipient, recipientId: 'id-1' },
            { ...adminRecipient, recipientId: 'id-2' },
          ],
        },
        times.later,
        actors.system,
      ),
    ]);
    const [line] = fold([...official(), ...events]).lines.slice(-1);
    expect(line).to.deep.include({
      line: 2,
      phase: 'consent_pending',
      isApproved: true,
      renews: 1,
      subscriptionId: ids.secondSalesSubscription,
    });
  });

  it('is not carried over when its target is held, claimed, refused or blocked', () => {
    const target = `subscription:${ids.secondSalesSubscription}`;
    const bars = [
      { holders: [aHolder({ target })] },
      { own: [{ target, claimId: 'claim-2', activities: ['presales'] }] },
      { refusals: [{ target, at: times.submitted, until: '2026-12-01T04:59:59.999Z' }] },
      { isBlocked: true },
    ];
    for (const bar of bars) {
      const { events } = given(...official()).when(check, { ...renewed, ...bar });
      expect(events.map(({ type }) => type)).not.to.include('LineCarriedOver');
    }
  });

  it('is carried over even if the directory reports it only after the old subscription has ended', () => {
    const { events } = given(...official()).when(
      check,
      directory({ state: 'expired', endsOn: '2026-03-15', successorId: ids.secondSalesSubscription }),
    );
    expect(events.map(({ type }) => type)).to.deep.equal(['LineCarriedOver', 'NoticeRequested', 'AssociationEnded']);
  });

  it('keeps every activity of the association', () => {
    const grown = official().with(
      -1,
      anEvent('LinesMadeOfficial', { lines: [officialLine(1, 'association-1', sales, { activities: ['presales', 'usage'] })] }),
    );
    const [carried] = given(...grown).when(check, renewed).events;
    expect(carried?.type === 'LineCarriedOver' && carried.data.activities).to.deep.equal(['presales', 'usage']);
  });

  it('is carried over only once', () => {
    const { events } = given(...official()).when(check, renewed);
    const again = given(...official(), ...events).when(check, { ...renewed, at: '2026-03-21T14:00:00.000Z' });
    expect(again.events.map(({ type }) => type)).not.to.include('LineCarriedOver');
  });
});
