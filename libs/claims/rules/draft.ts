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

/** The phases in which each group of fields may be edited (domain.md 7). Ending official lines is a command, not an edit. */
export const editability: Record<FieldGroup, Phase[]> = {
  identity: ['draft'],
  location: ['draft', 'submitted', 'action_required'],
  lines: amendablePhases,
  contacts: ['draft', 'submitted', 'action_required', 'consent_pending', 'official'],
  statement: ['draft', 'submitted', 'action_required'],
};

/** Phases in which at least one field may be edited. */
export const editablePhases: Phase[] = [...new Set(Object.values(editability).flat())];

/** The phases in which evidence may be added (domain.md 7); for a rejected line, as long as it can be disputed. */
export const evidencePhases: Phase[] = ['draft', 'submitted', 'under_review', 'action_required', 'official', 'rejected', 'disputed'];

/**
 * From the least to the most restricted: if lines are in several phases, the most restricted decides about the claim's header (domain.md
 * 7). A rejected line locks nothing; otherwise the contact of such a claim could never be corrected again.
 */
const lockOrder: Phase[] = ['rejected', 'draft', 'action_required', 'submitted', 'consent_pending', 'official', 'under_review', 'disputed'];

export function draftClaim(state: ClaimState, { body }: CommandOf<'draftClaim'>, context: DecisionContext): DecidedEvent[] {
  if (state.version > 0) refuse('claim_exists', 'A claim with this ID already exists.');
  const { number, partnerAccountId, details } = body;
  const warnings = refuseErrors(validate('save', { ...state, partnerAccountId, details }, context));
  const policy = versionReference(context.policy);
  return [event('ClaimDrafted', context.now, { number, partnerAccountId, policy, details, warnings })];
}

/** Edits a claim. After submission, changes must pass the checks of submission; an answer is checked when it is resubmitted. */
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
  if (!amendablePhases.includes(phase)) refuseUnverifiedContact(state, changes, saved);
  // An answer that is never resubmitted may still be approved on dispute, so its holds are recorded now.
  const warnings = phase === 'action_required' ? check('submit').filter(({ severity }) => severity !== 'error') : saved;
  const edited = event('ClaimEdited', context.now, { changes, warnings, ...competitionAfter(state, changes, context) });
  return [edited, ...notifyCorrected(state, changes, context)];
}

/** After approval nobody reviews the claim before the next notice, so only an unverified mail domain that a reviewer cleared is allowed. */
function refuseUnverifiedContact(state: ClaimState, { contacts }: Partial<ClaimDetails>, found: Finding[]): void {
  const hold = found.find(({ code }) => code === 'contact_domain_mismatch');
  if (hold === undefined || contacts?.customer?.emailDomain === state.details.contacts.customer?.emailDomain) return;
  refuse(hold.code, hold.message, { field: 'contacts.customer.email' });
}

/** Returns the competition for targets that this edit of submitted lines adds; a submission records it for all other lines. */
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
    const field = fields.find((name) => name in changes);
    if (field === undefined) continue;
    const isOpen = group === 'lines' ? linesIn(state, amendablePhases).length > 0 : editability[group].includes(phase);
    if (isOpen) continue;
    const isLocked = Object.values(editability).some((editable) => editable.includes(phase));
    const code = isLocked ? 'field_locked' : 'not_editable_in_state';
    refuse(
      code,
      `\`${field}\` cannot be changed while the claim is ${phase}. It can be changed while the claim is ${editability[group].join(' or ')}.`,
      {
        field,
      },
    );
  }
  if (changes.lines !== undefined && state.submission > 0) refuseLockedLines(state, changes.lines);
}

/** Each line locks by its own phase; its activities stay as submitted, and its number is never reused (domain.md 7). */
function refuseLockedLines(state: ClaimState, stated: LineDetails[]): void {
  for (const line of state.lines) {
    const before = state.details.lines.find((stored) => stored.line === line.line);
    const now = stated.find((candidate) => candidate.line === line.line);
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

/** Notifies a corrected address immediately, with a new notice if none has reached anyone, otherwise with the current one (domain.md 7, 8). */
function notifyCorrected(state: ClaimState, changes: Partial<ClaimDetails>, context: DecisionContext): DecidedEvent[] {
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
  if (phaseOf(state) !== 'draft')
    refuse('not_in_phase', `The claim is ${phaseOf(state)}; only a draft can be discarded. Withdraw the claim instead.`);
  return [event('DraftDiscarded', context.now, {})];
}

/** Whether evidence may be added for the line. */
export const takesEvidence = (line: LineState): boolean =>
  evidencePhases.includes(line.phase) && (line.phase !== 'rejected' || isDisputable(line));

export function addEvidence(state: ClaimState, { body }: CommandOf<'addEvidence'>, context: DecisionContext): DecidedEvent[] {
  if (!state.lines.some(takesEvidence)) {
    refuse('not_editable_in_state', `The claim is ${phaseOf(state)} and accepts no more evidence.`, { field: 'evidence' });
  }
  refuseUnknownEvidence(state, body.evidence.supersedes ?? null);
  return [event('EvidenceAdded', context.now, { evidence: body.evidence })];
}

/** Evidence can be superseded once, by evidence of the same claim. */
function refuseUnknownEvidence(state: ClaimState, evidenceId: string | null): void {
  if (evidenceId === null || state.evidence.some((document) => document.evidenceId === evidenceId)) return;
  const earlier = state.supersededEvidence.find((document) => document.evidenceId === evidenceId);
  if (earlier === undefined) refuse('evidence_unknown', `The claim has no evidence ${evidenceId}.`, { field: 'supersedes' });
  refuse('evidence_superseded', `This evidence has already been superseded by ${earlier.supersededBy}. Supersede that one instead.`, {
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

/** Drops unchanged fields, so that an edit that changes nothing records no event. */
function changesOnly(details: ClaimDetails, changes: Partial<ClaimDetails>): Partial<ClaimDetails> {
  const changed = Object.entries(changes).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(details[field as keyof ClaimDetails]),
  );
  return Object.fromEntries(changed);
}
