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

describe('A notice', () => {
  it('starts the window with its acceptance by the mail server: five business days by the local date', () => {
    given(...upTo.approved)
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted'));
    expect(windowOf(upTo.consent_pending)).to.deep.equal([times.windowCloses]);
    expect(closesAt(upTo.consent_pending)).to.equal(times.windowCloses);
  });

  it('starts the window once, with the first acceptance that counts', () => {
    given(...upTo.approved)
      .when(deliver(accepted('recipient-contact'), accepted('recipient-admin', day2)), { at })
      .then(anEvent('NoticeAccepted'), adminAccepted({}, day2));
    given(...upTo.consent_pending)
      .when(deliver(accepted('recipient-admin', day2)), { at })
      .then(adminAccepted({}, day2));
    expect(windowOf([...upTo.consent_pending, adminAccepted({}, day2)])).to.deep.equal([times.windowCloses]);
    expect(closesAt([...upTo.consent_pending, adminAccepted({}, day2)])).to.equal(times.windowCloses);
  });

  it('does not start the window through a contact whose domain is not verified', () => {
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

  it('runs no clock until it has reached somebody', () => {
    const history = [...upTo.approved, anEvent('NoticeFailed'), anEvent('NoticeFailed', { recipientId: 'recipient-admin' })];
    expect(fold(history).clocks).to.deep.equal([]);
    given(...history)
      .whenTimePasses('2027-01-01T00:00:00.000Z')
      .thenNothing();
  });

  it('records the delivery to a recipient once', () => {
    given(...upTo.consent_pending)
      .when(deliver(accepted('recipient-contact', day2)), { at })
      .thenNothing();
  });

  it('starts no window for lines withdrawn in the meantime', () => {
    given(...upTo.approved, anEvent('ClaimWithdrawn', { lines: [1] }))
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted', { clocks: [aClock('K5', [2], times.delivered, 5)] }));
    given(...upTo.approved, anEvent('ClaimWithdrawn'))
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted', { clocks: [] }));
  });

  it('is refused when the claim has no such notice', () => {
    given(...upTo.approved)
      .when(aCommand('recordNoticeDelivery', { noticeId: 'notice-9', results: [] }))
      .thenFindings({ code: 'notice_unknown', severity: 'error', field: 'noticeId', line: null });
  });
});

describe('Deliveries that are recorded together', () => {
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

describe('A corrected address', () => {
  const contacts = { ...aClaim().contacts, customer: aContact('person-new', 'contoso.example') };
  const correct = aCommand('editClaim', { changes: { contacts } });
  const unreached = [...upTo.approved, anEvent('NoticeFailed'), anEvent('NoticeFailed', { recipientId: 'recipient-admin' })];

  it('is written to at once when the notice has reached nobody', () => {
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

  it('makes the earlier notice pointless: its late acceptance starts nothing', () => {
    const renewed = [...upTo.approved, anEvent('NoticeRequested', { noticeId: 'notice-2' })];
    expect(positionOf(fold(renewed)).noticesToSend).to.deep.equal(['notice-2']);
    given(...renewed)
      .when(deliver(accepted('recipient-contact')), { at })
      .then(anEvent('NoticeAccepted', { clocks: [] }));
  });

  it('is not written to while the claim is held for it', () => {
    const told = [...upTo.submitted, anEvent('NoticeRequested'), ...unreached.slice(-2)];
    const strange = { ...contacts, customer: aContact('person-new', 'fabrikam.example') };
    const edited = given(...told).when(aCommand('editClaim', { changes: { contacts: strange } }), { at }).events;
    given(...told, ...edited)
      .when(aCommand('resendNotice', {}), { at })
      .thenRefused('hold_not_cleared');
    expect(given(...told).when(aCommand('resendNotice', {}), { at }).events).to.have.length(1);
  });

  it('is written to while the window runs, whose deadline stays', () => {
    const added = anEvent('NoticeRecipientAdded', {
      recipient: { ...contactRecipient, recipientId: 'id-1', personId: 'person-new' },
    });
    given(...upTo.consent_pending)
      .when(correct, { at })
      .then(anEvent('ClaimEdited', { changes: { contacts } }), added);
    const told = [...upTo.consent_pending, added];
    expect(positionOf(fold(told)).noticesToSend).to.deep.equal(['notice-1']);
    const { events } = given(...told).when(deliver(accepted('id-1')), { at });
    expect(events.map((one) => one.type === 'NoticeAccepted' && one.data.clocks)).to.deep.equal([[]]);
    expect(closesAt([...told, ...events])).to.equal(times.windowCloses);
  });

  it('is only recorded once the window has passed', () => {
    given(...upTo.consent_pending, anEvent('LinesHeld'))
      .when(correct, { at })
      .then(anEvent('ClaimEdited', { changes: { contacts } }));
  });
});

describe('A bounce', () => {
  it('of the mail that started the window voids it', () => {
    given(...upTo.consent_pending)
      .when(bounce('recipient-contact'), { at })
      .then(bounced());
    const history = [...upTo.consent_pending, bounced()];
    expect(windowOf(history)).to.deep.equal([]);
    expect(closesAt(history)).to.equal(null);
  });

  it('of that mail restarts the window at the next acceptance that counts', () => {
    const clocks = [aClock('K5', [1, 2], day2, 5)];
    const both = [...upTo.consent_pending, adminAccepted({}, day2)];
    given(...both)
      .when(bounce('recipient-contact'), { at })
      .then(bounced({ clocks }));
    expect(windowOf([...both, bounced({ clocks })])).to.deep.equal(['2026-03-17T03:59:59.999Z']);
    expect(closesAt([...both, bounced({ clocks })])).to.equal('2026-03-17T03:59:59.999Z');
  });

  it('of another mail leaves the window as it is', () => {
    const both = [...upTo.consent_pending, adminAccepted({}, day2)];
    const state = after(both, bounce('recipient-admin'), { at });
    expect(state.clocks).to.deep.equal(fold(both).clocks);
    expect(state.notices[0]?.closesAt).to.equal(times.windowCloses);
    expect(state.notices[0]?.recipients.map((one) => one.state)).to.deep.equal(['accepted', 'bounced']);
  });

  it('is followed by a window of its own when the next mail is accepted', () => {
    const onlyAdminPending = [...upTo.consent_pending, bounced()];
    given(...onlyAdminPending)
      .when(deliver(accepted('recipient-admin', day2)), { at })
      .then(adminAccepted({ clocks: [aClock('K5', [1, 2], day2, 5)] }, day2));
  });

  describe('while the claim is still reviewed', () => {
    const told = [
      ...upTo.submitted,
      anEvent('NoticeRequested'),
      anEvent('NoticeAccepted'),
      adminAccepted({}, day2),
      anEvent('ReviewStarted'),
    ];

    it('lets the window begin with the other acceptance', () => {
      given(...told)
        .when(bounce('recipient-contact'), { at })
        .then(bounced({ clocks: [aClock('K5', [1, 2], day2, 5)] }));
    });

    it('does not undo a window that has passed when another mail bounces', () => {
      const passed = [...told, anEvent('ConsentWindowPassed')];
      const state = after(passed, bounce('recipient-admin'));
      expect(state.lines.map(({ isWindowPassed }) => isWindowPassed)).to.deep.equal([true, true]);
    });

    it('undoes a passed window when no other mail had arrived', () => {
      const onlyContact = [...upTo.submitted, anEvent('NoticeRequested'), anEvent('NoticeAccepted'), anEvent('ConsentWindowPassed')];
      const state = after(onlyContact, bounce('recipient-contact'));
      expect(state.lines.map(({ isWindowPassed }) => isWindowPassed)).to.deep.equal([false, false]);
    });

    it('does not undo a window that has passed by the other acceptance as well', () => {
      const state = after([...told, anEvent('ConsentWindowPassed')], bounce('recipient-contact'), { at: times.later });
      expect(state.lines.map(({ isWindowPassed }) => isWindowPassed)).to.deep.equal([true, true]);
      expect(state.clocks.filter(({ clock }) => clock === 'K5')).to.deep.equal([]);
    });
  });

  it('before any acceptance, or a second one, changes nothing', () => {
    given(...upTo.approved)
      .when(bounce('recipient-contact'))
      .thenNothing();
    given(...upTo.consent_pending, bounced())
      .when(bounce('recipient-contact'))
      .thenNothing();
  });

  it('of a mail that another notice has replaced leaves the window of that notice alone', () => {
    const renewed = [
      ...upTo.consent_pending,
      bounced(),
      anEvent('NoticeAccepted', { recipientId: 'recipient-admin', clocks: [] }, day2),
      anEvent('NoticeRequested', { noticeId: 'notice-2', recipients: [{ ...contactRecipient, recipientId: 'recipient-new' }] }, day2),
      anEvent('NoticeAccepted', { noticeId: 'notice-2', recipientId: 'recipient-new', clocks: [aClock('K5', [1, 2], day2, 5)] }, day2),
    ];
    expect(windowOf([...renewed, bounced({ recipientId: 'recipient-admin' })])).to.deep.equal(['2026-03-17T03:59:59.999Z']);
  });

  it('of an unknown recipient is refused', () => {
    given(...upTo.consent_pending)
      .when(bounce('recipient-x'))
      .thenFindings({ code: 'recipient_unknown', severity: 'error', field: 'recipientId', line: null });
  });

  it('after the association became official changes nothing but the recipient', () => {
    const state = after(upTo.official, bounce('recipient-contact'));
    expect(state.lines).to.deep.equal(fold(upTo.official).lines);
  });

  it('returns a held line to the customer when no other mail had arrived', () => {
    const held = [...upTo.consent_pending, anEvent('LinesHeld', { findings: [finding] })];
    const state = after(held, bounce('recipient-contact'));
    expect(state.lines.map(({ holds, isWindowPassed }) => [holds.length, isWindowPassed])).to.deep.equal([
      [0, false],
      [0, false],
    ]);
  });
});

const finding = { code: 'subscription_state', severity: 'error' as const, field: null, line: null, message: 'It is suspended.' };
