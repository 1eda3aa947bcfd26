import type { DataSource } from 'typeorm';
import { readClock } from '#libs/event-store/index.js';
import { calendarCoverage, type CalendarCoverage } from '#libs/publications/index.js';
import { type CheckReport, ok, warning } from './check.js';

/** Checks that each calendar in force knows the holidays of the deadlines to come. One that no programme uses may run out. */
export async function checkCalendars(source: DataSource): Promise<CheckReport[]> {
  const coverage = await calendarCoverage(source, (await readClock(source)).slice(0, 10));
  return coverage.map((calendar) => ({ check: `calendar ${calendar.calendar}`, ...findingOf(calendar) }));
}

function findingOf({ calendar, zone, coversFrom, coversThrough, daysLeft, programmes, warnings }: CalendarCoverage) {
  const users = programmes.length === 0 ? 'no programme' : programmes.join(', ');
  const found = `Calendar ${calendar}: ${zone}, holidays from ${coversFrom} to ${coversThrough} (${daysLeft} days left), used by ${users}.`;
  if (programmes.length === 0 || warnings.length === 0) return ok(found);
  const matters = warnings.map(({ code, message }) => `${code}: ${message}`).join(' ');
  return warning(found, matters, 'docs/how-to/keep-calendars-current.md');
}
