import { expect } from 'chai';
import { phases } from '#libs/claims/index.js';
import { consoleModule } from '../../support/console-module.js';

interface Standing {
  lines: number[];
  sentence: string;
  tone: string;
}

type Language = 'en' | 'ru';
type Told = { language: Language; format: object; words: object; deadlines: object[] | undefined };

const languages: Language[] = ['en', 'ru'];
const waits = [
  'review',
  'decision',
  'answer',
  'notice_delivery',
  'corrected_address',
  'customer',
  'signature',
  'hold',
  'dispute',
  'dispute_decision',
  'directory',
  'newer_than_this_build',
];
const movers = ['partner', 'reviewer', 'customer', 'system'];
const now = '2026-11-29T15:00:00Z';
const dueAt = '2026-12-02T04:59:59.999Z';

describe('The sentence that says where a claim stands', () => {
  let standingsOf: (claim: object, told: Told) => Standing[];
  let format: (language: Language) => object;

  before(async function () {
    this.timeout(30_000);
    ({ standingsOf } = await consoleModule<{ standingsOf: typeof standingsOf }>('claim/standing.ts'));
    ({ formatters: format } = await consoleModule<{ formatters: typeof format }>('i18n/format.ts'));
  });

  const told = (language: Language, deadlines?: object[]): Told => ({
    language,
    format: format(language),
    words: { rejectionReason: (code: string) => `<${code}>` },
    deadlines,
  });
  const line = (number: number, phase: string, more: object = {}) => ({
    line: number,
    product: 'teams',
    phase,
    since: '2026-11-20T10:00:00Z',
    isApproved: false,
    rejection: null,
    association: null,
    holds: [],
    ...more,
  });
  const claim = (more: object) => ({
    phase: 'submitted',
    submissions: 1,
    lines: [],
    waiting: [],
    deadlines: [],
    updatedAt: '2026-11-20T10:00:00Z',
    ...more,
  });
  const deadline = (clock: string, more: object = {}) => ({
    clock,
    lines: [1],
    startedAt: '2026-11-24T15:00:00Z',
    dueAt,
    zone: 'America/New_York',
    countedDays: ['2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30', '2026-12-01'],
    isBreached: false,
    unit: 'business_day',
    daysLeft: 2,
    isOver: false,
    ...more,
  });

  it('exists for every phase, everything a claim can wait for and every mover, with and without a deadline, in both languages', () => {
    for (const language of languages) {
      for (const phase of [...phases, 'newer_phase']) {
        const settled = standingsOf(claim({ phase, lines: [line(1, phase)] }), told(language));
        expect(settled, phase).to.have.length(1);
        const sentences = [settled[0]!.sentence, standingsOf(claim({ phase }), told(language))[0]!.sentence];
        for (const what of waits) {
          for (const mover of movers) {
            for (const clock of [null, 'overall_decision', 'customer_window']) {
              const waiting = [{ for: what, mover, lines: [1], since: now, until: clock === null ? null : dueAt }];
              const deadlines = clock === null ? [] : [deadline(clock), deadline(clock, { isBreached: true })];
              const standings = standingsOf(claim({ phase, lines: [line(1, phase)], waiting, deadlines }), told(language, deadlines));
              sentences.push(...standings.map(({ sentence }) => sentence));
            }
          }
        }
        for (const sentence of sentences) {
          expect(sentence.trim(), `${language} ${phase}`).to.match(language === 'ru' ? /[а-я].*\.$/i : /[a-z].*\.$/i);
          expect(sentence, `${language} ${phase}`).not.to.match(/[{}]|undefined|null|NaN/);
        }
      }
    }
  });

  const said = (what: string, mover: string, clock: string, language: Language = 'en', more: object = {}) => {
    const waiting = [{ for: what, mover, lines: [1], since: now, until: dueAt }];
    const deadlines = [deadline(clock, more)];
    return standingsOf(claim({ lines: [line(1, 'consent_pending')], waiting, deadlines }), told(language, deadlines))[0]!;
  };

  it('names the end in the zone of the calendar, and the business days that are left', () => {
    expect(said('customer', 'customer', 'customer_window').sentence).to.equal(
      'Waits for the customer until Tue, 1 Dec 2026, 23:59 (New York), 2 business days left.',
    );
    expect(said('answer', 'partner', 'partner_answer', 'ru').sentence).to.match(
      /1 дек\. 2026.*23:59 \(New York\), осталось 2 рабочих дня\./,
    );
  });

  it('speaks of the last day, and of calendar days', () => {
    expect(said('customer', 'customer', 'customer_window', 'en', { daysLeft: 0 }).sentence).to.match(/, today is the last day\.$/);
    expect(said('dispute', 'partner', 'dispute_window', 'ru', { daysLeft: 21, unit: 'calendar_day' }).sentence).to.match(
      /, остался 21 день\.$/,
    );
    expect(said('customer', 'customer', 'customer_window', 'en', { daysLeft: null, unit: 'second' }).sentence).to.match(
      /23:59 \(New York\)\.$/,
    );
  });

  it('waits for a signature beside what the lines wait for', () => {
    const lines = [line(1, 'under_review')];
    const waiting = [
      { for: 'decision', mover: 'reviewer', lines: [1], since: now, until: null },
      { for: 'signature', mover: 'customer', lines: [], since: now, until: dueAt },
    ];
    const deadlines = [{ ...deadline('signature_request'), lines: [] }];
    const standings = standingsOf(claim({ lines, waiting, deadlines }), told('en', deadlines));
    expect(standings.map(({ sentence }) => sentence)).to.deep.equal([
      'Under review.',
      'Waits for the customer’s signature of the statement of work until Tue, 1 Dec 2026, 23:59 (New York), 2 business days left.',
    ]);
  });

  it('says that a review is late, and never counts days for it', () => {
    const late = said('decision', 'reviewer', 'review_decision', 'en', { isBreached: true });
    expect([late.tone, late.sentence]).to.deep.equal([
      'danger',
      'Under review. The decision was due by Tue, 1 Dec 2026, 23:59 (New York), and the vendor has been told. A late review is never an approval.',
    ]);
  });

  it('tells lines apart that stand differently, and joins those that stand alike', () => {
    const lines = [
      line(1, 'consent_pending'),
      line(2, 'rejected_final', { rejection: { reason: 'evidence_insufficient', isDisputable: false } }),
      line(3, 'rejected_final', { rejection: { reason: 'evidence_insufficient', isDisputable: false } }),
    ];
    const waiting = [{ for: 'customer', mover: 'customer', lines: [1], since: now, until: dueAt }];
    const standings = standingsOf(claim({ lines, waiting, deadlines: [deadline('customer_window')] }), told('en'));
    expect(standings.map(({ lines: of }) => of)).to.deep.equal([[1], [2, 3]]);
    expect(standings[1]!.sentence).to.equal('Rejected for good: <evidence_insufficient>.');
  });

  it('still says how a line stands while the directory is silent', () => {
    const waiting = [{ for: 'directory', mover: 'system', lines: [1], since: now, until: null }];
    const standings = standingsOf(claim({ lines: [line(1, 'draft')], waiting }), told('en'));
    expect(standings.map(({ sentence }) => sentence)).to.have.length(2);
  });
});
