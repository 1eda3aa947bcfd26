import { type Fields, isFields } from '../publications/index.js';

export interface NamedDay {
  on: string;
  name: string;
}

/** What a year is drawn from. A document that is being written may lack any of it. */
export interface YearCalendar {
  /** ISO weekdays, 1 for Monday. */
  weekend: number[];
  holidays: NamedDay[];
  workingDays: NamedDay[];
  coversFrom: string;
  coversThrough: string;
}

export function calendarIn(document: Fields): YearCalendar {
  const { weekend, holidays, workingDays, coversFrom, coversThrough } = document;
  return {
    weekend: Array.isArray(weekend) ? weekend.map(Number) : [],
    holidays: daysIn(holidays),
    workingDays: daysIn(workingDays),
    coversFrom: typeof coversFrom === 'string' ? coversFrom : '',
    coversThrough: typeof coversThrough === 'string' ? coversThrough : '',
  };
}

/** Entries that are no days yet keep their place, so that positions are those of the document. */
export const daysIn = (list: unknown): NamedDay[] =>
  Array.isArray(list) ? list.map((day) => (isFields(day) ? { on: text(day['on']), name: text(day['name']) } : { on: '', name: '' })) : [];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const isoWeekday = (date: string): number => new Date(`${date}T12:00:00Z`).getUTCDay() || 7;

/** The dates of a month, 1 to 12, in weeks that begin on Monday; null where a week reaches beyond the month. */
export function weeksOf(year: number, month: number): (string | null)[][] {
  const pad = (value: number) => String(value).padStart(2, '0');
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const days = Array.from({ length: count }, (_, index) => `${year}-${pad(month)}-${pad(index + 1)}`);
  const cells = [...Array.from({ length: isoWeekday(days[0]!) - 1 }, () => null), ...days];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
