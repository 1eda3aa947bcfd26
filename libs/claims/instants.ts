/**
 * Instants are RFC 3339 text and dates ISO text, and neither is ever compared as text: an offset, another precision or a year beyond 9999
 * puts it elsewhere in the alphabet. Every comparison and every step from date to date is made here, of instants and dates alike; a date
 * counts as its first instant in UTC. The linter finds comparisons of texts.
 */

/** Milliseconds since 1970. Throws RangeError for what is neither an instant nor a date. */
function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`"${text}" is neither an instant nor a date.`);
  return time;
}

/** For sorting, the earlier first. */
export const compareInstants = (a: string, b: string): number => timeOf(a) - timeOf(b);
export const isBefore = (a: string, b: string): boolean => compareInstants(a, b) < 0;

export const earliestOf = (instants: string[]): string | undefined => instants.toSorted(compareInstants)[0];
export const latestOf = (instants: string[]): string | undefined => instants.toSorted((a, b) => compareInstants(b, a))[0];

/** The next millisecond. */
export const instantAfter = (instant: string): string => new Date(timeOf(instant) + 1).toISOString();

const hour = 3_600_000;

/**
 * The latest and the earliest local date that any place on Earth has at an instant. Where a person acted on is not known, and what it
 * dates by its own day counts wherever it may have been.
 */
export const latestDateAt = (instant: string): string => isoDateOf(new Date(timeOf(instant) + 14 * hour));
export const earliestDateAt = (instant: string): string => isoDateOf(new Date(timeOf(instant) - 12 * hour));

/** An end from this date on is none: no term runs so long, and many systems write 2999-12-31 or 9999-12-31 for "without end". */
export const noEndFrom = '2200-01-01';

/** Whether a date means "no end". */
export const isNoEnd = (date: string): boolean => !isBefore(date, noEndFrom);

/** The ISO date that lies a number of days after another, or before it. */
export function addDays(isoDate: string, days: number): string {
  const date = new Date(timeOf(isoDate));
  date.setUTCDate(date.getUTCDate() + days);
  return isoDateOf(date);
}

/** The ISO date a number of months later, or earlier; a day that the month lacks becomes its last. */
export function addMonths(isoDate: string, months: number): string {
  const date = new Date(timeOf(isoDate));
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(date);
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
  return isoDateOf(date);
}

/** Dates have four digits for the year: what lies beyond the first or the last is that one. */
function isoDateOf(date: Date): string {
  const year = date.getUTCFullYear();
  if (year > 9999) return '9999-12-31';
  return year < 1 ? '0001-01-01' : date.toISOString().slice(0, 10);
}
