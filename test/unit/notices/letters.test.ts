import { expect } from 'chai';
import { type ClaimEvent, type EventOf, fold } from '#libs/claims/index.js';
import { lettersOf } from '#libs/notices/index.js';
import { aClock, anEvent, times, upTo } from '../../support/claim-builders.js';

/** Returns the letters of events that one command appends, each derived from the state right after it, as in the row writer. */
const letters = (history: ClaimEvent[], ...events: ClaimEvent[]) =>
  events.flatMap((event, index) => lettersOf(event, fold([...history, ...events.slice(0, index + 1)])));
const toPartner = 'person-partner';
const toVendor = null;

describe('the letter about a rejection', () => {
  it('gives the partner the reason and the deadline for disputing it', () => {
    const { dueAt } = aClock('K7', [1, 2], times.decided, 30).deadline;
    expect(letters(upTo.under_review, anEvent('LinesRejected'))).to.deep.equal([
      { kind: 'rejection', personId: toPartner, about: { lines: [1, 2], at: times.decided, reason: 'evidence_insufficient', dueAt } },
    ]);
  });

  it('names no deadline when the rejection cannot be disputed', () => {
    const [letter] = letters(upTo.disputed, anEvent('LinesRejected', { isFinal: true, clocks: [] }));
    expect(letter?.about).not.to.have.property('dueAt');
  });
});

describe('the letter about a failed notice', () => {
  const atContact = anEvent('NoticeFailed');
  const atAdmin = anEvent('NoticeFailed', { recipientId: 'recipient-admin' });
  const about = { lines: [1, 2], at: times.delivered };
  const both = [
    { kind: 'notice_failure', personId: toPartner, about },
    { kind: 'notice_failure', personId: toVendor, about },
  ];

  it('goes to the partner and the vendor once if the notice reached nobody', () => {
    expect(letters(upTo.approved, atContact, atAdmin)).to.deep.equal(both);
    expect(letters(upTo.approved, atAdmin, atContact)).to.deep.equal(both);
    expect(letters([...upTo.approved, atContact], atAdmin)).to.deep.equal(both);
    expect(letters([...upTo.approved, atAdmin], { ...atContact, at: times.supplied }).map(({ about: { at } }) => at)).to.deep.equal([
      times.supplied,
      times.supplied,
    ]);
  });

  it('is not written if a recipient was reached or still may be', () => {
    expect(letters(upTo.approved, atContact)).to.deep.equal([]);
    expect(letters(upTo.consent_pending, atAdmin)).to.deep.equal([]);
  });

  it('is written when the only delivered mail bounces', () => {
    const notified = [...upTo.consent_pending, atAdmin];
    expect(letters(notified, anEvent('NoticeBounced')).map(({ personId }) => personId)).to.deep.equal([toPartner, toVendor]);
  });

  it('is not written for a claim that has been withdrawn', () => {
    const withdrawn = [...upTo.approved, anEvent('ClaimWithdrawn'), atContact];
    expect(letters(withdrawn, atAdmin)).to.deep.equal([]);
  });
});

describe('the letter about an information request', () => {
  it('gives the partner the reasons and the deadline', () => {
    const request = anEvent('InformationRequested') as EventOf<'InformationRequested'>;
    const { dueAt } = request.data.clocks.find(({ clock }) => clock === 'K4')!.deadline;
    const { lines, reasons } = request.data;
    expect(letters(upTo.under_review, request)).to.deep.equal([
      { kind: 'information_request', personId: toPartner, about: { lines, at: request.at, reasons, dueAt } },
    ]);
  });
});

describe('the letter about a withdrawal', () => {
  it('goes only to recipients whose notice arrived', () => {
    const written = letters(upTo.consent_pending, anEvent('ClaimWithdrawn'));
    expect(written.map(({ kind }) => kind)).to.have.members(written.map(() => 'withdrawal_receipt'));
    expect(written.map(({ personId }) => personId)).to.include.members(['person-customer']);
    expect(letters(upTo.submitted, anEvent('ClaimWithdrawn'))).to.deep.equal([]);
    // The notice has not been sent yet, and it never will be.
    expect(letters(upTo.approved, anEvent('ClaimWithdrawn'))).to.deep.equal([]);
  });
});
