import { Temporal } from 'temporal-polyfill';

/** An immutable version of a working calendar: which days are business days, and in which zone. */
export interface CalendarVersion {
  name: string;
  version: number;
  /** IANA time zone in which the days begin and end. */
  zone: string;
  /** ISO weekdays, 1 for Monday to 7 for Sunday. */
  weekend: number[];
  /** Non-working dates, both public and substitute holidays; some may fall on the weekend. */
  holidays: Holiday[];
  /** Weekend days worked by decree, in exchange for a day off. */
  workingDays?: Holiday[] | undefined;
  /** First and last ISO date for which the holidays are known. */
  coversFrom: string;
  coversThrough: string;
  /** The source of the holidays, and any omissions. */
  source: string;
}

export interface Holiday {
  on: string;
  name: string;
}

/** Compares two ISO dates for sorting, never as text. */
export const compareDates = (a: string, b: string): number => Temporal.PlainDate.compare(a, b);

/** Returns a version's reference as deadlines record it, such as `ru@1`. */
export function calendarReference(calendar: CalendarVersion): string {
  return `${calendar.name}@${calendar.version}`;
}
