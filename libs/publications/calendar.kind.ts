import { z } from 'zod';
import { type CalendarVersion, coverageWarnings, parseCalendarVersion } from '#libs/calendar/index.js';
import type { Document, Fault, Reading } from './judge.js';
import { countingProgrammes, longestBusinessDays } from './coverage.js';
import type { Kind } from './publish.js';
import type { Connection } from './published.js';

/** A calendar as it is published: recorded deadlines never move, so a version has a day from which it counts. */
export type PublishedCalendar = CalendarVersion & { effectiveFrom: string };

export const calendarKind: Kind<PublishedCalendar> = { table: 'calendars', read, check: () => Promise.resolve([]), warn };

/** The programmes that count by it say how far ahead it must reach. */
async function warn(on: Connection, calendar: PublishedCalendar, date: string): Promise<Fault[]> {
  const users = (await countingProgrammes(on)).filter((programme) => programme.calendar === calendar.name);
  return coverageWarnings(calendar, date, Math.max(1, ...users.map(longestBusinessDays))).map(({ code, message }) => ({
    path: code === 'calendar_year_without_holidays' ? 'holidays' : 'coversThrough',
    code,
    message,
  }));
}

function read({ effectiveFrom, ...rest }: Document): Reading<PublishedCalendar> {
  const parsed = parseCalendarVersion(rest);
  const faults: Fault[] = 'faults' in parsed ? parsed.faults.map(({ field, code, message }) => ({ path: field, code, message })) : [];
  const date = z.iso.date().safeParse(effectiveFrom);
  if (!date.success) {
    faults.push({ path: 'effectiveFrom', code: 'calendar_field_invalid', message: 'effectiveFrom must be a date such as 2026-01-31.' });
  }
  return 'faults' in parsed || !date.success ? { ok: false, faults } : { ok: true, body: { ...parsed.calendar, effectiveFrom: date.data } };
}
