import { systemActor } from '../actor.js';
import type { ClockStart } from '../clocks.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, type DecidedEventOf, event } from '../events.js';
import { refuse } from '../findings.js';
import type { Phase } from '../phases.js';
import { versionReference } from '../policy.js';
import { type ClaimState, isHeldBack, lacksConsent, type LineState, linesIn } from '../state.js';
import { refuseErrors, validate } from '../validation/validate.js';
import { requestNotice } from './notice.js';
import { officialNow } from './official.js';
import { linesToActOn, numbers } from './phase-guard.js';
import { refuseRefused } from './refusal.js';
import { refuseUndecidedRivals } from './rivalry.js';
import { businessClock, pause, reviewClock } from './review-clocks.js';
import { refuseSelfReview } from './self-review.js';

export function startReview(state: ClaimState, command: CommandOf<'startReview'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, command.actor);
  const lines = linesToActOn(state, ['submitted'], command.body.lines, 'start its review');
  return [reviewStarted(state, lines, context)];
}

/** Asks the partner for more information, which starts the review if it has not started. */
export function requestInformation(
  state: ClaimState,
  { actor, body }: CommandOf<'requestInformation'>,
  context: DecisionContext,
): DecidedEvent[] {
  refuseSelfReview(state, actor);
  refuseUnknownReasons(body.reasons, context);
  refuseUnknownDrops(state, body.suggestedDrops ?? []);
  const lines = linesToActOn(state, reviewPhases, body.lines, 'ask for information about it');
  const begun = beginReview(state, lines, context);
  const running = [...state.clocks, ...begun.flatMap(({ data }) => data.clocks)];
  return [...begun, informationRequested(running, numbers(lines), body, context)];
}

/** Builds the question: the partner's clock starts, and running review clocks pause. */
export function informationRequested(
  running: ClockStart[],
  lines: number[],
  body: { reasons?: string[] | undefined; textId?: string | null | undefined; suggestedDrops?: number[] | undefined },
  context: DecisionContext,
): DecidedEvent {
  return event('InformationRequested', context.now, {
    requestId: context.newId(),
    lines,
    reasons: body.reasons ?? [],
    textId: body.textId ?? null,
    suggestedDrops: body.suggestedDrops ?? [],
    clocks: [businessClock('K4', lines, context.policyInForce.clocks.answerBusinessDays, context)],
    paused: pause(running, lines, context),
  });
}

/** Approves lines after checking the directory again; then the customer is notified and its window decides. */
export function approveClaim(state: ClaimState, { actor, body }: CommandOf<'approveClaim'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const lines = linesToActOn(state, reviewPhases, body.lines, 'approve it');
  return [...beginReview(state, lines, context), ...approve(state, lines, body, context)];
}

/** Returns the events of an approval, by review or on dispute. */
export function approve(
  state: ClaimState,
  lines: LineState[],
  body: { textId?: string | null | undefined; clearedHolds?: string[] | undefined },
  context: DecisionContext,
): DecidedEvent[] {
  refuseUnclearedHolds(state, lines, body.clearedHolds ?? []);
  refuseUndecidedRivals(state, lines, context);
  // The customer is notified of the other lines only now.
  const notified = lines.filter((line) => line.noticeId !== null);
  refuseRefused(state, notified, context);
  const findings = refuseErrors(validate('approve', state, context, numbers(lines)));
  const approved = event('LinesApproved', context.now, {
    lines: numbers(lines),
    textId: body.textId ?? null,
    clearedHolds: body.clearedHolds ?? [],
    findings,
  });
  const unnotified = lines.filter((line) => line.noticeId === null);
  // Notified at submission: the window has passed, or an administrator of the tenant has already accepted (R5).
  const passed = lines.filter((line) => line.isWindowPassed || line.acceptance?.isTenantAdmin === true);
  const unaccepted = passed.filter((line) => lacksConsent(state, line));
  const accepted = passed.filter((line) => !unaccepted.includes(line));
  const by = { kind: systemActor.kind, subject: systemActor.subject };
  return [
    approved,
    ...(unnotified.length === 0 ? [] : [requestNotice(state, unnotified, context)]),
    ...rejections(unaccepted, 'consent_expired', null, context).map((rejection) => ({ ...rejection, by })),
    ...(accepted.length === 0 ? [] : officialNow(state, accepted, context.now, context)),
  ];
}

export function rejectClaim(state: ClaimState, { actor, body }: CommandOf<'rejectClaim'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const reasons = context.policy.rejectionReasons.filter(({ givenBy }) => givenBy === 'reviewer').map(({ code }) => code);
  if (!reasons.includes(body.reason)) refuse('reason_unknown', `Use one of: ${reasons.join(', ')}.`, { field: 'reason' });
  const lines = linesToReject(state, body.lines);
  const unrecorded = body.reason === 'lost_arbitration' ? lines.find(({ rivalry }) => rivalry?.isWinner !== false) : undefined;
  if (unrecorded !== undefined) {
    const at = { field: 'reason', line: unrecorded.line };
    refuse('decision_record_required', 'Decide between the rivals instead: the decision record rejects the losing claims.', at);
  }
  return [...beginReview(state, lines, context), ...rejections(lines, body.reason, body.textId ?? null, context)];
}

/** A request must name at least one of the programme's reasons (domain.md 7). */
export function refuseUnknownReasons(reasons: string[], context: DecisionContext): void {
  const known = context.policy.requestReasons.map(({ code }) => code);
  if (reasons.length === 0) refuse('reason_required', `Name at least one of: ${known.join(', ')}.`, { field: 'reasons' });
  if (!reasons.every((reason) => known.includes(reason)))
    refuse('reason_unknown', `Use one of: ${known.join(', ')}.`, { field: 'reasons' });
}

const reviewPhases: Phase[] = ['submitted', 'under_review'];

export const isRejectable = (line: LineState): boolean => reviewPhases.includes(line.phase) || isHeldBack(line);

/** Returns lines not approved yet and, because not every hold can be cleared, held lines. */
function linesToReject(state: ClaimState, named: number[] | undefined): LineState[] {
  const held = linesIn(state, ['consent_pending'], named).filter(isHeldBack);
  const others = named?.filter((line) => !numbers(held).includes(line));
  const hasOthers = others === undefined ? linesIn(state, reviewPhases).length > 0 : others.length > 0;
  return held.length > 0 && !hasOthers ? held : [...held, ...linesToActOn(state, reviewPhases, others, 'reject it')];
}

/** Only existing lines can be suggested for dropping. */
function refuseUnknownDrops(state: ClaimState, suggestedDrops: number[]): void {
  const unknown = suggestedDrops.find((line) => !state.lines.some((known) => known.line === line));
  if (unknown !== undefined) refuse('line_unknown', `The claim has no line ${unknown}.`, { field: 'suggestedDrops', line: unknown });
}

/** Rejects lines: disputable while K7 runs, or final if their dispute has been used. */
export function rejections(lines: LineState[], reason: string, textId: string | null, context: DecisionContext): DecidedEvent[] {
  const final = numbers(lines.filter((line) => line.isDisputeUsed));
  const disputable = numbers(lines.filter((line) => !line.isDisputeUsed));
  const at = context.now;
  const deadline = () => context.deadline(at, context.policyInForce.clocks.disputeCalendarDays, 'calendar_day');
  return [
    ...(disputable.length === 0
      ? []
      : [
          event('LinesRejected', at, {
            lines: disputable,
            reason,
            textId,
            isFinal: false,
            clocks: [
              { clock: 'K7', lines: disputable, startedAt: at, deadline: deadline(), policy: versionReference(context.policyInForce) },
            ],
          }),
        ]),
    ...(final.length === 0 ? [] : [event('LinesRejected', at, { lines: final, reason, textId, isFinal: true, clocks: [] })]),
  ];
}

export const beginReview = (state: ClaimState, lines: LineState[], context: DecisionContext) => {
  const waiting = lines.filter((line) => line.phase === 'submitted');
  return waiting.length === 0 ? [] : [reviewStarted(state, waiting, context)];
};

function reviewStarted(state: ClaimState, lines: LineState[], context: DecisionContext): DecidedEventOf<'ReviewStarted'> {
  const begun = numbers(lines);
  const clocks = reviewClock(state, 'K2', begun, context.policyInForce.clocks.reviewDecisionBusinessDays, context);
  return event('ReviewStarted', context.now, { lines: begun, clocks });
}

function refuseUnclearedHolds(state: ClaimState, lines: LineState[], cleared: string[]): void {
  const approved = numbers(lines);
  const holds = state.findings.filter(({ severity, line }) => severity === 'hold' && (line === null || approved.includes(line)));
  const open = holds.find((hold) => !cleared.includes(hold.code));
  if (open === undefined) return;
  const message = `The claim is on hold: ${open.message} Check it, then name \`${open.code}\` in \`clearedHolds\`.`;
  refuse('hold_not_cleared', message, { field: 'clearedHolds', ...(open.line === null ? {} : { line: open.line }) });
}
