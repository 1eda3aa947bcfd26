import fc from 'fast-check';
import type { OracleCalendar } from './oracle.js';
import { calendarAbout } from './questions.js';

const hour = 3_600_000;
const day = 24 * hour;

/** A programme of the year, with a calendar of the same name. */
export interface PlannedProgramme {
  name: string;
  calendar: OracleCalendar;
  noticeTiming: 'on_approval' | 'on_submit';
  reviewStartBusinessDays: number;
  reviewDecisionBusinessDays: number;
  answerBusinessDays: number;
  consentWindow: { days: number; unit: 'business_day' | 'calendar_day' };
  disputeCalendarDays: number;
  disputeAnswerBusinessDays: number;
  coolDownCalendarDays: number;
}

/** What will happen to a claim; `…After` are milliseconds of the product's clock since the step before. */
export interface PlannedClaim {
  programme: PlannedProgramme;
  /** Milliseconds since the beginning of the year. */
  filedAt: number;
  review: 'approve' | 'take_then_approve' | 'ask' | 'reject' | 'none';
  reviewAfter: number;
  /** Null: the partner is silent. */
  answerAfter: number | null;
  decisionAfter: number;
  customer: 'silent' | 'refuse' | 'accept';
  /** `close`: about the last instant of the window. */
  customerAfter: number | { close: number };
  /** Null: the partner does not dispute. */
  disputeAfter: number | null;
  disputeDecisionAfter: number;
  disputeOutcome: 'approve' | 'final';
}

/** Zones that change their clocks about midnight, by half an hour, or far from UTC. */
const awkwardZones = [
  'America/Nuuk',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

const days = (max: number) => fc.integer({ min: 1, max });
const within = (max: number) => fc.integer({ min: 0, max });

export function planProgrammes(seed: number, beginsAt: number): PlannedProgramme[] {
  const [others] = fc.sample(fc.shuffledSubarray(Intl.supportedValuesOf('timeZone'), { minLength: 8, maxLength: 8 }), { seed, numRuns: 1 });
  return [...awkwardZones, ...others!].map((zone, index) => {
    const programme = fc.record({
      name: fc.constant(`year-${index}`),
      calendar: calendarAbout('any day', zone, beginsAt),
      noticeTiming: fc.constantFrom<PlannedProgramme['noticeTiming']>('on_approval', 'on_approval', 'on_submit'),
      reviewStartBusinessDays: days(8),
      reviewDecisionBusinessDays: days(14),
      answerBusinessDays: days(14),
      consentWindow: fc.record({ days: days(15), unit: fc.constantFrom<'business_day' | 'calendar_day'>('business_day', 'calendar_day') }),
      disputeCalendarDays: days(40),
      disputeAnswerBusinessDays: days(8),
      coolDownCalendarDays: days(60),
    });
    return fc.sample(programme, { seed: seed + index, numRuns: 1 })[0]!;
  });
}

export function planClaims(seed: number, count: number, programmes: PlannedProgramme[]): PlannedClaim[] {
  const claim = fc.record({
    programme: fc.constantFrom(...programmes),
    filedAt: within(365 * day),
    review: fc.constantFrom<PlannedClaim['review']>('approve', 'approve', 'approve', 'take_then_approve', 'ask', 'ask', 'reject', 'none'),
    reviewAfter: within(12 * day),
    answerAfter: fc.option(within(8 * day), { freq: 2 }),
    decisionAfter: within(12 * day),
    customer: fc.constantFrom<PlannedClaim['customer']>('silent', 'silent', 'silent', 'refuse', 'refuse', 'accept'),
    customerAfter: fc.oneof(within(10 * day), fc.record({ close: fc.integer({ min: -20_000, max: 20_000 }) })),
    disputeAfter: fc.option(within(30 * day), { freq: 2 }),
    disputeDecisionAfter: within(12 * day),
    disputeOutcome: fc.constantFrom<PlannedClaim['disputeOutcome']>('approve', 'final'),
  });
  return fc.sample(fc.noBias(claim), { seed, numRuns: count });
}
