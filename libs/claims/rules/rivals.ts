import type { CommandOf } from '../commands.js';
import { type Candidate, type RivalryStep, type RivalsRecord, settleRivals } from '../competition.js';
import type { DecisionContext, Holder, Rival, SignedEvidence } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { compareInstants, isBefore, latestDateAt, latestOf } from '../instants.js';
import { type ClaimState, disputedDeciders, type LineState } from '../state.js';
import type { Phase } from '../phases.js';
import { isDecidableBy } from './dispute.js';
import { recipientsOf } from './notice.js';
import { linesToActOn } from './phase-guard.js';
import { beginReview, rejections } from './review.js';
import { refuseBarred, refuseRefused } from './refusal.js';
import { refuseSelfReview } from './self-review.js';
import { competitionOf, hearing, isChoiceOpen, refuseUnheard, rivalPhases } from './rivalry.js';

/** Warns a holder that a claim competes, not whose, and gives it five business days to add evidence (domain.md 10, rule 3). */
export function warnHolder(state: ClaimState, { body }: CommandOf<'warnHolder'>, context: DecisionContext): DecidedEvent[] {
  const line = state.lines.find((candidate) => candidate.phase === 'official' && candidate.official?.target === body.target);
  if (line === undefined || line.hearing?.challengers.includes(body.challenger)) return [];
  // A challenger that appears during a hearing shares it; after a hearing the holder is heard again.
  const isBeingHeard = line.hearing !== null && !line.hearing.isOver;
  // The challenger may have been received before the association began, and executed only since: nobody is heard before holding the target.
  const now = latestOf([context.now, line.official!.from])!;
  const clocks = isBeingHeard ? [] : [hearing([line.line], { ...context, now })];
  return [event('HolderWarned', now, { lines: [line.line], challenger: body.challenger, clocks })];
}

/** Asks the customer which of several partners it wants; its choice precedes all other steps (domain.md 10, step a). */
export function askCustomerToChoose(
  state: ClaimState,
  { actor, body }: CommandOf<'askCustomerToChoose'>,
  context: DecisionContext,
): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const [line] = linesToActOn(state, rivalPhases, [body.line], 'ask the customer to choose');
  const { target, holder, rivals } = competitionOf(state, line!, context);
  if (holder === null && rivals.length === 0) refuseNoRivals(line!);
  const candidates = [
    { claimId: context.claimId, partnerAccountId: state.partnerAccountId, isHolder: false },
    ...[...(holder === null ? [] : [holder]), ...rivals].map((competitor) => ({
      claimId: competitor.claimId,
      partnerAccountId: competitor.partnerAccountId,
      isHolder: competitor === holder,
    })),
  ];
  const { recipients: all, language } = recipientsOf(state, context);
  // The answer outranks everything else, so an address that the partner may have invented is not asked.
  const recipients = all.filter(({ canStartWindow }) => canStartWindow);
  if (recipients.length === 0) {
    const message =
      "There is no one to ask: the tenant has no administrators, and the contact's mail domain is not one of its verified domains.";
    refuse('contact_domain_mismatch', message, { field: 'contacts.customer.email' });
  }
  const textId = body.textId ?? null;
  return [
    event('ChoiceRequested', context.now, {
      choiceId: context.newId(),
      line: line!.line,
      target,
      candidates,
      recipients,
      language,
      textId,
    }),
  ];
}

/** Records which partner the customer wants; it may change its mind until the rivals are decided. */
export function chooseRival(state: ClaimState, { body }: CommandOf<'chooseRival'>, context: DecisionContext): DecidedEvent[] {
  const choice = state.choices.find((candidate) => candidate.choiceId === body.choiceId);
  if (choice === undefined) refuse('choice_unknown', 'The customer was never asked this question.', { field: 'choiceId' });
  if (!choice.candidates.some(({ claimId }) => claimId === body.claimId)) {
    refuse('candidate_unknown', 'This claim is not one of the choices.', { field: 'claimId' });
  }
  if (!isChoiceOpen(state, choice))
    refuse('choice_closed', 'The claims have been decided in the meantime, so a choice no longer has any effect.');
  const { choiceId, target } = choice;
  const from = { recipientId: body.recipientId ?? null, textId: body.textId ?? null };
  return [event('CustomerChose', context.now, { choiceId, target, claimId: body.claimId, ...from })];
}

/** Decides between all claims on the line's target, in the order of domain.md 10, rule 4, and writes the decision record. */
export function decideRivals(state: ClaimState, { actor, body }: CommandOf<'decideRivals'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const [line] = linesToActOn(state, decidablePhases, [body.line], 'decide between its rivals');
  const { target, holder, rivals } = competitionOf(state, line!, context);
  if (holder === null && rivals.length === 0) refuseNoRivals(line!);
  if ([...(holder === null ? [] : [holder]), ...rivals].some((competitor) => actor.actsFor.includes(competitor.partnerAccountId))) {
    refuse('self_review_forbidden', 'You act for one of the partners involved. Another reviewer must decide.');
  }
  const disputed = line!.phase === 'disputed' ? disputedDeciders(line!) : [];
  if ([...disputed, ...rivals.flatMap((rival) => rival.disputedDeciders ?? [])].includes(actor.subject)) {
    refuse('second_reviewer_required', 'You made the decision under dispute. Another reviewer must decide.');
  }
  if (rivals.some(({ phase }) => phase === 'consent_pending')) {
    refuse('rival_in_window', "Another claim on this target is in the customer's window. Decide once it has closed.", { line: line!.line });
  }
  if (holder !== null) refuseUnheard(holder, line!, context);
  const candidates = candidatesFor(state, line!, holder, rivals, body.disregardedEvidence ?? [], context);
  const settled = settleRivals(candidates, chosenOn(state, target, context)?.claimId ?? null);
  if (settled.winner !== body.winner || settled.step !== body.step) {
    const message = `By the order of decision, the winner is ${settled.winner}, by \`${settled.step}\`. Disregard evidence that does not count, or ask the customer to choose.`;
    refuse('decision_order', message, { field: settled.winner === body.winner ? 'step' : 'winner', line: line!.line });
  }
  // Otherwise the rivals would be rejected in favour of a claim that cannot proceed.
  if (settled.winner === context.claimId) {
    refuseBarred(state, [line!], context);
    if (line!.noticeId !== null) refuseRefused(state, [line!], context);
  }
  const record: RivalsRecord = { recordId: context.newId(), target, candidates, ...settled, decidedBy: actor.subject };
  return [...beginReview(state, [line!], context), ...outcome(line!, record, body.textId ?? null, context)];
}

/** Phases in which a reviewer decides between rivals. */
export const decidablePhases: Phase[] = ['submitted', 'under_review', 'disputed'];

/** Whether a reviewer may decide between the line's rivals; a disputed line needs a reviewer who did not make the disputed decision. */
export const areRivalsDecidableBy = (line: LineState, reviewer: string): boolean =>
  decidablePhases.includes(line.phase) && (line.phase !== 'disputed' || isDecidableBy(line, reviewer));

/** The claims on a line's target, and their current outcome by the order of decision. */
export interface Rivalry {
  line: number;
  target: string;
  candidates: Candidate[];
  chosen: { claimId: string; chosenAt: string } | null;
  settled: { winner: string; step: RivalryStep };
}

/** Returns the contested lines with all candidates, for the reviewer who compares them. */
export function rivalriesOf(
  state: ClaimState,
  context: Pick<DecisionContext, 'claimId' | 'now' | 'holders' | 'rivals' | 'choices'>,
): Rivalry[] {
  return state.lines
    .filter(({ phase }) => rivalPhases.includes(phase) || phase === 'official')
    .flatMap((line) => {
      const { target, holder, rivals } = competitionOf(state, line, context);
      if (holder === null && rivals.length === 0) return [];
      const candidates = candidatesFor(state, line, holder, rivals, [], context);
      const chosen = chosenOn(state, target, context);
      return [{ line: line.line, target, candidates, chosen, settled: settleRivals(candidates, chosen?.claimId ?? null) }];
    });
}

/** Applies the decision record that another claim's reviewer made. */
export function recordRivals(state: ClaimState, { body: { record } }: CommandOf<'recordRivals'>, context: DecisionContext): DecidedEvent[] {
  const own = record.candidates.find(({ claimId }) => claimId === context.claimId);
  const line = state.lines.find((candidate) => candidate.line === own?.line);
  // Withdrawn, declined or ended in the meantime: there is nothing left to win or lose.
  if (line === undefined || ![...rivalPhases, 'official'].includes(line.phase)) return [];
  return outcome(line, record, null, context);
}

function outcome(line: LineState, record: RivalsRecord, textId: string | null, context: DecisionContext): DecidedEvent[] {
  const isWinner = record.winner === context.claimId;
  const holder = record.candidates.find(({ isHolder }) => isHolder);
  const displaces = isWinner && holder !== undefined && holder.claimId !== context.claimId ? holder.claimId : null;
  const decided = event('RivalsDecided', context.now, { line: line.line, isWinner, displaces, record, textId });
  // A losing holder keeps its association until the winner is official (domain.md 10, rule 2).
  if (isWinner || line.phase === 'official') return [decided];
  return [decided, ...rejections([line], 'lost_arbitration', textId, context)];
}

function candidatesFor(
  state: ClaimState,
  line: LineState,
  holder: Holder | null,
  rivals: Rival[],
  disregarded: string[],
  context: Pick<DecisionContext, 'claimId' | 'now'>,
): Candidate[] {
  const today = latestDateAt(context.now);
  const evidenceOn = (evidence: SignedEvidence[]) =>
    latestOf(
      evidence.flatMap(({ evidenceId, signedOn }) =>
        signedOn === null || isBefore(today, signedOn) || disregarded.includes(evidenceId) ? [] : [signedOn],
      ),
    ) ?? null;
  const own = { claimId: context.claimId, line: line.line, partnerAccountId: state.partnerAccountId, isHolder: line.phase === 'official' };
  const others = [...(holder === null ? [] : [holder]), ...rivals];
  return [
    { ...own, submittedAt: state.submittedAt ?? context.now, evidenceOn: evidenceOn(state.evidence) },
    ...others.map(({ claimId, line: number, partnerAccountId, submittedAt, evidence }) => ({
      claimId,
      line: number,
      partnerAccountId,
      isHolder: claimId === holder?.claimId,
      submittedAt,
      evidenceOn: evidenceOn(evidence),
    })),
  ];
}

/** Returns the customer's latest choice on a target, whichever claim asked. */
function chosenOn(state: ClaimState, target: string, context: Pick<DecisionContext, 'choices'>): Rivalry['chosen'] {
  const own = state.choices.flatMap(({ target: about, chosen }) =>
    about === target && chosen !== null ? [{ claimId: chosen.claimId, chosenAt: chosen.at }] : [],
  );
  const all = [...own, ...context.choices.filter((choice) => choice.target === target)];
  const [latest] = all.toSorted((a, b) => compareInstants(b.chosenAt, a.chosenAt));
  return latest === undefined ? null : { claimId: latest.claimId, chosenAt: latest.chosenAt };
}

function refuseNoRivals(line: LineState): never {
  refuse('no_rivals', 'No other partner wants or holds this target. Decide the claim itself.', { field: 'line', line: line.line });
}
