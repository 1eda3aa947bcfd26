import {
  type ClaimState,
  clockRules,
  type ClockName,
  compareInstants,
  disputedDeciders,
  earliestOf,
  type Position,
  reviewerOf,
  type RunningClock,
} from '#libs/claims/index.js';

/** Columns of `claims` that exist only so that lists can filter and sort by them. */
interface ListColumns {
  area: string;
  /** Lower case; empty when the claim states none. */
  domain: string;
  products: string[];
  activities: string[];
  tags: string[];
  /** Codes of all rejections and information requests so far. */
  reasons: string[];
  /** The earliest clock's deadline. A clock that has run out counts until somebody acts. */
  dueAt: string | null;
  dueClock: ClockName | null;
  /** Whether a clock of the claim has run out. */
  isBreached: boolean;
  /** When a reviewer should have acted; null when the claim does not wait for one. */
  reviewDueAt: string | null;
  /** Subjects who may not review what now waits for review (R21, domain.md 3.2). */
  barredReviewers: string[];
  /** Who has taken the review; null while nobody has. */
  reviewer: string | null;
}

export function listColumnsOf(state: ClaimState, position: Position): ListColumns {
  const { details, lines } = state;
  const clocks = position.isOpen ? state.clocks : [];
  const due = earliest(clocks);
  return {
    area: details.area,
    domain: details.domain?.toLowerCase() ?? '',
    products: distinct(lines.map((line) => line.product)),
    activities: distinct(lines.flatMap((line) => line.activities)),
    tags: distinct(details.tags),
    reasons: distinct([...lines.flatMap((line) => line.rejection?.reason ?? []), ...state.requests.flatMap((request) => request.reasons)]),
    dueAt: due?.deadline.dueAt ?? null,
    dueClock: due?.clock ?? null,
    isBreached: clocks.some((clock) => clock.isBreached),
    reviewDueAt: reviewDueAt(state, position),
    barredReviewers: barredReviewers(state, position),
    reviewer: reviewerOf(state),
  };
}

/** A hold has no clock, so it is due as soon as it begins. */
function reviewDueAt(state: ClaimState, position: Position): string | null {
  const waits = reviewerWaits(position);
  if (waits.length === 0) return null;
  const running = earliest(state.clocks.filter(({ clock }) => clockRules[clock].mover === 'reviewer'));
  return running?.deadline.dueAt ?? earliestOf(waits.map(({ since }) => since))!;
}

/** Subjects who acted for the partner, or who made every decision that the waiting lines dispute. */
function barredReviewers(state: ClaimState, position: Position): string[] {
  const waiting = reviewerWaits(position).flatMap((wait) => wait.lines);
  const lines = state.lines.filter((line) => waiting.includes(line.line));
  const [first = [], ...others] = lines.map((line) => (line.phase === 'disputed' ? disputedDeciders(line) : []));
  return distinct([...state.partnerSubjects, ...first.filter((decider) => others.every((deciders) => deciders.includes(decider)))]);
}

const reviewerWaits = (position: Position) => position.waiting.filter((wait) => wait.mover === 'reviewer');

function earliest(clocks: RunningClock[]): RunningClock | undefined {
  return clocks.toSorted((a, b) => compareInstants(a.deadline.dueAt, b.deadline.dueAt))[0];
}

const distinct = (values: string[]): string[] => [...new Set(values)].sort();

/**
 * SQL that assigns the list columns in an UPDATE of `claims`. The parameter holds the result of `listColumnsOf`; $1 is the claim, $6 its
 * tenant. The customer's name comes from the directory, and only once the claim states one of the tenant's domains: a partner who knows
 * no more than a tenant id must not learn whose it is.
 */
export const listAssignments = (parameter: string): string => `
  (area, domain, products, activities, tags, reasons, due_at, due_clock, is_breached, review_due_at, barred_reviewers, reviewer,
    customer_name) = (
    SELECT l.area, l.domain, products, activities, tags, reasons, "dueAt", "dueClock", "isBreached", "reviewDueAt", "barredReviewers", l.reviewer,
      coalesce((
        SELECT a.facts -> 'tenant' ->> 'name' FROM directory_answers a
        WHERE a.claim_id = $1 AND a.facts -> 'tenant' ->> 'tenantId' = $6 AND EXISTS (
          SELECT FROM jsonb_array_elements_text(a.facts -> 'tenant' -> 'domains') known WHERE '.' || l.domain LIKE '%.' || known)
        ORDER BY a.asked_at DESC LIMIT 1), '')
    FROM jsonb_to_record(${parameter}::jsonb) AS l(area text, domain text, products text[], activities text[], tags text[], reasons text[],
      "dueAt" timestamptz, "dueClock" text, "isBreached" boolean, "reviewDueAt" timestamptz, "barredReviewers" text[],
      reviewer text))`;
