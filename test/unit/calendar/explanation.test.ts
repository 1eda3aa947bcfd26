import { expect } from 'chai';
import { businessDayDeadline, calendarDayDeadline, type CalendarVersion, daysLeft, skippedDays } from '#libs/calendar/index.js';

const calendar: CalendarVersion = {
  name: 'plain',
  version: 3,
  zone: 'America/New_York',
  weekend: [6, 7],
  holidays: [
    { on: '2026-11-26', name: 'Thanksgiving Day' },
    // On a Saturday: the name says more than the weekend.
    { on: '2026-11-28', name: 'Saturday feast' },
  ],
  coversFrom: '2025-01-01',
  coversThrough: '2027-12-31',
  source: 'Made up.',
};
const start = '2026-11-25T15:00:00Z';
const deadline = businessDayDeadline(calendar, start, 3);

describe('the explanation of a deadline', () => {
  it('gives the reason for each day that was not counted', () => {
    expect(deadline.countedDays).to.deep.equal(['2026-11-27', '2026-11-30', '2026-12-01']);
    expect(skippedDays(calendar, deadline)).to.deep.equal([
      { on: '2026-11-26', because: 'holiday', name: 'Thanksgiving Day' },
      { on: '2026-11-28', because: 'holiday', name: 'Saturday feast' },
      { on: '2026-11-29', because: 'weekend', name: null },
    ]);
    expect(skippedDays(calendar, calendarDayDeadline(calendar, start, 5))).to.deep.equal([]);
  });

  it('counts what is left after today, by the date in the zone of the calendar', () => {
    const left = (now: string) => daysLeft(deadline, now);
    expect(['2026-11-25T15:00:00Z', '2026-11-27T15:00:00Z', '2026-11-28T15:00:00Z'].map(left)).to.deep.equal([3, 2, 2]);
    // Still 30 November in New York.
    expect(['2026-12-01T04:59:59Z', '2026-12-01T05:00:00Z', '2026-12-05T05:00:00Z'].map(left)).to.deep.equal([1, 0, 0]);
  });

  it('counts calendar days alike', () => {
    const ten = calendarDayDeadline(calendar, start, 10);
    expect(['2026-11-25T15:00:00Z', '2026-12-05T20:00:00Z', '2026-12-07T20:00:00Z'].map((now) => daysLeft(ten, now))).to.deep.equal([
      10, 0, 0,
    ]);
  });
});
