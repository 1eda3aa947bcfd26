import type { Deadline } from '../client/index.js';

/** The calendar date of an instant in a zone, YYYY-MM-DD. */
export const dateIn = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(instant));

/** Business days until a deadline, today included if it is one. Null for a deadline in calendar days or seconds, and for one that is over. */
export function daysLeftOf(deadline: Pick<Deadline, 'countedDays' | 'dueAt' | 'zone'>, now: string): number | null {
  if (deadline.countedDays.length === 0 || Date.parse(deadline.dueAt) < Date.parse(now)) return null;
  const today = dateIn(now, deadline.zone);
  return deadline.countedDays.filter((day) => day.localeCompare(today, 'en') >= 0).length;
}
