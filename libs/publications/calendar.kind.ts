import { z } from 'zod';
import { type CalendarVersion, parseCalendarVersion } from '#libs/calendar/index.js';
import type { Document, Fault, Reading } from './judge.js';
import type { Kind } from './publish.js';

/** A calendar as it is published: recorded deadlines never move, so a version has a day from which it counts. */
export type PublishedCalendar = CalendarVersion & { effectiveFrom: string };

export const calendarKind: Kind<PublishedCalendar> = { table: 'calendars', read, check: () => Promise.resolve([]) };

function read({ effectiveFrom, ...rest }: Document): Reading<PublishedCalendar> {
  const parsed = parseCalendarVersion(rest);
  const faults: Fault[] = 'faults' in parsed ? parsed.faults.map(({ field, code, message }) => ({ path: field, code, message })) : [];
  const date = z.iso.date().safeParse(effectiveFrom);
  if (!date.success) {
    faults.push({ path: 'effectiveFrom', code: 'calendar_field_invalid', message: 'effectiveFrom must be a date such as 2026-01-31.' });
  }
  return 'faults' in parsed || !date.success ? { ok: false, faults } : { ok: true, body: { ...parsed.calendar, effectiveFrom: date.data } };
}
