import type { Actor } from './actor.js';
import type { ClaimDetails, CoverForm, EvidenceReference } from './details.js';
import type { ClockName, ClockStart, Deadline, PausedClock } from './clocks.js';
import type { RivalsRecord } from './competition.js';
import type { Finding } from './findings.js';
import type { Consent, ExclusivityKey } from './policy.js';

export interface NoticeRecipient {
  recipientId: string;
  kind: 'contact' | 'tenant_admin';
  personId: string;
  /** Whether its acceptance starts the window: a tenant admin, or a contact in a verified domain (domain.md 17). */
  canStartWindow: boolean;
}

/** A line whose target has become the partner's. */
export interface OfficialLine {
  line: number;
  associationId: string;
  target: string;
  partnerId: string;
  activities: string[];
  /** Whether an incentive programme may pay for one of its activities: a hint in the event feed, from which nothing is computed. */
  isIncentivised: boolean;
  /** ISO date on which it ends by itself; absent while none is known. */
  endsOn?: string;
  /** The association that this one replaces at the same instant: a rival's by decision record, or the partner's own with fewer activities. */
  displaces: { claimId: string; associationId: string; isOwn?: true | undefined } | null;
}

/** Why an association ends (domain.md 11). */
export const endReasons = [
  'customer_revoked',
  'partner_disassociated',
  'subscription_ended',
  'superseded',
  'transferred',
  'vendor_revoked',
  'enrolment_lost',
  'term_expired',
] as const;
export type EndReason = (typeof endReasons)[number];

/** Another claim of the refused company, and the targets on which it was open. */
export interface SettledClaim {
  claimId: string;
  targets: string[];
}

/** A line whose target another partner wants or holds. */
export interface Competition {
  line: number;
  target: string;
  /** The claim of the partner that holds the target. */
  holder: string | null;
  /** Undecided claims of other partners. */
  rivals: string[];
}

interface EventData {
  ClaimDrafted: { number: string; partnerAccountId: string; policy: string; details: ClaimDetails; warnings: Finding[] };
  ClaimEdited: { changes: Partial<ClaimDetails>; warnings: Finding[]; competing?: Competition[] | undefined };
  EvidenceAdded: { evidence: EvidenceReference };
  /** A file that waited in quarantine was scanned. */
  EvidenceScanned: { evidenceId: string; result: 'clean' | 'infected'; scanner: string };
  CommentAdded: { textId: string; visibility: 'shared' | 'internal' };
  SignatureRequested: {
    signatureId: string;
    /** The addressee. */
    personId: string;
    emailDomain: string;
    language: 'en' | 'ru';
    /** The version whose template made the text. */
    policy: string;
    /** The text is stored apart; its hash, over UTF-8, binds it. */
    textId: string;
    textSha256: string;
    /** What the text says of the claim. */
    cover: CoverForm;
    clocks: ClockStart[];
  };
  /** A code was ordered for the addressee. The code itself is stored nowhere: it is derived from its ID and the installation's key. */
  SignatureCodeRequested: { signatureId: string; codeId: string; validUntil: string };
  SignatureForwarded: { signatureId: string; fromPersonId: string; personId: string; emailDomain: string };
  StatementSigned: {
    signatureId: string;
    textSha256: string;
    language: 'en' | 'ru';
    policy: string;
    /** ISO date in the calendar's zone. */
    signedOn: string;
    identifiedBy: 'link_and_code';
    codeId: string;
    /** Name, title, network address and browser are stored apart; the hash, which is salted, binds them. */
    signerId: string;
    signerSha256: string;
  };
  SignatureDeclined: { signatureId: string; textId: string | null };
  SignatureExpired: { signatureId: string };
  SignatureRequestCanceled: { signatureId: string };
  DraftDiscarded: object;
  ClaimSubmitted: {
    submission: number;
    lines: number[];
    policy: string;
    exclusivityKey: ExclusivityKey;
    competing: Competition[];
    acknowledgementVersion: number;
    /** Subscriptions filled in because only one was eligible (D10). */
    filled: { line: number; subscriptionId: string }[];
    /** Warnings and holds; errors refuse the submission. */
    findings: Finding[];
    clocks: ClockStart[];
  };
  ReviewStarted: { lines: number[]; clocks: ClockStart[] };
  InformationRequested: {
    requestId: string;
    lines: number[];
    reasons: string[];
    textId: string | null;
    suggestedDrops: number[];
    clocks: ClockStart[];
    paused: PausedClock[];
  };
  LinesApproved: {
    lines: number[];
    textId: string | null;
    clearedHolds: string[];
    findings: Finding[];
    /** Code of the rule that approved instead of a reviewer. */
    rule?: string | undefined;
  };
  LinesRejected: { lines: number[]; reason: string; textId: string | null; isFinal: boolean; clocks: ClockStart[] };
  DeadlineBreached: { clock: ClockName; lines: number[]; dueAt: string };
  NoticeRequested: {
    noticeId: string;
    lines: number[];
    recipients: NoticeRecipient[];
    language: 'en' | 'ru';
    /** Whether silence accepts. */
    consent: Consent;
  };
  /** The contact was corrected during the window: it is written to as well, and the deadline stays. */
  NoticeRecipientAdded: { noticeId: string; recipient: NoticeRecipient };
  NoticeAccepted: { noticeId: string; recipientId: string; clocks: ClockStart[] };
  NoticeFailed: { noticeId: string; recipientId: string; reason: string };
  NoticeBounced: { noticeId: string; recipientId: string; clocks: ClockStart[] };
  CustomerDeclined: {
    lines: number[];
    noticeId: string | null;
    recipientId: string | null;
    textId: string | null;
    /** Until its end this partner cannot claim the targets again (K10); absent when the programme has no cool-down. */
    coolDown?: Deadline | undefined;
    settles?: SettledClaim[] | undefined;
  };
  CustomerAccepted: { lines: number[]; noticeId: string | null; recipientId: string | null; isTenantAdmin: boolean };
  PartnerBlocked: {
    tenantId: string;
    partnerAccountId: string;
    recipientId: string | null;
    /** Why, if the customer blocked the partner without refusing a claim. */
    textId?: string | null | undefined;
    settles?: SettledClaim[] | undefined;
  };
  PartnerUnblocked: { tenantId: string; partnerAccountId: string };
  DeadlineExtended: { clock: ClockName; lines: number[]; from: string; deadline: Deadline; textId: string | null };
  ConsentWindowPassed: { lines: number[] };
  LinesMadeOfficial: { lines: OfficialLine[]; clocks: ClockStart[] };
  LinesHeld: { lines: number[]; findings: Finding[] };
  AssociationEnded: {
    lines: number[];
    reason: EndReason;
    noticeId: string | null;
    recipientId: string | null;
    textId: string | null;
    coolDown?: Deadline | undefined;
    settles?: SettledClaim[] | undefined;
    /** Set when the partner's own next association continues it. */
    isContinued?: boolean | undefined;
  };
  /** The association moved to another location of the company: one association ends and the next begins at this instant. */
  AssociationTransferred: { partnerId: string; lines: { line: number; endedId: string; associationId: string }[]; textId: string | null };
  /** The directory was asked again. `fault` is set when its record could not be used, so that nothing changed. */
  AssociationChecked: { lines: number[]; isEligible: boolean; endsOn: string | null; clocks: ClockStart[]; fault?: string };
  ExpiryNoticeDue: { line: number; daysLeft: number; endsOn: string };
  /** The subscription was renewed under another ID: the renewal is a new line with its own notice and window (domain.md 11). */
  LineCarriedOver: { line: number; from: number; product: string; subscriptionId: string; activities: string[] };
  HolderWarned: { lines: number[]; challenger: string; clocks: ClockStart[] };
  HearingClosed: { lines: number[] };
  ChoiceRequested: {
    choiceId: string;
    line: number;
    target: string;
    candidates: { claimId: string; partnerAccountId: string; isHolder: boolean }[];
    recipients: NoticeRecipient[];
    language: 'en' | 'ru';
    textId: string | null;
  };
  CustomerChose: { choiceId: string; target: string; claimId: string; recipientId: string | null; textId: string | null };
  /** Every candidate's claim records the same decision, with the outcome for its own line. */
  RivalsDecided: { line: number; isWinner: boolean; displaces: string | null; record: RivalsRecord; textId: string | null };
  ClaimWithdrawn: { lines: number[]; textId: string | null };
  DisputeOpened: {
    lines: number[];
    textId: string | null;
    evidenceIds: string[];
    competing?: Competition[] | undefined;
    clocks: ClockStart[];
  };
  DisputeDecided: { lines: number[]; outcome: 'approve' | 'ask' | 'final'; textId: string | null };
  DisputeWindowClosed: { lines: number[] };
}

export type EventType = keyof EventData;

/** A fact about one claim: what happened, as of which instant, and by whom. The store adds when it was recorded. */
export type ClaimEvent = { [Type in EventType]: EventOf<Type> }[EventType];
export interface EventOf<Type extends EventType> {
  type: Type;
  at: string;
  by: EventAuthor;
  data: EventData[Type];
}
export type EventAuthor = Pick<Actor, 'kind' | 'subject'>;

/** An event as a rule returns it; `decide` adds the command's actor unless the rule names the system. */
export type DecidedEvent = { [Type in EventType]: DecidedEventOf<Type> }[EventType];
export interface DecidedEventOf<Type extends EventType> {
  type: Type;
  at: string;
  by?: EventAuthor;
  data: EventData[Type];
}

/** Builds an event of a decision. */
export const event = <Type extends EventType>(type: Type, at: string, data: EventData[Type]): DecidedEventOf<Type> => ({ type, at, data });
