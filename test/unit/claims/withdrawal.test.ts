import { expect } from 'chai';
import { fold, positionOf } from '#libs/claims/index.js';
import { aCommand, anEvent, officialLine, times, upTo } from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const withdraw = (body = {}) => aCommand('withdrawClaim', body);

describe('a withdrawal', () => {
  for (const phase of ['submitted', 'under_review', 'action_required', 'approved', 'consent_pending'] as const) {
    it(`cancels a claim that is ${phase} and stops its clocks and mails`, () => {
      given(...upTo[phase])
        .when(withdraw({ textId: 'text-1' }))
        .then(anEvent('ClaimWithdrawn', { textId: 'text-1' }, times.later));
      const position = positionOf(after(upTo[phase], withdraw()));
      expect(position).to.deep.include({ phase: 'canceled', waiting: [], noticesToSend: [], alarm: null, isOpen: false });
    });
  }

  for (const phase of ['draft', 'official', 'ended', 'rejected', 'disputed', 'rejected_final', 'canceled'] as const) {
    it(`is refused while the claim is ${phase}`, () => {
      given(...upTo[phase])
        .when(withdraw())
        .thenRefused('not_in_phase');
    });
  }

  it('can cover a single line', () => {
    given(...upTo.consent_pending)
      .when(withdraw({ lines: [1] }), { at: times.supplied })
      .then(anEvent('ClaimWithdrawn', { lines: [1] }, times.supplied));
  });

  it('leaves official lines unchanged', () => {
    const state = fold([...upTo.consent_pending, anEvent('LinesMadeOfficial', { lines: [officialLine(1, 'a', 't')] })]);
    expect(state.lines.map(({ phase }) => phase)).to.deep.equal(['official', 'consent_pending']);
    const history = [...upTo.consent_pending, anEvent('LinesMadeOfficial', { lines: [officialLine(1, 'a', 't')] })];
    given(...history)
      .when(withdraw())
      .then(anEvent('ClaimWithdrawn', { lines: [2] }, times.later));
  });
});
