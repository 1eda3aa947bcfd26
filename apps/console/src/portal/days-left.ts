import type { PendingClaim } from '../client/index.js';

/** The calendar date of an instant in a zone, YYYY-MM-DD. */
const dateIn = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(instant));

/**
 * Business days that come after today, as everywhere in the product: none on the last day. Null for a window in calendar days or seconds, and for one
 * that is over.
 */
export function daysLeftOf(
  { countedDays, closesAt, zone }: Pick<PendingClaim, 'countedDays' | 'zone'> & { closesAt: string },
  now: string,
): number | null {
  if (countedDays.length === 0 || Date.parse(closesAt) < Date.parse(now)) return null;
  const today = dateIn(now, zone);
  return countedDays.filter((day) => Date.parse(day) > Date.parse(today)).length;
}
