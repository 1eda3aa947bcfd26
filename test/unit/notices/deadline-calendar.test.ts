import { expect } from 'chai';
import { deadlineCalendar, type NoticeView } from '#libs/notices/index.js';
import { inLanguage, noticeLine, noticeView, period } from './notices.fixture.js';

const now = '2025-12-25T10:00:00.123Z';
const remindAt = '2026-01-08T06:00:00Z';
const calendar = (changes: Partial<NoticeView> = {}) => deadlineCalendar(noticeView({ periods: [period({ remindAt })], ...changes }), now)!;
/** The content lines, with folded ones joined again. */
const linesOf = (file: string) => file.replaceAll('\r\n ', '').split('\r\n');
const valueOf = (file: string, name: string) =>
  linesOf(file)
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1);

describe('the calendar file of a deadline', () => {
  it('holds the deadline and its stamp in UTC, never later than the deadline, and a reminder before it', () => {
    const file = calendar();
    expect(linesOf(file).filter((line) => /^(BEGIN|END|DT|TRIGGER|TRANSP|METHOD|VERSION)/.test(line))).to.deep.equal([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'DTSTAMP:20251225T100000Z',
      'DTSTART:20260109T205959Z',
      'TRANSP:TRANSPARENT',
      'BEGIN:VALARM',
      'TRIGGER:-P1DT14H59M59S',
      'END:VALARM',
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
    expect(valueOf(file, 'SUMMARY')).to.equal('Last moment to refuse: Fabrikam Consulting LLC as partner of record');
    expect(calendar({ periods: [period({ remindAt: null })] })).not.to.include('VALARM');
  });

  it('ends every line with CRLF, has no line over 75 octets and cuts no character in two', () => {
    for (const language of ['en', 'ru'] as const) {
      const file = deadlineCalendar(inLanguage(language, { periods: [period({ remindAt })] }), now)!;
      expect(file)
        .to.match(/\r\n$/)
        .and.not.match(/[^\r]\n/);
      expect(file).not.to.include('\uFFFD');
      for (const line of file.split('\r\n')) expect(Buffer.byteLength(line), line).to.be.at.most(75);
      expect(Buffer.from(file).toString(), language).to.equal(file);
    }
    expect(valueOf(deadlineCalendar(inLanguage('ru', { periods: [period()] }), now)!, 'SUMMARY')).to.include('Последний момент для отказа');
  });

  it('escapes what a name could break out with', () => {
    const legalName = 'A; B, C\\D\r\nATTENDEE:x';
    const file = calendar({ partner: { legalName, partnerId: '1' } });
    expect(valueOf(file, 'SUMMARY')).to.equal('Last moment to refuse: A\\; B\\, C\\\\D ATTENDEE:x as partner of record');
    expect(linesOf(file).filter((line) => line.startsWith('ATTENDEE'))).to.deep.equal([]);
  });

  it('holds neither the link that answers nor the copy', () => {
    const view = noticeView({ periods: [period({ remindAt })] });
    const file = linesOf(deadlineCalendar(view, now)!).join('\n');
    expect(file).to.not.include('/n/').and.not.include(view.url.split('/').at(-1)!);
    expect(file).to.include(view.explanationPage).and.include('CLM-000123').and.include('partners@northwind.example');
  });

  it('has one entry for each running period, under an address of its own that stays the same', () => {
    const periods = [period({ lines: [1] }), period({ lines: [2], closesAt: '2026-01-13T20:59:59.999Z', consent: 'opt_in' })];
    const uids = (file: string) => linesOf(file).filter((line) => line.startsWith('UID:'));
    const both = uids(calendar({ periods }));
    expect(both).to.deep.equal([
      'UID:CLM-000123-1-deadline@claims.northwind.example',
      'UID:CLM-000123-2-deadline@claims.northwind.example',
    ]);
    const moved = periods.map((one) => ({ ...one, closesAt: '2026-02-01T20:59:59.999Z' }));
    expect(uids(calendar({ periods: moved }))).to.deep.equal(both);
    expect(uids(calendar({ periods: [{ ...periods[0]!, isOver: true }, periods[1]!] }))).to.deep.equal(both.slice(1));
  });

  it('does not exist before the period, after it, or once the lines are settled', () => {
    for (const changes of [
      { periods: [period({ closesAt: null })] },
      { periods: [period({ isOver: true })] },
      { lines: [noticeLine(1, { state: 'declined' }), noticeLine(2, { state: 'official' })] },
    ] satisfies Partial<NoticeView>[])
      expect(deadlineCalendar(noticeView(changes), now)).to.equal(null);
  });
});
