import { z } from 'zod';
import { coverageWarnings, parseCalendarVersion } from '#libs/calendar/index.js';
import { countingProgrammes, longestBusinessDays } from './calendar-coverage.js';
import type { Document, DocumentType, Fault, ParsedDocument, PublishedCalendar } from './document-type.js';
import type { Connection } from './published-versions.js';

export const calendarType: DocumentType<PublishedCalendar> = { table: 'calendars', parse, check: () => Promise.resolve([]), warn };

/** The programmes that use the calendar decide how far ahead it must reach. */
async function warn(on: Connection, calendar: PublishedCalendar, date: string): Promise<Fault[]> {
  const users = (await countingProgrammes(on)).filter((programme) => programme.calendar === calendar.name);
  return coverageWarnings(calendar, date, Math.max(1, ...users.map(longestBusinessDays))).map(({ code, message }) => ({
    path: code === 'calendar_year_without_holidays' ? 'holidays' : 'coversThrough',
    code,
    message,
  }));
}

/** Calendar faults are sentences; publication faults are joined into one. */
const withoutFullStop = (message: string): string => message.replace(/\.$/, '');

function parse({ effectiveFrom, ...rest }: Document): ParsedDocument<PublishedCalendar> {
  const parsed = parseCalendarVersion(rest);
  const faults: Fault[] =
    'faults' in parsed ? parsed.faults.map(({ field, code, message }) => ({ path: field, code, message: withoutFullStop(message) })) : [];
  const date = z.iso.date().safeParse(effectiveFrom);
  if (!date.success) {
    faults.push({ path: 'effectiveFrom', code: 'calendar_field_invalid', message: 'effectiveFrom must be a date such as 2026-01-31' });
  }
  return 'faults' in parsed || !date.success ? { ok: false, faults } : { ok: true, body: { ...parsed.calendar, effectiveFrom: date.data } };
}
