import { expect } from 'chai';
import { type ClaimEvent, fold, type NoticeDelivery, positionOf } from '#libs/claims/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  aContact,
  actors,
  adminRecipient,
  anEvent,
  contactRecipient,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const at = times.supplied;
const day2 = '2026-03-09T13:30:00.000Z';
const accepted = (recipientId: string, acceptedAt = times.delivered): NoticeDelivery => ({ recipientId, outcome: 'accepted', acceptedAt });
const failed = (recipientId: string): NoticeDelivery => ({ recipientId, outcome: 'failed', reason: '550 no such mailbox' });
const deliver = (...results: NoticeDelivery[]) => aCommand('recordNoticeDelivery', { noticeId: 'notice-1', results });
const bounce = (recipientId: string) => aCommand('reportBounce', { noticeId: 'notice-1', recipientId });
const adminAccepted = (data = {}, when = times.delivered) =>
  anEvent('NoticeAccepted', { recipientId: 'recipient-admin', clocks: [], ...data }, when);
const bounced = (data = {}) => anEvent('NoticeBounced', data, at);
const windowOf = (history: ClaimEvent[]) =>
  fold(history)
    .clocks.filter(({ clock }) => clock === 'K5')
    .map(({ deadline }) => deadline.dueAt);
const closesAt = (history: ClaimEvent[]) => fold(history).notices[0]?.closesAt;

describe('a notice', () => {
  it('starts the window of five business days on the local date when the mail server accepts it', () => {
    given(...upTo.approved)
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted'));
    expect(windowOf(upTo.consent_pending)).to.deep.equal([times.windowCloses]);
    expect(closesAt(upTo.consent_pending)).to.equal(times.windowCloses);
  });

  it('starts the window only once, at the first acceptance that counts', () => {
    given(...upTo.approved)
      .when(deliver(accepted('recipient-contact'), accepted('recipient-admin', day2)), { at })
      .then(anEvent('NoticeAccepted'), adminAccepted({}, day2));
    given(...upTo.consent_pending)
      .when(deliver(accepted('recipient-admin', day2)), { at })
      .then(adminAccepted({}, day2));
    expect(windowOf([...upTo.consent_pending, adminAccepted({}, day2)])).to.deep.equal([times.windowCloses]);
    expect(closesAt([...upTo.consent_pending, adminAccepted({}, day2)])).to.equal(times.windowCloses);
  });

  it('does not start the window when it reaches a contact at an unverified domain', () => {
    const recipients = [{ ...contactRecipient, canStartWindow: false }, adminRecipient];
    const history = [...upTo.under_review, anEvent('LinesApproved'), anEvent('NoticeRequested', { recipients })];
    given(...history)
      .when(deliver(accepted('recipient-contact'), accepted('recipient-admin', day2)), { at })
      .then(anEvent('NoticeAccepted', { clocks: [] }), adminAccepted({ clocks: [aClock('K5', [1, 2], day2, 5)] }, day2));
  });

  it('records which recipients it could not reach', () => {
    given(...upTo.approved)
      .when(deliver(failed('recipient-contact'), accepted('recipient-admin')), { at })
      .then(anEvent('NoticeFailed', {}, at), adminAccepted({ clocks: [aClock('K5', [1, 2], times.delivered, 5)] }));
  });

  it('runs no clock until it has reached a recipient', () => {
    const history = [...upTo.approved, anEvent('NoticeFailed'), anEvent('NoticeFailed', { recipientId: 'recipient-admin' })];
    expect(fold(history).clocks).to.deep.equal([]);
    given(...history)
      .whenTimePasses('2027-01-01T00:00:00.000Z')
      .thenNothing();
  });

  it('records the delivery to each recipient once', () => {
    given(...upTo.consent_pending)
      .when(deliver(accepted('recipient-contact', day2)), { at })
      .thenNothing();
  });

  it('starts no window for lines that were withdrawn in the meantime', () => {
    given(...upTo.approved, anEvent('ClaimWithdrawn', { lines: [1] }))
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted', { clocks: [aClock('K5', [2], times.delivered, 5)] }));
    given(...upTo.approved, anEvent('ClaimWithdrawn'))
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted', { clocks: [] }));
  });

  it('cannot be recorded as delivered if the claim has no such notice', () => {
    given(...upTo.approved)
      .when(aCommand('recordNoticeDelivery', { noticeId: 'notice-9', results: [] }))
      .thenFindings({ code: 'notice_unknown', severity: 'error', field: 'noticeId', line: null });
  });
});

describe('deliveries recorded together', () => {
  it('start the window with the earliest acceptance, in whatever order they arrive', () => {
    const accepted = (recipientId: string, acceptedAt: string) => ({ recipientId, outcome: 'accepted' as const, acceptedAt });
    const results = [accepted('recipient-contact', '2026-03-07T06:00:00.000Z'), accepted('recipient-admin', times.delivered)];
    const { events } = given(...upTo.approved).when(aCommand('recordNoticeDelivery', { noticeId: 'notice-1', results }), {
      at: times.supplied,
    });
    expect(events.map((event) => event.type === 'NoticeAccepted' && [event.at, event.data.clocks])).to.deep.equal([
      ['2026-03-07T06:00:00.000Z', []],
      [times.delivered, [aClock('K5', [1, 2], times.delivered, 5)]],
    ]);
  });
});

describe('a corrected address', () => {
  const contacts = { ...aClaim().contacts, customer: aContact('person-new', 'contoso.example') };
  const correct = aCommand('editClaim', { changes: { contacts } });
  const unreached = [...upTo.approved, anEvent('NoticeFailed'), anEvent('NoticeFailed', { recipientId: 'recipient-admin' })];

  it('gets a new notice at once if the previous notice has failed', () => {
    given(...unreached)
      .when(correct, { at })
      .then(
        anEvent('ClaimEdited', { changes: { contacts } }),
        anEvent(
          'NoticeRequested',
          {
            noticeId: 'id-3',
            recipients: [
              { ...contactRecipient, recipientId: 'id-1', personId: 'person-new' },
              { ...adminRecipient, recipientId: 'id-2' },
            ],
          },
          at,
          actors.partner,
        ),
      );
  });

  it('replaces the earlier notice, whose late acceptance starts no window', () => {
    const renewed = [...upTo.approved, anEvent('NoticeRequested', { noticeId: 'notice-2' })];
    expect(positionOf(fold(renewed)).noticesToSend).to.deep.equal(['notice-2']);
    given(...renewed)
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted', { clocks: [] }));
  });

  it('gets no notice while the claim is on hold because of it', () => {
    const notified = [...upTo.submitted, anEvent('NoticeRequested'), ...unreached.slice(-2)];
    const foreignContacts = { ...contacts, customer: aContact('person-new', 'fabrikam.example') };
    const edited = given(...notified).when(aCommand('editClaim', { changes: { contacts: foreignContacts } }), { at }).events;
    given(...notified, ...edited)
      .when(aCommand('resendNotice', {}), { at })
      .thenRefused('hold_not_cleared');
    expect(given(...notified).when(aCommand('resendNotice', {}), { at }).events).to.have.length(1);
  });

  it('gets the notice while the window runs, without moving the deadline', () => {
    const added = anEvent('NoticeRecipientAdded', {
      recipient: { ...contactRecipient, recipientId: 'id-1', personId: 'person-new' },
    });
    given(...upTo.consent_pending)
      .when(correct, { at })
      .then(anEvent('ClaimEdited', { changes: { contacts } }), added);
    const notified = [...upTo.consent_pending, added];
    expect(positionOf(fold(notified)).noticesToSend).to.deep.equal(['notice-1']);
    const { events } = given(...notified).when(deliver(accepted('id-1')), { at });
    expect(events.map((event) => event.type === 'NoticeAccepted' && event.data.clocks)).to.deep.equal([[]]);
    expect(closesAt([...notified, ...events])).to.equal(times.windowCloses);
  });

  it('is only recorded once the window has passed', () => {
    given(...upTo.consent_pending, anEvent('LinesHeld'))
      .when(correct, { at })
      .then(anEvent('ClaimEdited', { changes: { contacts } }));
  });
});

describe('a bounce', () => {
  it('voids the window if its mail had started it', () => {
    given(...upTo.consent_pending)
      .when(bounce('recipient-contact'), { at })
      .then(bounced());
    const history = [...upTo.consent_pending, bounced()];
    expect(windowOf(history)).to.deep.equal([]);
    expect(closesAt(history)).to.equal(null);
  });

  it('restarts the window at the next acceptance that counts', () => {
    const clocks = [aClock('K5', [1, 2], day2, 5)];
    const both = [...upTo.consent_pending, adminAccepted({}, day2)];
    given(...both)
      .when(bounce('recipient-contact'), { at })
      .then(bounced({ clocks }));
    expect(windowOf([...both, bounced({ clocks })])).to.deep.equal(['2026-03-17T03:59:59.999Z']);
    expect(closesAt([...both, bounced({ clocks })])).to.equal('2026-03-17T03:59:59.999Z');
  });

  it('leaves the window unchanged if its mail had not started it', () => {
    const both = [...upTo.consent_pending, adminAccepted({}, day2)];
    const state = after(both, bounce('recipient-admin'), { at });
    expect(state.clocks).to.deep.equal(fold(both).clocks);
    expect(state.notices[0]?.closesAt).to.equal(times.windowCloses);
    expect(state.notices[0]?.recipients.map((recipient) => recipient.state)).to.deep.equal(['accepted', 'bounced']);
  });

  it('is followed by a new window when the next mail is accepted', () => {
    const onlyAdminPending = [...upTo.consent_pending, bounced()];
    given(...onlyAdminPending)
      .when(deliver(accepted('recipient-admin', day2)), { at })
      .then(adminAccepted({ clocks: [aClock('K5', [1, 2], day2, 5)] }, day2));
  });

  describe('during the review', () => {
    const notified = [
      ...upTo.submitted,
      anEvent('NoticeRequested'),
      anEvent('NoticeAccepted'),
      adminAccepted({}, day2),
      anEvent('ReviewStarted'),
    ];

    it('moves the start of the window to the other acceptance', () => {
      given(...notified)
        .when(bounce('recipient-contact'), { at })
        .then(bounced({ clocks: [aClock('K5', [1, 2], day2, 5)] }));
    });

    it('does not reopen a passed window if its mail had not started it', () => {
      const passed = [...notified, anEvent('ConsentWindowPassed')];
      const state = after(passed, bounce('recipient-admin'));
      expect(state.lines.map(({ isWindowPassed }) => isWindowPassed)).to.deep.equal([true, true]);
    });

    it('reopens a passed window if no other mail had arrived', () => {
      const onlyContact = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ConsentWindowPassed')];
      const state = after(onlyContact, bounce('recipient-contact'));
      expect(state.lines.map(({ isWindowPassed }) => isWindowPassed)).to.deep.equal([false, false]);
    });

    it('does not reopen a window that has also passed by the other acceptance', () => {
      const state = after([...notified, anEvent('ConsentWindowPassed')], bounce('recipient-contact'), { at: times.later });
      expect(state.lines.map(({ isWindowPassed }) => isWindowPassed)).to.deep.equal([true, true]);
      expect(state.clocks.filter(({ clock }) => clock === 'K5')).to.deep.equal([]);
    });
  });

  it('has no effect before an acceptance or for a second time', () => {
    given(...upTo.approved)
      .when(bounce('recipient-contact'))
      .thenNothing();
    given(...upTo.consent_pending, bounced())
      .when(bounce('recipient-contact'))
      .thenNothing();
  });

  it('of a replaced notice leaves the window of the new notice unchanged', () => {
    const renewed = [
      ...upTo.consent_pending,
      bounced(),
      anEvent('NoticeAccepted', { recipientId: 'recipient-admin', clocks: [] }, day2),
      anEvent('NoticeRequested', { noticeId: 'notice-2', recipients: [{ ...contactRecipient, recipientId: 'recipient-new' }] }, day2),
      anEvent('NoticeAccepted', { noticeId: 'notice-2', recipientId: 'recipient-new', clocks: [aClock('K5', [1, 2], day2, 5)] }, day2),
    ];
    expect(windowOf([...renewed, bounced({ recipientId: 'recipient-admin' })])).to.deep.equal(['2026-03-17T03:59:59.999Z']);
  });

  it('is refused for an unknown recipient', () => {
    given(...upTo.consent_pending)
      .when(bounce('recipient-x'))
      .thenFindings({ code: 'recipient_unknown', severity: 'error', field: 'recipientId', line: null });
  });

  it('leaves official lines unchanged', () => {
    const state = after(upTo.official, bounce('recipient-contact'));
    expect(state.lines).to.deep.equal(fold(upTo.official).lines);
  });

  it('returns a held line to the customer if no other mail had arrived', () => {
    const held = [...upTo.consent_pending, anEvent('LinesHeld', { findings: [finding] })];
    const state = after(held, bounce('recipient-contact'));
    expect(state.lines.map(({ holds, isWindowPassed }) => [holds.length, isWindowPassed])).to.deep.equal([
      [0, false],
      [0, false],
    ]);
  });
});

const finding = { code: 'subscription_state', severity: 'error' as const, field: null, line: null, message: 'It is suspended.' };
