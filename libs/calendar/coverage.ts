import { Temporal } from 'temporal-polyfill';
import { calendarReference, type CalendarVersion, compareDates } from './calendar.js';
import { businessDayDeadline } from './deadline.js';

/** How many days ahead the end of a calendar's coverage is warned of. */
const coverageNoticeDays = 90;

/** What somebody should do about a calendar, though every deadline can be computed by it. */
export interface CoverageWarning {
  code: 'calendar_coverage_ends' | 'calendar_coverage_over' | 'calendar_coverage_not_begun' | 'calendar_year_without_holidays';
  message: string;
}

/** Days from an ISO date to the last one whose holidays are known; negative once that is past. */
export const daysCovered = ({ coversThrough }: CalendarVersion, today: string): number =>
  Temporal.PlainDate.from(today).until(coversThrough, { largestUnit: 'day' }).days;

/**
 * What is to be said of a calendar on an ISO date: its coverage is over, has not begun, or ends within 90 days or within the longest span of business days
 * that is counted by it, or a year of it has no holiday at all.
 */
export function coverageWarnings(calendar: CalendarVersion, today: string, longestBusinessDays = 1): CoverageWarning[] {
  const reference = calendarReference(calendar);
  const empty = yearsWithoutHolidays(calendar).map((year): CoverageWarning => {
    const message = `${reference} covers ${year} and lists no holiday in it. If there are any, publish a version that has them.`;
    return { code: 'calendar_year_without_holidays', message };
  });
  if (compareDates(today, calendar.coversFrom) < 0) {
    const message = `${reference} knows holidays from ${calendar.coversFrom} on only. Deadlines before count every weekday that is not weekend; publish a version that covers them too.`;
    return [{ code: 'calendar_coverage_not_begun', message }, ...empty];
  }
  const left = daysCovered(calendar, today);
  const known = `${reference} knows holidays through ${calendar.coversThrough} only`;
  const effect = 'Deadlines beyond count every weekday that is not weekend; publish its next version';
  if (left < 0) return [{ code: 'calendar_coverage_over', message: `${known}. ${effect}.` }, ...empty];
  const isShort = left < coverageNoticeDays || outruns(calendar, today, longestBusinessDays);
  const ahead = `${left} ${left === 1 ? 'day' : 'days'} ahead`;
  return [...(isShort ? [{ code: 'calendar_coverage_ends' as const, message: `${known}, ${ahead}. ${effect} before.` }] : []), ...empty];
}

function yearsWithoutHolidays({ coversFrom, coversThrough, holidays }: CalendarVersion): number[] {
  const first = Temporal.PlainDate.from(coversFrom).year;
  const known = new Set(holidays.map(({ on }) => Temporal.PlainDate.from(on).year));
  const years = Array.from({ length: Temporal.PlainDate.from(coversThrough).year - first + 1 }, (_, index) => first + index);
  return years.filter((year) => !known.has(year));
}

/** Whether a deadline of so many business days that starts on an ISO date would end beyond the coverage. */
export const outruns = (calendar: CalendarVersion, today: string, days: number): boolean =>
  compareDates(businessDayDeadline(calendar, `${today}T00:00:00Z`, days).countedDays.at(-1)!, calendar.coversThrough) > 0;
