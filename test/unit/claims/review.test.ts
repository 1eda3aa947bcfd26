import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  actors,
  adminRecipient,
  anEvent,
  contactRecipient,
  ids,
  officialLine,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const at = times.decided;
const notice = anEvent('NoticeRequested', {
  noticeId: 'id-3',
  recipients: [
    { ...contactRecipient, recipientId: 'id-1' },
    { ...adminRecipient, recipientId: 'id-2' },
  ],
});
const begunAtDecision = (days = 5) => anEvent('ReviewStarted', { clocks: [aClock('K2', [1, 2], at, days)] }, at);

describe('starting a review', () => {
  it('starts the decision clock', () => {
    given(...upTo.submitted)
      .when(aCommand('startReview', {}), { at: times.reviewBegun })
      .then(anEvent('ReviewStarted'));
  });

  it('can cover only some lines', () => {
    given(...upTo.submitted)
      .when(aCommand('startReview', { lines: [2] }), { at: times.reviewBegun })
      .then(anEvent('ReviewStarted', { lines: [2], clocks: [aClock('K2', [2], times.reviewBegun, 5)] }));
  });

  it('is refused for a line that does not exist', () => {
    given(...upTo.submitted)
      .when(aCommand('startReview', { lines: [3] }))
      .thenFindings({ code: 'line_unknown', severity: 'error', field: 'lines', line: 3 });
  });

  it('is refused for a line already under review', () => {
    given(...upTo.submitted, anEvent('ReviewStarted', { lines: [1] }))
      .when(aCommand('startReview', { lines: [1, 2] }))
      .thenFindings({ code: 'not_in_phase', severity: 'error', field: 'lines', line: 1 });
  });

  it('is refused on a draft', () => {
    given(...upTo.draft)
      .when(aCommand('startReview', {}))
      .thenRefused('not_in_phase');
  });
});

describe('self-review', () => {
  const forPartner = { ...actors.reviewer, actsFor: [ids.account] };
  const hasSubmitted = { ...actors.reviewer, subject: actors.partner.subject };
  const held = [...upTo.consent_pending, anEvent('LinesHeld')];
  const commands = {
    startReview: [upTo.submitted, {}],
    requestInformation: [upTo.under_review, { reasons: ['acknowledgement_missing'] }],
    approveClaim: [upTo.under_review, {}],
    rejectClaim: [upTo.under_review, { reason: 'evidence_insufficient' }],
    clearHold: [held, {}],
    decideDispute: [upTo.disputed, { outcome: 'final' }],
  } as const;
  for (const [type, [history, body]] of Object.entries(commands)) {
    it(`is refused for ${type} by a reviewer who acts for the partner`, () => {
      given(...history)
        .when(aCommand(type as keyof typeof commands, body as never, forPartner))
        .thenRefused('self_review_forbidden');
    });

    it(`is refused for ${type} by a reviewer who has acted on the claim for the partner`, () => {
      given(...history)
        .when(aCommand(type as keyof typeof commands, body as never, hasSubmitted))
        .thenRefused('self_review_forbidden');
    });
  }
});

describe('a rejection for lost arbitration', () => {
  const lost = aCommand('rejectClaim', { lines: [1], reason: 'lost_arbitration' });

  it('requires a decision record', () => {
    given(...upTo.under_review)
      .when(lost)
      .thenRefused('decision_record_required');
  });
});

describe('a request for information', () => {
  const ask = (reasons: string[], more = {}) => aCommand('requestInformation', { reasons, ...more });

  for (const reason of [
    'evidence_all_missing',
    'acknowledgement_missing',
    'dates_missing_or_old',
    'service_description_missing',
    'evidence_products_missing',
  ]) {
    it(`with ${reason} pauses the review and gives the partner five business days`, () => {
      given(...upTo.under_review)
        .when(ask([reason]), { at })
        .then(anEvent('InformationRequested', { requestId: 'id-1', reasons: [reason] }));
    });
  }

  it('can have several reasons, a text and suggested products to drop', () => {
    given(...upTo.under_review)
      .when(ask(['acknowledgement_missing', 'evidence_products_missing'], { textId: 'text-1', suggestedDrops: [2] }), { at })
      .then(
        anEvent('InformationRequested', {
          requestId: 'id-1',
          reasons: ['acknowledgement_missing', 'evidence_products_missing'],
          textId: 'text-1',
          suggestedDrops: [2],
        }),
      );
  });

  it('requires a reason', () => {
    given(...upTo.under_review)
      .when(ask([]))
      .thenFindings({ code: 'reason_required', severity: 'error', field: 'reasons', line: null });
  });

  it('requires reasons from the programme', () => {
    given(...upTo.under_review)
      .when(ask(['acknowledgement_missing', 'because']))
      .thenFindings({ code: 'reason_unknown', severity: 'error', field: 'reasons', line: null });
  });

  it('starts a review that had not started', () => {
    const paused = [
      { clock: 'K2' as const, lines: [1, 2], remainingDays: 5 },
      { clock: 'K3' as const, lines: [1, 2], remainingDays: 6 },
    ];
    given(...upTo.submitted)
      .when(ask(['acknowledgement_missing']), { at })
      .then(begunAtDecision(), anEvent('InformationRequested', { requestId: 'id-1', paused }));
  });

  it('is refused once the claim is approved', () => {
    given(...upTo.approved)
      .when(ask(['acknowledgement_missing']))
      .thenRefused('not_in_phase');
  });
});

describe('an approval', () => {
  const approve = aCommand('approveClaim', {});

  it("notifies the customer's contact and the tenant's admins", () => {
    given(...upTo.under_review)
      .when(approve, { at })
      .then(anEvent('LinesApproved'), notice);
  });

  it('starts a review that had not started', () => {
    given(...upTo.submitted)
      .when(approve, { at })
      .then(begunAtDecision(), anEvent('LinesApproved'), notice);
  });

  it('notifies the customer only of the approved lines', () => {
    const { events } = given(...upTo.under_review).when(aCommand('approveClaim', { lines: [2], textId: 'text-1' }), { at });
    expect(events).to.deep.equal([
      anEvent('LinesApproved', { lines: [2], textId: 'text-1' }),
      { ...notice, data: { ...notice.data, lines: [2] } },
    ]);
  });

  it("notifies in the tenant's language, and a contact at an unverified domain cannot start the window", () => {
    const foreignContact = anEvent('ClaimEdited', {
      changes: {
        contacts: { ...aClaim().contacts, customer: { personId: 'person-customer', emailDomain: 'fabrikam.example', missingFields: [] } },
      },
    });
    const { events } = given(...upTo.submitted, foreignContact, anEvent('ReviewStarted')).when(approve, {
      facts: someFacts({ tenant: { language: 'ru', admins: [] } }),
    });
    const requested = events.find((event) => event.type === 'NoticeRequested');
    expect(requested?.type === 'NoticeRequested' && requested.data).to.deep.equal({
      noticeId: 'id-2',
      lines: [1, 2],
      recipients: [{ ...contactRecipient, recipientId: 'id-1', canStartWindow: false }],
      language: 'ru',
      consent: 'opt_out',
    });
  });

  it('starts no clock before the mail server accepts a mail', () => {
    expect(given(...upTo.approved).state.clocks).to.deep.equal([]);
  });

  it('makes lines official at once if their window has already passed', () => {
    const passed = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ConsentWindowPassed')];
    given(...passed, anEvent('ReviewStarted'))
      .when(approve)
      .then(
        anEvent('LinesApproved', {}, times.later),
        anEvent(
          'LinesMadeOfficial',
          {
            lines: [officialLine(1, 'id-1', `workload:${ids.tenant}:teams`), officialLine(2, 'id-2', `workload:${ids.tenant}:exchange`)],
          },
          times.later,
          actors.reviewer,
        ),
      );
  });

  it('does not restart a running window', () => {
    given(...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ReviewStarted'))
      .when(approve, { at })
      .then(anEvent('LinesApproved'));
  });

  describe('of a held claim', () => {
    const hold = (code: string, line: number | null = null) => ({
      code,
      severity: 'hold' as const,
      field: null,
      line,
      message: 'Look here.',
    });
    const held = (...holds: ReturnType<typeof hold>[]) => [
      ...upTo.draft,
      anEvent('ClaimSubmitted', { findings: holds }),
      anEvent('ReviewStarted'),
    ];

    it('is refused until the hold is cleared', () => {
      given(...held(hold('contact_domain_mismatch')))
        .when(approve)
        .thenFindings({ code: 'hold_not_cleared', severity: 'error', field: 'clearedHolds', line: null });
    });

    it('is refused until every hold is cleared', () => {
      given(...held(hold('contact_domain_mismatch'), hold('evidence_mismatch')))
        .when(aCommand('approveClaim', { clearedHolds: ['contact_domain_mismatch'] }))
        .thenRefused('hold_not_cleared');
    });

    it('proceeds once the hold is cleared and records which holds were', () => {
      const clearedHolds = ['contact_domain_mismatch'];
      given(...held(hold('contact_domain_mismatch')))
        .when(aCommand('approveClaim', { clearedHolds }), { at })
        .then(anEvent('LinesApproved', { clearedHolds }), notice);
    });

    it('is blocked by a hold on a line only if it covers that line', () => {
      const history = held(hold('evidence_mismatch', 2));
      expect(given(...history).when(aCommand('approveClaim', { lines: [1] })).findings).to.deep.equal([]);
      given(...history)
        .when(aCommand('approveClaim', { lines: [2] }))
        .thenFindings({ code: 'hold_not_cleared', severity: 'error', field: 'clearedHolds', line: 2 });
    });

    it('also requires the hold to be cleared if it decides a dispute', () => {
      const history = [...held(hold('contact_domain_mismatch')), anEvent('LinesRejected'), anEvent('DisputeOpened')];
      given(...history)
        .when(aCommand('decideDispute', { outcome: 'approve' }))
        .thenRefused('hold_not_cleared');
      const clearedHolds = ['contact_domain_mismatch'];
      const { events } = given(...history).when(aCommand('decideDispute', { outcome: 'approve', clearedHolds }));
      expect(events[1]).to.deep.equal(anEvent('LinesApproved', { clearedHolds }, times.later, actors.secondReviewer));
    });
  });

  for (const phase of ['draft', 'action_required', 'consent_pending', 'official', 'rejected', 'canceled'] as const) {
    it(`is refused while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(approve)
        .thenRefused('not_in_phase');
    });
  }
});

describe('a rejection', () => {
  const reject = (reason: string, more = {}) => aCommand('rejectClaim', { reason, ...more });

  for (const { code, givenBy } of samplePolicy.rejectionReasons.filter((reason) => reason.code !== 'lost_arbitration')) {
    it(`${givenBy === 'reviewer' ? 'can' : 'cannot'} have the reason ${code}`, () => {
      const outcome = given(...upTo.under_review).when(reject(code), { at });
      if (givenBy === 'reviewer') outcome.then(anEvent('LinesRejected', { reason: code }));
      else outcome.thenFindings({ code: 'reason_unknown', severity: 'error', field: 'reason', line: null });
    });
  }

  it('can be disputed for thirty calendar days', () => {
    const [clock] = given(...upTo.rejected).state.clocks;
    expect([clock?.clock, clock?.deadline.dueAt]).to.deep.equal(['K7', '2026-04-06T03:59:59.999Z']);
  });

  it('starts a review that had not started', () => {
    given(...upTo.submitted)
      .when(reject('evidence_unavailable', { lines: [1] }), { at })
      .then(
        anEvent('ReviewStarted', { lines: [1], clocks: [aClock('K2', [1], at, 5)] }, at),
        anEvent('LinesRejected', { lines: [1], reason: 'evidence_unavailable', clocks: [aClock('K7', [1], at, 30)] }),
      );
  });

  it('is final for lines whose dispute was used, and disputable for the others', () => {
    const history = [
      ...upTo.under_review,
      anEvent('LinesRejected', { lines: [1], clocks: [aClock('K7', [1], times.decided, 30)] }),
      anEvent('DisputeOpened', { lines: [1] }),
      anEvent('DisputeDecided', { lines: [1], outcome: 'ask' }),
      anEvent('InformationRequested', { lines: [1], paused: [], clocks: [] }),
      anEvent('ClaimSubmitted', { submission: 2, lines: [1] }),
    ];
    given(...history)
      .when(reject('evidence_insufficient'))
      .then(
        anEvent('ReviewStarted', { lines: [1], clocks: [aClock('K2', [1], times.later, 5)] }, times.later),
        anEvent('LinesRejected', { lines: [2], clocks: [aClock('K7', [2], times.later, 30)] }, times.later),
        anEvent('LinesRejected', { lines: [1], isFinal: true, clocks: [] }, times.later),
      );
  });

  it('is refused once the claim is approved', () => {
    given(...upTo.approved)
      .when(reject('evidence_insufficient'))
      .thenRefused('not_in_phase');
  });
});

describe('the sample claim of the tests', () => {
  it('has the history that the rules produce', () => {
    const draft = aCommand('draftClaim', { number: 'CLM-000001', partnerAccountId: ids.account, details: aClaim() });
    given().when(draft, { at: times.drafted }).then(upTo.draft[0]!);
    const approved = after(upTo.under_review, aCommand('approveClaim', {}), { at });
    expect(approved.lines.map(({ phase, isApproved }) => [phase, isApproved])).to.deep.equal([
      ['consent_pending', true],
      ['consent_pending', true],
    ]);
  });
});
