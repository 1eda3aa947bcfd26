import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type ClaimDetails, type FieldGroup, fieldGroups } from '../details.js';
import { type DecidedEvent, event } from '../events.js';
import { refuse } from '../findings.js';
import type { Phase } from '../phases.js';
import { versionReference } from '../policy.js';
import { type ClaimState, phaseOf } from '../state.js';
import { refuseErrors, validate } from '../validation/validate.js';
import { requestNotice } from './notice.js';

/** In which phases a group of fields may be edited (domain 7). Ends of official lines are commands of their own, not edits. */
export const editability: Record<FieldGroup, Phase[]> = {
  identity: ['draft'],
  location: ['draft', 'submitted', 'action_required'],
  lines: ['draft', 'submitted', 'action_required'],
  contacts: ['draft', 'submitted', 'action_required', 'consent_pending', 'official'],
  statement: ['draft', 'submitted', 'action_required'],
};

/** In which phases evidence may be added (domain 7); a rejected claim takes it with its dispute. */
export const evidencePhases: Phase[] = ['draft', 'submitted', 'under_review', 'action_required', 'official', 'rejected', 'disputed'];

/** From the least to the most locked: with lines in several phases the header follows the most locked one (domain 7). */
const lockOrder: Phase[] = ['draft', 'action_required', 'submitted', 'consent_pending', 'official', 'under_review', 'disputed', 'rejected'];

export function draftClaim(state: ClaimState, { body }: CommandOf<'draftClaim'>, context: DecisionContext): DecidedEvent[] {
  if (state.version > 0) refuse('claim_exists', 'A claim with this id exists already.');
  const { number, partnerAccountId, details } = body;
  const warnings = refuseErrors(validate('save', { ...state, partnerAccountId, details }, context));
  const policy = versionReference(context.policy);
  return [event('ClaimDrafted', context.now, { number, partnerAccountId, policy, details, warnings })];
}

export function editClaim(state: ClaimState, { body }: CommandOf<'editClaim'>, context: DecisionContext): DecidedEvent[] {
  const changes = changesOnly(state.details, body.changes);
  if (Object.keys(changes).length === 0) return [];
  const phase = editingPhase(state);
  for (const [group, fields] of Object.entries(fieldGroups) as [FieldGroup, readonly (keyof ClaimDetails)[]][]) {
    const field = fields.find((one) => one in changes);
    if (field === undefined || editability[group].includes(phase)) continue;
    const isLocked = Object.values(editability).some((editable) => editable.includes(phase));
    const code = isLocked ? 'field_locked' : 'not_editable_in_state';
    refuse(code, `\`${field}\` cannot be changed while the claim is ${phase}; it can be in: ${editability[group].join(', ')}.`, { field });
  }
  const details = { ...state.details, ...changes };
  const warnings = refuseErrors(validate('save', { ...state, details }, context));
  return [event('ClaimEdited', context.now, { changes, warnings }), ...renewFailedNotice(state, changes, context)];
}

/** A corrected address is written to at once when no notice has reached anyone (domain 8, rule 4). */
function renewFailedNotice(state: ClaimState, changes: Partial<ClaimDetails>, context: DecisionContext): DecidedEvent[] {
  const contact = changes.contacts?.customer;
  if (contact === undefined || contact === null) return [];
  const lines = state.lines.filter((line) => line.phase === 'consent_pending' && !isInWindow(state, line.line) && !line.isWindowPassed);
  return lines.length === 0 ? [] : [requestNotice({ ...state, details: { ...state.details, ...changes } }, lines, context)];
}

const isInWindow = (state: ClaimState, line: number): boolean =>
  state.clocks.some((clock) => clock.clock === 'K5' && clock.lines.includes(line));

export function discardDraft(state: ClaimState, _command: CommandOf<'discardDraft'>, context: DecisionContext): DecidedEvent[] {
  if (phaseOf(state) !== 'draft') refuse('not_in_phase', `The claim is ${phaseOf(state)}; only a draft is discarded. Withdraw it instead.`);
  return [event('DraftDiscarded', context.now, {})];
}

export function addEvidence(state: ClaimState, { body }: CommandOf<'addEvidence'>, context: DecisionContext): DecidedEvent[] {
  if (!state.lines.some((line) => evidencePhases.includes(line.phase)) && state.lines.length > 0) {
    refuse('not_editable_in_state', `The claim is ${phaseOf(state)} and takes no more evidence.`, { field: 'evidence' });
  }
  return [event('EvidenceAdded', context.now, { evidence: body.evidence })];
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
