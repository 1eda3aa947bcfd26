import { expect } from 'chai';
import { type ClaimEvent, type EventType } from '#libs/claims/index.js';
import { type Audience, timelineEntry, type TimelineWording } from '#libs/timeline/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { aClock, actors, anEvent, contactRecipient, someEvidence, times, upTo } from '../../support/claim-builders.js';

const team: Audience[] = ['partner', 'reviewer', 'vendor'];
const all: Audience[] = ['partner', 'reviewer', 'customer', 'vendor'];

/** Who is told of what, by hand. */
const audiences: Record<EventType, Audience[]> = {
  ClaimDrafted: team,
  ClaimEdited: team,
  EvidenceAdded: team,
  CommentAdded: team,
  DraftDiscarded: team,
  ClaimSubmitted: team,
  ReviewStarted: team,
  InformationRequested: team,
  LinesApproved: team,
  LinesRejected: team,
  DeadlineBreached: team,
  NoticeRequested: all,
  NoticeRecipientAdded: team,
  NoticeAccepted: all,
  NoticeFailed: team,
  NoticeBounced: team,
  CustomerDeclined: all,
  ConsentWindowPassed: team,
  LinesMadeOfficial: all,
  LinesHeld: team,
  AssociationEnded: all,
  ClaimWithdrawn: all,
  DisputeOpened: team,
  DisputeDecided: team,
  DisputeWindowClosed: team,
  CustomerAccepted: all,
  PartnerBlocked: all,
  PartnerUnblocked: all,
  DeadlineExtended: team,
  AssociationTransferred: all,
  AssociationChecked: team,
  ExpiryNoticeDue: team,
  LineCarriedOver: all,
  HolderWarned: team,
  HearingClosed: team,
  ChoiceRequested: all,
  CustomerChose: all,
  RivalsDecided: team,
};
const events = (Object.keys(audiences) as EventType[]).map((type) => anEvent(type));
const told = (event: ClaimEvent, audience: Audience, language: 'en' | 'ru' = 'en', wording?: TimelineWording) =>
  timelineEntry(event, audience, language, wording);

describe('The timeline', () => {
  for (const event of events) {
    it(`tells ${event.type} to ${audiences[event.type].join(', ')}`, () => {
      expect(all.filter((audience) => told(event, audience) !== null)).to.deep.equal(audiences[event.type]);
      expect(all.filter((audience) => told(event, audience, 'ru') !== null)).to.deep.equal(audiences[event.type]);
    });
  }

  it('names an instant in Russian only where its nominative fits: behind a colon', () => {
    const wording: TimelineWording = { instant: () => '⟨instant⟩', label: (code) => code };
    const instants = events.flatMap((event) =>
      audiences[event.type].flatMap((audience) => {
        const entry = told(event, audience, 'ru', wording)!;
        return (entry.detail ?? '').includes('⟨instant⟩') ? [entry.detail!] : [];
      }),
    );
    expect(instants).to.have.length.greaterThan(10);
    for (const text of instants)
      expect(text)
        .to.match(/: ⟨instant⟩\.( |$)/)
        .and.not.match(/[^:] ⟨instant⟩/);
  });

  it('speaks English in English and Russian in Russian', () => {
    for (const event of events) {
      for (const audience of audiences[event.type]) {
        const [english, russian] = (['en', 'ru'] as const).map((language) => {
          const entry = told(event, audience, language, { instant: () => '', label: () => '' });
          return `${entry?.title} ${entry?.detail ?? ''}`;
        });
        expect(english, event.type).not.to.match(/[а-яё]/i);
        expect(russian, event.type).not.to.match(/[a-z]/i);
        expect(russian, event.type).to.match(/^[А-ЯЁ]/);
      }
    }
  });

  it('shows deadlines and reasons as the caller words them', () => {
    const wording: TimelineWording = {
      instant: (instant) => `<${instant}>`,
      label: (code) => samplePolicy.requestReasons.find((reason) => reason.code === code)?.label.ru ?? code,
    };
    expect(told(anEvent('InformationRequested', { suggestedDrops: [2] }), 'partner', 'ru', wording)).to.deep.equal({
      title: 'От партнёра нужны дополнительные сведения',
      detail:
        'Строки 1, 2. Причины: Нет согласия клиента. Предложено исключить: строка 2. ' +
        'Срок ответа: <2026-03-14T03:59:59.999Z>. Без ответа заявка будет отклонена.',
    });
    expect(told(anEvent('NoticeAccepted'), 'customer', 'en', wording)).to.deep.equal({
      title: 'Our notice was delivered to you',
      detail: 'You can decline before anything takes effect until <2026-03-14T03:59:59.999Z>, and end it at any time after.',
    });
  });

  it('leaves instants and codes as they are without wording', () => {
    expect(told(anEvent('LinesRejected', { lines: [2] }), 'reviewer')).to.deep.equal({
      title: 'Rejected',
      detail: 'Line 2. Reason: evidence_insufficient. It can be disputed until 2026-04-06T03:59:59.999Z.',
    });
    expect(told(anEvent('DeadlineBreached'), 'partner', 'ru')).to.deep.equal({
      title: 'Рассмотрение не начато в срок',
      detail: 'Строки 1, 2. Срок был: 2026-03-10T03:59:59.999Z.',
    });
  });

  it('tells one event differently where it happened differently', () => {
    const title = (event: ClaimEvent) => told(event, 'partner')?.title;
    expect(title(anEvent('ClaimSubmitted', { submission: 2 }))).to.equal('Claim resubmitted');
    expect(title(anEvent('LinesRejected', { isFinal: true, clocks: [] }))).to.equal('Rejected, final');
    expect(title(anEvent('DisputeDecided', { outcome: 'approve' }))).to.equal('Dispute accepted');
    expect(title(anEvent('DisputeDecided', { outcome: 'ask' }))).to.equal('Dispute: more information needed');
  });

  it('marks a deadline that was counted without knowing all holidays, for everybody who is told of it', () => {
    const beyond = { ...aClock('K5', [1], '2027-12-29T15:00:00.000Z', 5) };
    expect(beyond.deadline.isBeyondCoverage).to.equal(true);
    const marked = (event: ClaimEvent, language: 'en' | 'ru') =>
      all.filter((audience) => /not known when this date was set|ещё не были известны/.test(told(event, audience, language)?.detail ?? ''));
    for (const language of ['en', 'ru'] as const) {
      expect(marked(anEvent('NoticeAccepted', { clocks: [beyond] }), language)).to.deep.equal(all);
      const extended = { clock: 'K4' as const, lines: [1], from: times.later, deadline: beyond.deadline, textId: null };
      expect(marked(anEvent('DeadlineExtended', extended), language)).to.deep.equal(team);
      expect(marked(anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.later, 5)] }), language)).to.deep.equal([]);
    }
  });

  it('has no detail where there is nothing to add', () => {
    expect(told(anEvent('EvidenceAdded'), 'partner', 'ru')).to.deep.equal({ title: 'Добавлено подтверждение выполнения', detail: null });
    expect(told(anEvent('NoticeAccepted', { clocks: [] }), 'partner')?.detail).to.equal(null);
  });

  it('keeps internal comments among reviewers and the vendor', () => {
    const internal = anEvent('CommentAdded', { visibility: 'internal' });
    expect(all.filter((audience) => told(internal, audience) !== null)).to.deep.equal(['reviewer', 'vendor']);
    expect(told(internal, 'reviewer')?.title).to.equal('Internal comment');
  });

  it('keeps what was found in checks among reviewers and the vendor', () => {
    const hold = { code: 'contact_domain_mismatch', severity: 'hold' as const, field: null, line: null, message: 'Strange.' };
    const taken = { ...hold, code: 'workload_already_claimed', severity: 'error' as const, message: 'Another partner holds it.' };
    const hidden = [
      anEvent('ClaimSubmitted', { findings: [hold] }),
      anEvent('LinesApproved', { clearedHolds: [hold.code] }),
      anEvent('LinesHeld', { findings: [taken] }),
    ];
    for (const event of hidden) {
      expect(told(event, 'reviewer')?.detail).to.match(/contact_domain_mismatch|workload_already_claimed/);
      for (const language of ['en', 'ru'] as const) expect(told(event, 'partner', language)?.detail).not.to.match(/_|nother partner/);
    }
  });

  it('names no person, address, free text or reviewer to anybody', () => {
    const revealing = [
      ...events,
      anEvent('NoticeFailed', { reason: '550 <ann@contoso.example> unknown' }),
      anEvent('NoticeRequested', { recipients: [contactRecipient] }),
      anEvent('EvidenceAdded', { evidence: someEvidence() }),
      anEvent('DisputeOpened', { clocks: [aClock('K8', [1], times.later, 5)] }),
      ...upTo.ended,
    ];
    const secrets = [
      ...Object.values(actors).map(({ subject }) => subject),
      'person-',
      'recipient-',
      'text-',
      'evidence-',
      '@',
      'association-',
    ];
    for (const event of revealing) {
      for (const audience of all) {
        for (const language of ['en', 'ru'] as const) {
          const entry = told(event, audience, language);
          const text = `${entry?.title} ${entry?.detail}`;
          expect(secrets.filter((secret) => secret !== 'cpor' && text.includes(secret))).to.deep.equal([]);
        }
      }
    }
  });

  it('is silent about an event of a later version', () => {
    const unknown = { ...anEvent('CommentAdded'), type: 'ClaimTransferred' } as unknown as ClaimEvent;
    expect(all.map((audience) => told(unknown, audience))).to.deep.equal([null, null, null, null]);
  });
});
