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
import type { PublishedCalendar } from './document-type.js';
import type { Connection } from './published-versions.js';

/** How far the calendar in force reaches, and what needs attention. */
export interface CalendarCoverage {
  /** Name and version, such as `ru@2`. */
  calendar: string;
  zone: string;
  coversFrom: string;
  coversThrough: string;
  /** Days from today to the last covered date; negative once it has passed. */
  daysLeft: number;
  /** Programmes that use the calendar, in the version in force or a scheduled one. */
  programmes: string[];
  warnings: CoverageWarning[];
}

export type Counting = Pick<Policy, 'name' | 'calendar' | 'clocks'>;

/** Returns the longest span of business days that the programme counts from a single instant. */
export function longestBusinessDays({ clocks }: Pick<Policy, 'clocks'>): number {
  const { reviewStartBusinessDays, reviewDecisionBusinessDays, answerBusinessDays, disputeAnswerBusinessDays, hearingBusinessDays } =
    clocks;
  const { days, unit } = clocks.consentWindow;
  const whole = reviewStartBusinessDays + reviewDecisionBusinessDays;
  return Math.max(whole, answerBusinessDays, disputeAnswerBusinessDays, hearingBusinessDays, unit === 'business_day' ? days : 0);
}

/** Returns the programmes with a version in force or scheduled, one entry per version, with their calendar and clocks. */
export function countingProgrammes(on: Connection): Promise<Counting[]> {
  return on.query<Counting[]>(`
    SELECT name, body ->> 'calendar' AS calendar, body -> 'clocks' AS clocks FROM (
      SELECT name, body, effective_from,
        max(effective_from) FILTER (WHERE effective_from <= cpor_now()) OVER (PARTITION BY name) AS in_force_from
      FROM policies LEFT JOIN policy_withdrawals w USING (name, version) WHERE w.name IS NULL) current_versions
    WHERE effective_from >= coalesce(in_force_from, effective_from) ORDER BY name`);
}

/** Returns the calendar versions in force and scheduled, by name and effective date. */
function currentCalendars(on: Connection): Promise<{ body: PublishedCalendar }[]> {
  return on.query<{ body: PublishedCalendar }[]>(`
    SELECT body FROM (
      SELECT name, version, body, effective_from,
        row_number() OVER (PARTITION BY name, effective_from <= cpor_now() ORDER BY effective_from DESC, version DESC) AS place,
        effective_from <= cpor_now() AS is_begun
      FROM calendars) versions
    WHERE NOT is_begun OR place = 1 ORDER BY name, effective_from, version`);
}

/** Reports the coverage of each calendar on an ISO date, for operators, the readiness check and the command line. */
export async function calendarCoverage(on: Connection, today: string): Promise<CalendarCoverage[]> {
  const [calendars, counting] = await Promise.all([currentCalendars(on), countingProgrammes(on)]);
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

/** Returns the published calendar that a programme will use on an ISO date, or undefined if there is none. */
export async function calendarOn(on: Connection, name: string, date: string, longest: number): Promise<CalendarVersion | undefined> {
  const versions = (await currentCalendars(on)).map(({ body }) => body).filter((body) => body.name === name);
  const begun = versions.findLast(({ effectiveFrom }) => compareDates(effectiveFrom, date) <= 0);
  return begun && lastInTime(versions.slice(versions.indexOf(begun)), longest);
}

/** Returns the last version that takes effect before any deadline outruns its predecessor: until then, the predecessor needs no warning. */
function lastInTime(versions: PublishedCalendar[], longest: number): PublishedCalendar {
  const [first, ...later] = versions as [PublishedCalendar, ...PublishedCalendar[]];
  return later.reduce((current, next) => (outruns(current, next.effectiveFrom, longest) ? current : next), first);
}
