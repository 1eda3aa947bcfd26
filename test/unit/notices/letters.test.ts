import { expect } from 'chai';
import { type ClaimEvent, type EventOf, fold } from '#libs/claims/index.js';
import { lettersOf } from '#libs/notices/index.js';
import { aClock, anEvent, times, upTo } from '../../support/claim-builders.js';

/** The letters of events that are written down together, as the inbox writes them: beside the state after all of them. */
const letters = (history: ClaimEvent[], ...events: ClaimEvent[]) =>
  events.flatMap((event) => lettersOf(event, fold([...history, ...events])));
const toPartner = 'person-partner';
const toVendor = null;

describe('The letter of a rejection', () => {
  it('gives the partner the reason, and until when it may dispute', () => {
    const { dueAt } = aClock('K7', [1, 2], times.decided, 30).deadline;
    expect(letters(upTo.under_review, anEvent('LinesRejected'))).to.deep.equal([
      { kind: 'rejection', personId: toPartner, about: { lines: [1, 2], at: times.decided, reason: 'evidence_insufficient', dueAt } },
    ]);
  });

  it('names no time to dispute where there is none', () => {
    const [letter] = letters(upTo.disputed, anEvent('LinesRejected', { isFinal: true, clocks: [] }));
    expect(letter?.about).not.to.have.property('dueAt');
  });
});

describe('The letter of a notice that failed', () => {
  const atContact = anEvent('NoticeFailed');
  const atAdmin = anEvent('NoticeFailed', { recipientId: 'recipient-admin' });
  const about = { lines: [1, 2], at: times.delivered };
  const both = [
    { kind: 'notice_failure', personId: toPartner, about },
    { kind: 'notice_failure', personId: toVendor, about },
  ];

  it('goes to partner and vendor, once, when nobody was reached', () => {
    expect(letters(upTo.approved, atContact, atAdmin)).to.deep.equal(both);
    expect(letters([...upTo.approved, atContact], atAdmin)).to.deep.equal(both);
    expect(letters([...upTo.approved, atAdmin], { ...atContact, at: times.supplied }).map(({ about: { at } }) => at)).to.deep.equal([
      times.supplied,
      times.supplied,
    ]);
  });

  it('is not written while somebody may be reached, or was', () => {
    expect(letters(upTo.approved, atContact)).to.deep.equal([]);
    expect(letters(upTo.consent_pending, atAdmin)).to.deep.equal([]);
  });

  it('is written when the only mail that arrived comes back', () => {
    const told = [...upTo.consent_pending, atAdmin];
    expect(letters(told, anEvent('NoticeBounced')).map(({ personId }) => personId)).to.deep.equal([toPartner, toVendor]);
  });

  it('is not written of a claim that was withdrawn meanwhile', () => {
    const withdrawn = [...upTo.approved, anEvent('ClaimWithdrawn'), atContact];
    expect(letters(withdrawn, atAdmin)).to.deep.equal([]);
  });
});

describe('The letter of an information request', () => {
  it('tells the partner what is missing and until when it may answer, for silence has the claim rejected', () => {
    const request = anEvent('InformationRequested') as EventOf<'InformationRequested'>;
    const { dueAt } = request.data.clocks.find(({ clock }) => clock === 'K4')!.deadline;
    const { lines, reasons } = request.data;
    expect(letters(upTo.under_review, request)).to.deep.equal([
      { kind: 'information_request', personId: toPartner, about: { lines, at: request.at, reasons, dueAt } },
    ]);
  });
});

describe('The letter of a withdrawal', () => {
  it('goes to everyone who was told of the claim, and to nobody before', () => {
    const told = letters(upTo.consent_pending, anEvent('ClaimWithdrawn'));
    expect(told.map(({ kind }) => kind)).to.have.members(told.map(() => 'withdrawal_receipt'));
    expect(told.map(({ personId }) => personId)).to.include.members(['person-customer']);
    expect(letters(upTo.submitted, anEvent('ClaimWithdrawn'))).to.deep.equal([]);
    // The notice is still on its way, and is not sent any more.
    expect(letters(upTo.approved, anEvent('ClaimWithdrawn'))).to.deep.equal([]);
  });
});
