import { expect } from 'chai';
import type { Phase } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { type ClaimGroup, clockEffects } from '#libs/publications/claim-effects/clock-effects.js';

const group = (phase: Phase, claims: number, more: Partial<ClaimGroup> = {}): ClaimGroup => ({
  phase,
  claims,
  running: [],
  isWindowPassed: false,
  ...more,
});
const { clocks } = samplePolicy;

/** Returns what the change of one clock says. */
function effect(groups: ClaimGroup[], change: Partial<typeof clocks>) {
  const effects = clockEffects(groups, samplePolicy, { ...samplePolicy, clocks: { ...clocks, ...change } });
  expect(effects).to.have.length(1);
  const { ahead, running } = effects[0]!;
  return { ahead, running };
}

describe('what a changed clock means for claims', () => {
  it('is said for every clock of a programme, by its path', () => {
    const longer = Object.fromEntries(
      Object.entries(clocks).map(([name, length]) => [
        name,
        typeof length === 'number' ? length + 1 : Array.isArray(length) ? [1] : { days: 99 },
      ]),
    );
    const fields = clockEffects([], samplePolicy, { ...samplePolicy, clocks: longer as unknown as typeof clocks }).map(
      ({ field }) => field,
    );
    expect(fields).to.have.members(Object.keys(clocks).map((name) => `clocks.${name}`));
    expect(clockEffects([group('draft', 3)], samplePolicy, structuredClone(samplePolicy))).to.deep.equal([]);
  });

  it('leaves running and paused clocks as they are', () => {
    const groups = [
      group('draft', 4),
      group('under_review', 2, { running: ['K2'] }),
      group('action_required', 1, { running: ['K2', 'K4'] }),
    ];
    expect(effect(groups, { reviewDecisionBusinessDays: 99 })).to.deep.equal({ ahead: 4, running: 3 });
    expect(effect(groups, { answerBusinessDays: 99 })).to.deep.equal({ ahead: 6, running: 1 });
  });

  it('reaches the review again once a request is answered', () => {
    const groups = [group('action_required', 3, { running: ['K4'] }), group('under_review', 5, { running: ['K2'] })];
    expect(effect(groups, { reviewStartBusinessDays: 99 })).to.deep.equal({ ahead: 3, running: 0 });
  });

  it('does not open a window again that has passed', () => {
    const groups = [group('under_review', 1, { isWindowPassed: true }), group('under_review', 2)];
    expect(effect(groups, { consentWindow: { days: 99, unit: 'business_day' } })).to.deep.equal({ ahead: 2, running: 0 });
  });

  it('reaches a rejected claim only while it can be disputed', () => {
    const groups = [group('rejected', 1, { running: ['K7'] }), group('rejected', 2)];
    expect(effect(groups, { disputeAnswerBusinessDays: 99 })).to.deep.equal({ ahead: 1, running: 0 });
    expect(effect(groups, { answerBusinessDays: 99 })).to.deep.equal({ ahead: 1, running: 0 });
  });

  it('lengthens the pause after a refusal for official claims too, because the customer may revoke them', () => {
    const groups = [group('official', 7, { running: ['K13'] }), group('consent_pending', 1, { running: ['K5'] })];
    expect(effect(groups, { coolDownCalendarDays: 99 })).to.deep.equal({ ahead: 8, running: 0 });
  });

  it('reaches whoever may still ask for a signature, and leaves requests under way as they are', () => {
    const statementOfWork = samplePolicy.statementOfWork!;
    const longer = { ...samplePolicy, statementOfWork: { ...statementOfWork, signing: { days: 20, unit: 'business_day' as const } } };
    const groups = [
      group('draft', 3),
      group('draft', 2, { running: ['K15'] }),
      group('official', 5, { running: ['K13'] }),
      group('consent_pending', 7, { running: ['K5'] }),
    ];
    const { signing } = statementOfWork;
    expect(clockEffects(groups, samplePolicy, longer)).to.deep.equal([
      { field: 'statementOfWork.signing', from: signing, to: longer.statementOfWork.signing, ahead: 8, running: 2 },
    ]);
    expect(clockEffects(groups, { clocks }, longer)).to.deep.equal([]);
  });
});
