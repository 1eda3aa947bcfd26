import fc from 'fast-check';
import type { ClockChange, OracleCalendar, OracleCase, OracleQuestion } from './oracle.js';

const hour = 3_600_000;
const day = 24 * hour;
const quarter = hour / 4;
const firstInstant = Date.UTC(2000, 0, 1);
const lastInstant = Date.UTC(2040, 10, 1);

/** A place in a zone and in time that a question is about. */
interface Focus {
  zone: string;
  instant: number;
}

/** What is special about the days of a question. */
export const kinds = [
  'any day',
  'clock change',
  'gap at the end of a day',
  'fold at the end of a day',
  'change near midnight',
  'skipped day',
  'one-day week',
  'long holidays',
  'end of a year',
  'leap day',
] as const;
export type Kind = (typeof kinds)[number];

const iso = (instant: number) => new Date(instant).toISOString();
const isoDate = (instant: number) => iso(instant).slice(0, 10);
/** Returns the local time of day in milliseconds. */
const timeOfDay = (instant: number, offset: number) => (((instant + offset) % day) + day) % day;

/**
 * Yields questions without end, the same ones for the same seed, zones and number of cases: every kind in turn, in every zone in turn that has
 * such days.
 */
export function* questionsOf(
  seed: number,
  zones: Record<string, ClockChange[]>,
  casesEach: number,
): Generator<OracleQuestion & { kind: Kind }> {
  const focuses = focusesOf(zones, seed);
  for (let index = 0; ; index++) {
    const kind = kinds[index % kinds.length]!;
    const round = Math.floor(index / kinds.length);
    const inTurn = focuses[kind];
    // Each kind begins with other zones, so that a few questions cover many.
    const start = Math.floor(((index % kinds.length) * inTurn.length) / kinds.length);
    const focus = inTurn[(start + round) % inTurn.length]!;
    const [question] = fc.sample(questionAbout(kind, focus, casesEach), { seed: seed + index, numRuns: 1 });
    yield { kind, ...question! };
  }
}

/** Returns where each kind of question may be: an arbitrary for each zone, the zones in random order. */
function focusesOf(zones: Record<string, ClockChange[]>, seed: number): Record<Kind, fc.Arbitrary<Focus>[]> {
  const all = Object.keys(zones);
  const names = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed, numRuns: 1 })[0]!;
  const changes = names.flatMap((zone) => zones[zone]!.map(([instant, before, after]) => ({ zone, instant, before, after })));
  const isSkip = ({ before, after }: { before: number; after: number }) => after - before >= 20 * hour;
  const recent = changes.filter(({ instant }) => instant >= firstInstant && instant < lastInstant);
  // Whether 23:59:59.999 is among the times that do not exist, or that exist twice.
  const hasEndOfDay = ({ instant, before, after }: { instant: number; before: number; after: number }) => {
    const [first, end] = [instant + Math.min(before, after), instant + Math.max(before, after)];
    return Math.floor(end / day) * day - 1 >= first;
  };
  const isNearMidnight = (time: number) => time >= day - 2 * hour || time <= 2 * hour;
  const perZone = (some: Focus[]) => Object.values(Object.groupBy(some, ({ zone }) => zone)).map((those) => fc.constantFrom(...those!));
  const inEveryZone = (instant: fc.Arbitrary<number>) => names.map((zone) => fc.record({ zone: fc.constant(zone), instant }));
  const anyInstant = inEveryZone(fc.integer({ min: firstInstant, max: lastInstant }));
  const year = fc.integer({ min: 2000, max: 2039 });
  return {
    'any day': anyInstant,
    'clock change': perZone(recent),
    'gap at the end of a day': perZone(recent.filter((change) => change.after > change.before && !isSkip(change) && hasEndOfDay(change))),
    'fold at the end of a day': perZone(recent.filter((change) => change.after < change.before && hasEndOfDay(change))),
    'change near midnight': perZone(recent.filter(({ instant, before }) => isNearMidnight(timeOfDay(instant, before)))),
    'skipped day': perZone(changes.filter(isSkip)),
    'one-day week': anyInstant,
    'long holidays': anyInstant,
    'end of a year': inEveryZone(year.map((of) => Date.UTC(of, 11, 31, 12))),
    'leap day': inEveryZone(fc.integer({ min: 0, max: 10 }).map((n) => Date.UTC(2000 + 4 * n, 1, 29, 12))),
  };
}

const questionAbout = (kind: Kind, focuses: fc.Arbitrary<Focus>, casesEach: number): fc.Arbitrary<OracleQuestion> =>
  focuses.chain(({ zone, instant }) =>
    fc.record({
      calendar: calendarAbout(kind, zone, instant),
      cases: fc.array(caseAbout(kind, instant), { minLength: casesEach, maxLength: casesEach }),
    }),
  );

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const anyWeekend = fc.oneof(fc.constantFrom<number[]>([6, 7], [5, 6], [7], [5], []), fc.subarray(weekdays, { maxLength: 6 }));

/** Draws a calendar whose free days lie about an instant and in the year after it. */
export function calendarAbout(kind: Kind, zone: string, instant: number): fc.Arbitrary<OracleCalendar> {
  const dates = (maxLength: number) =>
    fc
      .uniqueArray(fc.integer({ min: -10, max: 400 }), { maxLength, size: 'max' })
      .map((list) => list.map((n) => isoDate(instant + n * day)));
  const run = fc
    .record({ first: fc.integer({ min: -3, max: 10 }), length: fc.integer({ min: 5, max: 60 }) })
    .map(({ first, length }) => Array.from({ length }, (_, n) => isoDate(instant + (first + n) * day)));
  const few = fc.oneof(fc.constant<string[]>([]), dates(12), dates(150));
  const holidays = kind === 'long holidays' ? fc.tuple(run, few).map((lists) => [...new Set(lists.flat())]) : few;
  const weekend = kind === 'one-day week' ? fc.subarray(weekdays, { minLength: 6, maxLength: 6 }) : anyWeekend;
  const worked = fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: dates(60) });
  return fc.record({ zone: fc.constant(zone), weekend, holidays, workingDays: worked }).map(withValidWorkingDays);
}

/** Only a weekend day that is no holiday can be worked by decree. */
function withValidWorkingDays(calendar: OracleCalendar): OracleCalendar {
  const weekend = new Set(calendar.weekend);
  const holidays = new Set(calendar.holidays);
  const isFree = (on: string) => weekend.has(new Date(on).getUTCDay() || 7) && !holidays.has(on);
  return { ...calendar, workingDays: calendar.workingDays.filter(isFree) };
}

function caseAbout(kind: Kind, instant: number): fc.Arbitrary<OracleCase> {
  const around = fc.oneof(
    // Any millisecond of the days around.
    fc.integer({ min: -2 * day, max: 2 * day }),
    // On the change itself and on quarters of an hour, where days begin and end, and a millisecond beside.
    fc.tuple(fc.integer({ min: -192, max: 192 }), fc.integer({ min: -1, max: 1 })).map(([quarters, by]) => quarters * quarter + by),
    fc.integer({ min: -1, max: 1 }),
  );
  const days = fc.oneof(
    { weight: 7, arbitrary: fc.integer({ min: 1, max: 10 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
  );
  // A start so many days before that the deadline falls on the special day, or near it.
  const before = kind === 'any day' ? fc.constant(0) : fc.oneof(fc.constant(0), fc.constant(1));
  const count = (unit: 'business_day' | 'calendar_day') =>
    fc
      .record({ days, by: around, before })
      .map(({ days, by, before }) => ({ unit, startsAt: iso(instant + by - before * days * day), days }));
  return fc.oneof(
    { weight: 11, arbitrary: count('business_day') },
    { weight: 5, arbitrary: count('calendar_day') },
    { weight: 2, arbitrary: around.map((by) => ({ endOf: isoDate(instant + by) })) },
    { weight: 2, arbitrary: around.map((by) => ({ dateOf: iso(instant + by) })) },
  );
}
