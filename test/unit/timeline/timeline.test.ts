import { expect } from 'chai';
import { type ClaimEvent, type EventType } from '#libs/claims/index.js';
import { type Audience, timelineEntry, type TimelineWording } from '#libs/timeline/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { aClock, actors, anEvent, contactRecipient, someEvidence, times, upTo } from '../../support/claim-builders.js';

const team: Audience[] = ['partner', 'reviewer', 'vendor'];
const all: Audience[] = ['partner', 'reviewer', 'customer', 'vendor'];

/** The audiences of each event, written by hand. */
const audiences: Record<EventType, Audience[]> = {
  ClaimDrafted: team,
  ClaimEdited: team,
  EvidenceAdded: team,
  EvidenceScanned: team,
  CommentAdded: team,
  SignatureRequested: team,
  SignatureCodeRequested: team,
  SignatureForwarded: team,
  StatementSigned: all,
  SignatureDeclined: team,
  SignatureExpired: team,
  SignatureRequestCanceled: team,
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
const entryFor = (event: ClaimEvent, audience: Audience, language: 'en' | 'ru' = 'en', wording?: TimelineWording) =>
  timelineEntry(event, audience, language, wording);

describe('the timeline', () => {
  for (const event of events) {
    it(`shows ${event.type} to ${audiences[event.type].join(', ')}`, () => {
      expect(all.filter((audience) => entryFor(event, audience) !== null)).to.deep.equal(audiences[event.type]);
      expect(all.filter((audience) => entryFor(event, audience, 'ru') !== null)).to.deep.equal(audiences[event.type]);
    });
  }

  it('puts an instant after a colon in Russian, where the nominative is correct', () => {
    const wording: TimelineWording = { instant: () => '⟨instant⟩', label: (code) => code };
    const instants = events.flatMap((event) =>
      audiences[event.type].flatMap((audience) => {
        const entry = entryFor(event, audience, 'ru', wording)!;
        return (entry.detail ?? '').includes('⟨instant⟩') ? [entry.detail!] : [];
      }),
    );
    expect(instants).to.have.length.greaterThan(10);
    for (const text of instants)
      expect(text)
        .to.match(/: ⟨instant⟩\.( |$)/)
        .and.not.match(/[^:] ⟨instant⟩/);
  });

  it('never mixes English and Russian', () => {
    for (const event of events) {
      for (const audience of audiences[event.type]) {
        const [english, russian] = (['en', 'ru'] as const).map((language) => {
          const entry = entryFor(event, audience, language, { instant: () => '', label: () => '' });
          return `${entry?.title} ${entry?.detail ?? ''}`;
        });
        expect(english, event.type).not.to.match(/[а-яё]/i);
        expect(russian, event.type).not.to.match(/[a-z]/i);
        expect(russian, event.type).to.match(/^[А-ЯЁ]/);
      }
    }
  });

  it('formats deadlines and reasons as the caller asks', () => {
    const wording: TimelineWording = {
      instant: (instant) => `<${instant}>`,
      label: (code) => samplePolicy.requestReasons.find((reason) => reason.code === code)?.label.ru ?? code,
    };
    expect(entryFor(anEvent('InformationRequested', { suggestedDrops: [2] }), 'partner', 'ru', wording)).to.deep.equal({
      title: 'От партнёра нужны дополнительные сведения',
      detail:
        'Строки 1, 2. Причины: Нет согласия клиента. Проверяющий предлагает исключить: строка 2. ' +
        'Срок ответа: <2026-03-14T03:59:59.999Z>. Без ответа заявка будет отклонена.',
    });
    expect(entryFor(anEvent('NoticeAccepted'), 'customer', 'en', wording)).to.deep.equal({
      title: 'Our notice was delivered to you',
      detail: 'You can decline before anything takes effect until <2026-03-14T03:59:59.999Z>, and end it at any time after.',
    });
  });

  it('shows plain instants and codes if the caller gives no format', () => {
    expect(entryFor(anEvent('LinesRejected', { lines: [2] }), 'reviewer')).to.deep.equal({
      title: 'Rejected',
      detail: 'Line 2. Reason: evidence_insufficient. It can be disputed until 2026-04-06T03:59:59.999Z.',
    });
    expect(entryFor(anEvent('DeadlineBreached'), 'partner', 'ru')).to.deep.equal({
      title: 'Рассмотрение не начато в срок',
      detail: 'Строки 1, 2. Срок был: 2026-03-10T03:59:59.999Z.',
    });
  });

  it('describes an event by the data it recorded', () => {
    const title = (event: ClaimEvent) => entryFor(event, 'partner')?.title;
    expect(title(anEvent('ClaimSubmitted', { submission: 2 }))).to.equal('Claim resubmitted');
    expect(title(anEvent('LinesRejected', { isFinal: true, clocks: [] }))).to.equal('Rejected (final)');
    expect(title(anEvent('DisputeDecided', { outcome: 'approve' }))).to.equal('Dispute accepted');
    expect(title(anEvent('DisputeDecided', { outcome: 'ask' }))).to.equal('Dispute: more information needed');
  });

  it('marks a deadline counted without knowing all holidays, for every audience that sees it', () => {
    const beyond = { ...aClock('K5', [1], '2027-12-29T15:00:00.000Z', 5) };
    expect(beyond.deadline.isBeyondCoverage).to.equal(true);
    const marked = (event: ClaimEvent, language: 'en' | 'ru') =>
      all.filter((audience) =>
        /not known when this date was set|ещё не были известны/.test(entryFor(event, audience, language)?.detail ?? ''),
      );
    for (const language of ['en', 'ru'] as const) {
      expect(marked(anEvent('NoticeAccepted', { clocks: [beyond] }), language)).to.deep.equal(all);
      const extended = { clock: 'K4' as const, lines: [1], from: times.later, deadline: beyond.deadline, textId: null };
      expect(marked(anEvent('DeadlineExtended', extended), language)).to.deep.equal(team);
      expect(marked(anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.later, 5)] }), language)).to.deep.equal([]);
    }
  });

  it('omits the detail if there is nothing to add', () => {
    expect(entryFor(anEvent('EvidenceAdded'), 'partner', 'ru')).to.deep.equal({
      title: 'Добавлено подтверждение выполнения',
      detail: null,
    });
    expect(entryFor(anEvent('NoticeAccepted', { clocks: [] }), 'partner')?.detail).to.equal(null);
  });

  it('shows internal comments only to reviewers and the vendor', () => {
    const internal = anEvent('CommentAdded', { visibility: 'internal' });
    expect(all.filter((audience) => entryFor(internal, audience) !== null)).to.deep.equal(['reviewer', 'vendor']);
    expect(entryFor(internal, 'reviewer')?.title).to.equal('Internal comment');
  });

  it('shows findings only to reviewers and the vendor', () => {
    const hold = { code: 'contact_domain_mismatch', severity: 'hold' as const, field: null, line: null, message: 'Strange.' };
    const taken = { ...hold, code: 'workload_already_claimed', severity: 'error' as const, message: 'Another partner holds it.' };
    const hidden = [
      anEvent('ClaimSubmitted', { findings: [hold] }),
      anEvent('LinesApproved', { clearedHolds: [hold.code] }),
      anEvent('LinesHeld', { findings: [taken] }),
    ];
    for (const event of hidden) {
      expect(entryFor(event, 'reviewer')?.detail).to.match(/contact_domain_mismatch|workload_already_claimed/);
      for (const language of ['en', 'ru'] as const) expect(entryFor(event, 'partner', language)?.detail).not.to.match(/_|nother partner/);
    }
  });

  it('never shows a person, an address, free text or a reviewer', () => {
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
          const entry = entryFor(event, audience, language);
          const text = `${entry?.title} ${entry?.detail}`;
          expect(secrets.filter((secret) => secret !== 'cpor' && text.includes(secret))).to.deep.equal([]);
        }
      }
    }
  });

  it('skips an event of a later version', () => {
    const unknown = { ...anEvent('CommentAdded'), type: 'ClaimTransferred' } as unknown as ClaimEvent;
    expect(all.map((audience) => entryFor(unknown, audience))).to.deep.equal([null, null, null, null]);
  });
});
