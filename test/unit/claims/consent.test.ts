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

/** As the inbox works: the deadlines before the command act first. */
function receive(history: ClaimEvent[], command: ReturnType<typeof optOut>, at: string) {
  const expired = expireUntil(fold(history), at);
  return { expired, outcome: given(...history, ...expired).when(command, { at }) };
}

describe("The customer's refusal", () => {
  it('declines every line when it names none', () => {
    given(...upTo.consent_pending)
      .when(optOut(), { at: times.supplied })
      .then(declined());
  });

  it('declines the lines it names', () => {
    given(...upTo.consent_pending)
      .when(optOut({ lines: [2], noticeId: 'notice-1', recipientId: 'recipient-contact', textId: 'text-1' }), { at: times.supplied })
      .then(declined({ lines: [2], noticeId: 'notice-1', recipientId: 'recipient-contact', textId: 'text-1' }));
  });

  it('through a notice covers only the lines of that notice', () => {
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

    it('refuses the renewal of which the same person was notified', () => {
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

    it('accepts no renewal that its own link could not accept', () => {
      const strange = { ...contactRecipient, canStartWindow: false };
      const word = anEvent('CustomerAccepted', {
        lines: [3],
        noticeId: 'notice-1',
        recipientId: 'recipient-contact',
        isTenantAdmin: false,
      });
      const acceptances = [renewal(), renewal([strange, adminRecipient])].map(
        (told) => fold([...told, word]).lines[2]!.acceptance !== null,
      );
      expect(acceptances).to.deep.equal([true, false]);
    });

    it('accepts the renewal too', () => {
      const accept = aCommand('acceptClaim', { lines: [3], noticeId: 'notice-1', recipientId: 'recipient-contact', isTenantAdmin: false });
      const { events } = given(...renewal()).when(accept, { at: times.later });
      expect(events.map(({ type, data }) => [type, 'lines' in data && data.lines])).to.deep.equal([['CustomerAccepted', [3]]]);
    });
  });

  it('through an unknown notice is refused', () => {
    given(...upTo.consent_pending)
      .when(optOut({ noticeId: 'notice-9' }))
      .thenFindings({ code: 'notice_unknown', severity: 'error', field: 'noticeId', line: null });
  });

  it('is refused before the customer has been notified', () => {
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
    it(`declines a claim of which it was told while it is ${phase}, and stops every clock`, () => {
      given(...history)
        .when(optOut(), { at: times.supplied })
        .then(declined());
      expect(after([...history], optOut()).clocks).to.deep.equal([]);
      expect(after([...history], optOut()).paused).to.deep.equal([]);
    });
  }

  it('at the last millisecond is in time', () => {
    const { expired, outcome } = receive(upTo.consent_pending, optOut(), lastMillisecond);
    expect(expired).to.deep.equal([]);
    outcome.then(declined({}, lastMillisecond));
  });

  it('one millisecond later is late: the lines are official and their association ends', () => {
    const { expired, outcome } = receive(upTo.consent_pending, optOut(), oneMillisecondLate);
    expect(expired).to.deep.equal([anEvent('LinesMadeOfficial', { lines: [teams, exchange] })]);
    outcome.then(anEvent('AssociationEnded', {}, oneMillisecondLate));
  });

  it('ends an official line and declines one that is still open', () => {
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
    it(`finds nothing left to decline while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(optOut())
        .thenRefused('nothing_to_decline');
    });
  }
});

describe("The customer's window", () => {
  it('is open through its last millisecond', () => {
    given(...upTo.consent_pending)
      .whenTimePasses(lastMillisecond)
      .thenNothing();
  });

  it('makes lines official right after its last millisecond, however late it is processed', () => {
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

  it('passes without effect before approval, which then makes the line official', () => {
    const told = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ReviewStarted')];
    const until = times.official;
    const breaches = given(...told)
      .whenTimePasses(until)
      .events.filter(({ type }) => type === 'DeadlineBreached');
    given(...told)
      .whenTimePasses(until)
      .then(...breaches, anEvent('ConsentWindowPassed'));
    const approved = after([...told, anEvent('ConsentWindowPassed')], aCommand('approveClaim', {}));
    expect(approved.lines.map(({ phase, official }) => [phase, official?.from])).to.deep.equal([
      ['official', times.later],
      ['official', times.later],
    ]);
  });

  it('passes for lines under review and closes for approved ones', () => {
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

  it('holds a line whose target another partner has taken, and lets the other become official', () => {
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

  it('does not survive a rejection: the customer is notified again', () => {
    const onSubmit = { ...samplePolicy, noticeTiming: 'on_submit' as const };
    const told = [
      ...upTo.submitted,
      anEvent('NoticeRequested'),
      anEvent('NoticeAccepted'),
      anEvent('ConsentWindowPassed'),
      anEvent('ReviewStarted'),
    ];
    const asked = [...told, anEvent('LinesRejected'), anEvent('DisputeOpened'), anEvent('DisputeDecided', { outcome: 'ask' })];
    const answered = [...asked, anEvent('InformationRequested', { paused: [] }, times.later), anEvent('EvidenceAdded', {}, times.later)];
    const { events } = given(...answered).when(aCommand('submitClaim', {}), { policy: onSubmit });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimSubmitted', 'NoticeRequested']);
    const approved = given(...answered, events[0]!).when(aCommand('approveClaim', {}), { policy: onSubmit });
    expect(approved.events.map(({ type }) => type)).to.deep.equal(['ReviewStarted', 'LinesApproved', 'NoticeRequested']);
  });
});

describe('A hold at the end of the window', () => {
  const hold = { code: 'workload_already_claimed', severity: 'error' as const, field: 'lines[0].product', line: 1, message: 'Taken.' };
  const held = [
    ...upTo.consent_pending,
    anEvent('LinesMadeOfficial', { lines: [exchange] }),
    anEvent('LinesHeld', { lines: [1], findings: [hold] }),
  ];
  const clear = (lines?: number[]) => aCommand('clearHold', { lines });

  it('is cleared by a reviewer once its cause is gone, and the line is official from then on', () => {
    given(...held)
      .when(clear())
      .then(anEvent('LinesMadeOfficial', { lines: [teams] }, times.later, actors.reviewer));
  });

  it('stays until its cause is gone', () => {
    given(...held)
      .when(clear(), { holders: [rival] })
      .thenFindings({ code: 'hold_not_cleared', severity: 'error', field: null, line: 1 });
  });

  it('can be cleared only while it exists', () => {
    given(...upTo.consent_pending)
      .when(clear())
      .thenRefused('nothing_held');
    given(...held)
      .when(clear([2]))
      .thenRefused('not_in_phase');
  });

  it('does not keep the customer from refusing', () => {
    given(...held)
      .when(optOut({ lines: [1] }))
      .then(declined({ lines: [1] }, times.later));
  });

  it('runs no clock', () => {
    expect(expiredClock(fold(held), '2030-01-01T00:00:00.000Z')).to.equal(null);
    expect(fold(held).lines[0]?.holds).to.deep.equal([hold]);
  });
});

describe("The customer's acceptance", () => {
  const accept = (body = {}) => aCommand('acceptClaim', { isTenantAdmin: true, ...body });
  const accepted = (data = {}) => anEvent('CustomerAccepted', data);

  it('by an administrator makes approved lines official at once', () => {
    given(...upTo.consent_pending)
      .when(accept(), { at: times.supplied })
      .then(accepted(), anEvent('LinesMadeOfficial', { lines: [teams, exchange] }, times.supplied, actors.customer));
  });

  it('by a contact is recorded and closes no window', () => {
    const { then, events } = given(...upTo.consent_pending).when(accept({ isTenantAdmin: false }), { at: times.supplied });
    then(accepted({ isTenantAdmin: false }));
    expect(fold([...upTo.consent_pending, ...events]).clocks.map(({ clock }) => clock)).to.include('K5');
  });

  it('before the approval takes effect with it', () => {
    const told = [...upTo.under_review, anEvent('NoticeRequested'), anEvent('NoticeAccepted')];
    given(...told)
      .when(accept(), { at: times.supplied })
      .then(accepted());
    const { events } = given(...told, accepted()).when(aCommand('approveClaim', {}), { at: times.supplied });
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesApproved', 'LinesMadeOfficial']);
  });

  it('does not bar a later refusal', () => {
    const told = [...upTo.consent_pending, accepted({ isTenantAdmin: false })];
    given(...told)
      .when(optOut(), { at: times.supplied })
      .then(declined());
  });

  it('needs a line of which the customer was notified', () => {
    given(...upTo.under_review)
      .when(accept())
      .thenRefused('customer_not_told');
    given(...upTo.official)
      .when(accept())
      .thenRefused('nothing_to_accept');
  });

  it('is required under opt-in', () => {
    const told = [
      ...upTo.under_review,
      anEvent('LinesApproved'),
      anEvent('NoticeRequested', { consent: 'opt_in' }),
      anEvent('NoticeAccepted'),
    ];
    const { events } = given(...told, accepted({ lines: [2], isTenantAdmin: false })).whenTimePasses(times.later);
    expect(events.map(({ type, at, data }) => [type, at, (data as { reason?: string }).reason ?? null])).to.deep.equal([
      ['LinesRejected', times.windowCloses, 'consent_expired'],
      ['LinesMadeOfficial', times.official, null],
    ]);
  });

  it('does not count from a contact at an unverified mail domain', () => {
    const recipients = [{ ...contactRecipient, canStartWindow: false }, adminRecipient];
    const told = [
      ...upTo.under_review,
      anEvent('LinesApproved'),
      anEvent('NoticeRequested', { consent: 'opt_in', recipients }),
      anEvent('NoticeAccepted', { recipientId: 'recipient-admin' }),
    ];
    const word = (recipientId: string) => accepted({ noticeId: 'notice-1', recipientId, isTenantAdmin: false });
    const reached = (recipientId: string) => {
      const { events } = given(...told, word(recipientId)).whenTimePasses(times.later);
      return fold([...told, word(recipientId), ...events]).lines.map(({ phase }) => phase);
    };
    expect(reached('recipient-contact')).to.deep.equal(['rejected', 'rejected']);
    expect(reached('recipient-admin')).to.deep.equal(['official', 'official']);
  });

  it('must come before the approval, which lapses without it', () => {
    const optIn = anEvent('NoticeRequested', { consent: 'opt_in' });
    const told = [...upTo.under_review, optIn, anEvent('NoticeAccepted')];
    const passed = [...told, ...given(...told).whenTimePasses(times.later).events];
    expect(passed.slice(told.length).flatMap(({ type }) => (type === 'DeadlineBreached' ? [] : [type]))).to.deep.equal([
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

describe('The cool-down after a refusal', () => {
  const policy = (days: number) => ({ ...samplePolicy, clocks: { ...samplePolicy.clocks, coolDownCalendarDays: days } });
  const untils = (history: ClaimEvent[], days: number) => {
    const { events } = given(...history).when(optOut(), { at: times.later, policy: policy(days) });
    return fold(events, fold(history)).lines.map(({ coolDownUntil }) => coolDownUntil);
  };

  it('lasts as long as the programme says, after a refusal and after an end by the customer', () => {
    const end = '2026-03-28T03:59:59.999Z';
    expect(untils(upTo.consent_pending, 7)).to.deep.equal([end, end]);
    expect(untils(upTo.official, 7)).to.deep.equal([end, end]);
  });

  it('does not exist if the programme sets it to zero', () => {
    expect(untils(upTo.consent_pending, 0)).to.deep.equal([null, null]);
    expect(untils(upTo.official, 0)).to.deep.equal([null, null]);
  });
});

describe('The block of a partner', () => {
  it('comes with a refusal, and only the customer can lift it', () => {
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

  it('keeps pending lines from being approved and from becoming official by silence', () => {
    given(...upTo.under_review)
      .when(aCommand('approveClaim', {}), { isBlocked: true })
      .thenRefused('partner_blocked');
    const { events } = given(...upTo.consent_pending).whenTimePasses(times.later, { isBlocked: true });
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesHeld']);
  });
});
