import { Temporal } from 'temporal-polyfill';
import { type CalendarVersion, compareDates } from './calendar.js';
import { type Deadline, localDateOf } from './deadline.js';

export interface SkippedDay {
  /** ISO date. */
  on: string;
  because: 'weekend' | 'holiday';
  /** Name of the holiday; null for a weekend. */
  name: string | null;
}

/**
 * Explains which days between day 0 and the deadline were not counted, and why. Takes the counted days from the deadline and only their
 * reasons from the calendar, which must be the version that the deadline names: nothing is computed anew. Empty for calendar days.
 */
export function skippedDays(calendar: CalendarVersion, { day0, countedDays }: Pick<Deadline, 'day0' | 'countedDays'>): SkippedDay[] {
  const counted = new Set(countedDays);
  const last = countedDays.at(-1);
  const skipped: SkippedDay[] = [];
  if (last === undefined) return skipped;
  for (let date = Temporal.PlainDate.from(day0).add({ days: 1 }); compareDates(date.toString(), last) < 0; date = date.add({ days: 1 })) {
    const on = date.toString();
    if (counted.has(on)) continue;
    const holiday = calendar.holidays.find((candidate) => candidate.on === on);
    skipped.push({ on, because: holiday === undefined ? 'weekend' : 'holiday', name: holiday?.name ?? null });
  }
  return skipped;
}

/**
 * Returns how many of a deadline's days are left after today, in its own unit and zone: 0 on its last day and afterwards.
 * @throws RangeError for an invalid instant
 */
export function daysLeft(
  { zone, unit, countedDays, dueAt }: Pick<Deadline, 'zone' | 'unit' | 'countedDays' | 'dueAt'>,
  now: string,
): number {
  const today = localDateOf(zone, now);
  if (unit === 'business_day') return countedDays.filter((day) => compareDates(today.toString(), day) < 0).length;
  return Math.max(0, today.until(localDateOf(zone, dueAt), { largestUnit: 'days' }).days);
}
