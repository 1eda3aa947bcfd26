import { type ClaimCommand, commandRules } from './commands.js';
import type { DecisionContext } from './context.js';
import { addComment, addEvidence, discardDraft, draftClaim, editClaim } from './rules/draft.js';
import { submitClaim } from './rules/submission.js';
import { approveClaim, rejectClaim, requestInformation, startReview } from './rules/review.js';
import { recordNoticeDelivery, reportBounce, resendNotice } from './rules/notice.js';
import { acceptClaim, clearHold, optOut } from './rules/consent.js';
import { recordRefusal } from './rules/refusal.js';
import { decideDispute, openDispute } from './rules/dispute.js';
import { withdrawClaim } from './rules/withdrawal.js';
import { extendDeadline } from './rules/extension.js';
import { liftBlock } from './rules/block.js';
import { askCustomerToChoose, chooseRival, decideRivals, recordRivals, warnHolder } from './rules/rivals.js';
import { checkAssociation, endAssociation, supersedeAssociation, transferAssociation } from './rules/association.js';
import type { ClaimEvent, DecidedEvent } from './events.js';
import { type Finding, Refusal, refuse } from './findings.js';
import type { ClaimState } from './state.js';

/** What the rules made of a command: facts, or everything that was wrong. */
export type Decision = { events: ClaimEvent[] } | { refused: Finding[] };

/** Decides a command. Pure: the same state, command and context always give the same decision. */
export function decide(state: ClaimState, command: ClaimCommand, context: DecisionContext): Decision {
  try {
    refuseUndecidable(state, command, context);
    const by = { kind: command.actor.kind, subject: command.actor.subject };
    return { events: route(state, command, context).map((event) => ({ by, ...event })) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.findings };
    throw error;
  }
}

function refuseUndecidable(state: ClaimState, { type }: ClaimCommand, { facts }: DecisionContext): void {
  if (state.version === 0 && type !== 'draftClaim') refuse('not_found', 'There is no such claim.');
  // A draft is saved while the directory is silent: its submission asks again. What is submitted is never decided unchecked.
  const isChecked = commandRules[type].needsDirectory && (type === 'submitClaim' || state.submission > 0);
  if (isChecked && facts === null) refuse('service_unavailable', 'The customer directory has not answered. Try again later.');
}

function route(state: ClaimState, command: ClaimCommand, context: DecisionContext): DecidedEvent[] {
  switch (command.type) {
    case 'draftClaim':
      return draftClaim(state, command, context);
    case 'editClaim':
      return editClaim(state, command, context);
    case 'discardDraft':
      return discardDraft(state, command, context);
    case 'addEvidence':
      return addEvidence(state, command, context);
    case 'addComment':
      return addComment(state, command, context);
    case 'submitClaim':
      return submitClaim(state, command, context);
    case 'startReview':
      return startReview(state, command, context);
    case 'requestInformation':
      return requestInformation(state, command, context);
    case 'approveClaim':
      return approveClaim(state, command, context);
    case 'rejectClaim':
      return rejectClaim(state, command, context);
    case 'withdrawClaim':
      return withdrawClaim(state, command, context);
    case 'recordNoticeDelivery':
      return recordNoticeDelivery(state, command, context);
    case 'reportBounce':
      return reportBounce(state, command, context);
    case 'optOut':
      return optOut(state, command, context);
    case 'clearHold':
      return clearHold(state, command, context);
    case 'openDispute':
      return openDispute(state, command, context);
    case 'decideDispute':
      return decideDispute(state, command, context);
    case 'acceptClaim':
      return acceptClaim(state, command, context);
    case 'recordRefusal':
      return recordRefusal(state, command, context);
    case 'liftBlock':
      return liftBlock(state, command, context);
    case 'resendNotice':
      return resendNotice(state, command, context);
    case 'extendDeadline':
      return extendDeadline(state, command, context);
    case 'warnHolder':
      return warnHolder(state, command, context);
    case 'askCustomerToChoose':
      return askCustomerToChoose(state, command, context);
    case 'chooseRival':
      return chooseRival(state, command, context);
    case 'decideRivals':
      return decideRivals(state, command, context);
    case 'recordRivals':
      return recordRivals(state, command, context);
    case 'supersedeAssociation':
      return supersedeAssociation(state, command);
    case 'endAssociation':
      return endAssociation(state, command, context);
    case 'transferAssociation':
      return transferAssociation(state, command, context);
    case 'checkAssociation':
      return checkAssociation(state, command, context);
    default:
      return command satisfies never;
  }
}
