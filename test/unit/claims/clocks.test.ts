import { expect } from 'chai';
import { type ClaimEvent, type ClockName, expiredClock, fold } from '#libs/claims/index.js';
import { aClock, aCommand, anEvent, someEvidence, times, upTo } from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const running = (history: ClaimEvent[]) => fold(history).clocks.map(({ clock, lines, isBreached }) => [clock, lines, isBreached]);
const millisecondAfter = (instant: string) => new Date(Date.parse(instant) + 1).toISOString();
const dueAt = (history: ClaimEvent[], name: ClockName) => fold(history).clocks.find(({ clock }) => clock === name)!.deadline.dueAt;
const answered = [
  ...upTo.action_required,
  anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2' }) }, times.supplied),
];
const resubmitted = [
  ...answered,
  anEvent(
    'ClaimSubmitted',
    { submission: 2, clocks: [aClock('K1', [1, 2], times.resubmitted, 5), aClock('K3', [1, 2], times.resubmitted, 6)] },
    times.resubmitted,
  ),
];

describe('clocks', () => {
  const clocksOf: [keyof typeof upTo, [ClockName, number[], boolean][]][] = [
    ['draft', []],
    [
      'submitted',
      [
        ['K1', [1, 2], false],
        ['K3', [1, 2], false],
      ],
    ],
    [
      'under_review',
      [
        ['K3', [1, 2], false],
        ['K2', [1, 2], false],
      ],
    ],
    ['action_required', [['K4', [1, 2], false]]],
    ['approved', []],
    ['consent_pending', [['K5', [1, 2], false]]],
    ['official', []],
    ['ended', []],
    ['rejected', [['K7', [1, 2], false]]],
    ['disputed', [['K8', [1, 2], false]]],
    ['rejected_final', []],
    ['declined', []],
    ['canceled', []],
  ];
  for (const [phase, clocks] of clocksOf) {
    it(`${clocks.length === 0 ? 'are all stopped' : `include only ${clocks.map(([name]) => name).join(' and ')}`} while the claim is ${phase}`, () => {
      expect(running(upTo[phase])).to.deep.equal(clocks);
    });
  }

  it('keep running for the lines that stay in their phase', () => {
    expect(
      running([...upTo.submitted, anEvent('ReviewStarted', { lines: [1], clocks: [aClock('K2', [1], times.reviewBegun, 5)] })]),
    ).to.deep.equal([
      ['K1', [2], false],
      ['K3', [1, 2], false],
      ['K2', [1], false],
    ]);
  });

  it('expire one millisecond after their deadline, not at it', () => {
    const state = fold(upTo.submitted);
    expect(expiredClock(state, '2026-03-10T03:59:59.999Z')).to.equal(null);
    expect(expiredClock(state, '2026-03-10T04:00:00.000Z')?.clock).to.equal('K1');
  });

  it('expire in the order of their deadlines', () => {
    given(...upTo.submitted)
      .whenTimePasses('2026-06-01T00:00:00.000Z')
      .then(
        anEvent('DeadlineBreached'),
        anEvent('DeadlineBreached', { clock: 'K3', dueAt: '2026-03-17T03:59:59.999Z' }, '2026-03-17T03:59:59.999Z'),
      );
  });
});

describe('a late review', () => {
  const breaches: [ClockName, keyof typeof upTo, string][] = [
    ['K1', 'submitted', '2026-03-10T03:59:59.999Z'],
    ['K2', 'under_review', '2026-03-12T03:59:59.999Z'],
    ['K8', 'disputed', '2026-03-28T03:59:59.999Z'],
  ];
  for (const [clock, phase, due] of breaches) {
    it(`breaches ${clock} once and stays in its phase`, () => {
      const breached = anEvent('DeadlineBreached', { clock, dueAt: due }, due);
      given(...upTo[phase])
        .whenTimePasses(millisecondAfter(due))
        .then(breached);
      const state = fold([...upTo[phase], breached]);
      expect(state.lines.map((line) => line.phase)).to.deep.equal([phase, phase]);
      expect(state.clocks.filter(({ isBreached }) => isBreached).map((running) => running.clock)).to.deep.equal([clock]);
      given(...upTo[phase], breached)
        .whenTimePasses(millisecondAfter(due))
        .thenNothing();
    });
  }

  it('breaches both of two clocks that end at the same instant', () => {
    const [first, second] = [1, 2].map((line) =>
      anEvent('ReviewStarted', { lines: [line], clocks: [aClock('K2', [line], times.reviewBegun, 5)] }),
    );
    const due = '2026-03-12T03:59:59.999Z';
    const { events } = given(...upTo.submitted, first!, second!).whenTimePasses(millisecondAfter(due));
    expect(events).to.deep.equal([
      anEvent('DeadlineBreached', { clock: 'K2', lines: [1], dueAt: due }, due),
      anEvent('DeadlineBreached', { clock: 'K2', lines: [2], dueAt: due }, due),
    ]);
  });
});

describe('a paused review', () => {
  it('keeps the business days it had left', () => {
    expect(fold(upTo.action_required).paused).to.deep.equal([
      { clock: 'K2', lines: [1, 2], remainingDays: 3 },
      { clock: 'K3', lines: [1, 2], remainingDays: 6 },
    ]);
  });

  it('resumes its overall clock on resubmission', () => {
    expect(dueAt(resubmitted, 'K3')).to.equal('2026-03-18T03:59:59.999Z');
    expect(fold(resubmitted).paused).to.deep.equal([{ clock: 'K2', lines: [1, 2], remainingDays: 3 }]);
  });

  it('resumes its decision clock when the review starts again', () => {
    given(...resubmitted)
      .when(aCommand('startReview', {}), { at: times.resubmitted })
      .then(anEvent('ReviewStarted', { clocks: [aClock('K2', [1, 2], times.resubmitted, 3)] }, times.resubmitted));
    expect(after(resubmitted, aCommand('startReview', {}), { at: times.resubmitted }).paused).to.deep.equal([]);
  });

  it('keeps its days when a second question is asked before it starts again', () => {
    const ask = aCommand('requestInformation', { reasons: ['dates_missing_or_old'] });
    expect(after(resubmitted, ask, { at: times.resubmitted }).paused).to.deep.equal([
      { clock: 'K2', lines: [1, 2], remainingDays: 3 },
      { clock: 'K3', lines: [1, 2], remainingDays: 6 },
    ]);
  });

  it('keeps at least one day even if all were used', () => {
    const ask = aCommand('requestInformation', { reasons: ['dates_missing_or_old'] });
    const late = [...upTo.under_review, anEvent('DeadlineBreached', { clock: 'K2', dueAt: '2026-03-12T03:59:59.999Z' })];
    expect(after(late, ask, { at: '2026-03-16T14:00:00.000Z' }).paused).to.deep.equal([
      { clock: 'K2', lines: [1, 2], remainingDays: 1 },
      { clock: 'K3', lines: [1, 2], remainingDays: 1 },
    ]);
  });

  it('counts the days left for each line separately', () => {
    const startedOne = anEvent('ReviewStarted', { lines: [1], clocks: [aClock('K2', [1], times.reviewBegun, 5)] });
    const ask = aCommand('requestInformation', { reasons: ['dates_missing_or_old'] });
    const asked = after([...upTo.submitted, startedOne], ask, { at: times.decided });
    expect(asked.paused).to.deep.equal([
      { clock: 'K2', lines: [1], remainingDays: 3 },
      { clock: 'K2', lines: [2], remainingDays: 5 },
      { clock: 'K3', lines: [1, 2], remainingDays: 6 },
    ]);
  });

  it('resumes each line with the days that line has left', () => {
    const paused = [{ clock: 'K2' as const, lines: [1], remainingDays: 2 }];
    const history = [
      ...upTo.under_review,
      anEvent('InformationRequested', { paused }),
      anEvent('EvidenceAdded', {}, times.supplied),
      anEvent('ClaimSubmitted', { submission: 2, clocks: [] }, times.resubmitted),
    ];
    given(...history)
      .when(aCommand('startReview', {}), { at: times.resubmitted })
      .then(
        anEvent(
          'ReviewStarted',
          { clocks: [aClock('K2', [1], times.resubmitted, 2), aClock('K2', [2], times.resubmitted, 5)] },
          times.resubmitted,
        ),
      );
  });

  it('keeps the days of a line when a question is asked about another', () => {
    const askedFirst = anEvent('InformationRequested', { lines: [1, 2] });
    const resubmittedBoth = anEvent(
      'ClaimSubmitted',
      { submission: 2, clocks: [aClock('K3', [1, 2], times.resubmitted, 6)] },
      times.resubmitted,
    );
    const askedAgain = anEvent('InformationRequested', { lines: [1], paused: [], clocks: [] }, times.resubmitted);
    const { paused } = fold([...upTo.under_review, askedFirst, resubmittedBoth, askedAgain]);
    expect(paused).to.deep.equal([{ clock: 'K2', lines: [2], remainingDays: 3 }]);
  });

  it('is discarded when its lines leave the claim', () => {
    expect(fold([...upTo.action_required, anEvent('ClaimWithdrawn')]).paused).to.deep.equal([]);
  });
});

describe("the partner's answer window", () => {
  const due = '2026-03-14T03:59:59.999Z';
  const rejection = { reason: 'no_partner_response', clocks: [aClock('K7', [1, 2], due, 30)] };
  const bySystem = { kind: 'system' as const, subject: 'cpor', actsFor: [] };

  it('ends in a disputable rejection', () => {
    given(...upTo.action_required)
      .whenTimePasses(millisecondAfter(due))
      .then(anEvent('LinesRejected', rejection, due, bySystem));
  });

  it('lasts through its last millisecond', () => {
    given(...answered)
      .whenTimePasses(due)
      .thenNothing();
    const { events } = given(...answered).when(aCommand('submitClaim', {}), { at: due });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimSubmitted']);
  });

  it('ends in a final rejection for lines whose dispute was used', () => {
    const history = [...upTo.disputed, anEvent('DisputeDecided', { outcome: 'ask' }), anEvent('InformationRequested', { paused: [] })];
    given(...history)
      .whenTimePasses(millisecondAfter(due))
      .then(anEvent('LinesRejected', { reason: 'no_partner_response', isFinal: true, clocks: [] }, due, bySystem));
  });
});

describe('the dispute window', () => {
  it('closes after thirty days and does not reopen', () => {
    given(...upTo.rejected)
      .whenTimePasses('2027-01-01T00:00:00.000Z')
      .then(anEvent('DisputeWindowClosed'));
    expect(running([...upTo.rejected, anEvent('DisputeWindowClosed')])).to.deep.equal([]);
  });

  it('stops for disputed lines', () => {
    expect(
      running([...upTo.rejected, anEvent('DisputeOpened', { lines: [1], clocks: [aClock('K8', [1], times.later, 5)] })]),
    ).to.deep.equal([
      ['K7', [2], false],
      ['K8', [1], false],
    ]);
  });
});
