import type { ClockStart } from '../clocks.js';
import type { CommandOf } from '../commands.js';
import type { CheckContext, DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import { type Finding, refuse } from '../findings.js';
import { versionReference } from '../policy.js';
import type { ClaimState, LineState } from '../state.js';
import { fillSubscriptions } from '../validation/subscriptions.js';
import type { Statement } from '../validation/rule.js';
import { refuseErrors, validate } from '../validation/validate.js';
import { requestNotice } from './notice.js';
import { approveByRule } from './automatic-approval.js';
import { linesToActOn, numbers } from './phase-guard.js';
import { competing } from './rivalry.js';
import { businessClock, reviewClock } from './review-clocks.js';

/** Submits a draft, or resubmits what the partner was asked to correct (domain.md 3.2). */
export function submitClaim(state: ClaimState, { body }: CommandOf<'submitClaim'>, context: DecisionContext): DecidedEvent[] {
  // A draft without products has no lines yet; the checks below report what is missing.
  const lines = state.lines.length === 0 ? [] : linesToActOn(state, ['draft', 'action_required'], undefined, 'submit it');
  refuseUnanswered(state, lines);

  const filled = fillSubscriptions(state.details, context, numbers(lines));
  const details = { ...state.details, lines: filled.lines };
  const filledLines = lines.map((line) => ({ ...line, ...details.lines.find((filledLine) => filledLine.line === line.line) }));
  const findings = refuseErrors(validate('submit', { ...state, details }, context, numbers(lines)));
  const submitted = event('ClaimSubmitted', context.now, {
    submission: state.submission + 1,
    lines: numbers(lines),
    policy: versionReference(context.policy),
    exclusivityKey: context.policy.exclusivityKey,
    competing: competing({ ...state, details, exclusivityKey: context.policy.exclusivityKey }, filledLines, context),
    acknowledgementVersion: details.acknowledgementVersion!,
    filled: filled.filled,
    findings,
    clocks: reviewClocks(state, numbers(lines), context),
  });
  const unnotified = lines.filter((line: LineState) => line.noticeId === null);
  // A held claim may name a stranger's address: the customer is notified once a reviewer has cleared it.
  const isHeld = findings.some(({ severity }) => severity === 'hold');
  const isNotifiedNow = context.policy.noticeTiming === 'on_submit' && !isHeld && unnotified.length > 0;
  const events = isNotifiedNow ? [submitted, requestNotice({ ...state, details }, unnotified, context)] : [submitted];
  const comment = body.textId ? [event('CommentAdded', context.now, { textId: body.textId, visibility: 'shared' })] : [];
  return [...comment, ...events, ...approveByRule(state, events, context)];
}

/**
 * Returns every error that would refuse a claim drafted and submitted in one call. While the directory is silent, only the checks of saving
 * run, because the submission asks the directory again.
 */
export function checkNewClaim(claim: Statement, context: CheckContext): Finding[] {
  const draft = { ...claim, lines: [] };
  const saving = errorsIn(validate('save', draft, context));
  if (context.facts === null) return saving;
  const numbers = claim.details.lines.map(({ line }) => line);
  const details = { ...claim.details, lines: fillSubscriptions(claim.details, context, numbers).lines };
  const isKnown = ({ code, field, line }: Finding) =>
    saving.some((other) => other.code === code && other.field === field && other.line === line);
  return [...saving, ...errorsIn(validate('submit', { ...draft, details }, context)).filter((finding) => !isKnown(finding))];
}

const errorsIn = (findings: Finding[]): Finding[] => findings.filter(({ severity }) => severity === 'error');

/** A partner must supply something before resubmitting; a comment alone is not an answer (domain.md 3.2, 7). */
function refuseUnanswered(state: ClaimState, lines: LineState[]): void {
  const owing = numbers(lines.filter((line) => line.phase === 'action_required'));
  const asked = state.requests.findLast((request) => request.lines.some((line) => owing.includes(line)));
  if (asked === undefined || state.suppliedAtVersion >= asked.version) return;
  const message =
    'Nothing has been supplied since the request. Add evidence or change the claim first; a comment alone does not answer it.';
  refuse('answer_required', message, { field: 'evidence' });
}

function reviewClocks(state: ClaimState, lines: number[], context: DecisionContext): ClockStart[] {
  const { reviewStartBusinessDays, reviewDecisionBusinessDays } = context.policyInForce.clocks;
  return [
    businessClock('K1', lines, reviewStartBusinessDays, context),
    ...reviewClock(state, 'K3', lines, reviewStartBusinessDays + reviewDecisionBusinessDays, context),
  ];
}
