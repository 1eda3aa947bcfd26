import { expect } from 'chai';
import { consequencesOf, fold } from '#libs/claims/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  actors,
  adminRecipient,
  aHolder,
  anEvent,
  contactRecipient,
  someEvidence,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const open = (body = {}) => aCommand('openDispute', { textId: 'text-1', ...body });
const decide = (outcome: 'approve' | 'ask' | 'final', more = {}, actor = actors.secondReviewer) =>
  aCommand('decideDispute', { outcome, ...more }, actor);

describe('a dispute', () => {
  it('is opened with a statement and gives the vendor five business days', () => {
    given(...upTo.rejected)
      .when(open())
      .then(anEvent('DisputeOpened'));
    expect(fold(upTo.disputed).clocks[0]?.deadline.dueAt).to.equal('2026-03-28T03:59:59.999Z');
  });

  it('is opened with new evidence', () => {
    const evidence = someEvidence({ evidenceId: 'evidence-2' });
    given(...upTo.rejected, anEvent('EvidenceAdded', { evidence }, times.later))
      .when(open({ textId: null, evidenceIds: ['evidence-2'] }))
      .then(anEvent('DisputeOpened', { textId: null, evidenceIds: ['evidence-2'] }));
  });

  it('requires a statement or evidence', () => {
    given(...upTo.rejected)
      .when(open({ textId: null }))
      .thenFindings({ code: 'dispute_statement_required', severity: 'error', field: 'statement', line: null });
  });

  it('requires evidence newer than the rejection if it has no statement', () => {
    given(...upTo.rejected)
      .when(open({ textId: null, evidenceIds: ['evidence-1'] }))
      .thenFindings({ code: 'dispute_statement_required', severity: 'error', field: 'evidenceIds', line: null });
    expect(given(...upTo.rejected).when(open({ evidenceIds: ['evidence-1'] })).findings).to.deep.equal([]);
  });

  it('accepts only evidence of its own claim', () => {
    given(...upTo.rejected)
      .when(open({ evidenceIds: ['evidence-9'] }))
      .thenFindings({ code: 'evidence_unknown', severity: 'error', field: 'evidenceIds', line: null });
  });

  it('can be opened until the last millisecond of the thirty days', () => {
    const { events } = given(...upTo.rejected).when(open(), { at: '2026-04-06T03:59:59.999Z' });
    expect(events.map(({ type }) => type)).to.deep.equal(['DisputeOpened']);
  });

  it('can no longer be opened after thirty days', () => {
    given(...upTo.rejected, anEvent('DisputeWindowClosed'))
      .when(open())
      .thenFindings({ code: 'dispute_window_closed', severity: 'error', field: 'lines', line: 1 });
  });

  it('is possible only once', () => {
    given(...upTo.rejected_final)
      .when(open())
      .thenFindings({ code: 'dispute_already_used', severity: 'error', field: 'lines', line: 1 });
  });

  it("is not possible against the customer's refusal", () => {
    given(...upTo.declined)
      .when(open())
      .thenFindings({ code: 'dispute_not_allowed', severity: 'error', field: 'lines', line: 1 });
  });

  it('covers every disputable line if it names none', () => {
    const mixed = [
      ...upTo.consent_pending,
      anEvent('CustomerDeclined', { lines: [1] }),
      anEvent('LinesRejected', { lines: [2], clocks: [aClock('K7', [2], times.decided, 30)] }),
    ];
    given(...mixed)
      .when(open())
      .then(anEvent('DisputeOpened', { lines: [2], clocks: [aClock('K8', [2], times.later, 5)] }));
    given(...mixed)
      .when(open({ lines: [1, 2] }))
      .thenFindings({ code: 'dispute_not_allowed', severity: 'error', field: 'lines', line: 1 });
  });

  it('warns a partner that became the holder after the rejection', () => {
    const [opened] = given(...upTo.rejected).when(open(), { holders: [aHolder()] }).events;
    expect(consequencesOf('claim-1', opened!).map(({ claimId, command }) => [claimId, command.type])).to.deep.equal([
      ['claim-2', 'warnHolder'],
    ]);
  });

  for (const phase of ['draft', 'under_review', 'consent_pending', 'official', 'disputed', 'canceled'] as const) {
    it(`is refused while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(open())
        .thenRefused('not_in_phase');
    });
  }
});

describe('the decision of a dispute', () => {
  it('is reserved for a reviewer other than the one who rejected', () => {
    given(...upTo.disputed)
      .when(decide('final', {}, actors.reviewer))
      .thenRefused('second_reviewer_required');
  });

  it('is open to any reviewer if a clock rejected', () => {
    const byClock = anEvent('LinesRejected', { reason: 'no_partner_response' }, times.decided, actors.system);
    given(...upTo.action_required, byClock, anEvent('DisputeOpened'))
      .when(decide('final', {}, actors.reviewer))
      .then(anEvent('DisputeDecided', {}, times.later, actors.reviewer));
  });

  it('can be final', () => {
    given(...upTo.disputed)
      .when(decide('final', { textId: 'text-2' }))
      .then(anEvent('DisputeDecided', { textId: 'text-2' }));
    expect(fold(upTo.rejected_final).clocks).to.deep.equal([]);
  });

  it('can approve, which notifies the customer', () => {
    given(...upTo.disputed)
      .when(decide('approve'))
      .then(
        anEvent('DisputeDecided', { outcome: 'approve' }),
        anEvent('LinesApproved', {}, times.later, actors.secondReviewer),
        anEvent(
          'NoticeRequested',
          {
            noticeId: 'id-3',
            recipients: [
              { ...contactRecipient, recipientId: 'id-1' },
              { ...adminRecipient, recipientId: 'id-2' },
            ],
          },
          times.later,
          actors.secondReviewer,
        ),
      );
  });

  it('notifies again a customer who was notified before the rejection', () => {
    const notified = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ReviewStarted')];
    const { events } = given(...notified, anEvent('LinesRejected'), anEvent('DisputeOpened')).when(decide('approve'));
    expect(events.map(({ type }) => type)).to.deep.equal(['DisputeDecided', 'LinesApproved', 'NoticeRequested']);
  });

  it('cannot approve a claim without a customer contact', () => {
    const cleared = anEvent('ClaimEdited', { changes: { contacts: { ...aClaim().contacts, customer: null } } });
    given(...upTo.action_required, cleared, anEvent('LinesRejected', { reason: 'no_partner_response' }), anEvent('DisputeOpened'))
      .when(decide('approve'))
      .thenRefused('contact_incomplete', 'contact_incomplete', 'contact_incomplete');
  });

  it('can ask for information', () => {
    given(...upTo.disputed)
      .when(decide('ask', { reasons: ['dates_missing_or_old'], textId: 'text-2' }))
      .then(
        anEvent('DisputeDecided', { outcome: 'ask', textId: 'text-2' }),
        anEvent(
          'InformationRequested',
          {
            requestId: 'id-1',
            reasons: ['dates_missing_or_old'],
            textId: 'text-2',
            clocks: [aClock('K4', [1, 2], times.later, 5)],
            paused: [],
          },
          times.later,
          actors.secondReviewer,
        ),
      );
  });

  it('requires a reason to ask for information', () => {
    given(...upTo.disputed)
      .when(decide('ask'))
      .thenRefused('reason_required');
  });

  it('can cover one line while another stays disputed', () => {
    const state = after(upTo.disputed, decide('final', { lines: [1] }));
    expect(state.lines.map(({ phase }) => phase)).to.deep.equal(['rejected_final', 'disputed']);
    expect(state.clocks.map(({ clock, lines }) => [clock, lines])).to.deep.equal([['K8', [2]]]);
  });

  it('makes a rejection in the following review final', () => {
    const asked = [...upTo.disputed, anEvent('DisputeDecided', { outcome: 'ask' }), anEvent('InformationRequested', { paused: [] })];
    const resubmitted = [...asked, anEvent('ClaimSubmitted', { submission: 2 }), anEvent('ReviewStarted')];
    const state = after(resubmitted, aCommand('rejectClaim', { reason: 'evidence_insufficient' }));
    expect(state.lines.map(({ phase }) => phase)).to.deep.equal(['rejected_final', 'rejected_final']);
  });

  it('is refused when nothing is disputed', () => {
    given(...upTo.rejected)
      .when(decide('final'))
      .thenRefused('not_in_phase');
  });

  it('asks a customer again who accepted before the rejection', () => {
    const accepted = [anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('CustomerAccepted', { isTenantAdmin: true })];
    const { events } = given(...upTo.under_review, ...accepted, anEvent('LinesRejected'), anEvent('DisputeOpened')).when(decide('approve'));
    expect(events.map(({ type }) => type)).to.deep.equal(['DisputeDecided', 'LinesApproved', 'NoticeRequested']);
  });
});
