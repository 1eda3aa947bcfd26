import { type CalendarVersion, maximumHolidays, parseCalendarVersion, sampleCalendars } from '#libs/calendar/index.js';
import { expect } from 'chai';

const valid: CalendarVersion = {
  name: 'ru',
  version: 2,
  zone: 'Europe/Moscow',
  weekend: [6, 7],
  holidays: [{ on: '2026-01-01', name: 'New Year' }],
  coversFrom: '2026-01-01',
  coversThrough: '2026-12-31',
  source: 'Labour Code, article 112.',
};

/** Returns the faults as `field code`, in order. */
const faults = (changes: object) => {
  const parsed = parseCalendarVersion({ ...valid, ...changes });
  return 'faults' in parsed ? parsed.faults.map(({ field, code }) => `${field} ${code}`) : [];
};

describe('a calendar document', () => {
  it('is copied with its lists sorted', () => {
    const input = {
      ...valid,
      weekend: [7, 6],
      holidays: [
        { on: '2026-12-31', name: 'Moved' },
        { on: '2026-01-01', name: 'New Year' },
      ],
    };
    const parsed = parseCalendarVersion(input);
    expect(parsed).to.deep.equal({
      calendar: {
        ...valid,
        weekend: [6, 7],
        holidays: [
          { on: '2026-01-01', name: 'New Year' },
          { on: '2026-12-31', name: 'Moved' },
        ],
      },
    });
    expect(input.weekend).to.deep.equal([7, 6]);
  });

  it('may have no weekend or holidays, or a holiday on the weekend', () => {
    expect(faults({ weekend: [], holidays: [] })).to.deep.equal([]);
    expect(faults({ holidays: [{ on: '2026-03-08', name: "Women's Day" }] })).to.deep.equal([]);
  });

  it('may list weekend days worked by decree, which are sorted', () => {
    const workingDays = [
      { on: '2026-11-07', name: 'Worked for 9 November' },
      { on: '2026-02-14', name: 'Worked for 16 February' },
    ];
    const parsed = parseCalendarVersion({ ...valid, workingDays });
    expect('calendar' in parsed && parsed.calendar.workingDays).to.deep.equal(workingDays.toReversed());
    const without = parseCalendarVersion(valid);
    expect('calendar' in without && without.calendar).not.to.have.property('workingDays');
  });

  it('may list as working days only covered weekend days that are not holidays, each once', () => {
    const workingDays = [
      { on: '2026-02-14', name: 'Worked' },
      { on: '2026-02-14', name: 'Once more' },
      { on: '2026-02-16', name: 'A Monday' },
      { on: '2027-01-02', name: 'Too late' },
      { on: '2026-03-07', name: 'A holiday too' },
      { on: '2026-02-30', name: 'No such date' },
    ];
    expect(faults({ workingDays, holidays: [{ on: '2026-03-07', name: 'Holiday' }] })).to.deep.equal([
      'workingDays.1.on calendar_working_day_duplicate',
      'workingDays.3.on calendar_working_day_outside_coverage',
      'workingDays.5 calendar_field_invalid',
      'workingDays.2.on calendar_working_day_not_weekend',
      'workingDays.4.on calendar_working_day_holiday',
    ]);
    expect(faults({ workingDays: 'none' })).to.deep.equal(['workingDays calendar_field_invalid']);
    expect(
      faults({ workingDays: Array.from({ length: maximumHolidays + 1 }, () => ({ on: '2026-02-14', name: 'Worked' })) }),
    ).to.deep.equal(['workingDays calendar_working_days_too_many']);
  });

  it('must be an object', () => {
    for (const input of [null, undefined, 'ru', 1, [valid]]) {
      expect(parseCalendarVersion(input)).to.deep.equal({
        faults: [{ field: '', code: 'calendar_field_invalid', message: 'A calendar version must be an object.' }],
      });
    }
  });

  it('is refused with a complete list of faults', () => {
    expect(parseCalendarVersion({ zone: 'Europe/Moscou', weekend: [1, 2, 3, 4, 5, 6, 7], holiday: [], version: 0 })).to.deep.equal({
      faults: [
        {
          field: 'name',
          code: 'calendar_field_invalid',
          message: 'name must be 1 to 40 lower-case letters, digits and hyphens, a letter first.',
        },
        { field: 'version', code: 'calendar_field_invalid', message: 'version must be a whole number from 1 to 100000.' },
        { field: 'coversFrom', code: 'calendar_field_invalid', message: 'coversFrom must be a date such as 2026-01-31.' },
        { field: 'coversThrough', code: 'calendar_field_invalid', message: 'coversThrough must be a date such as 2026-01-31.' },
        {
          field: 'source',
          code: 'calendar_field_invalid',
          message: 'source must state in 1 to 2000 characters where the holidays come from.',
        },
        { field: 'holiday', code: 'calendar_field_unknown', message: 'A calendar version has no such field.' },
        { field: 'zone', code: 'calendar_zone_unknown', message: 'zone must be an IANA time zone such as Europe/Moscow, spelled exactly.' },
        { field: 'weekend', code: 'calendar_weekend_full', message: 'At least one day of the week must not be a weekend day.' },
        { field: 'holidays', code: 'calendar_field_invalid', message: 'holidays must be a list; it may be empty.' },
      ],
    });
  });

  it('must name an IANA zone exactly', () => {
    for (const zone of ['+03:00', 'europe/moscow', 'EUROPE/MOSCOW', 'Moscow', '', 'Z', 3, null]) {
      expect(faults({ zone }), String(zone)).to.deep.equal(['zone calendar_zone_unknown']);
    }
    for (const zone of ['UTC', 'America/Argentina/Buenos_Aires', 'Asia/Kathmandu']) expect(faults({ zone }), zone).to.deep.equal([]);
  });

  it('must list different ISO weekdays as its weekend', () => {
    for (const weekend of [[0], [8], [6, 6], ['6'], [6.5], 6, undefined]) {
      expect(faults({ weekend }), String(weekend)).to.deep.equal(['weekend calendar_field_invalid']);
    }
  });

  it('must have a name, a version and a source within their limits', () => {
    for (const name of ['', 'RU', 'r u', '1ru', 'r'.repeat(41), 7])
      expect(faults({ name }), String(name)).to.deep.equal(['name calendar_field_invalid']);
    for (const version of [0, 1.5, '1', 100_001])
      expect(faults({ version }), String(version)).to.deep.equal(['version calendar_field_invalid']);
    for (const source of ['', '  ', 's'.repeat(2001)]) expect(faults({ source })).to.deep.equal(['source calendar_field_invalid']);
    expect(faults({ name: 'r'.repeat(40), version: 100_000, source: 's'.repeat(2000) })).to.deep.equal([]);
  });

  it('must cover real dates in order', () => {
    expect(faults({ coversFrom: '2026-02-30' })).to.deep.equal(['coversFrom calendar_field_invalid']);
    expect(faults({ coversFrom: '2026-1-1' })).to.deep.equal(['coversFrom calendar_field_invalid']);
    expect(faults({ coversFrom: '2027-01-01', holidays: [] })).to.deep.equal(['coversThrough calendar_coverage_reversed']);
    expect(faults({ coversFrom: '2026-12-31', holidays: [] })).to.deep.equal([]);
  });

  it('may list only covered, well-formed holidays, each once', () => {
    const holidays = [
      { on: '2026-01-01', name: 'New Year' },
      { on: '2026-01-01', name: 'Once more' },
      { on: '2026-02-29', name: 'No such date' },
      { on: '2025-12-31', name: 'Too early' },
      { on: '2027-01-01', name: 'Too late' },
      { on: '2026-12-31', name: '' },
      { on: '2026-12-30', name: 'Half', isHalf: true },
      '2026-05-01',
      { on: '2026-12-31', name: 'Last day' },
    ];
    expect(faults({ holidays })).to.deep.equal([
      'holidays.1.on calendar_holiday_duplicate',
      'holidays.2 calendar_field_invalid',
      'holidays.3.on calendar_holiday_outside_coverage',
      'holidays.4.on calendar_holiday_outside_coverage',
      'holidays.5 calendar_field_invalid',
      'holidays.6 calendar_field_invalid',
      'holidays.7 calendar_field_invalid',
    ]);
  });

  it('may not list more holidays than the maximum', () => {
    const dates = (count: number) =>
      Array.from({ length: count }, (_, day) => ({ on: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10), name: 'Off' }));
    expect(faults({ holidays: dates(maximumHolidays), coversThrough: '2030-12-31' })).to.deep.equal([]);
    expect(faults({ holidays: dates(maximumHolidays + 1), coversThrough: '2030-12-31' })).to.deep.equal([
      'holidays calendar_holidays_too_many',
    ]);
  });
});

describe('the shipped calendars', () => {
  const day = 86_400_000;
  const dates = (year: number) =>
    Array.from({ length: 366 }, (_, n) => new Date(Date.UTC(year, 0, 1) + n * day)).filter((date) => date.getUTCFullYear() === year);
  const text = (date: Date) => date.toISOString().slice(0, 10);
  const sample = (name: string) => sampleCalendars.find((each) => each.name === name)!;
  const isWeekend = (calendar: CalendarVersion, date: Date) => calendar.weekend.includes(date.getUTCDay() || 7);
  const years = [2025, 2026, 2027];

  it('are valid', () => {
    expect(sampleCalendars.map(({ name, version }) => `${name}@${version}`)).to.deep.equal(['ru@2', 'sa@1', 'us-federal@1']);
    for (const calendar of sampleCalendars) expect(parseCalendarVersion(calendar)).to.deep.equal({ calendar });
  });

  it('have the published number of Russian working days', () => {
    const { holidays } = sample('ru');
    const workingDays = (year: number) =>
      dates(year).filter((date) => !isWeekend(sample('ru'), date) && !holidays.some(({ on }) => on === text(date))).length;
    // Without the worked Saturday, 1 November 2025.
    expect(workingDays(2025)).to.equal(247 - 1);
    expect(workingDays(2026)).to.equal(247);
  });

  it('have the US holidays that follow from 5 U.S.C. 6103', () => {
    const nth = (year: number, month: number, weekday: number, n: number) => {
      const days = dates(year).filter((date) => date.getUTCMonth() === month - 1 && date.getUTCDay() === weekday);
      return text(days.at(n > 0 ? n - 1 : n)!);
    };
    const observed = (year: number, month: number, dayOfMonth: number) => {
      const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
      const shift = { 6: -1, 0: 1 }[date.getUTCDay()] ?? 0;
      return text(new Date(date.getTime() + shift * day));
    };
    const expected = [...years, 2028]
      .flatMap((year) => [
        ...[[1, 1] as const, [6, 19] as const, [7, 4] as const, [11, 11] as const, [12, 25] as const].map(([m, d]) => observed(year, m, d)),
        ...[nth(year, 1, 1, 3), nth(year, 2, 1, 3), nth(year, 5, 1, -1), nth(year, 9, 1, 1), nth(year, 10, 1, 2), nth(year, 11, 4, 4)],
      ])
      .filter((on) => on < '2028-01-01')
      .sort();
    expect(sample('us-federal').holidays.map(({ on }) => on)).to.deep.equal(expected);
  });

  it('have the Saudi holidays that follow from article 24 and the Umm al-Qura calendar', () => {
    const islamic = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
    const monthAndDay = (date: Date) => {
      const parts = Object.fromEntries(islamic.formatToParts(date).map(({ type, value }) => [type, value]));
      return `${parts.month}/${parts.day}`;
    };
    const fourDaysFrom = (date: Date) => [0, 1, 2, 3].map((n) => text(new Date(date.getTime() + n * day)));
    const expected = years.flatMap((year) => [
      `${year}-02-22`,
      `${year}-09-23`,
      ...dates(year).flatMap((date) => (monthAndDay(new Date(date.getTime() - day)) === '9/29' ? fourDaysFrom(date) : [])),
      ...dates(year).flatMap((date) => (monthAndDay(date) === '12/9' ? fourDaysFrom(date) : [])),
    ]);
    expect(sample('sa').holidays.map(({ on }) => on)).to.deep.equal(expected.sort());
  });
});
