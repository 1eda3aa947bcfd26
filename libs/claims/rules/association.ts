import type { ClockStart } from '../clocks.js';
import { systemActor } from '../actor.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, type DecidedEventOf, type EndReason, event } from '../events.js';
import { evolve } from '../evolve.js';
import type { SubscriptionFacts, UnusableRecord } from '../facts.js';
import { refuse } from '../findings.js';
import { addDays, addMonths, earliestOf, isBefore, isNoEnd } from '../instants.js';
import { openPhases } from '../phases.js';
import { versionReference } from '../policy.js';
import { type ClaimState, type LineState, linesIn, type OfficialState } from '../state.js';
import { unusableMessage, unusableRecord, unusableSubscription } from '../validation/directory.js';
import { knownSubscription } from '../validation/subscriptions.js';
import { refuseErrors, validate } from '../validation/validate.js';
import { requestNotice } from './notice.js';
import { linesToActOn, numbers } from './phase-guard.js';
import { isBarred, refuseRefused } from './refusal.js';
import { refuseSelfReview } from './self-review.js';

/** Ends associations immediately, by the partner or the vendor, always with a reason (domain.md 11). */
export function endAssociation(state: ClaimState, { actor, body }: CommandOf<'endAssociation'>, context: DecisionContext): DecidedEvent[] {
  if (body.reason === 'vendor_revoked') refuseSelfReview(state, actor);
  const lines = linesToActOn(state, ['official'], body.lines, 'end its association');
  if (body.textId === null)
    refuse('disassociation_reason_required', 'State why the association ends; the customer is notified that it ended.', {
      field: 'reason',
    });
  return [ended(lines, body.reason, context.now, body.textId)];
}

/** Ends the association at the very instant at which another claim becomes official on its target (domain.md 10, rule 2). */
export function supersedeAssociation(state: ClaimState, { body }: CommandOf<'supersedeAssociation'>): DecidedEvent[] {
  const lines = linesIn(state, ['official']).filter((line) => line.official?.associationId === body.associationId);
  if (lines.length === 0) return [];
  const { data, ...superseded } = ended(lines, 'superseded', body.at);
  return [{ ...superseded, data: { ...data, ...(body.isOwn && { isContinued: true }) } }];
}

/** Moves all associations of the claim to another location of the same company, without new evidence; the customer is notified (domain.md 11). */
export function transferAssociation(
  state: ClaimState,
  { body: { partnerId, textId = null } }: CommandOf<'transferAssociation'>,
  context: DecisionContext,
): DecidedEvent[] {
  const lines = linesToActOn(state, ['official'], undefined, 'transfer its association');
  if (partnerId === state.details.partnerId) return [];
  refuseOpenLines(state);
  const details = { ...state.details, partnerId };
  const findings = validate('submit', { ...state, details }, context, numbers(lines));
  // A new association begins at this instant, so anything that bars the company from claiming bars the transfer.
  refuseErrors(findings.filter(({ field, code }) => field === 'partnerId' || code === 'partner_blocked' || code === 'claim_cooldown'));
  refuseRefused(state, lines, context);
  const moved = lines.map((line) => ({ line: line.line, endedId: line.official!.associationId, associationId: context.newId() }));
  const transferred = event('AssociationTransferred', context.now, { partnerId, lines: moved, textId });
  const after = evolve(state, { ...transferred, by: { kind: systemActor.kind, subject: systemActor.subject } });
  // The new location may not be enrolled where the old one was.
  return [transferred, ...changesIn(after, linesIn(after, ['official']), context)];
}

/** Whether every line is decided, because the location belongs to the whole claim. */
export const isTransferable = (state: ClaimState): boolean => linesIn(state, openPhases).length === 0;

/** Refuses while a line is undecided: it would move unchecked and without the customer's knowledge. */
function refuseOpenLines(state: ClaimState): void {
  const [open] = linesIn(state, openPhases);
  if (open === undefined) return;
  const message = `Line ${open.line} is ${open.phase}. The location belongs to the whole claim: transfer it once every line is decided.`;
  refuse('not_in_phase', message, { field: 'lines', line: open.line });
}

/** Checks associations on request, because the vendor's systems may know of a change before a clock asks. */
export function checkAssociation(state: ClaimState, { body }: CommandOf<'checkAssociation'>, context: DecisionContext): DecidedEvent[] {
  const lines = linesToActOn(state, ['official'], body.lines, 'check its association');
  return changesIn(state, lines, context);
}

const changesIn = (state: ClaimState, lines: LineState[], context: DecisionContext): DecidedEvent[] =>
  reviewAssociations(state, lines, context).filter((found) => found.type !== 'AssociationChecked' || isChange(state, found.data));

/** Whether a check found anything that the claim does not know yet. */
function isChange(
  state: ClaimState,
  { lines, isEligible, endsOn, clocks }: { lines: number[]; isEligible: boolean; endsOn: string | null; clocks: ClockStart[] },
) {
  const official = state.lines.find(({ line }) => lines.includes(line))?.official;
  const dueAt = state.clocks.find(({ clock, lines: covered }) => clock === 'K13' && lines.some((line) => covered.includes(line)))?.deadline
    .dueAt;
  return official?.isEligible !== isEligible || official.endsOn !== endsOn || dueAt !== clocks[0]?.deadline.dueAt;
}

/** Checks associations against the directory: ended, about to end, renewed under another ID, or unchanged (domain.md 11, K13). */
export const reviewAssociations = (state: ClaimState, lines: LineState[], context: DecisionContext): DecidedEvent[] => {
  let current = state;
  return lines.flatMap((line) => {
    const events = reviewOne(current, line, context);
    // Each renewal takes the next number.
    if (events.some(({ type }) => type === 'LineCarriedOver'))
      current = { ...current, details: { ...current.details, lines: [...current.details.lines, { ...line, line: nextLine(current) }] } };
    return events;
  });
};

function reviewOne(state: ClaimState, line: LineState, context: DecisionContext): DecidedEvent[] {
  const official = line.official!;
  const unusable = unusableSubscriptionOf(line, context);
  if (unusable !== undefined) return [checkedUnusable(line, official, unusable, context)];
  const location = unusableRecord(context.facts, 'location');
  const isEnrolled = location !== undefined || isStillEnrolled(state, context);
  if (!isEnrolled && context.policy.whenEnrolmentIsLost === 'end') return [ended([line], 'enrolment_lost', context.now)];
  const isEligible =
    (location === undefined ? isEnrolled : official.isEligible) &&
    (line.subscriptionId === null || subscriptionOf(line, context)?.state !== 'suspended');
  const end = endOf(line, begunAt(official), context);
  const today = context.localDate(context.now);
  const renewal = carriedOver(state, line, context);
  if (end !== null && !isBeforeEnd(end, today, context)) return [...renewal, ended([line], end.reason, context.now)];
  return [
    ...renewal,
    ...(end === null ? [] : expiryNotice(line, official, end.on, today, context)),
    event('AssociationChecked', context.now, {
      lines: [line.line],
      isEligible,
      endsOn: end?.on ?? null,
      clocks: location === undefined ? nextCheck(line, end, context) : tomorrow(line, context),
      ...(location !== undefined && { fault: unusableMessage(location) }),
    }),
  ];
}

/** Records an unusable record, which changes nothing; the directory is asked again tomorrow. */
const checkedUnusable = (
  line: LineState,
  { isEligible, endsOn }: OfficialState,
  fault: UnusableRecord,
  context: DecisionContext,
): DecidedEvent =>
  event('AssociationChecked', context.now, {
    lines: [line.line],
    isEligible,
    endsOn,
    clocks: tomorrow(line, context),
    fault: unusableMessage(fault),
  });

function unusableSubscriptionOf(line: LineState, context: DecisionContext): UnusableRecord | undefined {
  const { subscriptionId, product } = line;
  if (subscriptionId === null || subscriptionOf(line, context) !== null) return undefined;
  return unusableSubscription(context.facts, subscriptionId, product) ?? unusableRecord(context.facts, 'tenant');
}

/** Returns the clock of the first check of an association that begins now; none when it has no end. */
export function firstCheck(line: LineState, context: DecisionContext): ClockStart[] {
  return nextCheck(line, endOf(line, { from: context.now }, context), context);
}

/** Returns the ISO date on which an association that begins now ends by itself, as far as is known. */
export const firstEnd = (line: LineState, context: DecisionContext): string | undefined => endOf(line, { from: context.now }, context)?.on;

interface End {
  on: string;
  reason: EndReason;
  /** Whether the subscription is past its end but still usable. */
  isInGrace: boolean;
}

/** A transfer begins a new association but no new term. */
const begunAt = ({ from, earlier }: OfficialState): Pick<OfficialState, 'from'> => earlier[0] ?? { from };

/** Returns when an association ends by itself: with its subscription or, for a workload, after the programme's term, if any. */
function endOf(line: LineState, { from }: Pick<OfficialState, 'from'>, context: DecisionContext): End | null {
  if (line.subscriptionId !== null) {
    const subscription = subscriptionOf(line, context);
    if (subscription === null) return null;
    const isInGrace = subscription.state === 'in_grace';
    if (subscription.state === 'expired') {
      const today = context.localDate(context.now);
      return {
        on: subscription.endsOn !== null && isBefore(subscription.endsOn, today) ? subscription.endsOn : today,
        reason: 'subscription_ended',
        isInGrace,
      };
    }
    const { endsOn } = subscription;
    return endsOn === null || isNoEnd(endsOn) ? null : { on: endsOn, reason: 'subscription_ended', isInGrace };
  }
  const { termMonths } = context.policy;
  return termMonths === null ? null : { on: addMonths(context.localDate(from), termMonths), reason: 'term_expired', isInGrace: false };
}

const subscriptionOf = (line: LineState, { facts }: DecisionContext): SubscriptionFacts | null =>
  knownSubscription(facts, line.subscriptionId!);

/** The last day counts in full, and grace extends beyond it (R16). An expired subscription has no day left. */
function isBeforeEnd(end: End, today: string, context: DecisionContext): boolean {
  if (end.isInGrace) return true;
  return isBefore(context.now, context.endOf(end.on).dueAt) && !(end.reason === 'subscription_ended' && isBefore(end.on, today));
}

function isStillEnrolled(state: ClaimState, { facts, policy }: DecisionContext): boolean {
  const programme = policy.areas.find(({ code }) => code === state.details.area)?.enrolmentProgramme;
  return programme === undefined || facts?.location?.enrolledProgrammes.includes(programme) === true;
}

/** Notifies once per end date 30, 7 and 1 days before the end; if several are due, only the last is sent (domain.md 4.2, K13). */
function expiryNotice(line: LineState, official: OfficialState, endsOn: string, today: string, context: DecisionContext): DecidedEvent[] {
  const given = official.expiryNotices.filter((notice) => notice.startsWith(`${endsOn}/`)).map((notice) => Number(notice.split('/')[1]));
  const due = context.policyInForce.clocks.expiryNoticeDays.filter(
    (days) => !isBefore(today, addDays(endsOn, -days)) && !isBefore(endsOn, today),
  );
  const nearest = Math.min(...due);
  if (due.length === 0 || given.some((days) => days <= nearest)) return [];
  return [event('ExpiryNoticeDue', context.now, { line: line.line, daysLeft: nearest, endsOn })];
}

/** Days between enrolment checks if losing the enrolment ends the association. */
const enrolmentCheckDays = 7;

/** Returns the clock of the next check: an expiry notice, the end itself, or the next look at the directory. */
function nextCheck(line: LineState, end: End | null, context: DecisionContext): ClockStart[] {
  const today = context.localDate(context.now);
  const dates = [
    ...(end === null ? [] : [...context.policyInForce.clocks.expiryNoticeDays.map((days) => addDays(end.on, -days)), end.on]),
    // In grace the end is uncertain, so the directory is asked every day.
    ...(end?.isInGrace ? [addDays(today, 1)] : []),
    ...(context.policy.whenEnrolmentIsLost === 'end' ? [addDays(today, enrolmentCheckDays)] : []),
  ];
  const next = earliestOf(dates.filter((date) => isBefore(context.now, context.endOf(date).dueAt)));
  if (next === undefined) return [];
  const deadline = context.endOf(next);
  return [{ clock: 'K13', lines: [line.line], startedAt: context.now, deadline, policy: versionReference(context.policyInForce) }];
}

function tomorrow(line: LineState, context: DecisionContext): ClockStart[] {
  const deadline = context.endOf(addDays(context.localDate(context.now), 1));
  return [{ clock: 'K13', lines: [line.line], startedAt: context.now, deadline, policy: versionReference(context.policyInForce) }];
}

/** Carries an association over to a renewed subscription with a new ID, with a new notice and window but no new claim (domain.md 11). */
function carriedOver(state: ClaimState, line: LineState, context: DecisionContext): DecidedEvent[] {
  const subscription = line.subscriptionId === null ? null : subscriptionOf(line, context);
  const successor = subscription?.successorId ?? null;
  // The tenant must be notified of a renewal; while the directory does not know it, the renewal waits for the next check.
  if (!context.facts?.tenant) return [];
  if (successor === null || state.lines.some(({ subscriptionId }) => subscriptionId === successor)) return [];
  const renewal = { line: nextLine(state), product: line.product, subscriptionId: successor, activities: line.official!.activities };
  const renewed = { ...state, details: { ...state.details, lines: [...state.details.lines, renewal] } };
  // Already held, claimed by the company elsewhere, or refused: the customer's silence could not accept it.
  if (isBarred(renewed, renewal, context)) return [];
  return [
    event('LineCarriedOver', context.now, { ...renewal, from: line.line }),
    requestNotice(renewed, [{ ...line, ...renewal }], context),
  ];
}

const nextLine = (state: ClaimState): number => Math.max(...[...state.lines, ...state.details.lines].map(({ line }) => line)) + 1;

const ended = (lines: LineState[], reason: EndReason, at: string, textId: string | null = null): DecidedEventOf<'AssociationEnded'> =>
  event('AssociationEnded', at, { lines: numbers(lines), reason, noticeId: null, recipientId: null, textId });
