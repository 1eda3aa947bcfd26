import { expect } from 'chai';
import { type ClaimEvent, evolve, expiredClock, fold } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import {
  aClock,
  aCommand,
  actors,
  adminRecipient,
  aHolder,
  anEvent,
  contactRecipient,
  ids,
  officialLine,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, expireUntil, given } from '../../support/claim-specification.js';

const lastMillisecond = times.windowCloses;
const oneMillisecondLate = times.official;
const teams = officialLine(1, 'id-1', `workload:${ids.tenant}:teams`);
const exchange = officialLine(2, 'id-2', `workload:${ids.tenant}:exchange`);
const declined = (data = {}, at: string = times.supplied) => anEvent('CustomerDeclined', data, at);
const optOut = (body = {}) => aCommand('optOut', body);
const rival = aHolder();

/** Expires earlier deadlines before the command, as the inbox does. */
function receive(history: ClaimEvent[], command: ReturnType<typeof optOut>, at: string) {
  const expired = expireUntil(fold(history), at);
  return { expired, outcome: given(...history, ...expired).when(command, { at }) };
}

describe("the customer's refusal", () => {
  it('declines every line if it names none', () => {
    given(...upTo.consent_pending)
      .when(optOut(), { at: times.supplied })
      .then(declined());
  });

  it('declines the lines it names', () => {
    given(...upTo.consent_pending)
      .when(optOut({ lines: [2], noticeId: 'notice-1', recipientId: 'recipient-contact', textId: 'text-1' }), { at: times.supplied })
      .then(declined({ lines: [2], noticeId: 'notice-1', recipientId: 'recipient-contact', textId: 'text-1' }));
  });

  it('covers only the lines of the notice it answers', () => {
    const two = [
      ...upTo.under_review,
      anEvent('LinesApproved'),
      anEvent('NoticeRequested', { lines: [1] }),
      anEvent('NoticeRequested', { noticeId: 'notice-2', lines: [2] }),
    ];
    given(...two)
      .when(optOut({ noticeId: 'notice-2' }), { at: times.supplied })
      .then(declined({ lines: [2], noticeId: 'notice-2' }));
    given(...two)
      .when(optOut({ noticeId: 'notice-2', lines: [1, 2] }), { at: times.supplied })
      .then(declined({ lines: [2], noticeId: 'notice-2' }));
  });

  describe('through the link of an earlier notice', () => {
    const renewal = (recipients = [contactRecipient, adminRecipient]) => [
      ...upTo.official,
      anEvent('LineCarriedOver', { line: 3, from: 1 }),
      anEvent('NoticeRequested', {
        noticeId: 'notice-2',
        lines: [3],
        recipients: recipients.map((recipient) => ({ ...recipient, recipientId: `${recipient.recipientId}-2` })),
      }),
    ];
    const byFirstLink = (lines: number[]) => optOut({ lines, noticeId: 'notice-1', recipientId: 'recipient-contact' });

    it('also refuses a renewal of which the same person was notified', () => {
      given(...renewal())
        .when(byFirstLink([3]), { at: times.later })
        .then(declined({ lines: [3], noticeId: 'notice-1', recipientId: 'recipient-contact' }, times.later));
    });

    it('does not cover a line of which only others were notified', () => {
      const others = renewal([adminRecipient]);
      given(...others)
        .when(byFirstLink([3]), { at: times.later })
        .thenRefused('nothing_to_decline');
      const { events } = given(...others).when(optOut({ noticeId: 'notice-1', recipientId: 'recipient-contact' }), { at: times.later });
      expect(events.map(({ type, data }) => [type, 'lines' in data && data.lines])).to.deep.equal([['AssociationEnded', [1, 2]]]);
    });

    it('does not accept a renewal that the renewal’s own link could not accept', () => {
      const unverifiedContact = { ...contactRecipient, canStartWindow: false };
      const accepted = anEvent('CustomerAccepted', {
        lines: [3],
        noticeId: 'notice-1',
        recipientId: 'recipient-contact',
        isTenantAdmin: false,
      });
      const acceptances = [renewal(), renewal([unverifiedContact, adminRecipient])].map(
        (history) => fold([...history, accepted]).lines[2]!.acceptance !== null,
      );
      expect(acceptances).to.deep.equal([true, false]);
    });

    it('also accepts the renewal', () => {
      const accept = aCommand('acceptClaim', { lines: [3], noticeId: 'notice-1', recipientId: 'recipient-contact', isTenantAdmin: false });
      const { events } = given(...renewal()).when(accept, { at: times.later });
      expect(events.map(({ type, data }) => [type, 'lines' in data && data.lines])).to.deep.equal([['CustomerAccepted', [3]]]);
    });
  });

  it('fails with notice_unknown for an unknown notice', () => {
    given(...upTo.consent_pending)
      .when(optOut({ noticeId: 'notice-9' }))
      .thenFindings({ code: 'notice_unknown', severity: 'error', field: 'noticeId', line: null });
  });

  it('fails with customer_not_told before the customer has been notified', () => {
    given(...upTo.under_review)
      .when(optOut())
      .thenRefused('customer_not_told');
  });

  for (const [phase, history] of [
    ['submitted', [...upTo.submitted, anEvent('NoticeRequested')]],
    ['under_review', [...upTo.submitted, anEvent('NoticeRequested'), anEvent('ReviewStarted')]],
    ['action_required', [...upTo.submitted, anEvent('NoticeRequested'), anEvent('ReviewStarted'), anEvent('InformationRequested')]],
    ['consent_pending', upTo.approved],
  ] as const) {
    it(`declines an already notified claim that is ${phase} and stops every clock`, () => {
      given(...history)
        .when(optOut(), { at: times.supplied })
        .then(declined());
      expect(after([...history], optOut()).clocks).to.deep.equal([]);
      expect(after([...history], optOut()).paused).to.deep.equal([]);
    });
  }

  it('is in time at the last millisecond', () => {
    const { expired, outcome } = receive(upTo.consent_pending, optOut(), lastMillisecond);
    expect(expired).to.deep.equal([]);
    outcome.then(declined({}, lastMillisecond));
  });

  it('ends the associations instead when it comes one millisecond too late', () => {
    const { expired, outcome } = receive(upTo.consent_pending, optOut(), oneMillisecondLate);
    expect(expired).to.deep.equal([anEvent('LinesMadeOfficial', { lines: [teams, exchange] })]);
    outcome.then(anEvent('AssociationEnded', {}, oneMillisecondLate));
  });

  it('ends an official line and declines an open one', () => {
    const history = [
      ...upTo.under_review,
      anEvent('LinesApproved', { lines: [1] }),
      anEvent('NoticeRequested', { lines: [1] }),
      anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.delivered, 5)] }),
      anEvent('LinesMadeOfficial', { lines: [teams] }),
      anEvent('LinesApproved', { lines: [2] }, times.official),
      anEvent('NoticeRequested', { noticeId: 'notice-2', lines: [2] }, times.official),
    ];
    given(...history)
      .when(optOut())
      .then(declined({ lines: [2] }, times.later), anEvent('AssociationEnded', { lines: [1] }));
  });

  it('ends the association at the instant of the refusal', () => {
    expect(fold(upTo.ended).lines.map(({ official }) => [official?.from, official?.to])).to.deep.equal([
      [times.official, times.later],
      [times.official, times.later],
    ]);
  });

  for (const phase of ['ended', 'declined', 'rejected', 'disputed', 'canceled'] as const) {
    it(`fails with nothing_to_decline while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(optOut())
        .thenRefused('nothing_to_decline');
    });
  }
});

describe('the consent window', () => {
  it('is open through its last millisecond', () => {
    given(...upTo.consent_pending)
      .whenTimePasses(lastMillisecond)
      .thenNothing();
  });

  it('makes lines official right after its last millisecond, even if it is processed later', () => {
    given(...upTo.consent_pending)
      .whenTimePasses('2026-05-01T00:00:00.000Z')
      .then(anEvent('LinesMadeOfficial', { lines: [teams, exchange] }));
    expect(fold(upTo.official).lines[0]?.official?.from).to.equal('2026-03-14T04:00:00.000Z');
  });

  it('closes for the lines that were not declined', () => {
    given(...upTo.consent_pending, declined({ lines: [1] }))
      .whenTimePasses(times.later)
      .then(anEvent('LinesMadeOfficial', { lines: [{ ...exchange, associationId: 'id-1' }] }));
  });

  it('passes without effect before the approval, which then makes the lines official at once', () => {
    const notified = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ReviewStarted')];
    const until = times.official;
    const breaches = given(...notified)
      .whenTimePasses(until)
      .events.filter(({ type }) => type === 'DeadlineBreached');
    given(...notified)
      .whenTimePasses(until)
      .then(...breaches, anEvent('ConsentWindowPassed'));
    const approved = after([...notified, anEvent('ConsentWindowPassed')], aCommand('approveClaim', {}));
    expect(approved.lines.map(({ phase, official }) => [phase, official?.from])).to.deep.equal([
      ['official', times.later],
      ['official', times.later],
    ]);
  });

  it('passes for lines under review and makes approved lines official', () => {
    const mixed = [
      ...upTo.submitted,
      anEvent('NoticeRequested'),
      anEvent('NoticeAccepted'),
      anEvent('ReviewStarted', { clocks: [] }),
      anEvent('LinesApproved', { lines: [2] }),
    ];
    const { events } = given(...mixed).whenTimePasses(times.official);
    expect(events.filter(({ type }) => type !== 'DeadlineBreached')).to.deep.equal([
      anEvent('ConsentWindowPassed', { lines: [1] }),
      anEvent('LinesMadeOfficial', { lines: [{ ...exchange, associationId: 'id-1' }] }),
    ]);
  });

  it('holds a line whose target another partner now holds, and makes the other lines official', () => {
    const { events } = given(...upTo.consent_pending).whenTimePasses(times.later, { holders: [rival] });
    expect(events.map((event) => event.type)).to.deep.equal(['LinesMadeOfficial', 'LinesHeld']);
    const state = events.reduce(evolve, fold(upTo.consent_pending));
    expect(state.lines.map(({ phase, holds }) => [phase, holds.map(({ code }) => code)])).to.deep.equal([
      ['consent_pending', ['workload_already_claimed']],
      ['official', []],
    ]);
    expect(state.clocks).to.deep.equal([]);
  });

  it('holds every line when the location is no longer enrolled', () => {
    const { events } = given(...upTo.consent_pending).whenTimePasses(times.later, {
      facts: someFacts({ location: { enrolledProgrammes: [] } }),
    });
    expect(events.map(({ type, data }) => [type, 'lines' in data && data.lines])).to.deep.equal([['LinesHeld', [1, 2]]]);
  });

  it('does not survive a rejection, after which the customer is notified again', () => {
    const onSubmit = { ...samplePolicy, noticeTiming: 'on_submit' as const };
    const notified = [
      ...upTo.submitted,
      anEvent('NoticeRequested'),
      anEvent('NoticeAccepted'),
      anEvent('ConsentWindowPassed'),
      anEvent('ReviewStarted'),
    ];
    const asked = [...notified, anEvent('LinesRejected'), anEvent('DisputeOpened'), anEvent('DisputeDecided', { outcome: 'ask' })];
    const answered = [...asked, anEvent('InformationRequested', { paused: [] }, times.later), anEvent('EvidenceAdded', {}, times.later)];
    const { events } = given(...answered).when(aCommand('submitClaim', {}), { policy: onSubmit });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimSubmitted', 'NoticeRequested']);
    const approved = given(...answered, events[0]!).when(aCommand('approveClaim', {}), { policy: onSubmit });
    expect(approved.events.map(({ type }) => type)).to.deep.equal(['ReviewStarted', 'LinesApproved', 'NoticeRequested']);
  });
});

describe('a hold at the end of the window', () => {
  const hold = { code: 'workload_already_claimed', severity: 'error' as const, field: 'lines[0].product', line: 1, message: 'Taken.' };
  const held = [
    ...upTo.consent_pending,
    anEvent('LinesMadeOfficial', { lines: [exchange] }),
    anEvent('LinesHeld', { lines: [1], findings: [hold] }),
  ];
  const clear = (lines?: number[]) => aCommand('clearHold', { lines });

  it('can be cleared once its cause is gone, which makes the line official from that instant', () => {
    given(...held)
      .when(clear())
      .then(anEvent('LinesMadeOfficial', { lines: [teams] }, times.later, actors.reviewer));
  });

  it('cannot be cleared while its cause remains', () => {
    given(...held)
      .when(clear(), { holders: [rival] })
      .thenFindings({ code: 'hold_not_cleared', severity: 'error', field: null, line: 1 });
  });

  it('can be cleared only once', () => {
    given(...upTo.consent_pending)
      .when(clear())
      .thenRefused('nothing_held');
    given(...held)
      .when(clear([2]))
      .thenRefused('not_in_phase');
  });

  it('does not prevent the customer from refusing', () => {
    given(...held)
      .when(optOut({ lines: [1] }))
      .then(declined({ lines: [1] }, times.later));
  });

  it('runs no clock', () => {
    expect(expiredClock(fold(held), '2030-01-01T00:00:00.000Z')).to.equal(null);
    expect(fold(held).lines[0]?.holds).to.deep.equal([hold]);
  });
});

describe("the customer's acceptance", () => {
  const accept = (body = {}) => aCommand('acceptClaim', { isTenantAdmin: true, ...body });
  const accepted = (data = {}) => anEvent('CustomerAccepted', data);

  it('makes approved lines official at once if given by an administrator', () => {
    given(...upTo.consent_pending)
      .when(accept(), { at: times.supplied })
      .then(accepted(), anEvent('LinesMadeOfficial', { lines: [teams, exchange] }, times.supplied, actors.customer));
  });

  it('is recorded but closes no window if given by a contact', () => {
    const { then, events } = given(...upTo.consent_pending).when(accept({ isTenantAdmin: false }), { at: times.supplied });
    then(accepted({ isTenantAdmin: false }));
    expect(fold([...upTo.consent_pending, ...events]).clocks.map(({ clock }) => clock)).to.include('K5');
  });

  it('takes effect on approval if given before it', () => {
    const notified = [...upTo.under_review, anEvent('NoticeRequested'), anEvent('NoticeAccepted')];
    given(...notified)
      .when(accept(), { at: times.supplied })
      .then(accepted());
    const { events } = given(...notified, accepted()).when(aCommand('approveClaim', {}), { at: times.supplied });
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesApproved', 'LinesMadeOfficial']);
  });

  it('does not prevent a later refusal', () => {
    const notified = [...upTo.consent_pending, accepted({ isTenantAdmin: false })];
    given(...notified)
      .when(optOut(), { at: times.supplied })
      .then(declined());
  });

  it('requires a line of which the customer has been notified', () => {
    given(...upTo.under_review)
      .when(accept())
      .thenRefused('customer_not_told');
    given(...upTo.official)
      .when(accept())
      .thenRefused('nothing_to_accept');
  });

  it('is required under opt-in', () => {
    const notified = [
      ...upTo.under_review,
      anEvent('LinesApproved'),
      anEvent('NoticeRequested', { consent: 'opt_in' }),
      anEvent('NoticeAccepted'),
    ];
    const { events } = given(...notified, accepted({ lines: [2], isTenantAdmin: false })).whenTimePasses(times.later);
    expect(events.map(({ type, at, data }) => [type, at, (data as { reason?: string }).reason ?? null])).to.deep.equal([
      ['LinesRejected', times.windowCloses, 'consent_expired'],
      ['LinesMadeOfficial', times.official, null],
    ]);
  });

  it('does not count from a contact at an unverified mail domain', () => {
    const recipients = [{ ...contactRecipient, canStartWindow: false }, adminRecipient];
    const notified = [
      ...upTo.under_review,
      anEvent('LinesApproved'),
      anEvent('NoticeRequested', { consent: 'opt_in', recipients }),
      anEvent('NoticeAccepted', { recipientId: 'recipient-admin' }),
    ];
    const acceptedBy = (recipientId: string) => accepted({ noticeId: 'notice-1', recipientId, isTenantAdmin: false });
    const reached = (recipientId: string) => {
      const { events } = given(...notified, acceptedBy(recipientId)).whenTimePasses(times.later);
      return fold([...notified, acceptedBy(recipientId), ...events]).lines.map(({ phase }) => phase);
    };
    expect(reached('recipient-contact')).to.deep.equal(['rejected', 'rejected']);
    expect(reached('recipient-admin')).to.deep.equal(['official', 'official']);
  });

  it('must come before the window closes, or the approval lapses', () => {
    const optIn = anEvent('NoticeRequested', { consent: 'opt_in' });
    const notified = [...upTo.under_review, optIn, anEvent('NoticeAccepted')];
    const passed = [...notified, ...given(...notified).whenTimePasses(times.later).events];
    expect(passed.slice(notified.length).flatMap(({ type }) => (type === 'DeadlineBreached' ? [] : [type]))).to.deep.equal([
      'ConsentWindowPassed',
    ]);
    const late = anEvent('CustomerAccepted', { lines: [2], isTenantAdmin: false }, times.later);
    const { events } = given(...passed, late).when(aCommand('approveClaim', {}));
    expect(events.map(({ type, by, data }) => [type, by.kind, 'isFinal' in data ? [data.lines, data.reason] : null])).to.deep.equal([
      ['LinesApproved', 'reviewer', null],
      ['LinesRejected', 'system', [[1], 'consent_expired']],
      ['LinesMadeOfficial', 'reviewer', null],
    ]);
  });

  it('is required of public-sector tenants if the programme says so', () => {
    const approve = (policy: object, isPublicSector: boolean) => {
      const world = { policy: { ...samplePolicy, ...policy }, facts: someFacts({ tenant: { isPublicSector } }) };
      const { events } = given(...upTo.under_review).when(aCommand('approveClaim', {}), world);
      return events.flatMap((event) => (event.type === 'NoticeRequested' ? [event.data.consent] : []));
    };
    expect(approve({ publicSectorConsent: 'opt_in' }, true)).to.deep.equal(['opt_in']);
    expect(approve({ publicSectorConsent: 'opt_in' }, false)).to.deep.equal(['opt_out']);
    expect(approve({ publicSectorConsent: 'opt_out' }, true)).to.deep.equal(['opt_out']);
    expect(approve({ consent: 'opt_in', publicSectorConsent: 'opt_out' }, false)).to.deep.equal(['opt_in']);
  });
});

describe('the cool-down after a refusal', () => {
  const policy = (days: number) => ({ ...samplePolicy, clocks: { ...samplePolicy.clocks, coolDownCalendarDays: days } });
  const untils = (history: ClaimEvent[], days: number) => {
    const { events } = given(...history).when(optOut(), { at: times.later, policy: policy(days) });
    return fold(events, fold(history)).lines.map(({ coolDownUntil }) => coolDownUntil);
  };

  it('lasts as long as the programme says, both after a refusal and after the customer ends an association', () => {
    const end = '2026-03-28T03:59:59.999Z';
    expect(untils(upTo.consent_pending, 7)).to.deep.equal([end, end]);
    expect(untils(upTo.official, 7)).to.deep.equal([end, end]);
  });

  it('is absent if the programme sets it to zero', () => {
    expect(untils(upTo.consent_pending, 0)).to.deep.equal([null, null]);
    expect(untils(upTo.official, 0)).to.deep.equal([null, null]);
  });
});

describe('blocking a partner', () => {
  it('is part of a refusal and can be lifted only by the customer', () => {
    given(...upTo.consent_pending)
      .when(optOut({ blockPartner: true }), { at: times.supplied })
      .then(declined(), anEvent('PartnerBlocked'));
    const blocked = [...upTo.declined, anEvent('PartnerBlocked')];
    given(...blocked)
      .when(aCommand('liftBlock', {}))
      .then(anEvent('PartnerUnblocked'));
    given(...upTo.declined)
      .when(aCommand('liftBlock', {}))
      .thenRefused('nothing_blocked');
  });

  it('needs no refusal, keeps what is official and settles what is open', () => {
    const before = { tenantId: ids.tenant, partnerAccountId: ids.account, recipientId: null, textId: 'text-1' };
    const command = aCommand('blockPartner', { textId: 'text-1' });
    given(...upTo.official)
      .when(command, { at: times.later })
      .then(anEvent('PartnerBlocked', before, times.later));
    const { events } = given(...upTo.consent_pending).when(command, {
      own: [{ target: 'workload:t:teams', claimId: 'claim-2', activities: ['usage'] }],
      at: times.supplied,
    });
    expect(events.map(({ type }) => type)).to.deep.equal(['PartnerBlocked', 'LinesRejected']);
    expect(events[0]!.data).to.deep.include({ settles: [{ claimId: 'claim-2', targets: ['workload:t:teams'] }] });
    expect(events[1]!.data).to.deep.include({ reason: 'customer_refused_target', isFinal: true });
  });

  it('is for a customer that knows of the claim', () => {
    given(...upTo.under_review)
      .when(aCommand('blockPartner', {}))
      .thenRefused('customer_not_told');
    given(...upTo.official, anEvent('PartnerBlocked'))
      .when(aCommand('blockPartner', {}))
      .thenNothing();
  });

  it('prevents pending lines from being approved or becoming official by silence', () => {
    given(...upTo.under_review)
      .when(aCommand('approveClaim', {}), { isBlocked: true })
      .thenRefused('partner_blocked');
    const { events } = given(...upTo.consent_pending).whenTimePasses(times.later, { isBlocked: true });
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesHeld']);
  });
});
