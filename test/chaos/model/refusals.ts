import {
  type ClaimModel,
  findClaim,
  inReview,
  type LineModel,
  linesIn,
  type Model,
  open,
  type Phase,
  type Step,
  undecided,
} from './model.js';
import { barsOf, barsOfNew, contestedBy, holderOf, othersOn, rivalsOf, settleRivals } from './rivals.js';

/** The codes with which a step must be refused now; none if it must be done. */
export function refusalOf(model: Model, step: Step): string[] {
  const claim = findClaim(model, step.claim);
  const acting = (phases: Phase[]) => linesToActOn(claim, phases, step.lines);
  switch (step.type) {
    case 'edit':
      return barsOfEdit(model, claim);
    case 'discard':
      return refuseNone(acting(['draft']));
    case 'evidence':
      return claim.lines.some(takesEvidence) ? [] : ['not_editable_in_state'];
    case 'submit':
    case 'answer': {
      const lines = acting(['draft', 'action_required']);
      if (lines === null) return ['not_in_phase'];
      if (lines.some(({ phase }) => phase === 'action_required') && !claim.hasSupplied) return ['answer_required'];
      const bars = barsOf(
        model,
        claim,
        lines.map(({ product }) => product),
      );
      return claim.evidenceOn === null ? [...bars, 'evidence_missing'] : bars;
    }
    case 'withdraw':
      return refuseNone(acting(undecided));
    case 'start':
      return refuseNone(acting(['submitted']));
    case 'ask':
    case 'reject':
      return refuseNone(acting(inReview));
    case 'approve': {
      const lines = acting(inReview);
      if (lines === null) return ['not_in_phase'];
      return approvalRefused(model, claim, lines);
    }
    case 'optOut': {
      // A claim of which the customer was never told does not exist for it.
      if (claim.notices.length + claim.choices.length === 0) return ['not_found'];
      if (linesIn(claim, undecided, step.lines).some(({ notice }) => notice !== null)) return [];
      if (linesIn(claim, ['official'], step.lines).length > 0) return [];
      return linesIn(claim, undecided, step.lines).length > 0 ? ['customer_not_told'] : ['nothing_to_decline'];
    }
    case 'accept': {
      const lines = linesIn(claim, undecided, step.lines);
      if (lines.some(({ notice }) => notice !== null)) return [];
      return lines.length > 0 ? ['customer_not_told'] : ['nothing_to_accept'];
    }
    case 'disassociate':
      return refuseNone(acting(['official']));
    case 'transfer': {
      const lines = linesToActOn(claim, ['official'], undefined);
      if (lines === null) return ['not_in_phase'];
      if (step.partnerId === claim.partnerId) return [];
      return linesIn(claim, open).length > 0 ? ['not_in_phase'] : model.blocked.includes(claim.account) ? ['partner_blocked'] : [];
    }
    case 'dispute': {
      const rejected = linesIn(claim, ['rejected']);
      if (rejected.length === 0) {
        const final = linesIn(claim, ['rejected_final'])[0];
        if (final === undefined) return ['not_in_phase'];
        return [final.rejection === 'customer_refused_target' ? 'dispute_not_allowed' : 'dispute_already_used'];
      }
      const lines = rejected.filter(({ isDisputable }) => isDisputable);
      if (lines.length === 0) return ['dispute_not_allowed'];
      return barsOf(
        model,
        claim,
        lines.map(({ product }) => product),
      );
    }
    case 'decideDispute': {
      const lines = acting(['disputed']);
      if (lines === null) return ['not_in_phase'];
      if (lines.some(({ deciders }) => deciders.includes(step.reviewer!))) return ['second_reviewer_required'];
      return step.outcome === 'approve' ? approvalRefused(model, claim, lines) : [];
    }
    case 'choices': {
      const lines = acting(['submitted', 'under_review', 'action_required', 'disputed']);
      if (lines === null) return ['not_in_phase'];
      return othersOn(model, claim, lines[0]!.product, [...open, 'official']).length === 0 ? ['no_rivals'] : [];
    }
    case 'choose':
      return [];
    case 'decideRivals': {
      const [line] = acting(['submitted', 'under_review', 'disputed']) ?? [];
      if (line === undefined) return ['not_in_phase'];
      const rivals = rivalsOf(model, claim, line);
      const holder = holderOf(model, claim, line.product);
      if (rivals.length === 0 && holder === undefined) return ['no_rivals'];
      const disputed = [...rivals.map((rival) => rival.line), line].filter(({ phase }) => phase === 'disputed');
      if (disputed.some(({ deciders }) => deciders.includes(step.reviewer!))) return ['second_reviewer_required'];
      if (rivals.some((rival) => rival.line.phase === 'consent_pending')) return ['rival_in_window'];
      if (holder !== undefined) return ['holder_not_heard'];
      const settled = settleRivals(model, claim, line)!;
      if (settled.winner !== step.winner || settled.step !== step.reason) return ['decision_order'];
      return settled.winner === claim.claimId ? barsOf(model, claim, [line.product]) : [];
    }
    case 'resend':
      return linesIn(claim, undecided, step.lines).some((line) => isUnreached(claim, line)) ? [] : ['notice_not_failed'];
    case 'comment':
      return [];
    default:
      throw new Error(`The model does not know the step ${step.type}.`);
  }
}

/** After a rejection evidence serves a dispute, while there can be one. */
const takesEvidence = ({ phase, isDisputable }: LineModel): boolean =>
  [...inReview, 'draft', 'action_required', 'official', 'disputed'].includes(phase) || (phase === 'rejected' && isDisputable);

const editable: Phase[] = ['draft', 'submitted', 'action_required'];

/**
 * Editing the claim's name. Fields of the whole claim follow its most locked line; lines that are decided lock nothing. Beside a customer's
 * window and an official line only the contacts stay open. A submitted claim must stay fit for submission; another must not name what the company
 * already has.
 */
function barsOfEdit(model: Model, claim: ClaimModel): string[] {
  if (linesIn(claim, ['under_review', 'disputed']).length > 0) return ['not_editable_in_state'];
  if (linesIn(claim, ['consent_pending', 'official']).length > 0) return ['field_locked'];
  const products = linesIn(claim, editable).map(({ product }) => product);
  if (products.length === 0) return ['not_editable_in_state'];
  const isSubmitted = linesIn(claim, ['submitted']).length > 0;
  return isSubmitted ? barsOf(model, claim, products) : barsOfNew(model, claim.account, products, false);
}

function approvalRefused(model: Model, claim: ClaimModel, lines: LineModel[]): string[] {
  for (const line of lines) {
    const contested = contestedBy(model, claim, line);
    if (contested.length > 0) return contested;
  }
  return barsOf(
    model,
    claim,
    lines.map(({ product }) => product),
  );
}

const refuseNone = (lines: LineModel[] | null): string[] => (lines === null ? ['not_in_phase'] : []);

/** The lines that a step acts on: those it names, or all in these phases; null if it is refused. */
function linesToActOn(claim: ClaimModel, phases: Phase[], named: number[] | undefined): LineModel[] | null {
  const lines = linesIn(claim, phases, named);
  return lines.length === 0 || (named !== undefined && lines.length < named.length) ? null : lines;
}

export function isUnreached(claim: ClaimModel, line: LineModel): boolean {
  const notice = line.notice === null ? undefined : claim.notices[line.notice];
  return notice !== undefined && notice.recipients.every(({ state }) => state === 'failed');
}
