import { clockRules } from './clocks.js';
import type { CommandDefinition, CommandOf, CommandType } from './commands.js';
import type { DecisionContext } from './context.js';
import type { DecidedEvent } from './events.js';
import { phases, undecidedPhases } from './phases.js';
import { checkAssociation, endAssociation, isTransferable, supersedeAssociation, transferAssociation } from './rules/association.js';
import { blockPartner, isCustomerTold, liftBlock } from './rules/block.js';
import { acceptClaim, clearHold, isAwaitingCustomer, optOut } from './rules/consent.js';
import { decideDispute, isDecidableBy, isDisputable, openDispute } from './rules/dispute.js';
import {
  addComment,
  addEvidence,
  discardDraft,
  draftClaim,
  editablePhases,
  editClaim,
  evidencePhases,
  takesEvidence,
} from './rules/draft.js';
import { recordEvidenceScan } from './rules/evidence-scan.js';
import { extendDeadline, isExtendable } from './rules/extension.js';
import { canBounce, isResendable, recordNoticeDelivery, reportBounce, resendNotice } from './rules/notice.js';
import { recordRefusal } from './rules/refusal.js';
import { approveClaim, isRejectable, rejectClaim, requestInformation, startReview } from './rules/review.js';
import { isChoiceOpen, rivalPhases } from './rules/rivalry.js';
import {
  askCustomerToChoose,
  chooseRival,
  decideRivals,
  areRivalsDecidableBy,
  decidablePhases,
  recordRivals,
  warnHolder,
} from './rules/rivals.js';
import {
  cancelSignatureRequest,
  declineSignature,
  forwardSignature,
  requestSignature,
  requestSignatureCode,
  signStatement,
} from './rules/signature.js';
import { submitClaim } from './rules/submission.js';
import { withdrawClaim } from './rules/withdrawal.js';
import { type ClaimState, isHeldBack, openSignature } from './state.js';

/** One entry per command, from which routing, allowed actions, where a command runs and the printed reference are derived. */
const table = {
  draftClaim: {
    rule: draftClaim,
    givenBy: ['claims.create'],
    isForDraft: true,
    needsDirectory: true,
    phases: [],
    leadsTo: ['draft'],
  },
  editClaim: {
    rule: editClaim,
    givenBy: ['claims.edit'],
    isForDraft: true,
    needsDirectory: true,
    phases: editablePhases,
    // The partner drops a product after submission.
    leadsTo: ['canceled'],
  },
  discardDraft: {
    rule: discardDraft,
    givenBy: ['claims.edit'],
    isForDraft: true,
    phases: ['draft'],
    leadsTo: ['canceled'],
  },
  addEvidence: {
    rule: addEvidence,
    givenBy: ['evidence.add'],
    isForDraft: true,
    phases: evidencePhases,
    isOffered: ({ lines }) => lines.some(takesEvidence),
    leadsTo: [],
  },
  addComment: {
    rule: addComment,
    givenBy: ['comments.write'],
    isForDraft: true,
    phases,
    leadsTo: [],
  },
  recordEvidenceScan: {
    rule: recordEvidenceScan,
    givenBy: 'system',
    isForDraft: true,
    phases: [],
    leadsTo: [],
  },
  requestSignature: {
    rule: requestSignature,
    givenBy: ['evidence.add'],
    isForDraft: true,
    needsDirectory: true,
    phases: evidencePhases,
    isOffered: (state) => state.lines.some(takesEvidence) && openSignature(state) === null,
    leadsTo: [],
  },
  cancelSignatureRequest: {
    rule: cancelSignatureRequest,
    givenBy: ['evidence.add'],
    isForDraft: true,
    phases: clockRules.K15.phases,
    isOffered: (state) => openSignature(state) !== null,
    leadsTo: [],
  },
  requestSignatureCode: {
    rule: requestSignatureCode,
    givenBy: 'signatory',
    isForDraft: true,
    phases: [],
    leadsTo: [],
  },
  signStatement: {
    rule: signStatement,
    givenBy: 'signatory',
    isForDraft: true,
    phases: [],
    leadsTo: [],
  },
  declineSignature: {
    rule: declineSignature,
    givenBy: 'signatory',
    isForDraft: true,
    phases: [],
    leadsTo: [],
  },
  forwardSignature: {
    rule: forwardSignature,
    givenBy: 'signatory',
    isForDraft: true,
    phases: [],
    leadsTo: [],
  },
  submitClaim: {
    rule: submitClaim,
    givenBy: ['claims.submit'],
    needsDirectory: true,
    phases: ['draft', 'action_required'],
    // Directly to consent pending if a rule approves automatically.
    leadsTo: ['submitted', 'consent_pending'],
  },
  withdrawClaim: {
    rule: withdrawClaim,
    givenBy: ['claims.withdraw'],
    phases: undecidedPhases,
    leadsTo: ['canceled'],
  },
  startReview: {
    rule: startReview,
    givenBy: ['reviews.start'],
    isJudgement: true,
    phases: ['submitted'],
    leadsTo: ['under_review'],
  },
  requestInformation: {
    rule: requestInformation,
    givenBy: ['reviews.ask'],
    isJudgement: true,
    phases: ['submitted', 'under_review'],
    leadsTo: ['action_required'],
  },
  approveClaim: {
    rule: approveClaim,
    givenBy: ['reviews.decide'],
    isJudgement: true,
    needsDirectory: true,
    phases: ['submitted', 'under_review'],
    // Directly to official if the customer was notified earlier and its window has passed.
    leadsTo: ['consent_pending', 'official'],
  },
  rejectClaim: {
    rule: rejectClaim,
    givenBy: ['reviews.decide'],
    isJudgement: true,
    phases: ['submitted', 'under_review', 'consent_pending'],
    isOffered: ({ lines }) => lines.some(isRejectable),
    leadsTo: ['rejected', 'rejected_final'],
  },
  clearHold: {
    rule: clearHold,
    givenBy: ['reviews.decide'],
    isJudgement: true,
    needsDirectory: true,
    phases: ['consent_pending'],
    isOffered: ({ lines }) => lines.some(isHeldBack),
    leadsTo: ['official', 'rejected_final'],
  },
  extendDeadline: {
    rule: extendDeadline,
    givenBy: ['reviews.extend'],
    isJudgement: true,
    phases: [...undecidedPhases, 'official'],
    isOffered: ({ clocks }) => clocks.some(isExtendable),
    leadsTo: [],
  },
  openDispute: {
    rule: openDispute,
    givenBy: ['claims.dispute'],
    needsRelatedClaims: true,
    phases: ['rejected'],
    isOffered: ({ lines }) => lines.some(isDisputable),
    leadsTo: ['disputed'],
  },
  decideDispute: {
    rule: decideDispute,
    givenBy: ['disputes.decide'],
    isJudgement: true,
    needsDirectory: true,
    phases: ['disputed'],
    isOffered: ({ lines }, { subject }) => lines.some((line) => isDecidableBy(line, subject)),
    leadsTo: ['consent_pending', 'official', 'action_required', 'rejected_final'],
  },
  askCustomerToChoose: {
    rule: askCustomerToChoose,
    givenBy: ['reviews.decide'],
    isJudgement: true,
    needsDirectory: true,
    phases: rivalPhases,
    isOffered: ({ lines }, { contestedLines }) =>
      lines.some(({ line, phase }) => contestedLines.includes(line) && rivalPhases.includes(phase)),
    leadsTo: [],
  },
  decideRivals: {
    rule: decideRivals,
    givenBy: ['reviews.decide'],
    isJudgement: true,
    needsRelatedClaims: true,
    phases: decidablePhases,
    isOffered: ({ lines }, { subject, contestedLines }) =>
      lines.some((line) => contestedLines.includes(line.line) && areRivalsDecidableBy(line, subject)),
    leadsTo: ['under_review', 'rejected', 'rejected_final'],
  },
  chooseRival: {
    rule: chooseRival,
    givenBy: ['choices.answer'],
    phases: rivalPhases,
    isOffered: (state) => state.choices.some((choice) => isChoiceOpen(state, choice)),
    leadsTo: [],
  },
  optOut: {
    rule: optOut,
    givenBy: ['associations.refuse'],
    needsRelatedClaims: true,
    phases: [...undecidedPhases, 'official'],
    isOffered: ({ lines }) => lines.some((line) => line.phase === 'official' || isAwaitingCustomer(line)),
    // Blocking the partner also finally rejects all other open lines of the claim.
    leadsTo: ['rejected', 'ended', 'rejected_final'],
  },
  acceptClaim: {
    rule: acceptClaim,
    givenBy: ['associations.accept'],
    needsDirectory: true,
    phases: undecidedPhases,
    isOffered: ({ lines }) => lines.some(isAwaitingCustomer),
    leadsTo: ['official'],
  },
  blockPartner: {
    rule: blockPartner,
    givenBy: ['partners.block'],
    needsRelatedClaims: true,
    phases,
    isOffered: (state) => isCustomerTold(state) && !state.isPartnerBlocked,
    leadsTo: ['rejected_final'],
  },
  liftBlock: {
    rule: liftBlock,
    givenBy: ['partners.block'],
    phases,
    isOffered: ({ isPartnerBlocked }) => isPartnerBlocked,
    leadsTo: [],
  },
  resendNotice: {
    rule: resendNotice,
    givenBy: ['notices.resend'],
    needsDirectory: true,
    phases: undecidedPhases,
    isOffered: (state) => state.lines.some((line) => isResendable(state, line)),
    leadsTo: [],
  },
  reportBounce: {
    rule: reportBounce,
    givenBy: ['notices.bounce'],
    phases,
    isOffered: ({ notices }) => notices.some(canBounce),
    leadsTo: [],
  },
  recordNoticeDelivery: {
    rule: recordNoticeDelivery,
    givenBy: 'system',
    phases: [],
    leadsTo: [],
  },
  endAssociation: {
    rule: endAssociation,
    givenBy: ['associations.disassociate', 'associations.revoke'],
    isJudgement: true,
    phases: ['official'],
    leadsTo: ['ended'],
  },
  transferAssociation: {
    rule: transferAssociation,
    givenBy: ['associations.transfer'],
    needsDirectory: true,
    phases: ['official'],
    isOffered: isTransferable,
    leadsTo: [],
  },
  checkAssociation: {
    rule: checkAssociation,
    givenBy: ['associations.check'],
    needsDirectory: true,
    phases: ['official'],
    // A renewed subscription adds a line in consent pending.
    leadsTo: ['ended', 'consent_pending'],
  },
  supersedeAssociation: {
    rule: supersedeAssociation,
    givenBy: 'system',
    phases: [],
    leadsTo: ['ended'],
  },
  warnHolder: {
    rule: warnHolder,
    givenBy: 'system',
    phases: [],
    leadsTo: [],
  },
  recordRefusal: {
    rule: recordRefusal,
    givenBy: 'system',
    phases: [],
    leadsTo: ['rejected_final'],
  },
  recordRivals: {
    rule: recordRivals,
    givenBy: 'system',
    phases: [],
    leadsTo: ['rejected', 'rejected_final'],
  },
} as const satisfies CommandTable;

type CommandTable<Permission extends string = string> = { [Type in CommandType]: CommandDefinition<Type, Permission> };

type GivenBy = (typeof table)[CommandType]['givenBy'];

/** The permissions that commands require. `libs/auth` grants them to roles, and the compiler reports any that it does not know. */
export type CommandPermission = Exclude<GivenBy, 'system' | 'signatory'>[number];

export const commandTable: CommandTable<CommandPermission> = table;

export const commandTypes = Object.keys(table) as CommandType[];

/** Calls the rule of a command. */
export function applyRule<Type extends CommandType>(state: ClaimState, command: CommandOf<Type>, context: DecisionContext): DecidedEvent[] {
  return commandTable[command.type].rule(state, command, context);
}
