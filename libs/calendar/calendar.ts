import { Temporal } from 'temporal-polyfill';

/** One immutable version of a working calendar: what counts as a business day, and where. */
export interface CalendarVersion {
  name: string;
  version: number;
  /** IANA time zone in which the days begin and end. */
  zone: string;
  /** ISO weekdays, 1 for Monday to 7 for Sunday. */
  weekend: number[];
  /** Non-working dates, public and substitute holidays alike; some may fall on the weekend. */
  holidays: Holiday[];
  /** Weekend days that are worked by decree, for a day off that was moved. */
  workingDays?: Holiday[] | undefined;
  /** First and last ISO date for which the holidays are known. */
  coversFrom: string;
  coversThrough: string;
  /** Where the holidays come from, and what they leave out. */
  source: string;
}

export interface Holiday {
  on: string;
  name: string;
}

/** The order of two ISO dates; never that of their text. */
export const compareDates = (a: string, b: string): number => Temporal.PlainDate.compare(a, b);

/** Names a version the way it is recorded beside a deadline, such as `ru@1`. */
export function calendarReference(calendar: CalendarVersion): string {
  return `${calendar.name}@${calendar.version}`;
}
