import {
  calendarReference,
  type CalendarVersion,
  compareDates,
  type CoverageWarning,
  coverageWarnings,
  daysCovered,
  outruns,
} from '#libs/calendar/index.js';
import type { Policy } from '#libs/programmes/index.js';
import type { PublishedCalendar } from './calendar.kind.js';
import type { Connection } from './published.js';

/** What the calendar in force of a name covers, and what is to be done about it. */
export interface CalendarCoverage {
  /** Name and version, such as `ru@2`. */
  calendar: string;
  zone: string;
  coversFrom: string;
  coversThrough: string;
  /** Days from today to the last date that is covered; negative once that is past. */
  daysLeft: number;
  /** Programmes that count by it, now or from a version on that is scheduled. */
  programmes: string[];
  warnings: CoverageWarning[];
}

export type Counting = Pick<Policy, 'name' | 'calendar' | 'clocks'>;

/** The longest span of business days that a programme counts from one instant. */
export function longestBusinessDays({ clocks }: Pick<Policy, 'clocks'>): number {
  const { reviewStartBusinessDays, reviewDecisionBusinessDays, answerBusinessDays, disputeAnswerBusinessDays, hearingBusinessDays } =
    clocks;
  const { days, unit } = clocks.consentWindow;
  const whole = reviewStartBusinessDays + reviewDecisionBusinessDays;
  return Math.max(whole, answerBusinessDays, disputeAnswerBusinessDays, hearingBusinessDays, unit === 'business_day' ? days : 0);
}

/** Programmes whose version in force, or a scheduled one, counts by some calendar. */
export function countingProgrammes(on: Connection): Promise<Counting[]> {
  return on.query<Counting[]>(`
    SELECT name, body ->> 'calendar' AS calendar, body -> 'clocks' AS clocks FROM (
      SELECT name, body, effective_from,
        max(effective_from) FILTER (WHERE effective_from <= cpor_now()) OVER (PARTITION BY name) AS in_force_from
      FROM policies LEFT JOIN policy_withdrawals w USING (name, version) WHERE w.name IS NULL) standing
    WHERE effective_from >= coalesce(in_force_from, effective_from) ORDER BY name`);
}

/** Every version of the calendars that is in force, or scheduled, by name and the earliest first. */
function standingCalendars(on: Connection): Promise<{ body: PublishedCalendar }[]> {
  return on.query<{ body: PublishedCalendar }[]>(`
    SELECT body FROM (
      SELECT name, version, body, effective_from,
        row_number() OVER (PARTITION BY name, effective_from <= cpor_now() ORDER BY effective_from DESC, version DESC) AS place,
        effective_from <= cpor_now() AS is_begun
      FROM calendars) versions
    WHERE NOT is_begun OR place = 1 ORDER BY name, effective_from, version`);
}

/** What each calendar in force covers on an ISO date: the report for operators, readiness and the command line. */
export async function calendarCoverage(on: Connection, today: string): Promise<CalendarCoverage[]> {
  const [calendars, counting] = await Promise.all([standingCalendars(on), countingProgrammes(on)]);
  const byName = Map.groupBy(
    calendars.map(({ body }) => body),
    ({ name }) => name,
  );
  return [...byName].map(([name, versions]) => {
    const users = counting.filter(({ calendar }) => calendar === name);
    const longest = Math.max(1, ...users.map(longestBusinessDays));
    const [inForce] = versions as [PublishedCalendar];
    const { zone, coversFrom, coversThrough } = inForce;
    return {
      calendar: calendarReference(inForce),
      zone,
      coversFrom,
      coversThrough,
      daysLeft: daysCovered(inForce, today),
      programmes: [...new Set(users.map((programme) => programme.name))],
      warnings: coverageWarnings(lastInTime(versions, longest), today, longest),
    };
  });
}

/** The calendar that a programme will count by on an ISO date, as far as is published; undefined when there is none. */
export async function calendarOn(on: Connection, name: string, date: string, longest: number): Promise<CalendarVersion | undefined> {
  const versions = (await standingCalendars(on)).map(({ body }) => body).filter((body) => body.name === name);
  const begun = versions.findLast(({ effectiveFrom }) => compareDates(effectiveFrom, date) <= 0);
  return begun && lastInTime(versions.slice(versions.indexOf(begun)), longest);
}

/** A version that takes effect before the first deadline outruns the one before it stands in for that: there is nothing left to do. */
function lastInTime(versions: PublishedCalendar[], longest: number): PublishedCalendar {
  const [first, ...later] = versions as [PublishedCalendar, ...PublishedCalendar[]];
  return later.reduce((current, next) => (outruns(current, next.effectiveFrom, longest) ? current : next), first);
}
