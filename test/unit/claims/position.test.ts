import { expect } from 'chai';
import { type ClaimEvent, fold, positionOf, type Waiting } from '#libs/claims/index.js';
import { aClaim, aClock, aCommand, aLine, anEvent, contactRecipient, times, upTo } from '../../support/claim-builders.js';
import { after } from '../../support/claim-specification.js';

const waitingOf = (history: ClaimEvent[]) =>
  positionOf(fold(history)).waiting.map(({ for: what, mover, lines, since, until }) => [what, mover, lines, since, until]);
const hold = { code: 'subscription_state', severity: 'error' as const, field: null, line: null, message: 'It is suspended.' };
const due = {
  review: '2026-03-10T03:59:59.999Z',
  decision: '2026-03-12T03:59:59.999Z',
  answer: '2026-03-14T03:59:59.999Z',
  dispute: '2026-04-06T03:59:59.999Z',
  disputeDecision: '2026-03-28T03:59:59.999Z',
};

describe('the position of a claim', () => {
  const unreached = [...upTo.approved, anEvent('NoticeFailed'), anEvent('NoticeFailed', { recipientId: 'recipient-admin' })];
  const waits: [string, ClaimEvent[], [Waiting['for'], Waiting['mover'], string, string | null] | null][] = [
    ['a draft', upTo.draft, null],
    ['a submitted claim', upTo.submitted, ['review', 'reviewer', times.submitted, due.review]],
    ['a claim under review', upTo.under_review, ['decision', 'reviewer', times.reviewBegun, due.decision]],
    ['a claim with an open question', upTo.action_required, ['answer', 'partner', times.decided, due.answer]],
    ['an approved claim whose mail is on its way', upTo.approved, ['notice_delivery', 'system', times.decided, null]],
    ['an approved claim whose mail failed', unreached, ['corrected_address', 'partner', times.decided, null]],
    ['a claim in its window', upTo.consent_pending, ['customer', 'customer', times.decided, times.windowCloses]],
    ['a held claim', [...upTo.consent_pending, anEvent('LinesHeld', { findings: [hold] })], ['hold', 'reviewer', times.decided, null]],
    ['an official claim', upTo.official, null],
    ['an ended claim', upTo.ended, null],
    ['a rejected claim', upTo.rejected, ['dispute', 'partner', times.decided, due.dispute]],
    ['a rejected claim past its dispute window', [...upTo.rejected, anEvent('DisputeWindowClosed')], null],
    ['a disputed claim', upTo.disputed, ['dispute_decision', 'reviewer', times.later, due.disputeDecision]],
    ['a finally rejected claim', upTo.rejected_final, null],
    ['a declined claim', upTo.declined, null],
    ['a withdrawn claim', upTo.canceled, null],
  ];
  for (const [name, history, wait] of waits) {
    it(`of ${name} is ${wait === null ? 'closed' : `open and waits for the ${wait[1]} (${wait[0]})`}`, () => {
      expect(waitingOf(history)).to.deep.equal(wait === null ? [] : [[wait[0], wait[1], [1, 2], wait[2], wait[3]]]);
      expect(positionOf(fold(history)).isOpen).to.equal(wait !== null);
    });
  }

  it('names the next alarm', () => {
    expect(positionOf(fold(upTo.submitted)).alarm).to.deep.equal({ clock: 'K1', at: due.review, needsDirectory: false });
    expect(positionOf(fold(upTo.consent_pending)).alarm).to.deep.equal({ clock: 'K5', at: times.windowCloses, needsDirectory: true });
    expect(positionOf(fold(upTo.official)).alarm).to.equal(null);
  });

  it('does not need the directory for a window that passes before approval', () => {
    const { alarm } = positionOf(
      fold([
        ...upTo.submitted,
        anEvent('ReviewStarted', { clocks: [] }),
        anEvent('NoticeRequested'),
        anEvent('NoticeAccepted'),
        anEvent('DeadlineBreached', { clock: 'K3', dueAt: '2026-03-17T03:59:59.999Z' }),
      ]),
    );
    expect(alarm).to.deep.equal({ clock: 'K5', at: times.windowCloses, needsDirectory: false });
  });

  it('still shows a breached deadline but sets no alarm for it', () => {
    const breached = [...upTo.submitted, anEvent('DeadlineBreached')];
    expect(waitingOf(breached)).to.deep.equal([['review', 'reviewer', [1, 2], times.submitted, due.review]]);
    expect(positionOf(fold(breached)).alarm?.clock).to.equal('K3');
  });

  it('lists lines that wait for different things separately', () => {
    const mixed = [...upTo.submitted, anEvent('ReviewStarted', { lines: [1], clocks: [aClock('K2', [1], times.reviewBegun, 5)] })];
    expect(waitingOf(mixed)).to.deep.equal([
      ['review', 'reviewer', [2], times.submitted, due.review],
      ['decision', 'reviewer', [1], times.reviewBegun, due.decision],
    ]);
  });

  it('lists windows that close at different times separately', () => {
    const second = '2026-03-09T15:00:00.000Z';
    const mixed = [
      ...upTo.under_review,
      anEvent('LinesApproved', { lines: [1] }),
      anEvent('NoticeRequested', { lines: [1], recipients: [contactRecipient] }),
      anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.delivered, 5)] }),
      anEvent('LinesApproved', { lines: [2] }, second),
      anEvent('NoticeRequested', { noticeId: 'notice-2', lines: [2], recipients: [contactRecipient] }, second),
      anEvent('NoticeAccepted', { noticeId: 'notice-2', clocks: [aClock('K5', [2], second, 5)] }, second),
    ];
    expect(waitingOf(mixed)).to.deep.equal([
      ['customer', 'customer', [1], times.decided, times.windowCloses],
      ['customer', 'customer', [2], second, '2026-03-17T03:59:59.999Z'],
    ]);
  });

  it('gives an added product the deadline of the lines it joins', () => {
    const lines = [...aClaim().lines, aLine(3, 'sharepoint')];
    const state = after(upTo.submitted, aCommand('editClaim', { changes: { lines } }), { at: times.reviewBegun });
    expect(positionOf(state).waiting).to.deep.equal([
      { for: 'review', mover: 'reviewer', lines: [1, 2, 3], since: times.submitted, until: due.review },
    ]);
  });

  it('names the notices that still have mail to send, while their lines are undecided', () => {
    const sent = (...events: ClaimEvent[]) => positionOf(fold([...upTo.approved, ...events])).noticesToSend;
    expect(sent()).to.deep.equal(['notice-1']);
    expect(sent(anEvent('NoticeAccepted'))).to.deep.equal(['notice-1']);
    expect(sent(anEvent('NoticeAccepted'), anEvent('NoticeFailed', { recipientId: 'recipient-admin' }))).to.deep.equal([]);
    expect(sent(anEvent('ClaimWithdrawn'))).to.deep.equal([]);
    expect(sent(anEvent('CustomerDeclined'))).to.deep.equal([]);
  });

  it('has the phase that comes first in the roll-up', () => {
    const declinedOne = [...upTo.consent_pending, anEvent('CustomerDeclined', { lines: [1] })];
    expect(positionOf(fold(declinedOne)).phase).to.equal('consent_pending');
    const mixed = [...upTo.under_review, anEvent('LinesRejected', { lines: [1] }), anEvent('InformationRequested', { lines: [2] })];
    expect(positionOf(fold(mixed)).phase).to.equal('action_required');
    expect(positionOf(fold([...upTo.rejected, anEvent('DisputeOpened', { lines: [2] })])).phase).to.equal('disputed');
  });

  it('counts events and submissions', () => {
    expect(positionOf(fold(upTo.submitted))).to.deep.include({ version: 3, submission: 1 });
    expect(positionOf(fold(upTo.submitted)).lines).to.deep.equal([
      { line: 1, phase: 'submitted' },
      { line: 2, phase: 'submitted' },
    ]);
  });
});

describe('an event of a later version', () => {
  it('raises the claim’s version and changes nothing else', () => {
    const unknown = { ...anEvent('CommentAdded'), type: 'ClaimTransferred', data: { to: '4012346' } } as unknown as ClaimEvent;
    for (const history of Object.values(upTo)) {
      const before = fold(history);
      expect(fold([unknown], before)).to.deep.equal({ ...before, version: before.version + 1 });
    }
  });
});
