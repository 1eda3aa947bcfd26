import type { Actor } from './actor.js';
import type { ClaimDetails, EvidenceReference } from './details.js';
import type { ClockName, ClockStart, PausedClock } from './clocks.js';
import type { Finding } from './findings.js';

export interface NoticeRecipient {
  recipientId: string;
  kind: 'contact' | 'tenant_admin';
  personId: string;
  /** Whether its acceptance starts the window: a tenant admin, or a contact in a verified domain (domain 17). */
  canStartWindow: boolean;
}

/** A target that became one partner's. */
export interface OfficialLine {
  line: number;
  associationId: string;
  target: string;
}

interface EventData {
  ClaimDrafted: { number: string; partnerAccountId: string; policy: string; details: ClaimDetails; warnings: Finding[] };
  ClaimEdited: { changes: Partial<ClaimDetails>; warnings: Finding[] };
  EvidenceAdded: { evidence: EvidenceReference };
  CommentAdded: { textId: string; visibility: 'shared' | 'internal' };
  DraftDiscarded: object;
  ClaimSubmitted: {
    submission: number;
    lines: number[];
    policy: string;
    acknowledgementVersion: number;
    /** Subscriptions that were filled in because exactly one was eligible (D10). */
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
  LinesApproved: { lines: number[]; textId: string | null; clearedHolds: string[]; findings: Finding[] };
  LinesRejected: { lines: number[]; reason: string; textId: string | null; isFinal: boolean; clocks: ClockStart[] };
  DeadlineBreached: { clock: ClockName; lines: number[]; dueAt: string };
  NoticeRequested: { noticeId: string; lines: number[]; recipients: NoticeRecipient[]; language: 'en' | 'ru' };
  NoticeAccepted: { noticeId: string; recipientId: string; clocks: ClockStart[] };
  NoticeFailed: { noticeId: string; recipientId: string; reason: string };
  NoticeBounced: { noticeId: string; recipientId: string; clocks: ClockStart[] };
  CustomerDeclined: { lines: number[]; noticeId: string | null; recipientId: string | null; textId: string | null };
  ConsentWindowPassed: { lines: number[] };
  LinesMadeOfficial: { lines: OfficialLine[] };
  LinesHeld: { lines: number[]; findings: Finding[] };
  AssociationEnded: {
    lines: number[];
    reason: 'customer_revoked';
    noticeId: string | null;
    recipientId: string | null;
    textId: string | null;
  };
  ClaimWithdrawn: { lines: number[]; textId: string | null };
  DisputeOpened: { lines: number[]; textId: string | null; evidenceIds: string[]; clocks: ClockStart[] };
  DisputeDecided: { lines: number[]; outcome: 'approve' | 'ask' | 'final'; textId: string | null };
  DisputeWindowClosed: { lines: number[] };
}

export type EventType = keyof EventData;

/** A fact about one claim: what, from which instant, by whom. When it was written down is the store's to add. */
export type ClaimEvent = { [Type in EventType]: EventOf<Type> }[EventType];
export interface EventOf<Type extends EventType> {
  type: Type;
  at: string;
  by: EventAuthor;
  data: EventData[Type];
}
export type EventAuthor = Pick<Actor, 'kind' | 'subject'>;

/** An event as a rule makes it; `decide` adds by whom. */
export type DecidedEvent = { [Type in EventType]: Omit<EventOf<Type>, 'by'> }[EventType];

/** Makes one event of a decision. */
export const event = <Type extends EventType>(type: Type, at: string, data: EventData[Type]): DecidedEvent =>
  ({ type, at, data }) as unknown as DecidedEvent;
