import { Temporal } from 'temporal-polyfill';
import { type CalendarVersion, compareDates, type Holiday } from './calendar.js';

/** The most holidays a version may list: some thirty years of a generous calendar. */
export const maximumHolidays = 1000;

export type CalendarFaultCode =
  | 'calendar_field_invalid'
  | 'calendar_field_unknown'
  | 'calendar_zone_unknown'
  | 'calendar_weekend_full'
  | 'calendar_coverage_reversed'
  | 'calendar_holidays_too_many'
  | 'calendar_holiday_duplicate'
  | 'calendar_holiday_outside_coverage'
  | 'calendar_working_days_too_many'
  | 'calendar_working_day_duplicate'
  | 'calendar_working_day_outside_coverage'
  | 'calendar_working_day_not_weekend'
  | 'calendar_working_day_holiday';

export interface CalendarFault {
  /** Path of the value at fault, such as `holidays.0.on`; empty for the whole. */
  field: string;
  code: CalendarFaultCode;
  message: string;
}

export type ParsedCalendar = { calendar: CalendarVersion } | { faults: CalendarFault[] };

type Fields = Record<string, unknown>;

/** Parses a calendar version and reports every fault at once; returns a copy with sorted lists. */
export function parseCalendarVersion(input: unknown): ParsedCalendar {
  if (!isRecord(input)) return { faults: [invalid('', 'A calendar version must be an object.')] };

  const faults = [
    ...scalarFaults(input),
    ...zoneFaults(input.zone),
    ...weekendFaults(input.weekend),
    ...coverageFaults(input),
    ...dayFaults(input, 'holidays'),
    ...(input.workingDays === undefined ? [] : [...dayFaults(input, 'workingDays'), ...workingDayFaults(input)]),
  ];
  return faults.length > 0 ? { faults } : { calendar: copy(input as unknown as CalendarVersion) };
}

const scalars: Record<string, [isValid: (value: unknown) => boolean, expectation: string]> = {
  name: [
    (value) => isText(value, 40) && /^[a-z][a-z0-9-]*$/.test(value),
    'must be 1 to 40 lower-case letters, digits and hyphens, a letter first',
  ],
  version: [
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100_000,
    'must be a whole number from 1 to 100000',
  ],
  coversFrom: [isDate, 'must be a date such as 2026-01-31'],
  coversThrough: [isDate, 'must be a date such as 2026-01-31'],
  source: [(value) => isText(value, 2000), 'must state in 1 to 2000 characters where the holidays come from'],
};
const fieldNames = new Set([...Object.keys(scalars), 'zone', 'weekend', 'holidays', 'workingDays']);

function scalarFaults(input: Fields): CalendarFault[] {
  const wrong = Object.entries(scalars).filter(([name, [isValid]]) => !isValid(input[name]));
  const unknown = Object.keys(input).filter((name) => !fieldNames.has(name));
  return [
    ...wrong.map(([name, [, expectation]]) => invalid(name, `${name} ${expectation}.`)),
    ...unknown.map((name) => fault(name, 'calendar_field_unknown', 'A calendar version has no such field.')),
  ];
}

function zoneFaults(zone: unknown): CalendarFault[] {
  return isZone(zone)
    ? []
    : [fault('zone', 'calendar_zone_unknown', 'zone must be an IANA time zone such as Europe/Moscow, spelled exactly.')];
}

function weekendFaults(weekend: unknown): CalendarFault[] {
  const isWeekday = (day: unknown) => Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7;
  if (!Array.isArray(weekend) || !weekend.every(isWeekday) || new Set(weekend).size < weekend.length) {
    return [invalid('weekend', 'weekend must list different ISO weekdays, 1 for Monday to 7 for Sunday.')];
  }
  return weekend.length === 7 ? [fault('weekend', 'calendar_weekend_full', 'At least one day of the week must not be a weekend day.')] : [];
}

function coverageFaults({ coversFrom, coversThrough }: Fields): CalendarFault[] {
  if (!isDate(coversFrom) || !isDate(coversThrough) || compareDates(coversFrom, coversThrough) <= 0) return [];
  return [fault('coversThrough', 'calendar_coverage_reversed', 'coversThrough must not be before coversFrom.')];
}

const dayLists = {
  holidays: { a: 'A holiday', all: 'holidays', code: 'calendar_holiday' },
  workingDays: { a: 'A working day', all: 'working days', code: 'calendar_working_day' },
} as const;

/** Checks a list of days by itself. */
function dayFaults(input: Fields, list: keyof typeof dayLists): CalendarFault[] {
  const { a, all, code } = dayLists[list];
  const { coversFrom, coversThrough, [list]: days } = input;
  if (!Array.isArray(days)) return [invalid(list, `${list} must be a list; it may be empty.`)];
  if (days.length > maximumHolidays) return [fault(list, `${code}s_too_many`, `A version may list at most ${maximumHolidays} ${all}.`)];
  const seen = new Set<string>();
  return days.flatMap((day: unknown, index) => {
    const field = `${list}.${index}`;
    if (!isHoliday(day))
      return [invalid(field, `${a} must have on, a date such as 2026-01-31, and name, 1 to 100 characters, and no other fields.`)];

    const { on } = day;
    if (seen.has(on)) return [fault(`${field}.on`, `${code}_duplicate`, `${on} is listed more than once.`)];
    seen.add(on);

    const isOutside =
      (isDate(coversFrom) && compareDates(on, coversFrom) < 0) || (isDate(coversThrough) && compareDates(on, coversThrough) > 0);
    return isOutside ? [fault(`${field}.on`, `${code}_outside_coverage`, `${on} is not between coversFrom and coversThrough.`)] : [];
  });
}

/** A working day must be a weekend day and must not be a holiday of the same version. */
function workingDayFaults({ workingDays, weekend, holidays }: Fields): CalendarFault[] {
  if (!Array.isArray(workingDays) || workingDays.length > maximumHolidays) return [];
  const free = new Set(Array.isArray(holidays) ? holidays.filter(isHoliday).map(({ on }) => on) : []);
  return workingDays.flatMap((day: unknown, index) => {
    if (!isHoliday(day)) return [];
    const { on } = day;
    const field = `workingDays.${index}.on`;
    if (Array.isArray(weekend) && !weekend.includes(Temporal.PlainDate.from(on).dayOfWeek))
      return [fault(field, 'calendar_working_day_not_weekend', `${on} is not on the weekend, so it is a working day anyway.`)];
    return free.has(on) ? [fault(field, 'calendar_working_day_holiday', `${on} is also listed as a holiday.`)] : [];
  });
}

function copy({
  name,
  version,
  zone,
  weekend,
  holidays,
  workingDays,
  coversFrom,
  coversThrough,
  source,
}: CalendarVersion): CalendarVersion {
  const inOrder = (days: Holiday[]) => days.map(({ on, name }) => ({ on, name })).sort((a, b) => compareDates(a.on, b.on));
  return {
    name,
    version,
    zone,
    weekend: [...weekend].sort(),
    holidays: inOrder(holidays),
    // Optional in the document, so a version without them stays as it was published.
    ...(workingDays !== undefined && { workingDays: inOrder(workingDays) }),
    coversFrom,
    coversThrough,
    source,
  };
}

const fault = (field: string, code: CalendarFaultCode, message: string): CalendarFault => ({ field, code, message });
const invalid = (field: string, message: string) => fault(field, 'calendar_field_invalid', message);

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, maximum: number): value is string {
  // PostgreSQL's jsonb takes neither NUL nor half a surrogate pair.
  return typeof value === 'string' && value.trim().length > 0 && value.length <= maximum && !value.includes('\0') && value.isWellFormed();
}

function isHoliday(value: unknown): value is Holiday {
  return isRecord(value) && isDate(value.on) && isText(value.name, 100) && Object.keys(value).length === 2;
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && succeeds(() => Temporal.PlainDate.from(value));
}

/** Offsets such as +03:00 are refused: they know no daylight-saving time. */
function isZone(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]/.test(value) && succeeds(() => new Temporal.ZonedDateTime(0n, value).timeZoneId === value);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    return attempt() !== false;
  } catch {
    return false;
  }
}
