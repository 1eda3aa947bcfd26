import { Temporal } from 'temporal-polyfill';
import { calendarReference, type CalendarVersion, compareDates } from './calendar.js';
import { businessDayDeadline } from './deadline.js';

/** How many days before its end a calendar's coverage is reported. */
const coverageNoticeDays = 90;

/** A shortcoming of a calendar that does not prevent deadlines from being computed. */
export interface CoverageWarning {
  code: 'calendar_coverage_ends' | 'calendar_coverage_over' | 'calendar_coverage_not_begun' | 'calendar_year_without_holidays';
  message: string;
}

/** Returns the days from an ISO date to the last covered date; negative after it. */
export const daysCovered = ({ coversThrough }: CalendarVersion, today: string): number =>
  Temporal.PlainDate.from(today).until(coversThrough, { largestUnit: 'day' }).days;

/**
 * Returns a calendar's shortcomings on an ISO date: its coverage is over, has not begun, or ends within 90 days or within the longest span of
 * business days it counts; or a covered year has no holiday.
 */
export function coverageWarnings(calendar: CalendarVersion, today: string, longestBusinessDays = 1): CoverageWarning[] {
  const reference = calendarReference(calendar);
  const empty = yearsWithoutHolidays(calendar).map((year): CoverageWarning => {
    const message = `${reference} covers ${year} but lists no holiday in it. If there are any, publish a version that includes them.`;
    return { code: 'calendar_year_without_holidays', message };
  });
  if (compareDates(today, calendar.coversFrom) < 0) {
    const message = `${reference} knows holidays only from ${calendar.coversFrom} on. Earlier deadlines count every day that is not a weekend; publish a version that covers them too.`;
    return [{ code: 'calendar_coverage_not_begun', message }, ...empty];
  }
  const left = daysCovered(calendar, today);
  const known = `${reference} knows holidays only through ${calendar.coversThrough}`;
  const effect = 'Later deadlines count every day that is not a weekend; publish the next version';
  if (left < 0) return [{ code: 'calendar_coverage_over', message: `${known}. ${effect}.` }, ...empty];
  const isShort = left < coverageNoticeDays || outruns(calendar, today, longestBusinessDays);
  const ahead = `${left} ${left === 1 ? 'day' : 'days'} ahead`;
  return [
    ...(isShort ? [{ code: 'calendar_coverage_ends' as const, message: `${known}, ${ahead}. ${effect} before then.` }] : []),
    ...empty,
  ];
}

function yearsWithoutHolidays({ coversFrom, coversThrough, holidays }: CalendarVersion): number[] {
  const first = Temporal.PlainDate.from(coversFrom).year;
  const known = new Set(holidays.map(({ on }) => Temporal.PlainDate.from(on).year));
  const years = Array.from({ length: Temporal.PlainDate.from(coversThrough).year - first + 1 }, (_, index) => first + index);
  return years.filter((year) => !known.has(year));
}

/** Whether a deadline of a number of business days from an ISO date would end beyond the coverage. */
export const outruns = (calendar: CalendarVersion, today: string, days: number): boolean =>
  compareDates(businessDayDeadline(calendar, `${today}T00:00:00Z`, days).countedDays.at(-1)!, calendar.coversThrough) > 0;
