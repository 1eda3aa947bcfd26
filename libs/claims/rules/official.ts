import { systemActor } from '../actor.js';
import type { DecisionContext, Holder } from '../context.js';
import { type DecidedEvent, event, type OfficialLine } from '../events.js';
import { lineTarget } from '../evolve.js';
import { latestOf } from '../instants.js';
import type { ClaimState, LineState } from '../state.js';
import { validate } from '../validation/validate.js';
import { firstCheck, firstEnd } from './association.js';
import { numbers } from './phase-guard.js';
import { isRefusedSince, settledByRefusal } from './refusal.js';
import { hearing } from './rivalry.js';

/**
 * Makes approved lines official; lines that fail the checks of stage O are held for a reviewer (domain.md 3.2, 17). If the customer has
 * refused the company a target since its notice, the line is settled instead: silence no longer accepts it (R29).
 */
export function officialNow(state: ClaimState, accepted: LineState[], at: string, context: DecisionContext): DecidedEvent[] {
  // Each line begins at its own instant: no earlier than the end of a previous association on its target.
  const from = (line: LineState) => beginning(state, line, at, context);
  const refused = accepted.filter((line) => isRefusedSince(state, line, from(line), context));
  const lines = accepted.filter((line) => !refused.includes(line));
  const displaced = (holder: Holder) => lines.some((line) => isDisplaced(state, line, holder));
  const remaining = { ...context, holders: context.holders.filter((holder) => !displaced(holder)) };
  const errors = validate('official', state, remaining, numbers(lines)).filter((finding) => finding.severity === 'error');
  const isHeld = (line: LineState) => errors.some((finding) => finding.line === null || finding.line === line.line);
  const held = lines.filter(isHeld);
  const clear = lines.filter((line) => !isHeld(line));
  return [
    ...[...Map.groupBy(clear, from)].flatMap(([now, sameInstant]) => madeOfficial(state, sameInstant, { ...context, now })),
    ...[...Map.groupBy(refused, from)].map(([now, sameInstant]) => settledByRefusal(sameInstant, { ...context, now })),
    ...(held.length === 0 ? [] : [event('LinesHeld', at, { lines: numbers(held), findings: errors })]),
  ];
}

function madeOfficial(state: ClaimState, lines: LineState[], context: DecisionContext): DecidedEvent[] {
  const official = lines.map((line) => officialLine(state, line, context));
  const clocks = lines.flatMap((line) => firstCheck(line, context));
  return [event('LinesMadeOfficial', context.now, { lines: official, clocks }), ...lines.flatMap((line) => warnings(state, line, context))];
}

/** Warns the new holder of each existing rival and starts its hearing (domain.md 10, rule 3). */
function warnings(state: ClaimState, line: LineState, context: DecisionContext): DecidedEvent[] {
  const rivals = context.rivals.filter(({ target }) => target === lineTarget(state, line));
  const { kind, subject } = systemActor;
  return rivals.map(({ claimId: challenger }, index) => {
    const clocks = index === 0 ? [hearing([line.line], context)] : [];
    return { ...event('HolderWarned', context.now, { lines: [line.line], challenger, clocks }), by: { kind, subject } };
  });
}

function officialLine(state: ClaimState, line: LineState, context: DecisionContext): OfficialLine {
  const target = lineTarget(state, line);
  const holder = context.holders.find((candidate) => isDisplaced(state, line, candidate));
  const own = holder !== undefined && isOwn(holder, state) ? holder.activities : [];
  const endsOn = firstEnd(line, context);
  const activities = [...new Set([...line.activities, ...own])].sort();
  return {
    line: line.line,
    associationId: context.newId(),
    target,
    partnerId: state.details.partnerId,
    activities,
    ...(endsOn === undefined ? {} : { endsOn }),
    isIncentivised: !state.details.isOptedOutOfIncentives && activities.some((code) => isPaid(state, code, context)),
    displaces:
      holder === undefined
        ? null
        : { claimId: holder.claimId, associationId: holder.associationId, ...(isOwn(holder, state) && { isOwn: true as const }) },
  };
}

const isOwn = (holder: Holder, state: ClaimState): boolean => holder.partnerAccountId === state.partnerAccountId;

const isPaid = (state: ClaimState, code: string, { policy }: DecisionContext): boolean =>
  policy.activities.some((activity) => activity.code === code && activity.areas.includes(state.details.area) && activity.isIncentivised);

/**
 * Whether the line replaces a holder, either by decision record or because it adds an activity to the partner's own association
 * (domain.md 17).
 */
function isDisplaced(state: ClaimState, line: LineState, holder: Holder): boolean {
  if (holder.target !== lineTarget(state, line)) return false;
  if (!isOwn(holder, state)) return line.rivalry?.isWinner === true && line.rivalry.displaces === holder.claimId;
  return !holder.activities.some((activity) => line.activities.includes(activity));
}

/** Returns when the line's association begins: not before the previous one on its target ended, even if that was recorded late. */
function beginning(state: ClaimState, line: LineState, at: string, { holders, vacantSince }: DecisionContext): string {
  const target = lineTarget(state, line);
  const instants = [
    at,
    ...vacantSince.filter((vacancy) => vacancy.target === target).map((vacancy) => vacancy.at),
    ...holders.filter((holder) => holder.target === target).map((holder) => holder.officialAt),
  ];
  return latestOf(instants)!;
}
