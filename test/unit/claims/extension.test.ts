import { expect } from 'chai';
import { fold } from '#libs/claims/index.js';
import { aClock, aCommand, actors, anEvent, ids, times, upTo } from '../../support/claim-builders.js';
import { given } from '../../support/claim-specification.js';

const at = times.supplied;
const extend = (clock: 'K4' | 'K5' | 'K9', lines?: number[]) => aCommand('extendDeadline', { clock, lines, textId: null });
const fiveDaysMore = (clock: 'K4' | 'K5' | 'K9', lines: number[], from: string) =>
  anEvent('DeadlineExtended', { clock, lines, from, deadline: aClock(clock, lines, from, 5).deadline }, at);

describe('extending a deadline', () => {
  it("adds the full length to the partner's answer window, once per request", () => {
    const more = fiveDaysMore('K4', [1, 2], times.windowCloses);
    given(...upTo.action_required)
      .when(extend('K4'), { at })
      .then(more);
    given(...upTo.action_required, more)
      .when(extend('K4'), { at })
      .thenRefused('already_extended');
    const nextRound = [...upTo.action_required, more, anEvent('EvidenceAdded'), anEvent('ClaimSubmitted', { submission: 2 })];
    const askedAgain = [...nextRound, anEvent('InformationRequested', { requestId: 'request-2' })];
    expect(given(...askedAgain).when(extend('K4'), { at }).findings).to.deep.equal([]);
  });

  it("moves the end of the customer's window, so that nothing happens at the old one", () => {
    const more = fiveDaysMore('K5', [1, 2], times.windowCloses);
    given(...upTo.consent_pending)
      .when(extend('K5'), { at })
      .then(more);
    const extended = [...upTo.consent_pending, more];
    expect(fold(extended).notices[0]?.closesAt).to.equal('2026-03-21T03:59:59.999Z');
    given(...extended)
      .whenTimePasses(times.official)
      .thenNothing();
    expect(
      given(...extended)
        .whenTimePasses('2026-03-21T04:00:00.000Z')
        .events.map(({ type }) => type),
    ).to.deep.equal(['LinesMadeOfficial']);
  });

  it('moves the end of a holder’s hearing', () => {
    const dueAt = aClock('K9', [1], times.later, 5).deadline.dueAt;
    const { events } = given(...upTo.official, anEvent('HolderWarned')).when(extend('K9'), { at });
    expect(events).to.deep.equal([fiveDaysMore('K9', [1], dueAt)]);
  });

  it('requires a running clock and a reviewer who does not act for the partner', () => {
    given(...upTo.official)
      .when(extend('K9'), { at })
      .thenRefused('clock_not_running');
    given(...upTo.under_review)
      .when(extend('K4'), { at })
      .thenRefused('not_in_phase');
    const partial = { ...actors.reviewer, actsFor: [ids.account] };
    given(...upTo.action_required)
      .when(aCommand('extendDeadline', { clock: 'K4' }, partial), { at })
      .thenRefused('self_review_forbidden');
  });
});
