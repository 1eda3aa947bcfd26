import {
  businessDayDeadline,
  calendarDayDeadline,
  type CalendarVersion,
  coverageWarnings,
  endOfLocalDate,
  localDate,
  maximumDays,
  sampleCalendars,
} from '#libs/calendar/index.js';
import { expect } from 'chai';

const calendar = (zone: string, changes: Partial<CalendarVersion> = {}): CalendarVersion => ({
  name: 'plain',
  version: 1,
  zone,
  weekend: [6, 7],
  holidays: [],
  coversFrom: '2025-01-01',
  coversThrough: '2027-12-31',
  source: 'Made up.',
  ...changes,
});
const sample = (name: string) => sampleCalendars.find((each) => each.name === name)!;
const newYear2026 = [1, 2, 3, 4, 5, 6, 7, 8].map((day) => ({ on: `2026-01-0${day}`, name: 'New Year holidays' }));

describe('a window of five business days', () => {
  it('counts over the New Year holidays in Moscow from the local date, not the UTC date', () => {
    const moscow = calendar('Europe/Moscow', { name: 'ru', holidays: newYear2026 });
    expect(businessDayDeadline(moscow, '2025-12-24T21:30:00.000Z', 5)).to.deep.equal({
      dueAt: '2026-01-09T20:59:59.999Z',
      dueAtLocal: '2026-01-09T23:59:59.999+03:00',
      day0: '2025-12-25',
      countedDays: ['2025-12-26', '2025-12-29', '2025-12-30', '2025-12-31', '2026-01-09'],
      calendar: 'ru@1',
      zone: 'Europe/Moscow',
      unit: 'business_day',
      days: 5,
      isBeyondCoverage: false,
      zoneData: process.versions.tz,
    });
  });

  it('ends at the offset of the last day when daylight-saving time begins in New York', () => {
    expect(businessDayDeadline(calendar('America/New_York'), '2026-03-06T15:00:00.000Z', 5)).to.deep.include({
      day0: '2026-03-06',
      countedDays: ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'],
      dueAtLocal: '2026-03-13T23:59:59.999-04:00',
      dueAt: '2026-03-14T03:59:59.999Z',
    });
  });

  it('counts Sunday and skips Friday and Saturday in Riyadh', () => {
    expect(businessDayDeadline(calendar('Asia/Riyadh', { weekend: [5, 6] }), '2026-04-15T10:00:00.000Z', 5)).to.deep.include({
      day0: '2026-04-15',
      countedDays: ['2026-04-16', '2026-04-19', '2026-04-20', '2026-04-21', '2026-04-22'],
      dueAtLocal: '2026-04-22T23:59:59.999+03:00',
      dueAt: '2026-04-22T20:59:59.999Z',
    });
  });

  it('also skips 31 December and 9 January in the shipped Russian calendar, which includes the decrees', () => {
    expect(businessDayDeadline(sample('ru'), '2025-12-24T21:30:00.000Z', 5)).to.deep.include({
      countedDays: ['2025-12-26', '2025-12-29', '2025-12-30', '2026-01-12', '2026-01-13'],
      dueAtLocal: '2026-01-13T23:59:59.999+03:00',
    });
  });
});

describe('a weekend day worked by decree', () => {
  const swapped = calendar('Europe/Moscow', {
    holidays: [{ on: '2025-11-03', name: 'Day off moved from 1 November' }],
    workingDays: [{ on: '2025-11-01', name: 'Worked for 3 November' }],
  });

  it('is a business day', () => {
    expect(businessDayDeadline(swapped, '2025-10-30T09:00:00.000Z', 3)).to.deep.include({
      countedDays: ['2025-10-31', '2025-11-01', '2025-11-04'],
      dueAtLocal: '2025-11-04T23:59:59.999+03:00',
    });
  });

  it('is not counted as day 0', () => {
    expect(businessDayDeadline(swapped, '2025-11-01T09:00:00.000Z', 1).countedDays).to.deep.equal(['2025-11-04']);
  });

  it('is included in the shipped Russian calendar (Saturday, 1 November 2025)', () => {
    expect(businessDayDeadline(sample('ru'), '2025-10-30T09:00:00.000Z', 3).countedDays).to.deep.equal([
      '2025-10-31',
      '2025-11-01',
      '2025-11-05',
    ]);
  });
});

describe('day 0', () => {
  it('changes in the millisecond in which the local date changes', () => {
    const moscow = calendar('Europe/Moscow');
    expect(businessDayDeadline(moscow, '2026-04-14T20:59:59.999Z', 1)).to.include({
      day0: '2026-04-14',
      dueAtLocal: '2026-04-15T23:59:59.999+03:00',
    });
    expect(businessDayDeadline(moscow, '2026-04-14T21:00:00.000Z', 1)).to.include({
      day0: '2026-04-15',
      dueAtLocal: '2026-04-16T23:59:59.999+03:00',
    });
  });

  it('can be a weekend day or a holiday and is not counted', () => {
    const moscow = calendar('Europe/Moscow', { holidays: newYear2026 });
    expect(businessDayDeadline(moscow, '2026-04-18T09:00:00.000Z', 1)).to.deep.include({ day0: '2026-04-18', countedDays: ['2026-04-20'] });
    expect(businessDayDeadline(moscow, '2026-01-07T09:00:00.000Z', 1)).to.deep.include({ day0: '2026-01-07', countedDays: ['2026-01-09'] });
  });

  it('is the local date of an instant, regardless of the offset it is written with', () => {
    expect(localDate(calendar('Europe/Moscow'), '2025-12-24T21:30:00.000Z')).to.equal('2025-12-25');
    expect(localDate(calendar('America/New_York'), '2025-12-25T06:30:00+03:00')).to.equal('2025-12-24');
  });
});

describe('a deadline of calendar days', () => {
  it('ends with the thirtieth local date after day 0 and counts holidays and weekends', () => {
    expect(calendarDayDeadline(sample('ru'), '2025-12-24T21:30:00.000Z', 30)).to.deep.equal({
      dueAt: '2026-01-24T20:59:59.999Z',
      dueAtLocal: '2026-01-24T23:59:59.999+03:00',
      day0: '2025-12-25',
      countedDays: [],
      calendar: 'ru@2',
      zone: 'Europe/Moscow',
      unit: 'calendar_day',
      days: 30,
      isBeyondCoverage: false,
      zoneData: process.versions.tz,
    });
  });

  it('counts 29 February in a leap year and ends at the offset then in force', () => {
    expect(calendarDayDeadline(calendar('America/New_York'), '2028-02-11T12:00:00.000Z', 30)).to.include({
      dueAtLocal: '2028-03-12T23:59:59.999-04:00',
    });
  });

  it('does not depend on known holidays', () => {
    expect(calendarDayDeadline(calendar('UTC'), '2031-05-01T00:00:00.000Z', 30).isBeyondCoverage).to.equal(false);
  });
});

describe('the end of a local day', () => {
  const end = (zone: string, startsAt: string, days = 1) => {
    const { dueAt, dueAtLocal } = calendarDayDeadline(calendar(zone), startsAt, days);
    return { dueAt, dueAtLocal };
  };

  it('moves by an hour against UTC when daylight-saving time ends', () => {
    expect(end('America/New_York', '2026-10-30T12:00:00.000Z', 1).dueAt).to.equal('2026-11-01T03:59:59.999Z');
    expect(end('America/New_York', '2026-10-30T12:00:00.000Z', 2)).to.deep.equal({
      dueAt: '2026-11-02T04:59:59.999Z',
      dueAtLocal: '2026-11-01T23:59:59.999-05:00',
    });
  });

  it('is the later instant if 23:59:59.999 occurs twice', () => {
    expect(end('America/Santiago', '2026-04-03T12:00:00.000Z')).to.deep.equal({
      dueAt: '2026-04-05T03:59:59.999Z',
      dueAtLocal: '2026-04-04T23:59:59.999-04:00',
    });
  });

  it('is the later instant even if the next date has already begun once', () => {
    expect(end('America/St_Johns', '2010-11-05T12:00:00.000Z')).to.deep.equal({
      dueAt: '2010-11-07T03:29:59.999Z',
      dueAtLocal: '2010-11-06T23:59:59.999-03:30',
    });
  });

  it('does not move if clocks jump ahead at midnight, because only the next date loses an hour', () => {
    expect(end('America/Santiago', '2026-09-04T12:00:00.000Z').dueAtLocal).to.equal('2026-09-05T23:59:59.999-04:00');
    expect(end('America/Santiago', '2026-09-05T12:00:00.000Z').dueAtLocal).to.equal('2026-09-06T23:59:59.999-03:00');
  });

  it('is the last millisecond before the jump if 23:59:59.999 is skipped', () => {
    expect(end('America/Nuuk', '2026-03-27T12:00:00.000Z')).to.deep.equal({
      dueAt: '2026-03-29T00:59:59.999Z',
      dueAtLocal: '2026-03-28T22:59:59.999-02:00',
    });
  });

  it('is the later instant if clocks go back at midnight or at one o’clock', () => {
    // Havana repeats the hour from midnight to one: the first date ends once, and the next is 25 hours long.
    expect(end('America/Havana', '2025-10-31T16:00:00.000Z').dueAtLocal).to.equal('2025-11-01T23:59:59.999-04:00');
    expect(end('America/Havana', '2025-11-01T16:00:00.000Z').dueAtLocal).to.equal('2025-11-02T23:59:59.999-05:00');
    expect(end('Asia/Beirut', '2025-10-24T12:00:00.000Z')).to.deep.equal({
      dueAt: '2025-10-25T21:59:59.999Z',
      dueAtLocal: '2025-10-25T23:59:59.999+02:00',
    });
    expect(end('America/Sao_Paulo', '2019-02-15T12:00:00.000Z')).to.deep.equal({
      dueAt: '2019-02-17T02:59:59.999Z',
      dueAtLocal: '2019-02-16T23:59:59.999-03:00',
    });
  });

  it('does not move before a date that begins at one o’clock', () => {
    expect(end('America/Havana', '2026-03-06T16:00:00.000Z').dueAtLocal).to.equal('2026-03-07T23:59:59.999-05:00');
    expect(end('Asia/Beirut', '2026-03-27T12:00:00.000Z').dueAtLocal).to.equal('2026-03-28T23:59:59.999+02:00');
    expect(end('America/Sao_Paulo', '2018-11-02T12:00:00.000Z').dueAtLocal).to.equal('2018-11-03T23:59:59.999-03:00');
    expect(end('America/Sao_Paulo', '2018-11-03T12:00:00.000Z').dueAtLocal).to.equal('2018-11-04T23:59:59.999-02:00');
  });

  it('is that of the previous date for a date that the zone skipped', () => {
    const samoa = calendar('Pacific/Apia');
    expect(endOfLocalDate(samoa, '2011-12-30').dueAtLocal).to.equal('2011-12-29T23:59:59.999-10:00');
    expect(endOfLocalDate(samoa, '2011-12-30').dueAt).to.equal('2011-12-30T09:59:59.999Z');
    expect(endOfLocalDate(samoa, '2011-12-31').dueAtLocal).to.equal('2011-12-31T23:59:59.999+14:00');
    expect(() => endOfLocalDate(samoa, '2011-02-30')).to.throw(RangeError);
  });

  it('never falls on a date that the zone skipped, which is not counted', () => {
    const samoa = calendar('Pacific/Apia');
    expect(calendarDayDeadline(samoa, '2011-12-29T12:00:00.000Z', 1).dueAtLocal).to.equal('2011-12-31T23:59:59.999+14:00');
    expect(businessDayDeadline(samoa, '2011-12-28T12:00:00.000Z', 2).countedDays).to.deep.equal(['2011-12-29', '2012-01-02']);
  });
});

describe('the coverage of a calendar', () => {
  const covered = calendar('Europe/Moscow', { coversFrom: '2026-01-01', coversThrough: '2026-12-31' });
  const isBeyond = (startsAt: string) => businessDayDeadline(covered, startsAt, 1).isBeyondCoverage;

  it('includes its first and last dates', () => {
    expect(isBeyond('2025-12-31T12:00:00.000Z')).to.equal(false);
    expect(isBeyond('2026-12-30T12:00:00.000Z')).to.equal(false);
  });

  it('excludes dates before and after them', () => {
    expect(isBeyond('2025-12-30T12:00:00.000Z')).to.equal(true);
    expect(isBeyond('2026-12-31T12:00:00.000Z')).to.equal(true);
  });
});

describe('the warnings about a calendar', () => {
  const holidays = ['2025-01-01', '2026-01-01', '2027-01-01'].map((on) => ({ on, name: 'New Year' }));
  const warned = (today: string, changes: Partial<CalendarVersion> = {}) =>
    coverageWarnings(calendar('Europe/Moscow', { holidays, ...changes }), today).map(({ code, message }) => [code, message]);

  it('are none while the holidays of the next 90 days are known', () => {
    expect(warned('2027-10-02')).to.deep.equal([]);
  });

  it('start 90 days before the last covered date', () => {
    expect(warned('2027-10-03')).to.deep.equal([
      [
        'calendar_coverage_ends',
        'plain@1 knows holidays only through 2027-12-31, 89 days ahead. Later deadlines count every day that is not a weekend; publish the next version before then.',
      ],
    ]);
  });

  it('continue after the last covered date', () => {
    expect(warned('2028-01-02')).to.deep.equal([
      [
        'calendar_coverage_over',
        'plain@1 knows holidays only through 2027-12-31. Later deadlines count every day that is not a weekend; publish the next version.',
      ],
    ]);
  });

  it('report a version that does not cover today yet', () => {
    expect(warned('2026-11-30', { coversFrom: '2027-01-01' })).to.deep.equal([
      [
        'calendar_coverage_not_begun',
        'plain@1 knows holidays only from 2027-01-01 on. Earlier deadlines count every day that is not a weekend; publish a version that covers them too.',
      ],
    ]);
  });

  it('report a covered year without holidays', () => {
    const [warning, ...more] = warned('2026-01-01', { holidays: holidays.filter(({ on }) => !on.startsWith('2026')) });
    expect([warning, more]).to.deep.equal([
      [
        'calendar_year_without_holidays',
        'plain@1 covers 2026 but lists no holiday in it. If there are any, publish a version that includes them.',
      ],
      [],
    ]);
  });

  it('look further ahead than 90 days if a clock does', () => {
    expect(coverageWarnings(calendar('Europe/Moscow', { holidays }), '2027-09-01', 100).map(({ code }) => code)).to.deep.equal([
      'calendar_coverage_ends',
    ]);
  });
});

describe('an invalid request', () => {
  const utc = calendar('UTC');

  it('throws if the days are not a whole number from 1 to the maximum', () => {
    for (const days of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, maximumDays + 1]) {
      expect(() => businessDayDeadline(utc, '2026-01-01T00:00:00.000Z', days), `${days}`).to.throw(
        RangeError,
        'Days must be a whole number from 1 to 3660.',
      );
    }
    expect(calendarDayDeadline(utc, '2026-01-01T00:00:00.000Z', maximumDays).dueAt).to.equal('2036-01-09T23:59:59.999Z');
  });

  it('throws if the start is not an instant', () => {
    for (const startsAt of ['', '2026-01-01', '2026-01-01T00:00:00', '2026-02-30T00:00:00Z']) {
      expect(() => businessDayDeadline(utc, startsAt, 1), startsAt).to.throw(RangeError);
    }
  });

  it('throws if the calendar has no working weekday or an unknown zone', () => {
    expect(() => businessDayDeadline({ ...utc, weekend: [1, 2, 3, 4, 5, 6, 7] }, '2026-01-01T00:00:00.000Z', 1)).to.throw(
      RangeError,
      'A calendar needs at least one day that is not a weekend.',
    );
    expect(() => businessDayDeadline({ ...utc, zone: 'Mars/Olympus' }, '2026-01-01T00:00:00.000Z', 1)).to.throw(RangeError);
  });
});
