import {
  type ClaimEvent,
  type ClaimState,
  type ClockStart,
  type EventOf,
  type EventType,
  type Phase,
  phaseOf,
  type PublicClockName,
  publicClockNames,
} from '#libs/claims/index.js';

/** Claim events that the feed reports as events of an association. */
type AssociationSource = 'LinesMadeOfficial' | 'AssociationEnded' | 'AssociationTransferred';

/** What each of the others is called in the feed. */
export const changeTypes = {
  ClaimDrafted: 'claim.created',
  ClaimEdited: 'claim.edited',
  EvidenceAdded: 'claim.evidence_added',
  EvidenceScanned: 'claim.evidence_scanned',
  CommentAdded: 'claim.comment_added',
  SignatureRequested: 'claim.signature_requested',
  SignatureCodeRequested: 'claim.signature_code_requested',
  SignatureForwarded: 'claim.signature_forwarded',
  StatementSigned: 'claim.statement_signed',
  SignatureDeclined: 'claim.signature_declined',
  SignatureExpired: 'claim.signature_expired',
  SignatureRequestCanceled: 'claim.signature_request_canceled',
  DraftDiscarded: 'claim.discarded',
  ClaimSubmitted: 'claim.submitted',
  ReviewStarted: 'claim.review_started',
  InformationRequested: 'claim.information_requested',
  LinesApproved: 'claim.approved',
  LinesRejected: 'claim.rejected',
  LinesHeld: 'claim.held',
  DeadlineBreached: 'claim.deadline_breached',
  DeadlineExtended: 'claim.deadline_extended',
  NoticeRequested: 'claim.notice_requested',
  NoticeRecipientAdded: 'claim.notice_recipient_added',
  NoticeAccepted: 'claim.notice_accepted',
  NoticeFailed: 'claim.notice_failed',
  NoticeBounced: 'claim.notice_bounced',
  CustomerAccepted: 'claim.customer_accepted',
  CustomerDeclined: 'claim.customer_declined',
  ConsentWindowPassed: 'claim.customer_window_passed',
  PartnerBlocked: 'claim.partner_blocked',
  PartnerUnblocked: 'claim.partner_unblocked',
  ClaimWithdrawn: 'claim.withdrawn',
  DisputeOpened: 'claim.dispute_opened',
  DisputeDecided: 'claim.dispute_decided',
  DisputeWindowClosed: 'claim.dispute_window_closed',
  ChoiceRequested: 'claim.choice_requested',
  CustomerChose: 'claim.customer_chose',
  RivalsDecided: 'claim.rivals_decided',
  HolderWarned: 'association.holder_warned',
  HearingClosed: 'association.hearing_closed',
  AssociationChecked: 'association.checked',
  ExpiryNoticeDue: 'association.expiry_notice_due',
  LineCarriedOver: 'association.carried_over',
} as const satisfies Record<Exclude<EventType, AssociationSource>, `${'claim' | 'association'}.${string}`>;

type ChangeSource = keyof typeof changeTypes;
export type ChangeType = (typeof changeTypes)[ChangeSource];

/** A deadline that a change has set. */
export interface ChangedDeadline {
  clock: PublicClockName;
  lines: number[];
  /** RFC 3339. */
  dueAt: string;
}

/** A change of a claim, in ids, codes and instants. Names, addresses and free text are never part of it. */
export interface ClaimChange {
  /** Lines that the change concerns; empty if it concerns the claim as a whole. */
  lines: number[];
  /** Of the claim, after the change. Null for customers. */
  phase: Phase | null;
  /** Codes of the reasons or of the outcome. */
  reasons: string[];
  deadlines: ChangedDeadline[];
  /** What the change is about: the information request, notice, choice, signature request or evidence file. */
  aboutId: string | null;
}

export const isChange = (event: ClaimEvent): event is EventOf<ChangeSource> & ClaimEvent => event.type in changeTypes;

/** The change that an event makes, given the state after it. */
export function changeOf(event: EventOf<ChangeSource> & ClaimEvent, after: ClaimState): ClaimChange {
  return {
    lines: linesOf(event),
    phase: phaseOf(after),
    reasons: reasonsOf(event),
    deadlines: deadlinesOf(event),
    aboutId: aboutOf(event),
  };
}

/** A customer learns what happened to it, not what partner and vendor have agreed. */
export const forCustomer = (change: ClaimChange): ClaimChange => ({
  ...change,
  phase: null,
  reasons: [],
  deadlines: change.deadlines.filter(({ clock }) => clock === 'customer_window'),
});

function linesOf({ data }: ClaimEvent): number[] {
  if ('lines' in data) return data.lines.map((line) => (typeof line === 'number' ? line : line.line));
  return 'line' in data ? [data.line] : [];
}

function reasonsOf(event: ClaimEvent): string[] {
  switch (event.type) {
    case 'InformationRequested':
      return event.data.reasons;
    case 'LinesRejected':
      return [event.data.reason];
    case 'EvidenceScanned':
      return [event.data.result];
    case 'DisputeDecided':
      return [event.data.outcome];
    case 'RivalsDecided':
      return [event.data.isWinner ? 'won' : 'lost'];
    default:
      return [];
  }
}

function deadlinesOf({ data }: ClaimEvent): ChangedDeadline[] {
  const shown = ({ clock, lines, deadline: { dueAt } }: Pick<ClockStart, 'clock' | 'lines' | 'deadline'>): ChangedDeadline => ({
    clock: publicClockNames[clock],
    lines,
    dueAt,
  });
  if ('deadline' in data) return [shown(data)];
  if ('dueAt' in data) return [{ clock: publicClockNames[data.clock], lines: data.lines, dueAt: data.dueAt }];
  return 'clocks' in data ? data.clocks.map(shown) : [];
}

function aboutOf({ data }: ClaimEvent): string | null {
  if ('evidence' in data) return data.evidence.evidenceId;
  for (const key of ['requestId', 'choiceId', 'noticeId', 'signatureId', 'evidenceId'] as const)
    if (key in data) return (data as Record<string, string | null>)[key]!;
  return null;
}
