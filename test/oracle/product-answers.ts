import { businessDayDeadline, calendarDayDeadline, type CalendarVersion, endOfLocalDate, localDate } from '#libs/calendar/index.js';
import type { OracleAnswer, OracleCalendar, OracleCase, OracleQuestion } from './oracle.js';

/** Returns the product's answers to a question, in the oracle's form. */
export function productAnswers({ calendar, cases }: OracleQuestion): OracleAnswer[] {
  const version = versionOf(calendar);
  return cases.map((each) => answer(version, each));
}

function versionOf({ zone, weekend, holidays, workingDays }: OracleCalendar): CalendarVersion {
  const named = (dates: string[]) => dates.map((on) => ({ on, name: 'A day' }));
  return {
    name: 'any',
    version: 1,
    zone,
    weekend,
    holidays: named(holidays),
    workingDays: named(workingDays),
    coversFrom: '1990-01-01',
    coversThrough: '2049-12-31',
    source: 'Made up.',
  };
}

function answer(calendar: CalendarVersion, asked: OracleCase): OracleAnswer {
  if ('dateOf' in asked) return { date: localDate(calendar, asked.dateOf) };
  if ('endOf' in asked) {
    const { dueAt, dueAtLocal } = endOfLocalDate(calendar, asked.endOf);
    return { dueAt, dueAtLocal };
  }
  const count = asked.unit === 'business_day' ? businessDayDeadline : calendarDayDeadline;
  const { day0, countedDays, dueAt, dueAtLocal } = count(calendar, asked.startsAt, asked.days);
  return { day0, countedDays, dueAt, dueAtLocal };
}
