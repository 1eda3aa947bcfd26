import type { DecisionContext, Holder } from '../context.js';
import type { Competition } from '../events.js';
import { lineTarget } from '../evolve.js';
import { refuse } from '../findings.js';
import { isBefore } from '../instants.js';
import type { Phase } from '../phases.js';
import { type ChoiceState, type ClaimState, type LineState, linesIn } from '../state.js';
import { businessClock } from './review-clocks.js';

/** Phases in which a line can still win or lose against rivals. */
export const rivalPhases: Phase[] = ['submitted', 'under_review', 'action_required', 'disputed'];

/** Whether the customer's answer still matters: the rivals have not been decided since the question. */
export const isChoiceOpen = (state: ClaimState, { line, requestedAt }: ChoiceState): boolean =>
  linesIn(state, rivalPhases, [line]).some(({ rivalry }) => rivalry === null || isBefore(rivalry.decidedAt, requestedAt));

/** Returns the other claims that hold or want a line's target. */
export function competitionOf(state: ClaimState, line: LineState, { holders, rivals }: Pick<DecisionContext, 'holders' | 'rivals'>) {
  const target = lineTarget(state, line);
  const holder = holders.find((candidate) => candidate.target === target && candidate.partnerAccountId !== state.partnerAccountId) ?? null;
  return { target, holder, rivals: rivals.filter((rival) => rival.target === target) };
}

/** Returns the contested lines, as a submission records them; the holders are warned. */
export function competing(state: ClaimState, lines: LineState[], context: DecisionContext): Competition[] {
  return lines.flatMap((line) => {
    const { target, holder, rivals } = competitionOf(state, line, context);
    if (holder === null && rivals.length === 0) return [];
    return [{ line: line.line, target, holder: holder?.claimId ?? null, rivals: rivals.map(({ claimId }) => claimId) }];
  });
}

/** Starts the time in which a holder may answer a competing claim (K9). */
export const hearing = (lines: number[], context: DecisionContext) =>
  businessClock('K9', lines, context.policyInForce.clocks.hearingBusinessDays, context);

/** Refuses to approve a contested line without a decision record (domain.md 10, rules 3 to 6). */
export function refuseUndecidedRivals(state: ClaimState, lines: LineState[], context: DecisionContext): void {
  for (const line of lines) {
    const { holder, rivals } = competitionOf(state, line, context);
    const at = { field: 'lines', line: line.line };
    if (rivals.some(({ phase }) => phase === 'consent_pending')) {
      refuse('rival_in_window', "Another claim on this target is in the customer's window. Decide this one once it has closed.", at);
    }
    const isDecided = line.rivalry?.isWinner === true && rivals.every(({ claimId }) => line.rivalry!.rivals.includes(claimId));
    if (rivals.length > 0 && !isDecided) {
      refuse('decision_record_required', 'Other partners claim this target too. Decide between the rivals first.', at);
    }
    if (holder !== null && !(isDecided && line.rivalry?.displaces === holder.claimId)) {
      refuseUnheard(holder, line, context);
      refuse('decision_record_required', 'Another partner holds this target. Record a decision between the two first.', at);
    }
  }
}

/** Refuses until the holder's hearing is over. Compares instants, because the holder's claim may not have been processed since. */
export function refuseUnheard(holder: Holder, line: LineState, context: DecisionContext): void {
  if (holder.hearing !== null && (holder.hearing.isOver || isBefore(holder.hearing.dueAt, context.now))) return;
  const until = holder.hearing === null ? 'It has not been notified yet.' : `It may answer until ${holder.hearing.dueAt}.`;
  refuse('holder_not_heard', `The partner that holds this target must be heard first. ${until}`, { field: 'lines', line: line.line });
}
