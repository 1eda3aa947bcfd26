import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import { earliestOf, isBefore } from '../instants.js';
import { type ClaimState, disputedDeciders, type LineState } from '../state.js';
import { linesToActOn, numbers } from './phase-guard.js';
import { approve, informationRequested, refuseUnknownReasons } from './review.js';
import { refuseSelfReview } from './self-review.js';
import { businessClock } from './review-clocks.js';
import { refuseBarred } from './refusal.js';
import { competing } from './rivalry.js';

/** Disputes a rejection within 30 days, once per rejection chain, with a statement or new evidence (domain.md 11). */
export function openDispute(state: ClaimState, { body }: CommandOf<'openDispute'>, context: DecisionContext): DecidedEvent[] {
  const lines = disputableLines(state, body.lines);
  const evidenceIds = body.evidenceIds ?? [];
  const unknown = evidenceIds.find((id) => !state.evidence.some((document) => document.evidenceId === id));
  if (unknown !== undefined) refuse('evidence_unknown', `The claim has no evidence ${unknown}. Upload it first.`, { field: 'evidenceIds' });
  if (!body.textId && evidenceIds.length === 0) {
    refuse('dispute_statement_required', 'State why the rejection is wrong, or name new evidence.', { field: 'statement' });
  }
  const rejectedAt = earliestOf(lines.map(({ since }) => since))!;
  const isNew = (id: string) => state.evidence.some(({ evidenceId, addedAt }) => evidenceId === id && isBefore(rejectedAt, addedAt));
  if (!body.textId && !evidenceIds.some(isNew)) {
    refuse(
      'dispute_statement_required',
      'This evidence was already on file when the claim was rejected. State why the rejection is wrong, or add new evidence.',
      {
        field: 'evidenceIds',
      },
    );
  }
  // A dispute reopens the line, which must not compete with the company's own claim or override the customer's refusal.
  refuseBarred(state, lines, context);
  // A partner that became the holder after the rejection has not been heard about this claim.
  const competition = competing(state, lines, context);
  return [
    event('DisputeOpened', context.now, {
      lines: numbers(lines),
      textId: body.textId ?? null,
      evidenceIds,
      ...(competition.length > 0 && { competing: competition }),
      clocks: [businessClock('K8', numbers(lines), context.policyInForce.clocks.disputeAnswerBusinessDays, context)],
    }),
  ];
}

function disputableLines(state: ClaimState, named: number[] | undefined): LineState[] {
  const final = state.lines.find((line) => line.phase === 'rejected_final' && (named === undefined || named.includes(line.line)));
  const rejected = state.lines.filter((line) => line.phase === 'rejected' && (named === undefined || named.includes(line.line)));
  if (rejected.length === 0 && final !== undefined) {
    if (final.rejection?.reason === 'customer_refused_target') refuseDispute(final);
    refuse('dispute_already_used', 'A rejection can be disputed only once, and this one is final. You can make a new claim.', {
      field: 'lines',
      line: final.line,
    });
  }
  const lines = linesToActOn(state, ['rejected'], named, 'dispute it');
  const open = lines.filter((line) => line.rejection?.isDisputable);
  const closed = lines.find((line) => !open.includes(line));
  if (closed === undefined || (named === undefined && open.length > 0)) return open;
  if (closed.rejection?.reason === 'customer_declined') refuseDispute(closed);
  refuse('dispute_window_closed', 'The time to dispute this rejection has passed. Make a new claim with updated evidence.', {
    field: 'lines',
    line: closed.line,
  });
}

const refuseDispute = ({ line }: LineState): never =>
  refuse('dispute_not_allowed', "A customer's refusal cannot be disputed. Claim again after the cool-down.", { field: 'lines', line });

/** Whether the partner can still dispute the line's rejection. */
export const isDisputable = ({ phase, rejection }: LineState): boolean => phase === 'rejected' && rejection?.isDisputable === true;

/** Whether a reviewer may decide the line's dispute: one who did not make the disputed decision. */
export const isDecidableBy = (line: LineState, reviewer: string): boolean =>
  line.phase === 'disputed' && !disputedDeciders(line).includes(reviewer);

/** Decides a dispute; the reviewer must not be the one who rejected (domain.md 3.2). */
export function decideDispute(state: ClaimState, { actor, body }: CommandOf<'decideDispute'>, context: DecisionContext): DecidedEvent[] {
  refuseSelfReview(state, actor);
  const lines = linesToActOn(state, ['disputed'], body.lines, 'decide its dispute');
  if (lines.some((line) => disputedDeciders(line).includes(actor.subject))) {
    refuse('second_reviewer_required', 'You decided against this claim. Another reviewer must decide the dispute.');
  }
  const decided = event('DisputeDecided', context.now, { lines: numbers(lines), outcome: body.outcome, textId: body.textId ?? null });
  switch (body.outcome) {
    case 'final':
      return [decided];
    case 'approve':
      return [decided, ...approve(state, lines, { clearedHolds: body.clearedHolds }, context)];
    case 'ask': {
      refuseUnknownReasons(body.reasons ?? [], context);
      return [decided, informationRequested(state.clocks, numbers(lines), body, context)];
    }
  }
}
