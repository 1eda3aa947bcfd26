import { businessDayDeadline, calendarDayDeadline, type CalendarVersion, type Deadline } from '#libs/calendar/index.js';
import { expect } from 'chai';
import fc from 'fast-check';

// The slow count reads dates from Intl in steps of a quarter of an hour. Since 2024, every zone below has changed its clocks on a quarter
// of an hour.
const zones = [
  'Europe/Moscow',
  'America/New_York',
  'Asia/Riyadh',
  'America/Nuuk',
  'America/Santiago',
  'America/Havana',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Africa/Cairo',
  'Africa/Casablanca',
  'UTC',
];
const quarter = 15 * 60_000;
const day = 24 * 60 * 60_000;
const firstStart = Date.UTC(2024, 0, 1);
const lastStart = Date.UTC(2028, 11, 31);

const formats = new Map(
  zones.map((zone) => [zone, new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })]),
);
const localDate = (zone: string, instant: number) => formats.get(zone)!.format(instant);
const following = (date: string) => new Date(Date.parse(date) + day).toISOString().slice(0, 10);
const iso = (instant: number) => new Date(instant).toISOString();

const isBusinessDay = (calendar: CalendarVersion, date: string) => {
  const weekday = new Date(date).getUTCDay();
  const isWorked = calendar.workingDays?.some(({ on }) => on === date) === true;
  return isWorked || (!calendar.weekend.includes(weekday === 0 ? 7 : weekday) && !calendar.holidays.some((holiday) => holiday.on === date));
};

/** Returns the last millisecond of the date in the zone. */
function lastMillisecond(zone: string, date: string): number {
  let start = Date.parse(date) + 2 * day;
  while (localDate(zone, start) !== date) start -= quarter;
  return start + quarter - 1;
}

function slowBusinessDays(calendar: CalendarVersion, startsAt: number, days: number): string[] {
  const counted: string[] = [];
  let date = localDate(calendar.zone, startsAt);
  while (counted.length < days) {
    date = following(date);
    if (isBusinessDay(calendar, date)) counted.push(date);
  }
  return counted;
}

const starts = fc.oneof(
  fc.integer({ min: firstStart, max: lastStart }),
  // Around the change of the local date, where mistakes are likely.
  fc
    .tuple(fc.integer({ min: firstStart / quarter, max: lastStart / quarter }), fc.integer({ min: -2, max: 2 }))
    .map(([quarters, milliseconds]) => quarters * quarter + milliseconds),
);
// Dates on which clocks change, including those on which a zone skips or repeats the end of the day.
const changes = ['2026-03-28', '2026-10-24', '2026-04-04', '2026-09-05', '2025-03-29', '2025-10-25'].map((date) => Date.parse(date));
const startsNearChanges = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * day, max: 2 * day }))
  .map(([change, by]) => change + by);
const anyStart = fc.oneof({ weight: 3, arbitrary: starts }, { weight: 1, arbitrary: startsNearChanges });

const dates = fc.integer({ min: 0, max: 5 * 366 }).map((n) => iso(firstStart + n * day).slice(0, 10));
const calendars: fc.Arbitrary<CalendarVersion> = fc.record({
  name: fc.constant('any'),
  version: fc.integer({ min: 1, max: 9 }),
  zone: fc.constantFrom(...zones),
  weekend: fc.subarray([1, 2, 3, 4, 5, 6, 7], { maxLength: 6 }),
  holidays: fc.uniqueArray(dates, { maxLength: 400 }).map((list) => list.map((on) => ({ on, name: 'Off' }))),
  workingDays: fc.uniqueArray(dates, { maxLength: 100 }).map((list) => list.map((on) => ({ on, name: 'Worked' }))),
  coversFrom: fc.constantFrom('2024-01-01', '2026-01-01'),
  coversThrough: fc.constantFrom('2026-12-31', '2029-12-31'),
  source: fc.constant('Drawn.'),
});
const anyDays = fc.integer({ min: 1, max: 20 });

const holds = <Arguments extends [unknown, ...unknown[]]>(property: fc.IProperty<Arguments>, numRuns = 300) =>
  fc.assert(property, { numRuns });

describe('deadlines under any calendar', () => {
  it('agree with a slow count of business days in quarter-hour steps', () => {
    holds(
      fc.property(calendars, anyStart, anyDays, (calendar, start, days) => {
        const deadline = businessDayDeadline(calendar, iso(start), days);
        const countedDays = slowBusinessDays(calendar, start, days);
        const day0 = localDate(calendar.zone, start);
        expect(deadline).to.deep.include({ day0, countedDays, dueAt: iso(lastMillisecond(calendar.zone, countedDays.at(-1)!)) });
        expect(deadline.isBeyondCoverage).to.equal(following(day0) < calendar.coversFrom || countedDays.at(-1)! > calendar.coversThrough);
      }),
      600,
    );
  });

  it('agree with a slow count of calendar days', () => {
    holds(
      fc.property(calendars, anyStart, fc.integer({ min: 1, max: 90 }), (calendar, start, days) => {
        let date = localDate(calendar.zone, start);
        for (let n = 0; n < days; n += 1) date = following(date);
        const { dueAt, countedDays } = calendarDayDeadline(calendar, iso(start), days);
        expect({ dueAt, countedDays }).to.deep.equal({ dueAt: iso(lastMillisecond(calendar.zone, date)), countedDays: [] });
      }),
    );
  });

  it('agree with a slow count on every day of 2026 in zones whose clocks change near midnight', () => {
    const plain = {
      name: 'any',
      version: 1,
      weekend: [],
      holidays: [],
      coversFrom: '2026-01-01',
      coversThrough: '2026-12-31',
      source: 'None.',
    };
    for (const zone of ['America/Nuuk', 'America/Santiago', 'America/Havana', 'Asia/Beirut', 'Africa/Cairo']) {
      for (let date = '2026-01-01'; date <= '2026-12-31'; date = following(date)) {
        const noonBefore = iso(lastMillisecond(zone, date) - 1.5 * day);
        expect(businessDayDeadline({ ...plain, zone }, noonBefore, 1).dueAt, `${zone} ${date}`).to.equal(iso(lastMillisecond(zone, date)));
      }
    }
  });

  it('lie after their start and are the same instant in UTC and in local time', () => {
    holds(
      fc.property(calendars, anyStart, anyDays, (calendar, start, days) => {
        for (const count of [businessDayDeadline, calendarDayDeadline]) {
          const { dueAt, dueAtLocal } = count(calendar, iso(start), days);
          expect(Date.parse(dueAt)).to.be.greaterThan(start);
          expect(Date.parse(dueAtLocal)).to.equal(Date.parse(dueAt));
          expect(dueAtLocal.slice(0, 10)).to.equal(localDate(calendar.zone, Date.parse(dueAt)));
          expect(dueAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:59\.999Z$/);
        }
      }),
    );
  });

  it('count every business day and no other, and end on the last', () => {
    holds(
      fc.property(calendars, anyStart, anyDays, (calendar, start, days) => {
        const { day0, countedDays, dueAtLocal } = businessDayDeadline(calendar, iso(start), days);
        expect(countedDays).to.have.length(days);
        expect(dueAtLocal.slice(0, 10)).to.equal(countedDays.at(-1));
        for (let date = following(day0); date <= countedDays.at(-1)!; date = following(date)) {
          expect(countedDays.includes(date), date).to.equal(isBusinessDay(calendar, date));
        }
      }),
    );
  });

  it('compose: counting on from a deadline gives the deadline of the sum', () => {
    holds(
      fc.property(calendars, anyStart, anyDays, anyDays, (calendar, start, first, second) => {
        for (const count of [businessDayDeadline, calendarDayDeadline]) {
          const onward = count(calendar, count(calendar, iso(start), first).dueAt, second);
          expect(onward.dueAt).to.equal(count(calendar, iso(start), first + second).dueAt);
        }
      }),
    );
  });

  it('are never earlier for a later start or a longer period', () => {
    holds(
      fc.property(calendars, anyStart, fc.integer({ min: 0, max: 3 * day }), anyDays, (calendar, start, later, days) => {
        for (const count of [businessDayDeadline, calendarDayDeadline]) {
          const { dueAt } = count(calendar, iso(start), days);
          expect(dueAt <= count(calendar, iso(start + later), days).dueAt).to.equal(true);
          expect(dueAt < count(calendar, iso(start), days + 1).dueAt).to.equal(true);
        }
      }),
    );
  });

  it('are the same for all starts on one local date', () => {
    holds(
      fc.property(calendars, anyStart, fc.integer({ min: 0, max: day }), anyDays, (calendar, start, later, days) => {
        const isSameDate = localDate(calendar.zone, start) === localDate(calendar.zone, start + later);
        const [first, second] = [start, start + later].map((instant) => businessDayDeadline(calendar, iso(instant), days));
        if (isSameDate) expect(second).to.deep.equal(first);
        else expect(second!.day0).not.to.equal(first!.day0);
      }),
    );
  });

  it('do not change when a later version of the calendar appears', () => {
    holds(
      fc.property(calendars, calendars, anyStart, anyDays, (calendar, other, start, days) => {
        const frozen = deepFreeze(structuredClone(calendar));
        const before: Deadline = businessDayDeadline(frozen, iso(start), days);
        const kept = JSON.stringify(before);
        businessDayDeadline({ ...other, name: calendar.name, version: calendar.version + 1 }, iso(start), days);
        expect(JSON.stringify(before)).to.equal(kept);
        expect(businessDayDeadline(frozen, iso(start), days)).to.deep.equal(before);
        expect(before.calendar).to.equal(`any@${calendar.version}`);
      }),
    );
  });
});

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) if (typeof inner === 'object') deepFreeze(inner);
  return Object.freeze(value);
}
