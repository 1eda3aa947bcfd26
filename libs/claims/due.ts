import { clockRules, type RunningClock } from './clocks.js';
import { systemActor } from './actor.js';
import type { DecisionContext } from './context.js';
import { type ClaimEvent, type DecidedEvent, event } from './events.js';
import { compareInstants, instantAfter, isBefore } from './instants.js';
import { numbers } from './rules/phase-guard.js';
import { reviewAssociations } from './rules/association.js';
import { officialNow } from './rules/official.js';
import { rejections } from './rules/review.js';
import { type ClaimState, lacksConsent, type LineState, openSignature } from './state.js';

/** Returns the clocks that have not expired yet, earliest first. */
export function pendingClocks(state: ClaimState): RunningClock[] {
  const pending = state.clocks.filter((clock) => !clock.isBreached);
  return pending.sort((a, b) => compareInstants(a.deadline.dueAt, b.deadline.dueAt));
}

/** Returns the earliest clock whose deadline lies before an instant; a command at the deadline itself is in time (domain.md 4.1). */
export function expiredClock(state: ClaimState, before: string): RunningClock | null {
  const [first] = pendingClocks(state);
  return first !== undefined && isBefore(first.deadline.dueAt, before) ? first : null;
}

/** Whether a clock's end needs the directory: approved lines pass the checks of stage O, associations are checked again. */
export const needsDirectory = (state: ClaimState, clock: RunningClock): boolean =>
  clock.clock === 'K13' || (clock.clock === 'K5' && approvedLines(state, clock).length > 0);

/** Returns the events of an expired clock (domain.md 4.2), at least one: an alarm that changes nothing would fire again and again. */
export function expire(state: ClaimState, clock: RunningClock, context: DecisionContext): ClaimEvent[] {
  const { kind, subject } = systemActor;
  const events = expiry(state, clock, { ...context, now: clock.deadline.dueAt });
  if (events.length === 0) throw new Error(`The end of ${clock.clock} changed nothing.`);
  return events.map((decided) => ({ ...decided, by: { kind, subject } }));
}

function expiry(state: ClaimState, clock: RunningClock, context: DecisionContext): DecidedEvent[] {
  const lines = state.lines.filter((line) => clock.lines.includes(line.line));
  const { dueAt } = clock.deadline;
  switch (clockRules[clock.clock].onExpiry) {
    case 'breach':
      return [event('DeadlineBreached', dueAt, { clock: clock.clock, lines: clock.lines, dueAt })];
    case 'reject':
      return rejections(lines, 'no_partner_response', null, context);
    case 'close_dispute':
      return [event('DisputeWindowClosed', dueAt, { lines: clock.lines })];
    case 'close_window':
      return closeWindow(state, clock, lines, context);
    case 'close_hearing':
      return [event('HearingClosed', dueAt, { lines: clock.lines })];
    case 'check_association':
      return reviewAssociations(state, lines, context);
    case 'close_signature':
      return [event('SignatureExpired', dueAt, { signatureId: openSignature(state)!.signatureId })];
  }
}

/**
 * Silence accepts: approved lines become official right after the last instant at which the customer could still refuse. Under opt-in,
 * an approved line without an acceptance is rejected. A line that is not approved yet waits for its approval (D2).
 */
function closeWindow(state: ClaimState, clock: RunningClock, lines: LineState[], context: DecisionContext): DecidedEvent[] {
  const approved = approvedLines(state, clock);
  const unaccepted = approved.filter((line) => lacksConsent(state, line));
  const accepted = approved.filter((line) => !unaccepted.includes(line));
  const waiting = lines.filter((line) => !approved.includes(line));
  const passed = waiting.length === 0 ? [] : [event('ConsentWindowPassed', clock.deadline.dueAt, { lines: numbers(waiting) })];
  return [
    ...passed,
    ...rejections(unaccepted, 'consent_expired', null, context),
    ...officialNow(state, accepted, instantAfter(clock.deadline.dueAt), context),
  ];
}

const approvedLines = (state: ClaimState, clock: RunningClock): LineState[] =>
  state.lines.filter((line) => clock.lines.includes(line.line) && line.phase === 'consent_pending' && line.isApproved);
