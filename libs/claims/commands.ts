import type { Actor } from './actor.js';
import type { ExtendableClock } from './clocks.js';
import type { RivalsRecord, RivalryStep } from './competition.js';
import type { ClaimDetails, EvidenceReference } from './details.js';
import type { DecisionContext } from './context.js';
import type { PersonReference } from './facts.js';
import type { DecidedEvent } from './events.js';
import type { Phase } from './phases.js';
import type { ClaimState } from './state.js';

/** The lines of a command; by default every line to which it applies. */
interface OfLines {
  lines?: number[] | undefined;
}

interface OfSignature {
  signatureId: string;
}

/** The data of each command. Free text is stored apart as personal data, and `textId` refers to it. */
export interface CommandBodies {
  draftClaim: { number: string; partnerAccountId: string; details: ClaimDetails };
  editClaim: { changes: Partial<ClaimDetails> };
  discardDraft: object;
  addEvidence: { evidence: EvidenceReference };
  recordEvidenceScan: {
    evidenceId: string;
    result: 'clean' | 'infected';
    /** Engine and version of its signatures, such as `ClamAV 1.4.6/27500`. */
    scanner: string;
  };
  addComment: { textId: string; visibility: 'shared' | 'internal' };
  /** Asks the customer's signatory to sign the statement of work that the programme's template makes of this claim. */
  requestSignature: {
    signatory: PersonReference;
    language: 'en' | 'ru';
    /** The version whose template made the text. */
    policy: string;
    /** The statement, stored apart: its hash binds it to the event. */
    textId: string;
    textSha256: string;
  };
  cancelSignatureRequest: OfSignature;
  /** The addressee asks for a code, which is sent to the address that the link was sent to. */
  requestSignatureCode: OfSignature;
  signStatement: OfSignature & {
    /** The code that the addressee proved to have. */
    codeId: string;
    /** What the person typed and whence, stored apart: the hash binds it to the event. */
    signerId: string;
    signerSha256: string;
  };
  declineSignature: OfSignature & { textId?: string | null | undefined };
  /** The addressee names a colleague, whose link replaces its own. */
  forwardSignature: OfSignature & { signatory: PersonReference };
  /** `textId`: a comment that accompanies the submission. */
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
  /** The customer refused the company these targets through another of its claims. */
  recordRefusal: { targets: string[] };
  blockPartner: { textId?: string | null | undefined };
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
  /** Another claim competes for a target that this claim holds. */
  warnHolder: { target: string; challenger: string };
  askCustomerToChoose: { line: number; textId?: string | null | undefined };
  /** The customer chooses a claim among rivals. */
  chooseRival: OfNotice & { choiceId: string; claimId: string; textId?: string | null | undefined };
  decideRivals: {
    line: number;
    winner: string;
    step: RivalryStep;
    /** Evidence that does not count, because the reviewer found that the customer did not sign it. */
    disregardedEvidence?: string[] | undefined;
    textId?: string | null | undefined;
  };
  /** The reviewer of another claim decided between rivals, of which this claim is one. */
  recordRivals: { record: RivalsRecord };
  /** Another claim became official on the target at this instant: a rival's, or the partner's own with more activities. */
  supersedeAssociation: { associationId: string; at: string; isOwn?: true | undefined };
  endAssociation: OfLines & { reason: 'partner_disassociated' | 'vendor_revoked'; textId: string | null };
  transferAssociation: { partnerId: string; textId?: string | null | undefined };
  /** Asks the directory again about subscription, renewal, enrolment and term. */
  checkAssociation: OfLines;
}

/** The notice being answered, and its recipient. */
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

/** Everything the product knows about a command; `commandTable` has an entry for each. */
export interface CommandDefinition<Type extends CommandType, Permission extends string = string> {
  rule: (state: ClaimState, command: CommandOf<Type>, context: DecisionContext) => DecidedEvent[];
  /**
   * Permissions of `libs/auth`, any of which suffices; `system` for commands given only by clocks, the mailer and other claims; `signatory` for
   * those of whoever holds the link of a signature request.
   */
  givenBy: readonly Permission[] | 'system' | 'signatory';
  /** A judgement of the vendor, refused to vendor staff who act for the partner (R21). */
  isJudgement?: true;
  /** A draft has no workflow: the API executes these commands on it directly. */
  isForDraft?: true;
  /** The rule reads the customer directory's current answer, and with it the related claims. */
  needsDirectory?: true;
  /** The rule reads other claims on the same targets. */
  needsRelatedClaims?: true;
  /** People are offered the command while at least one line is in one of these phases; empty for a claim that does not exist yet. */
  phases: readonly Phase[];
  /** Narrows the offer if the phase alone does not decide. */
  isOffered?: (state: ClaimState, viewer: Viewer) => boolean;
  /** Phases that the command can move a line to (domain.md 3.2). */
  leadsTo: readonly Phase[];
}

/** Who is offered commands on a claim. */
export interface Viewer {
  subject: string;
  /** Lines whose target another partner wants or holds. */
  contestedLines: readonly number[];
}
