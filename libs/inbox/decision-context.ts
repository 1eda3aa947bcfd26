import { v5 as uuidV5 } from 'uuid';
import {
  businessDayDeadline,
  calendarDayDeadline,
  calendarReference,
  type CalendarVersion,
  endOfLocalDate,
  localDate,
  zoneDataVersion,
} from '#libs/calendar/index.js';
import type { Deadline, DeadlineUnit, DecisionContext, DirectoryFacts, RelatedClaims } from '#libs/claims/index.js';
import type { Policy } from '#libs/programmes/index.js';

/** Builds the context in which the rules decide. `seed` makes new identifiers repeatable. */
export function decisionContext(from: {
  claimId: string;
  now: string;
  policy: Policy;
  policyInForce: Policy;
  calendar: CalendarVersion;
  facts: DirectoryFacts | null;
  relatedClaims: RelatedClaims;
  seed: string;
}): DecisionContext {
  let made = 0;
  const { claimId, now, policy, policyInForce, calendar, facts, relatedClaims, seed } = from;
  return {
    ...relatedClaims,
    claimId,
    now,
    policy,
    policyInForce,
    facts,
    deadline: (startsAt, days, unit) => deadline(calendar, startsAt, days, unit),
    endOf: (date) => endOfLocalDate(calendar, date),
    localDate: (instant) => localDate(calendar, instant),
    newId: () => uuidV5(String(made++), seed),
  };
}

function deadline(calendar: CalendarVersion, startsAt: string, days: number, unit: DeadlineUnit): Deadline {
  if (unit === 'business_day') return businessDayDeadline(calendar, startsAt, days);
  if (unit === 'calendar_day') return calendarDayDeadline(calendar, startsAt, days);
  const dueAt = new Date(Date.parse(startsAt) + days * 1000).toISOString();
  const { zone } = calendar;
  const day0 = localDate(calendar, startsAt);
  return {
    dueAt,
    dueAtLocal: dueAt,
    day0,
    countedDays: [],
    calendar: calendarReference(calendar),
    zone,
    unit,
    days,
    isBeyondCoverage: false,
    zoneData: zoneDataVersion,
  };
}
