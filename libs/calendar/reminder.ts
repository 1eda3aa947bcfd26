import type { CalendarVersion } from './calendar.js';
import { businessDaysOf, localDateOf } from './deadline.js';

/** When people start to work. */
const morning = '09:00';

/**
 * Returns when to remind of a deadline (RFC 3339, UTC): at nine in the morning of the last business day before the deadline's local date, so
 * that a deadline on a Monday is not recalled on a Sunday. Throws RangeError for an invalid calendar or instant.
 */
export function reminderOf(calendar: CalendarVersion, dueAt: string): string {
  const isBusinessDay = businessDaysOf(calendar);
  let date = localDateOf(calendar.zone, dueAt).subtract({ days: 1 });
  while (!isBusinessDay(date)) date = date.subtract({ days: 1 });
  return date.toPlainDateTime(morning).toZonedDateTime(calendar.zone).toInstant().toString();
}
