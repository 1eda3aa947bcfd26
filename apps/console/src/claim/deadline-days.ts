import type { Calendar, Deadline } from '../client/index.js';
import { dateIn } from './days-left.js';

/** A day between the start of a clock and its end. */
export interface ClockDay {
  /** YYYY-MM-DD in the calendar's zone. */
  on: string;
  kind: 'start' | 'counted' | 'weekend' | 'holiday' | 'skipped';
  /** The holiday's name, or why a weekend day is worked. */
  name: string | null;
}

const longest = 400;

/**
 * Lists every date from the start of a clock to its end with what it was: counted, or skipped and why. Without the calendar, reasons are left out.
 * Empty for a deadline that counts no business days.
 */
export function clockDays(
  deadline: Pick<Deadline, 'startedAt' | 'dueAt' | 'zone' | 'countedDays'>,
  calendar: Calendar | undefined,
): ClockDay[] {
  if (deadline.countedDays.length === 0) return [];
  const counted = new Set(deadline.countedDays);
  const first = dateIn(deadline.startedAt, deadline.zone);
  const last = dateIn(deadline.dueAt, deadline.zone);
  const days: ClockDay[] = [];
  for (let on = first; days.length < longest; on = following(on)) {
    days.push(on === first && !counted.has(on) ? { on, kind: 'start', name: null } : dayOf(on, counted, calendar));
    if (on === last) break;
  }
  return days;
}

function dayOf(on: string, counted: Set<string>, calendar: Calendar | undefined): ClockDay {
  if (counted.has(on)) return { on, kind: 'counted', name: calendar?.workingDays?.find((day) => day.on === on)?.name ?? null };
  const holiday = calendar?.holidays.find((day) => day.on === on);
  if (holiday !== undefined) return { on, kind: 'holiday', name: holiday.name };
  return { on, kind: calendar?.weekend.includes(weekdayOf(on)) ? 'weekend' : 'skipped', name: null };
}

const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** ISO weekday, 1 for Monday. */
const weekdayOf = (date: string): number => noon(date).getUTCDay() || 7;

const following = (date: string): string => new Date(noon(date).getTime() + 86_400_000).toISOString().slice(0, 10);
