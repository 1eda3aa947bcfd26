import { Temporal } from 'temporal-polyfill';
import { calendarReference, type CalendarVersion, compareDates } from './calendar.js';
import { zoneDataVersion } from './zone-data.js';

/** The longest period in days, which bounds the work of one call. */
export const maximumDays = 3660;

/** A computed deadline and how it was counted: enough to explain it later without the calendar. */
export interface Deadline {
  /** The last millisecond that is still in time, UTC. */
  dueAt: string;
  /** The same instant with the zone's offset, such as `2026-01-09T23:59:59.999+03:00`. */
  dueAtLocal: string;
  /** ISO date of the start in the calendar's zone; never counted. */
  day0: string;
  /** The business days that were counted; empty for calendar days. */
  countedDays: string[];
  /** Reference of the calendar version, such as `ru@1`. */
  calendar: string;
  zone: string;
  unit: 'business_day' | 'calendar_day';
  days: number;
  /** True if a counted date lies outside the years whose holidays the calendar knows. */
  isBeyondCoverage: boolean;
  /** The release of the time zone data used, such as `2026a`. */
  zoneData: string;
}

/** Returns the deadline that ends with the nth business day after day 0. Throws RangeError for an invalid calendar, instant or number of days. */
export function businessDayDeadline(calendar: CalendarVersion, startsAt: string, days: number): Deadline {
  const { day0, counted } = countDays(calendar.zone, startsAt, days, businessDaysOf(calendar));
  const countedDays = counted.map((end) => end.toPlainDate().toString());
  const isBeyondCoverage =
    compareDates(day0.add({ days: 1 }).toString(), calendar.coversFrom) < 0 ||
    compareDates(countedDays.at(-1)!, calendar.coversThrough) > 0;
  return { ...describe(calendar, day0, counted), countedDays, unit: 'business_day', days, isBeyondCoverage };
}

/** Returns the deadline that ends with the nth local date after day 0. Holidays are irrelevant, so it is never beyond coverage. */
export function calendarDayDeadline(calendar: CalendarVersion, startsAt: string, days: number): Deadline {
  const { day0, counted } = countDays(calendar.zone, startsAt, days, () => true);
  return { ...describe(calendar, day0, counted), countedDays: [], unit: 'calendar_day', days, isBeyondCoverage: false };
}

/**
 * Returns the end of a local date as a deadline of 0 days; for a date that the zone skipped, the end of the date before. Throws RangeError
 * if it is not a date.
 */
export function endOfLocalDate(calendar: CalendarVersion, date: string): Deadline {
  const day = Temporal.PlainDate.from(date);
  const end = endOfDay(day, calendar.zone) ?? endOfDay(day.subtract({ days: 1 }), calendar.zone)!;
  return { ...describe(calendar, day, [end]), countedDays: [], unit: 'calendar_day', days: 0, isBeyondCoverage: false };
}

/** Returns the ISO date of an instant in the calendar's zone. */
export function localDate(calendar: CalendarVersion, instant: string): string {
  return localDateOf(calendar.zone, instant).toString();
}

/** Tells business days from others. Throws RangeError for a calendar without any. */
export function businessDaysOf(calendar: CalendarVersion): (date: Temporal.PlainDate) => boolean {
  const weekend = new Set(calendar.weekend);
  const holidays = new Set(calendar.holidays.map((holiday) => holiday.on));
  const worked = new Set(calendar.workingDays?.map(({ on }) => on));
  if (weekend.size > 6) throw new RangeError('A calendar needs at least one day that is not a weekend.');
  return (date) => worked.has(date.toString()) || (!weekend.has(date.dayOfWeek) && !holidays.has(date.toString()));
}

export const localDateOf = (zone: string, instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate();

/** Collects the ends of the first counted days after day 0. */
function countDays(zone: string, startsAt: string, days: number, isCounted: (date: Temporal.PlainDate) => boolean) {
  if (!Number.isInteger(days) || days < 1 || days > maximumDays)
    throw new RangeError(`Days must be a whole number from 1 to ${maximumDays}.`);

  const day0 = localDateOf(zone, startsAt);
  const counted: Temporal.ZonedDateTime[] = [];
  for (let date = day0.add({ days: 1 }); counted.length < days; date = date.add({ days: 1 })) {
    const end = isCounted(date) ? endOfDay(date, zone) : undefined;
    if (end) counted.push(end);
  }
  return { day0, counted };
}

/** Returns the last millisecond of a local date; undefined for a date that the zone skipped, as Samoa skipped 30 December 2011. */
function endOfDay(date: Temporal.PlainDate, zone: string): Temporal.ZonedDateTime | undefined {
  const end = date.toPlainDateTime('23:59:59.999').toZonedDateTime(zone, { disambiguation: 'later' });
  if (end.toPlainDate().equals(date)) return end;

  // The clocks jumped over 23:59:59.999, so the day ended just before the jump.
  const jump = date.add({ days: 1 }).toZonedDateTime(zone).subtract({ milliseconds: 1 });
  return jump.toPlainDate().equals(date) ? jump : undefined;
}

function describe(calendar: CalendarVersion, day0: Temporal.PlainDate, counted: Temporal.ZonedDateTime[]) {
  const due = counted.at(-1)!;
  return {
    dueAt: due.toInstant().toString({ smallestUnit: 'millisecond' }),
    dueAtLocal: due.toString({ smallestUnit: 'millisecond', timeZoneName: 'never' }),
    day0: day0.toString(),
    calendar: calendarReference(calendar),
    zone: calendar.zone,
    zoneData: zoneDataVersion,
  };
}
