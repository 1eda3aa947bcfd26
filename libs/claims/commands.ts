import type { Actor } from './actor.js';
import type { ExtendableClock } from './clocks.js';
import type { RivalsRecord, RivalryStep } from './competition.js';
import type { ClaimDetails, EvidenceReference } from './details.js';
import type { DirectoryFacts } from './facts.js';

/** Lines a command is about; left out, it is about every line that it can be about. */
interface OfLines {
  lines?: number[] | undefined;
}

/** What may be asked of a claim, and with which words. Free text is set aside as personal data and named by `textId`. */
export interface CommandBodies {
  draftClaim: { number: string; partnerAccountId: string; details: ClaimDetails };
  editClaim: { changes: Partial<ClaimDetails> };
  discardDraft: object;
  addEvidence: { evidence: EvidenceReference };
  addComment: { textId: string; visibility: 'shared' | 'internal' };
  /** The words that go with an answer: said with the submission, or not at all. */
  submitClaim: { textId?: string | null | undefined };
  startReview: OfLines;
  requestInformation: OfLines & { reasons: string[]; textId?: string | null | undefined; suggestedDrops?: number[] | undefined };
  approveClaim: OfLines & { textId?: string | null | undefined; clearedHolds?: string[] | undefined };
  rejectClaim: OfLines & { reason: string; textId?: string | null | undefined };
  withdrawClaim: OfLines & { textId?: string | null | undefined };
  recordNoticeDelivery: { noticeId: string; results: NoticeDelivery[] };
  reportBounce: { noticeId: string; recipientId: string };
  optOut: OfLines & OfNotice & { textId?: string | null | undefined; blockPartner?: boolean | undefined };
  acceptClaim: OfLines & OfNotice & { isTenantAdmin: boolean };
  /** The customer refused the company these targets, by another of its claims. */
  recordRefusal: { targets: string[] };
  liftBlock: object;
  resendNotice: OfLines;
  extendDeadline: OfLines & { clock: ExtendableClock; textId?: string | null | undefined };
  clearHold: OfLines;
  openDispute: OfLines & { textId?: string | null | undefined; evidenceIds?: string[] | undefined };
  decideDispute: OfLines & {
    outcome: 'approve' | 'ask' | 'final';
    reasons?: string[] | undefined;
    textId?: string | null | undefined;
    clearedHolds?: string[] | undefined;
  };
  /** A claim competes for a target that this one holds. */
  warnHolder: { target: string; challenger: string };
  askCustomerToChoose: { line: number; textId?: string | null | undefined };
  /** The customer's choice among rivals: the claim it wants, by its id. */
  chooseRival: OfNotice & { choiceId: string; claimId: string; textId?: string | null | undefined };
  decideRivals: {
    line: number;
    winner: string;
    step: RivalryStep;
    /** Evidence that the reviewer found not to be the customer's signed word. */
    disregardedEvidence?: string[] | undefined;
    textId?: string | null | undefined;
  };
  /** Another claim's reviewer decided between the rivals, this one among them. */
  recordRivals: { record: RivalsRecord };
  /** Another claim became official on the target at this instant: another partner's, or its own with more activities. */
  supersedeAssociation: { associationId: string; at: string; isOwn?: true | undefined };
  endAssociation: OfLines & { reason: 'partner_disassociated' | 'vendor_revoked'; textId: string | null };
  transferAssociation: { partnerId: string; textId?: string | null | undefined };
  /** Looks into the directory anew: subscription, renewal, enrolment, term. */
  checkAssociation: OfLines;
}

/** Who answers a notice, and which. */
interface OfNotice {
  noticeId?: string | null | undefined;
  recipientId?: string | null | undefined;
}

export type NoticeDelivery =
  | { recipientId: string; outcome: 'accepted'; acceptedAt: string }
  | { recipientId: string; outcome: 'failed'; reason: string };

export type CommandType = keyof CommandBodies;
export type ClaimCommand = { [Type in CommandType]: CommandOf<Type> }[CommandType];

export interface CommandOf<Type extends CommandType> {
  type: Type;
  actor: Actor;
  body: CommandBodies[Type];
}

interface CommandRule {
  /** A draft has no workflow: its commands run in the API's own process. */
  isForDraft: boolean;
  /** Whether the rules need the customer directory's answer, taken no longer than a moment before. */
  needsDirectory: boolean;
  /** Whether the rules look at other claims on the same targets; all that ask the directory do. */
  needsRelatedClaims?: true;
}

/** Every command there is. The workflow registers an Update for each, the API knows from here where a command runs. */
export const commandRules: Record<CommandType, CommandRule> = {
  draftClaim: { isForDraft: true, needsDirectory: true },
  editClaim: { isForDraft: true, needsDirectory: true },
  discardDraft: { isForDraft: true, needsDirectory: false },
  addEvidence: { isForDraft: true, needsDirectory: false },
  addComment: { isForDraft: true, needsDirectory: false },
  submitClaim: { isForDraft: false, needsDirectory: true },
  startReview: { isForDraft: false, needsDirectory: false },
  requestInformation: { isForDraft: false, needsDirectory: false },
  approveClaim: { isForDraft: false, needsDirectory: true },
  rejectClaim: { isForDraft: false, needsDirectory: false },
  withdrawClaim: { isForDraft: false, needsDirectory: false },
  recordNoticeDelivery: { isForDraft: false, needsDirectory: false },
  reportBounce: { isForDraft: false, needsDirectory: false },
  optOut: { isForDraft: false, needsDirectory: false, needsRelatedClaims: true },
  recordRefusal: { isForDraft: false, needsDirectory: false },
  clearHold: { isForDraft: false, needsDirectory: true },
  openDispute: { isForDraft: false, needsDirectory: false, needsRelatedClaims: true },
  decideDispute: { isForDraft: false, needsDirectory: true },
  acceptClaim: { isForDraft: false, needsDirectory: true },
  liftBlock: { isForDraft: false, needsDirectory: false },
  resendNotice: { isForDraft: false, needsDirectory: true },
  extendDeadline: { isForDraft: false, needsDirectory: false },
  warnHolder: { isForDraft: false, needsDirectory: false },
  askCustomerToChoose: { isForDraft: false, needsDirectory: true },
  chooseRival: { isForDraft: false, needsDirectory: false },
  decideRivals: { isForDraft: false, needsDirectory: false, needsRelatedClaims: true },
  recordRivals: { isForDraft: false, needsDirectory: false },
  supersedeAssociation: { isForDraft: false, needsDirectory: false },
  endAssociation: { isForDraft: false, needsDirectory: false },
  transferAssociation: { isForDraft: false, needsDirectory: true },
  checkAssociation: { isForDraft: false, needsDirectory: true },
};

/** A command as the inbox holds it: when it was received decides, not when it is carried out. */
export interface StoredCommand {
  commandId: string;
  claimId: string;
  command: ClaimCommand;
  receivedAt: string;
  facts: DirectoryFacts | null;
}
