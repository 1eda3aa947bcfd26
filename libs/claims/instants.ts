/**
 * Instants are RFC 3339 text and dates ISO text, and neither may be compared as text: an offset, another precision or a year beyond 9999
 * changes the alphabetical order. All comparisons and date arithmetic happen here; a date counts as its first instant in UTC. The linter
 * reports comparisons of texts.
 */

/** Returns milliseconds since 1970. Throws RangeError if the text is neither an instant nor a date. */
function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`"${text}" is neither an instant nor a date.`);
  return time;
}

/** Compares two instants or dates for sorting, earliest first. */
export const compareInstants = (a: string, b: string): number => timeOf(a) - timeOf(b);
export const isBefore = (a: string, b: string): boolean => compareInstants(a, b) < 0;

export const earliestOf = (instants: string[]): string | undefined => instants.toSorted(compareInstants)[0];
export const latestOf = (instants: string[]): string | undefined => instants.toSorted((a, b) => compareInstants(b, a))[0];

/** Returns the next millisecond. */
export const instantAfter = (instant: string): string => instantLater(instant, 1);

/** Returns the instant a number of milliseconds later. */
export const instantLater = (instant: string, milliseconds: number): string => new Date(timeOf(instant) + milliseconds).toISOString();

const hour = 3_600_000;

/**
 * Return the latest and the earliest local date anywhere on Earth at an instant: people date documents by their local day, and their
 * place is unknown.
 */
export const latestDateAt = (instant: string): string => isoDateOf(new Date(timeOf(instant) + 14 * hour));
export const earliestDateAt = (instant: string): string => isoDateOf(new Date(timeOf(instant) - 12 * hour));

/** An end date from here on means "no end": no term runs that long, and many systems write 2999-12-31 or 9999-12-31. */
export const noEndFrom = '2200-01-01';

/** Whether a date means "no end". */
export const isNoEnd = (date: string): boolean => !isBefore(date, noEndFrom);

/** Returns the ISO date a number of days later; earlier if negative. */
export function addDays(isoDate: string, days: number): string {
  const date = new Date(timeOf(isoDate));
  date.setUTCDate(date.getUTCDate() + days);
  return isoDateOf(date);
}

/** Returns the ISO date a number of months later, earlier if negative; a day that the month lacks becomes its last day. */
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

/** ISO dates here have four-digit years; anything outside is clamped to the first or the last date. */
function isoDateOf(date: Date): string {
  const year = date.getUTCFullYear();
  if (year > 9999) return '9999-12-31';
  return year < 1 ? '0001-01-01' : date.toISOString().slice(0, 10);
}
