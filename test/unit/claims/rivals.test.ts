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
const heard = { dueAt: '2026-03-05T04:59:59.999Z', isOver: true };
const held: World = { at, holders: [aHolder({ hearing: heard })] };
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

describe('The order of decision between rivals', () => {
  it("puts the customer's choice before everything else", () => {
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

  it('leaves a tie to the holder, and without one to the earliest submission', () => {
    expect(settleRivals([own, { ...holder, evidenceOn: own.evidenceOn }], null)).to.deep.equal({ winner: 'claim-2', step: 'holder' });
    expect(settleRivals([own, { ...rival, evidenceOn: own.evidenceOn }], null)).to.deep.equal({
      winner: 'claim-2',
      step: 'earliest_submission',
    });
  });

  it('does not let an early submission win with older evidence', () => {
    const tied = { ...own, claimId: 'claim-3', submittedAt: times.later };
    expect(settleRivals([own, tied, rival], null)).to.deep.equal({ winner: 'claim-1', step: 'earliest_submission' });
  });

  it('does not know a choice for somebody who is not a candidate', () => {
    expect(settleRivals([own, holder], 'claim-7').step).to.equal('newest_evidence');
  });
});

describe('A submission on a target that others hold or want', () => {
  it('names them in its event, and the holder is warned', () => {
    const { events } = given(...upTo.draft).when(aCommand('submitClaim', {}), { at: times.submitted, holders: [aHolder()] });
    const [submitted] = events as [ClaimEvent & { type: 'ClaimSubmitted' }];
    expect(submitted.data.competing).to.deep.equal([{ line: 1, target: teams, holder: 'claim-2', rivals: [] }]);
    expect(consequencesOf('claim-1', submitted).map(({ claimId, command }) => [claimId, command.type, command.body])).to.deep.equal([
      ['claim-2', 'warnHolder', { target: teams, challenger: 'claim-1' }],
    ]);
  });
});

describe('A claim that begins to compete later', () => {
  const competing = [{ line: 1, target: teams, holder: 'claim-2', rivals: [] }];
  const warned = (events: ClaimEvent[]) =>
    events.flatMap((one) => consequencesOf('claim-1', one)).map(({ claimId, command }) => [claimId, command.type]);

  it('has the holder warned when it disputes its rejection', () => {
    const { events } = given(...upTo.rejected).when(aCommand('openDispute', { textId: 'text-1' }), { holders: [aHolder()] });
    expect(events).to.deep.equal([anEvent('DisputeOpened', { competing })]);
    expect(warned(events)).to.deep.equal([['claim-2', 'warnHolder']]);
  });

  it('has the holder warned when an edit adds what that one holds', () => {
    const before = aClaim({ lines: [aLine(2, 'exchange')] });
    const changes = { lines: [aLine(1, 'teams'), aLine(2, 'exchange')] };
    const submitted = [anEvent('ClaimDrafted', { details: before }), ...upTo.submitted.slice(1)].map((one) =>
      one.type === 'ClaimSubmitted' ? { ...one, data: { ...one.data, lines: [2] } } : one,
    );
    const { events } = given(...submitted).when(aCommand('editClaim', { changes }), { at, holders: [aHolder()] });
    expect(events.map(({ type, data }) => [type, 'competing' in data && data.competing])).to.deep.equal([['ClaimEdited', competing]]);
    expect(warned(events)).to.deep.equal([['claim-2', 'warnHolder']]);
  });

  it('warns nobody by an edit while it is a draft', () => {
    const { events } = given(...upTo.draft).when(aCommand('editClaim', { changes: { name: 'Another' } }), { at, holders: [aHolder()] });
    expect(warned(events)).to.deep.equal([]);
  });
});

describe("A holder's hearing", () => {
  const warn = (challenger: string) => aCommand('warnHolder', { target: teams, challenger });

  it('gives five business days from the warning', () => {
    given(...upTo.official)
      .when(warn('claim-2'))
      .then(anEvent('HolderWarned'));
  });

  it('is shared by whoever competes while it runs, and is given once a claim', () => {
    const warned = [...upTo.official, anEvent('HolderWarned')];
    given(...warned)
      .when(warn('claim-3'))
      .then(anEvent('HolderWarned', { challenger: 'claim-3', clocks: [] }));
    given(...warned)
      .when(warn('claim-2'))
      .thenNothing();
  });

  it('ends by itself, and is given anew to the next', () => {
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

  it('means nothing where the target is no longer held', () => {
    given(...upTo.ended)
      .when(warn('claim-2'))
      .thenNothing();
  });
});

describe('An approval among rivals', () => {
  const approve = aCommand('approveClaim', { lines: [1] });

  it('needs a decision record while another claim is pending', () => {
    given(...upTo.under_review)
      .when(approve, wanted)
      .thenRefused('decision_record_required');
  });

  it('waits while another claim is with the customer', () => {
    given(...upTo.under_review)
      .when(approve, { at, rivals: [aRival({ phase: 'consent_pending' })] })
      .thenRefused('rival_in_window');
  });

  it('waits until the holder was heard, and then needs a record', () => {
    for (const hearing of [null, { dueAt: times.later, isOver: false }]) {
      given(...upTo.under_review)
        .when(approve, { at, holders: [aHolder({ hearing })] })
        .thenRefused('holder_not_heard');
    }
    given(...upTo.under_review)
      .when(approve, held)
      .thenRefused('decision_record_required');
  });

  it('goes on for the winner', () => {
    const won = [...upTo.under_review, decided({ isWinner: true, displaces: 'claim-2', record: record() })];
    const { events } = given(...won).when(approve, held);
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesApproved', 'NoticeRequested']);
  });

  it('needs a new record when somebody else has come since', () => {
    const won = [...upTo.under_review, decided({ isWinner: true, displaces: 'claim-2', record: record() })];
    given(...won)
      .when(approve, { ...held, rivals: [aRival({ claimId: 'claim-3' })] })
      .thenRefused('decision_record_required');
  });
});

describe('A decision between rivals', () => {
  it('records the candidates, and what it means for the claim', () => {
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), held)
      .then(decided({ isWinner: true, displaces: 'claim-2', record: record() }));
  });

  it('rejects the loser, which may dispute it once', () => {
    const newer = aHolder({ hearing: heard, evidence: [{ evidenceId: 'evidence-9', signedOn: '2026-03-01' }] });
    const lost = record({ winner: 'claim-2', candidates: [own, { ...holder, evidenceOn: '2026-03-01' }] });
    given(...upTo.under_review)
      .when(decideFor('claim-2', 'newest_evidence'), { at, holders: [newer] })
      .then(
        decided({ isWinner: false, displaces: null, record: lost }),
        anEvent('LinesRejected', { lines: [1], reason: 'lost_arbitration', textId: 'text-1', clocks: [aClock('K7', [1], at, 30)] }, at),
      );
  });

  it('refuses what the order of decision does not give, and says what it gives', () => {
    const { findings, thenFindings } = given(...upTo.under_review).when(decideFor('claim-2', 'holder'), held);
    thenFindings({ code: 'decision_order', severity: 'error', field: 'winner', line: 1 });
    expect(findings[0]?.message).to.contain('claim-1').and.to.contain('newest_evidence');
  });

  it('lets the reviewer disregard evidence that does not count, and what is signed in the future', () => {
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

  it("follows the customer's latest word, whoever asked for it", () => {
    const choices = [{ target: teams, claimId: 'claim-2', chosenAt: '2026-03-05T10:00:00.000Z' }];
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { ...wanted, choices })
      .thenRefused('decision_order');
    const asked = [...upTo.under_review, anEvent('ChoiceRequested'), anEvent('CustomerChose', {}, '2026-03-06T10:00:00.000Z')];
    given(...asked)
      .when(decideFor('claim-1', 'customer_choice'), { ...wanted, choices })
      .then(decided({ isWinner: true, displaces: null, record: record({ step: 'customer_choice', candidates: [own, rival] }) }));
  });

  it('waits for the hearing of the holder', () => {
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { at, holders: [aHolder()] })
      .thenRefused('holder_not_heard');
  });

  it('needs somebody to decide between', () => {
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { at })
      .thenRefused('no_rivals');
  });

  it('is not for a reviewer who acts for one of the partners', () => {
    const partial = { ...actors.reviewer, actsFor: [ids.rival] };
    given(...upTo.under_review)
      .when({ ...decideFor('claim-1', 'newest_evidence'), actor: partial }, held)
      .thenRefused('self_review_forbidden');
  });

  it('is told to every other candidate, but not told on', () => {
    const told = decided({ isWinner: true, displaces: 'claim-2', record: record() });
    const [consequence, ...others] = consequencesOf('claim-1', told);
    expect([consequence?.claimId, consequence?.command.type, others]).to.deep.equal(['claim-2', 'recordRivals', []]);
    expect(consequencesOf('claim-2', { ...told, by: { kind: 'system', subject: 'cpor' } })).to.deep.equal([]);
  });

  it('of another claim rejects a pending line, and leaves a holder what it has', () => {
    const lost = record({ winner: 'claim-2', candidates: [own, rival] });
    const tell = aCommand('recordRivals', { record: lost });
    const { events } = given(...upTo.under_review).when(tell, { at });
    expect(events.map(({ type }) => type)).to.deep.equal(['RivalsDecided', 'LinesRejected']);
    const kept = given(...upTo.official).when(tell, { at });
    expect(kept.events.map(({ type }) => type)).to.deep.equal(['RivalsDecided']);
    given(...upTo.canceled)
      .when(tell, { at })
      .thenNothing();
  });

  it('on a dispute needs another reviewer than before', () => {
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

describe('The dispute of a decision between rivals', () => {
  const lost = record({ winner: 'claim-2', candidates: [own, rival] });
  // Decided on the winner's claim: this one was told by the system.
  const told = given(...upTo.under_review).when(aCommand('recordRivals', { record: lost }), { at }).events;
  const disputed = [
    ...upTo.under_review,
    ...told,
    anEvent('DisputeOpened', { lines: [1], clocks: [aClock('K8', [1], times.later, 5)] }, times.later),
  ];

  it('is another reviewer’s, on whichever claim it was decided', () => {
    for (const outcome of ['approve', 'ask', 'final'] as const) {
      given(...disputed)
        .when(aCommand('decideDispute', { outcome, reasons: ['dates_missing_or_old'] }, actors.reviewer))
        .thenRefused('second_reviewer_required');
    }
    given(...disputed)
      .when(aCommand('decideDispute', { outcome: 'final' }, actors.secondReviewer))
      .then(anEvent('DisputeDecided', { lines: [1] }));
  });

  it('is not settled either by the first reviewer’s decision on another claim', () => {
    const rivals = [aRival({ phase: 'disputed', disputedDeciders: [actors.reviewer.subject] })];
    given(...upTo.under_review)
      .when(decideFor('claim-1', 'newest_evidence'), { at, rivals })
      .thenRefused('second_reviewer_required');
  });
});

describe('The displacement of a holder', () => {
  const won = [
    ...upTo.under_review,
    anEvent('ClaimWithdrawn', { lines: [2] }),
    anEvent('RivalsDecided', { isWinner: true, displaces: 'claim-2', record: record() }),
    anEvent('LinesApproved', { lines: [1] }),
    anEvent('NoticeRequested', { lines: [1] }),
    anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.delivered, 5)] }),
  ];
  const displaces = { claimId: 'claim-2', associationId: 'association-9' };

  it('happens at the instant at which the other line becomes official, and not before', () => {
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

  it('begins no earlier than the holder ended, whatever was recorded late', () => {
    const vacantSince = [{ target: teams, at: '2026-03-14T05:00:00.000Z' }];
    const [official] = given(...won).whenTimePasses(times.later, { at, vacantSince }).events;
    expect(official?.at).to.equal('2026-03-14T05:00:00.000Z');
  });

  it('does not reach a partner that became the holder since: the line is held', () => {
    const { events } = given(...won).whenTimePasses(times.later, { at, holders: [aHolder({ claimId: 'claim-5' })] });
    expect(events.map(({ type }) => type)).to.deep.equal(['LinesHeld']);
  });

  it('ends the holder at that very instant', () => {
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

  it("goes on with both activities where the holder is the partner's own for another one", () => {
    const own9 = aHolder({ partnerAccountId: ids.account, activities: ['presales'] });
    const [official] = given(...upTo.consent_pending).whenTimePasses(times.later, { at, holders: [own9] }).events;
    expect(official?.type === 'LinesMadeOfficial' && official.data.lines[0]).to.deep.equal(
      officialLine(1, 'id-1', teams, { activities: ['presales', 'usage'], displaces: { ...displaces, isOwn: true } }),
    );
  });

  it("is no end for the partner's own, of which nobody is written to", () => {
    const body = { associationId: 'association-1', at: times.later };
    const supersede = (more = {}) => given(...upTo.official).when(aCommand('supersedeAssociation', { ...body, ...more })).events;
    const kindsOf = (events: ClaimEvent[]) =>
      events.flatMap((one) => lettersOf(one, fold([...upTo.official, ...events])).map(({ kind }) => kind));
    expect(kindsOf(supersede({ isOwn: true }))).to.deep.equal([]);
    expect(kindsOf(supersede())).to.deep.equal(['end_receipt', 'end_receipt', 'partner_ended']);
  });

  it('gives the new holder a hearing when others compete already', () => {
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

describe("The customer's choice among rivals", () => {
  it('is asked of the contact and the administrators', () => {
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

  it('is asked of nobody whose mail domain is not the tenant’s: the partner might have named its own mailbox', () => {
    const ask = (admins: { personId: string; emailDomain: string }[]) =>
      given(...upTo.under_review).when(aCommand('askCustomerToChoose', { line: 1 }), {
        ...held,
        facts: someFacts({ tenant: { domains: ['other.example'], admins } }),
      });
    const [asked] = ask([{ personId: 'person-admin', emailDomain: 'other.example' }]).events;
    expect(asked?.type === 'ChoiceRequested' && asked.data.recipients.map(({ kind }) => kind)).to.deep.equal(['tenant_admin']);
    ask([]).thenFindings({ code: 'contact_domain_mismatch', severity: 'error', field: 'contacts.customer.email', line: null });
  });

  it('is asked only where there is something to choose', () => {
    given(...upTo.under_review)
      .when(aCommand('askCustomerToChoose', { line: 1 }), { at, facts: someFacts() })
      .thenRefused('no_rivals');
  });

  const asked = [...upTo.under_review, anEvent('ChoiceRequested')];
  const choose = (claimId: string, choiceId = 'choice-1') => aCommand('chooseRival', { choiceId, claimId, recipientId: 'recipient-admin' });

  it('names one of the candidates, and may change until they are decided', () => {
    given(...asked)
      .when(choose('claim-1'), { at })
      .then(anEvent('CustomerChose'));
    const again = given(...asked, anEvent('CustomerChose')).when(choose('claim-2'), { at: times.supplied });
    expect(fold([...asked, anEvent('CustomerChose'), ...again.events]).choices[0]?.chosen).to.deep.equal({
      claimId: 'claim-2',
      at: times.supplied,
    });
  });

  it('comes too late once they are decided, until it is asked anew', () => {
    const settled = [...asked, decided({ isWinner: true, displaces: null, record: record() })];
    given(...settled)
      .when(choose('claim-2'), { at: times.later })
      .thenRefused('choice_closed');
    const anew = [...settled, anEvent('ChoiceRequested', { choiceId: 'choice-2' }, times.supplied)];
    expect(given(...anew).when(choose('claim-2', 'choice-2'), { at: times.later }).events).to.have.length(1);
    expect(positionOf(fold(anew)).noticesToSend).to.deep.equal(['choice-2']);
  });

  it('refuses what was not asked', () => {
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
