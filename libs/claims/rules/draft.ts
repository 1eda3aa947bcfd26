import { systemActor } from '../actor.js';
import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type ClaimDetails, type FieldGroup, fieldGroups, type LineDetails } from '../details.js';
import { type Competition, type DecidedEvent, event } from '../events.js';
import { evolve, lineTarget } from '../evolve.js';
import { fieldOf, type Finding, refuse } from '../findings.js';
import { amendablePhases, type Phase } from '../phases.js';
import { versionReference } from '../policy.js';
import { type ClaimState, linesIn, type LineState, phaseOf } from '../state.js';
import { fillSubscriptions } from '../validation/subscriptions.js';
import { refuseErrors, validate } from '../validation/validate.js';
import { isDisputable } from './dispute.js';
import { recipientsOf, requestNotice } from './notice.js';
import { competing } from './rivalry.js';

/** In which phases a group of fields may be edited (domain.md 7). Ends of official lines are commands of their own, not edits. */
export const editability: Record<FieldGroup, Phase[]> = {
  identity: ['draft'],
  location: ['draft', 'submitted', 'action_required'],
  lines: amendablePhases,
  contacts: ['draft', 'submitted', 'action_required', 'consent_pending', 'official'],
  statement: ['draft', 'submitted', 'action_required'],
};

/** Phases in which at least one field may be edited. */
export const editablePhases: Phase[] = [...new Set(Object.values(editability).flat())];

/** In which phases evidence may be added (domain.md 7); a rejected claim takes it with its dispute. */
export const evidencePhases: Phase[] = ['draft', 'submitted', 'under_review', 'action_required', 'official', 'rejected', 'disputed'];

/**
 * From the least to the most locked: with lines in several phases the header follows the most locked one (domain.md 7).
 * A rejected line locks nothing for the others, or the address of a claim with one could never be corrected again.
 */
const lockOrder: Phase[] = ['rejected', 'draft', 'action_required', 'submitted', 'consent_pending', 'official', 'under_review', 'disputed'];

export function draftClaim(state: ClaimState, { body }: CommandOf<'draftClaim'>, context: DecisionContext): DecidedEvent[] {
  if (state.version > 0) refuse('claim_exists', 'A claim with this id exists already.');
  const { number, partnerAccountId, details } = body;
  const warnings = refuseErrors(validate('save', { ...state, partnerAccountId, details }, context));
  const policy = versionReference(context.policy);
  return [event('ClaimDrafted', context.now, { number, partnerAccountId, policy, details, warnings })];
}

/** After submission an edit must leave what it changes fit for submission; a question's answer is checked when it is resubmitted. */
export function editClaim(state: ClaimState, { body }: CommandOf<'editClaim'>, context: DecisionContext): DecidedEvent[] {
  const changes = changesOnly(state.details, body.changes);
  if (Object.keys(changes).length === 0) return [];
  const phase = editingPhase(state);
  refuseLockedFields(state, changes, phase);
  const stage = phase === 'draft' || phase === 'action_required' ? 'save' : 'submit';
  const details = { ...state.details, ...changes };
  const lines = amendableLines(state, details);
  if (stage === 'submit' && changes.lines !== undefined) {
    changes.lines = fillSubscriptions(details, context, lines).lines;
    details.lines = changes.lines;
  }
  const check = (at: 'save' | 'submit') => validate(at, { ...state, details }, context, lines);
  const saved = refuseErrors(check(stage).filter((finding) => amendablePhases.includes(phase) || (fieldOf(finding) ?? '') in changes));
  if (!amendablePhases.includes(phase)) refuseStrangeContact(state, changes, saved);
  // An answer that is never resubmitted may still be approved on dispute: its holds are noted now.
  const warnings = phase === 'action_required' ? check('submit').filter(({ severity }) => severity !== 'error') : saved;
  const edited = event('ClaimEdited', context.now, { changes, warnings, ...competitionAfter(state, changes, context) });
  return [edited, ...tellCorrected(state, changes, context)];
}

/** Once approved, nobody looks at the claim before the next notice: only a mail domain that a reviewer has cleared may stay strange. */
function refuseStrangeContact(state: ClaimState, { contacts }: Partial<ClaimDetails>, found: Finding[]): void {
  const hold = found.find(({ code }) => code === 'contact_domain_mismatch');
  if (hold === undefined || contacts?.customer?.emailDomain === state.details.contacts.customer?.emailDomain) return;
  refuse(hold.code, hold.message, { field: 'contacts.customer.email' });
}

/** Who else wants or holds what the lines before the vendor mean now; of all others their submission tells. */
function competitionAfter(state: ClaimState, changes: Partial<ClaimDetails>, context: DecisionContext): { competing?: Competition[] } {
  if (changes.lines === undefined) return {};
  const by = { kind: systemActor.kind, subject: systemActor.subject };
  const after = evolve(state, { ...event('ClaimEdited', context.now, { changes, warnings: [] }), by });
  const before = state.lines.map((line) => lineTarget(state, line));
  const wanted = after.lines.filter((line) => line.phase === 'submitted' && !before.includes(lineTarget(after, line)));
  const found = competing(after, wanted, context);
  return found.length === 0 ? {} : { competing: found };
}

function amendableLines(state: ClaimState, details: ClaimDetails): number[] {
  const settled = state.lines.filter((line) => !amendablePhases.includes(line.phase)).map((line) => line.line);
  return details.lines.map((line) => line.line).filter((line) => !settled.includes(line));
}

function refuseLockedFields(state: ClaimState, changes: Partial<ClaimDetails>, phase: Phase): void {
  for (const [group, fields] of Object.entries(fieldGroups) as [FieldGroup, readonly (keyof ClaimDetails)[]][]) {
    const field = fields.find((one) => one in changes);
    if (field === undefined) continue;
    const isOpen = group === 'lines' ? linesIn(state, amendablePhases).length > 0 : editability[group].includes(phase);
    if (isOpen) continue;
    const isLocked = Object.values(editability).some((editable) => editable.includes(phase));
    const code = isLocked ? 'field_locked' : 'not_editable_in_state';
    refuse(code, `\`${field}\` cannot be changed while the claim is ${phase}; it can be in: ${editability[group].join(', ')}.`, { field });
  }
  if (changes.lines !== undefined && state.submission > 0) refuseLockedLines(state, changes.lines);
}

/** Each line follows its own phase; its activities stay as they were submitted, and its number is not given again (domain.md 7). */
function refuseLockedLines(state: ClaimState, stated: LineDetails[]): void {
  for (const line of state.lines) {
    const before = state.details.lines.find((one) => one.line === line.line);
    const now = stated.find((one) => one.line === line.line);
    if (JSON.stringify(before) === JSON.stringify(now) || (now === undefined && line.phase === 'canceled')) continue;
    if (!amendablePhases.includes(line.phase)) {
      refuse('field_locked', `Line ${line.line} is ${line.phase} and cannot be changed.`, { field: 'lines', line: line.line });
    }
    if (now !== undefined && JSON.stringify(now.activities) !== JSON.stringify(before?.activities)) {
      const message = 'Activities cannot be changed after submission. Withdraw the line and claim again with the right ones.';
      refuse('field_locked', message, { field: 'lines', line: line.line });
    }
  }
}

/** A corrected address is written to at once: anew when no notice has reached anyone, beside the others while a window runs (domain.md 7, 8). */
function tellCorrected(state: ClaimState, changes: Partial<ClaimDetails>, context: DecisionContext): DecidedEvent[] {
  const contact = changes.contacts?.customer;
  if (contact === undefined || contact === null) return [];
  const corrected = { ...state, details: { ...state.details, ...changes } };
  const waiting = linesIn(state, ['consent_pending']).filter((line) => !line.isWindowPassed);
  const unreached = waiting.filter((line) => !isInWindow(state, line.line));
  const running = new Set(waiting.filter((line) => !unreached.includes(line)).map(({ noticeId }) => noticeId));
  const lacking = state.notices.filter(
    ({ noticeId, recipients }) => running.has(noticeId) && !recipients.some(({ personId }) => personId === contact.personId),
  );
  return [
    ...(unreached.length === 0 ? [] : [requestNotice(corrected, unreached, context)]),
    ...lacking.map(({ noticeId }) => {
      const [recipient] = recipientsOf(corrected, context).recipients;
      return event('NoticeRecipientAdded', context.now, { noticeId, recipient: recipient! });
    }),
  ];
}

const isInWindow = (state: ClaimState, line: number): boolean =>
  state.clocks.some((clock) => clock.clock === 'K5' && clock.lines.includes(line));

export function discardDraft(state: ClaimState, _command: CommandOf<'discardDraft'>, context: DecisionContext): DecidedEvent[] {
  if (phaseOf(state) !== 'draft') refuse('not_in_phase', `The claim is ${phaseOf(state)}; only a draft is discarded. Withdraw it instead.`);
  return [event('DraftDiscarded', context.now, {})];
}

/** Whether evidence may be added for the line's sake. */
export const takesEvidence = (line: LineState): boolean =>
  evidencePhases.includes(line.phase) && (line.phase !== 'rejected' || isDisputable(line));

export function addEvidence(state: ClaimState, { body }: CommandOf<'addEvidence'>, context: DecisionContext): DecidedEvent[] {
  if (!state.lines.some(takesEvidence)) {
    refuse('not_editable_in_state', `The claim is ${phaseOf(state)} and takes no more evidence.`, { field: 'evidence' });
  }
  refuseUnknownEvidence(state, body.evidence.supersedes ?? null);
  return [event('EvidenceAdded', context.now, { evidence: body.evidence })];
}

/** Evidence is superseded once, by evidence of the same claim. */
function refuseUnknownEvidence(state: ClaimState, evidenceId: string | null): void {
  if (evidenceId === null || state.evidence.some((one) => one.evidenceId === evidenceId)) return;
  const earlier = state.supersededEvidence?.find((one) => one.evidenceId === evidenceId);
  if (earlier === undefined) refuse('evidence_unknown', `The claim has no evidence ${evidenceId}.`, { field: 'supersedes' });
  refuse('evidence_superseded', `This evidence was superseded by ${earlier.supersededBy} already. Supersede that one.`, {
    field: 'supersedes',
  });
}

export function addComment(_state: ClaimState, { body }: CommandOf<'addComment'>, context: DecisionContext): DecidedEvent[] {
  return [event('CommentAdded', context.now, body)];
}

function editingPhase(state: ClaimState): Phase {
  const open = state.lines.map((line) => line.phase).filter((phase) => lockOrder.includes(phase));
  return open.sort((a, b) => lockOrder.indexOf(b) - lockOrder.indexOf(a))[0] ?? phaseOf(state);
}

/** Drops what is stated as it stood, so that an edit that changes nothing is no event. */
function changesOnly(details: ClaimDetails, changes: Partial<ClaimDetails>): Partial<ClaimDetails> {
  const changed = Object.entries(changes).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(details[field as keyof ClaimDetails]),
  );
  return Object.fromEntries(changed);
}
