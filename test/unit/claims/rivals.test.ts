import { expect } from 'chai';
import { type Candidate, type ClaimEvent, consequencesOf, fold, positionOf, type RivalsRecord, settleRivals } from '#libs/claims/index.js';
import { lettersOf } from '#libs/notices/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  actors,
  aHolder,
  aLine,
  anEvent,
  aRival,
  contactRecipient,
  adminRecipient,
  ids,
  officialLine,
  someEvidence,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { given, type World } from '../../support/claim-specification.js';

const at = times.decided;
const teams = `workload:${ids.tenant}:teams`;
const closedHearing = { dueAt: '2026-03-05T04:59:59.999Z', isOver: true };
const held: World = { at, holders: [aHolder({ hearing: closedHearing })] };
const wanted: World = { at, rivals: [aRival()] };
const own: Candidate = {
  claimId: 'claim-1',
  line: 1,
  partnerAccountId: ids.account,
  isHolder: false,
  submittedAt: times.submitted,
  evidenceOn: '2026-02-10',
};
const rival: Candidate = {
  ...own,
  claimId: 'claim-2',
  partnerAccountId: ids.rival,
  submittedAt: aRival().submittedAt,
  evidenceOn: '2026-01-15',
};
const holder: Candidate = { ...rival, isHolder: true, submittedAt: aHolder().submittedAt, evidenceOn: '2025-04-01' };
const record = (more: Partial<RivalsRecord> = {}): RivalsRecord => ({
  recordId: 'id-1',
  target: teams,
  candidates: [own, holder],
  winner: 'claim-1',
  step: 'newest_evidence',
  decidedBy: actors.reviewer.subject,
  ...more,
});
const decideFor = (winner: string, step: RivalsRecord['step'], more = {}) =>
  aCommand('decideRivals', { line: 1, winner, step, textId: 'text-1', ...more });
const decided = (data: Parameters<typeof anEvent<'RivalsDecided'>>[1]) => anEvent('RivalsDecided', { textId: 'text-1', ...data }, at);

describe('the order of decision between rivals', () => {
  it("puts the customer's choice first", () => {
    expect(settleRivals([own, { ...holder, evidenceOn: '2026-02-28' }], 'claim-1')).to.deep.equal({
      winner: 'claim-1',
      step: 'customer_choice',
    });
  });

  it('puts the newest customer-signed evidence before the holder', () => {
    expect(settleRivals([own, holder], null)).to.deep.equal({ winner: 'claim-1', step: 'newest_evidence' });
    expect(settleRivals([own, { ...holder, evidenceOn: '2026-02-11' }], null)).to.deep.equal({
      winner: 'claim-2',
      step: 'newest_evidence',
    });
  });

  it('breaks a tie in favour of the holder, or of the earliest submission if there is no holder', () => {
    expect(settleRivals([own, { ...holder, evidenceOn: own.evidenceOn }], null)).to.deep.equal({ winner: 'claim-2', step: 'holder' });
    expect(settleRivals([own, { ...rival, evidenceOn: own.evidenceOn }], null)).to.deep.equal({
      winner: 'claim-2',
      step: 'earliest_submission',
    });
  });

  it('does not let an earlier submission win with older evidence', () => {
    const tied = { ...own, claimId: 'claim-3', submittedAt: times.later };
    expect(settleRivals([own, tied, rival], null)).to.deep.equal({ winner: 'claim-1', step: 'earliest_submission' });
  });

  it('ignores a choice of a claim that is not a candidate', () => {
    expect(settleRivals([own, holder], 'claim-7').step).to.equal('newest_evidence');
  });
});

describe('a submission on a contested target', () => {
  it('records the competing claims and warns the holder', () => {
    const { events } = given(...upTo.draft).when(aCommand('submitClaim', {}), { at: times.submitted, holders: [aHolder()] });
    const [submitted] = events as [ClaimEvent & { type: 'ClaimSubmitted' }];
    expect(submitted.data.competing).to.deep.equal([{ line: 1, target: teams, holder: 'claim-2', rivals: [] }]);
    expect(consequencesOf('claim-1', submitted).map(({ claimId, command }) => [claimId, command.type, command.body])).to.deep.equal([
      ['claim-2', 'warnHolder', { target: teams, challenger: 'claim-1' }],
    ]);
  });
});

describe('a claim that starts to compete after its submission', () => {
  const competing = [{ line: 1, target: teams, holder: 'claim-2', rivals: [] }];
  const warned = (events: ClaimEvent[]) =>
    events.flatMap((event) => consequencesOf('claim-1', event)).map(({ claimId, command }) => [claimId, command.type]);

  it('warns the holder when it disputes its rejection', () => {
    const { events } = given(...upTo.rejected).when(aCommand('openDispute', { textId: 'text-1' }), { holders: [aHolder()] });
    expect(events).to.deep.equal([anEvent('DisputeOpened', { competing })]);
    expect(warned(events)).to.deep.equal([['claim-2', 'warnHolder']]);
  });

  it('warns the holder when an edit adds a target that the holder has', () => {
    const before = aClaim({ lines: [aLine(2, 'exchange')] });
    const changes = { lines: [aLine(1, 'teams'), aLine(2, 'exchange')] };
    const submitted = [anEvent('ClaimDrafted', { details: before }), ...upTo.submitted.slice(1)].map((event) =>
      event.type === 'ClaimSubmitted' ? { ...event, data: { ...event.data, lines: [2] } } : event,
    );
    const { events } = given(...submitted).when(aCommand('editClaim', { changes }), { at, holders: [aHolder()] });
    expect(events.map(({ type, data }) => [type, 'competing' in data && data.competing])).to.deep.equal([['ClaimEdited', competing]]);
    expect(warned(events)).to.deep.equal([['claim-2', 'warnHolder']]);
  });

  it('warns no holder when it is edited as a draft', () => {
    const { events } = given(...upTo.draft).when(aCommand('editClaim', { changes: { name: 'Another' } }), { at, holders: [aHolder()] });
    expect(warned(events)).to.deep.equal([]);
  });
});

describe("a holder's hearing", () => {
  const warn = (challenger: string) => aCommand('warnHolder', { target: teams, challenger });

  it('lasts five business days from the warning', () => {
    given(...upTo.official)
      .when(warn('claim-2'))
      .then(anEvent('HolderWarned'));
  });

  it('begins no earlier than the association, though the challenger was received before', () => {
    given(...upTo.official)
      .when(warn('claim-2'), { at: times.delivered })
      .then({ ...anEvent('HolderWarned', { clocks: [aClock('K9', [1], times.official, 5)] }), at: times.official });
  });

  it('covers every claim that competes while it runs, each only once', () => {
    const warned = [...upTo.official, anEvent('HolderWarned')];
    given(...warned)
      .when(warn('claim-3'))
      .then(anEvent('HolderWarned', { challenger: 'claim-3', clocks: [] }));
    given(...warned)
      .when(warn('claim-2'))
      .thenNothing();
  });

  it('closes at its deadline and starts again for the next challenger', () => {
    const warned = [...upTo.official, anEvent('HolderWarned')];
    given(...warned)
      .whenTimePasses('2026-03-28T04:00:00.000Z')
      .then(anEvent('HearingClosed'));
    given(...warned, anEvent('HearingClosed'))
      .when(warn('claim-3'), { at: '2026-04-01T15:00:00.000Z' })
      .then(
        anEvent(
          'HolderWarned',
          { challenger: 'claim-3', clocks: [aClock('K9', [1], '2026-04-01T15:00:00.000Z', 5)] },
          '2026-04-01T15:00:00.000Z',
        ),
      );
  });

  it('does not start once the target is no longer held', () => {
    given(...upTo.ended)
      .when(warn('claim-2'))
      .thenNothing();
  });
});

describe('an approval among rivals', () => {
  const approve = aCommand('approveClaim', { lines: [1] });

  it('requires a decision record while another claim is pending', () => {
    given(...upTo.under_review)
      .when(approve, wanted)
      .thenRefused('decision_record_required');
  });

  it('is refused while another claim is in the customer’s window', () => {
    given(...upTo.under_review)
      .when(approve, { at, rivals: [aRival({ phase: 'consent_pending' })] })
      .thenRefused('rival_in_window');
  });

  it('is refused until the holder has been heard, and then requires a decision record', () => {
    for (const hearing of [null, { dueAt: times.later, isOver: false }]) {
      given(...upTo.under_review)
        .when(approve, { at, holders: [aHolder({ hearing })] })
        .thenRefused('holder_not_heard');
    }
    given(...upTo.under_review)
      .when(approve, held)
      .thenRefused('decision_record_required');
  });

  it('is possible for the winner', () => {
    const won = [...upTo.under_review, decided({ isWinner: true, displaces: 'claim-2', record: record() })];
    const { events } = given(...won).when(approve, held);
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesApproved', 'NoticeRequested']);
  });

  it('requires a new record if another rival has appeared since', () => {
    const won = [...upTo.under_review, decided({ isWinner: true, displaces: 'claim-2', record: record() })];
    given(...won)
      .when(approve, { ...held, rivals: [aRival({ claimId: 'claim-3' })] })
      .thenRefused('decision_record_required');
  });
});

describe('a decision between rivals', () => {
  it('records the candidates and the outcome for the claim', () => {
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), held)
      .then(decided({ isWinner: true, displaces: 'claim-2', record: record() }));
  });

  it('rejects the loser, which can dispute it', () => {
    const newer = aHolder({ hearing: closedHearing, evidence: [{ evidenceId: 'evidence-9', signedOn: '2026-03-01' }] });
    const lost = record({ winner: 'claim-2', candidates: [own, { ...holder, evidenceOn: '2026-03-01' }] });
    given(...upTo.under_review)
      .when(decideFor('claim-2', 'newest_evidence'), { at, holders: [newer] })
      .then(
        decided({ isWinner: false, displaces: null, record: lost }),
        anEvent('LinesRejected', { lines: [1], reason: 'lost_arbitration', textId: 'text-1', clocks: [aClock('K7', [1], at, 30)] }, at),
      );
  });

  it('is refused if it departs from the order of decision, and the message names the correct outcome', () => {
    const { findings, thenFindings } = given(...upTo.under_review).when(decideFor('claim-2', 'holder'), held);
    thenFindings({ code: 'decision_order', severity: 'error', field: 'winner', line: 1 });
    expect(findings[0]?.message).to.contain('claim-1').and.to.contain('newest_evidence');
  });

  it('ignores evidence that the reviewer disregards or that is signed in the future', () => {
    given(...upTo.under_review, anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2', signedOn: '2027-01-01' }) }))
      .when(decideFor('claim-2', 'newest_evidence', { disregardedEvidence: ['evidence-1'] }), wanted)
      .then(
        decided({
          isWinner: false,
          displaces: null,
          record: record({ candidates: [{ ...own, evidenceOn: null }, rival], winner: 'claim-2' }),
        }),
        anEvent('LinesRejected', { lines: [1], reason: 'lost_arbitration', textId: 'text-1', clocks: [aClock('K7', [1], at, 30)] }, at),
      );
  });

  it("follows the customer's latest choice, regardless of which claim asked for it", () => {
    const choices = [{ target: teams, claimId: 'claim-2', chosenAt: '2026-03-05T10:00:00.000Z' }];
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { ...wanted, choices })
      .thenRefused('decision_order');
    const asked = [...upTo.under_review, anEvent('ChoiceRequested'), anEvent('CustomerChose', {}, '2026-03-06T10:00:00.000Z')];
    given(...asked)
      .when(decideFor('claim-1', 'customer_choice'), { ...wanted, choices })
      .then(decided({ isWinner: true, displaces: null, record: record({ step: 'customer_choice', candidates: [own, rival] }) }));
  });

  it('is refused until the holder has been heard', () => {
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { at, holders: [aHolder()] })
      .thenRefused('holder_not_heard');
  });

  it('is refused without rivals', () => {
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { at })
      .thenRefused('no_rivals');
  });

  it('is refused to a reviewer who acts for one of the partners', () => {
    const partial = { ...actors.reviewer, actsFor: [ids.rival] };
    given(...upTo.under_review)
      .when({ ...decideFor('claim-1', 'newest_evidence'), actor: partial }, held)
      .thenRefused('self_review_forbidden');
  });

  it('is sent to every other candidate’s claim, which does not pass it on', () => {
    const decision = decided({ isWinner: true, displaces: 'claim-2', record: record() });
    const [consequence, ...others] = consequencesOf('claim-1', decision);
    expect([consequence?.claimId, consequence?.command.type, others]).to.deep.equal(['claim-2', 'recordRivals', []]);
    expect(consequencesOf('claim-2', { ...decision, by: { kind: 'system', subject: 'cpor' } })).to.deep.equal([]);
  });

  it('received from another claim rejects a pending line but does not end an official one', () => {
    const lost = record({ winner: 'claim-2', candidates: [own, rival] });
    const recordLoss = aCommand('recordRivals', { record: lost });
    const { events } = given(...upTo.under_review).when(recordLoss, { at });
    expect(events.map(({ type }) => type)).to.deep.equal(['RivalsDecided', 'LinesRejected']);
    const kept = given(...upTo.official).when(recordLoss, { at });
    expect(kept.events.map(({ type }) => type)).to.deep.equal(['RivalsDecided']);
    given(...upTo.canceled)
      .when(recordLoss, { at })
      .thenNothing();
  });

  it('on a disputed line requires a different reviewer', () => {
    const lost = [
      ...upTo.under_review,
      anEvent('RivalsDecided', { isWinner: false, displaces: null }, at),
      anEvent('LinesRejected', { lines: [1], reason: 'lost_arbitration', clocks: [aClock('K7', [1], at, 30)] }, at),
      anEvent('DisputeOpened', { lines: [1], clocks: [aClock('K8', [1], times.later, 5)] }),
    ];
    given(...lost)
      .when(decideFor('claim-1', 'newest_evidence'), { ...held, at: times.later })
      .thenRefused('second_reviewer_required');
  });
});

describe('a dispute about a decision between rivals', () => {
  const lost = record({ winner: 'claim-2', candidates: [own, rival] });
  // Decided on the winner's claim; the system passed the decision to this one.
  const rejected = given(...upTo.under_review).when(aCommand('recordRivals', { record: lost }), { at }).events;
  const disputed = [
    ...upTo.under_review,
    ...rejected,
    anEvent('DisputeOpened', { lines: [1], clocks: [aClock('K8', [1], times.later, 5)] }, times.later),
  ];

  it('must be decided by a different reviewer, even if the decision was made on another claim', () => {
    for (const outcome of ['approve', 'ask', 'final'] as const) {
      given(...disputed)
        .when(aCommand('decideDispute', { outcome, reasons: ['dates_missing_or_old'] }, actors.reviewer))
        .thenRefused('second_reviewer_required');
    }
    given(...disputed)
      .when(aCommand('decideDispute', { outcome: 'final' }, actors.secondReviewer))
      .then(anEvent('DisputeDecided', { lines: [1] }));
  });

  it('is not opened to the first reviewer by a later decision of another one', () => {
    const won = record({
      winner: 'claim-1',
      candidates: [own, { ...rival, claimId: 'claim-3' }],
      decidedBy: actors.secondReviewer.subject,
    });
    const later = given(...disputed).when(aCommand('recordRivals', { record: won }), { at: times.later }).events;
    expect(later.map(({ type }) => type)).to.deep.equal(['RivalsDecided']);
    given(...disputed, ...later)
      .when(aCommand('decideDispute', { outcome: 'final' }, actors.reviewer))
      .thenRefused('second_reviewer_required');
  });

  it('cannot be settled by the first reviewer through a decision on another claim', () => {
    const rivals = [aRival({ phase: 'disputed', disputedDeciders: [actors.reviewer.subject] })];
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { at, rivals })
      .thenRefused('second_reviewer_required');
  });
});

describe('displacing a holder', () => {
  const won = [
    ...upTo.under_review,
    anEvent('ClaimWithdrawn', { lines: [2] }),
    anEvent('RivalsDecided', { isWinner: true, displaces: 'claim-2', record: record() }),
    anEvent('LinesApproved', { lines: [1] }),
    anEvent('NoticeRequested', { lines: [1] }),
    anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.delivered, 5)] }),
  ];
  const displaces = { claimId: 'claim-2', associationId: 'association-9' };

  it('happens at the instant the winner’s line becomes official', () => {
    given(...won)
      .whenTimePasses(times.later, held)
      .then(anEvent('LinesMadeOfficial', { lines: [officialLine(1, 'id-1', teams, { displaces })] }));
    const [official] = given(...won).whenTimePasses(times.later, held).events;
    expect(consequencesOf('claim-1', official!).map(({ command, receivedAt }) => [command.type, command.body, receivedAt])).to.deep.equal([
      ['supersedeAssociation', { associationId: 'association-9', at: times.official }, times.official],
    ]);
  });

  it('does not happen when the customer refuses', () => {
    given(...won)
      .when(aCommand('optOut', {}), { at: times.supplied })
      .then(anEvent('CustomerDeclined', { lines: [1] }));
  });

  it('never lets the next association begin before the previous one ended', () => {
    const vacantSince = [{ target: teams, at: '2026-03-14T05:00:00.000Z' }];
    const [official] = given(...won).whenTimePasses(times.later, { at, vacantSince }).events;
    expect(official?.at).to.equal('2026-03-14T05:00:00.000Z');
  });

  it('does not affect a partner that became the holder later; the winner’s line is held instead', () => {
    const { events } = given(...won).whenTimePasses(times.later, { at, holders: [aHolder({ claimId: 'claim-5' })] });
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesHeld']);
  });

  it('ends the holder’s association at that very instant, only once', () => {
    given(...upTo.official)
      .when(aCommand('supersedeAssociation', { associationId: 'association-1', at: '2026-03-18T04:00:00.000Z' }))
      .then(
        anEvent(
          'AssociationEnded',
          { lines: [1], reason: 'superseded', noticeId: null, recipientId: null, textId: null },
          '2026-03-18T04:00:00.000Z',
          actors.system,
        ),
      );
    given(...upTo.ended)
      .when(aCommand('supersedeAssociation', { associationId: 'association-1', at: times.later }))
      .thenNothing();
  });

  it("keeps both activities if the holder is the partner's own association for another activity", () => {
    const own9 = aHolder({ partnerAccountId: ids.account, activities: ['presales'] });
    const [official] = given(...upTo.consent_pending).whenTimePasses(times.later, { at, holders: [own9] }).events;
    expect(official?.type === 'LinesMadeOfficial' && official.data.lines[0]).to.deep.equal(
      officialLine(1, 'id-1', teams, { activities: ['presales', 'usage'], displaces: { ...displaces, isOwn: true } }),
    );
  });

  it("sends no letters if the displaced association is the partner's own", () => {
    const body = { associationId: 'association-1', at: times.later };
    const supersede = (more = {}) => given(...upTo.official).when(aCommand('supersedeAssociation', { ...body, ...more })).events;
    const kindsOf = (events: ClaimEvent[]) =>
      events.flatMap((event) => lettersOf(event, fold([...upTo.official, ...events])).map(({ kind }) => kind));
    expect(kindsOf(supersede({ isOwn: true }))).to.deep.equal([]);
    expect(kindsOf(supersede())).to.deep.equal(['end_receipt', 'end_receipt', 'partner_ended']);
  });

  it('gives the new holder a hearing if others already compete', () => {
    const rivals = [aRival(), aRival({ claimId: 'claim-3' })];
    const { events } = given(...won).whenTimePasses(times.later, { ...held, rivals });
    expect(events.slice(1)).to.deep.equal([
      anEvent('HolderWarned', { challenger: 'claim-2', clocks: [aClock('K9', [1], times.official, 5)] }, times.official),
      anEvent('HolderWarned', { challenger: 'claim-3', clocks: [] }, times.official),
    ]);
    const { dueAt } = aClock('K9', [1], times.official, 5).deadline;
    const challengers = ['claim-2', 'claim-3'];
    expect(fold([...won, ...events]).lines[0]!.hearing).to.deep.equal({ challengers, dueAt, isOver: false });
  });
});

describe("the customer's choice among rivals", () => {
  it('is requested from the contact and the administrators', () => {
    given(...upTo.under_review)
      .when(aCommand('askCustomerToChoose', { line: 1 }), held)
      .then(
        anEvent(
          'ChoiceRequested',
          {
            choiceId: 'id-3',
            recipients: [
              { ...contactRecipient, recipientId: 'id-1' },
              { ...adminRecipient, recipientId: 'id-2' },
            ],
          },
          at,
        ),
      );
  });

  it('is never requested from an address outside the tenant’s domains, which might be the partner’s own', () => {
    const ask = (admins: { personId: string; emailDomain: string }[]) =>
      given(...upTo.under_review).when(aCommand('askCustomerToChoose', { line: 1 }), {
        ...held,
        facts: someFacts({ tenant: { domains: ['other.example'], admins } }),
      });
    const [asked] = ask([{ personId: 'person-admin', emailDomain: 'other.example' }]).events;
    expect(asked?.type === 'ChoiceRequested' && asked.data.recipients.map(({ kind }) => kind)).to.deep.equal(['tenant_admin']);
    ask([]).thenFindings({ code: 'contact_domain_mismatch', severity: 'error', field: 'contacts.customer.email', line: null });
  });

  it('can be requested only if there are rivals', () => {
    given(...upTo.under_review)
      .when(aCommand('askCustomerToChoose', { line: 1 }), { at, facts: someFacts() })
      .thenRefused('no_rivals');
  });

  const asked = [...upTo.under_review, anEvent('ChoiceRequested')];
  const choose = (claimId: string, choiceId = 'choice-1') => aCommand('chooseRival', { choiceId, claimId, recipientId: 'recipient-admin' });

  it('names one of the candidates and can be changed until the decision', () => {
    given(...asked)
      .when(choose('claim-1'), { at })
      .then(anEvent('CustomerChose'));
    const again = given(...asked, anEvent('CustomerChose')).when(choose('claim-2'), { at: times.supplied });
    expect(fold([...asked, anEvent('CustomerChose'), ...again.events]).choices[0]?.chosen).to.deep.equal({
      claimId: 'claim-2',
      at: times.supplied,
    });
  });

  it('is closed after the decision until it is requested again', () => {
    const settled = [...asked, decided({ isWinner: true, displaces: null, record: record() })];
    given(...settled)
      .when(choose('claim-2'), { at: times.later })
      .thenRefused('choice_closed');
    const askedAgain = [...settled, anEvent('ChoiceRequested', { choiceId: 'choice-2' }, times.supplied)];
    expect(given(...askedAgain).when(choose('claim-2', 'choice-2'), { at: times.later }).events).to.have.length(1);
    expect(positionOf(fold(askedAgain)).noticesToSend).to.deep.equal(['choice-2']);
  });

  it('is refused for an unknown question, an unknown candidate or a closed line', () => {
    given(...asked)
      .when(choose('claim-1', 'choice-9'), { at })
      .thenRefused('choice_unknown');
    given(...asked)
      .when(choose('claim-9'), { at })
      .thenRefused('candidate_unknown');
    given(...asked, anEvent('LinesRejected'))
      .when(choose('claim-1'), { at: times.later })
      .thenRefused('choice_closed');
  });
});
