import type { ClockName, EndReason, RivalryStep } from '#libs/claims/index.js';
import { codes, dueBy, forVendor, holds, list, type TimelineTexts } from './texts.js';

const linesOf = (lines: number[]): string => `${lines.length === 1 ? 'Line' : 'Lines'} ${lines.join(', ')}.`;

const overdue: Partial<Record<ClockName, string>> = {
  K1: 'The review did not start in time',
  K2: 'The review did not reach a decision in time',
  K3: 'The claim was not decided in time',
  K8: 'The dispute was not decided in time',
};

const disputeOutcomes = {
  approve: 'Dispute accepted',
  ask: 'Dispute: more information needed',
  final: 'Dispute decided: the rejection is final',
};

const endReasons: Record<EndReason, string> = {
  customer_revoked: 'The customer ended the association',
  partner_disassociated: 'The partner ended the association',
  subscription_ended: 'The association ended with the subscription',
  superseded: 'Another association took its place',
  transferred: 'The association was moved to another location',
  vendor_revoked: 'The vendor ended the association',
  enrolment_lost: 'The association ended: the location is no longer enrolled',
  term_expired: 'The association ended with its term',
};

const rivalrySteps: Record<RivalryStep, string> = {
  customer_choice: "the customer's choice",
  newest_evidence: 'the newest evidence signed by the customer',
  holder: 'the existing association',
  earliest_submission: 'the earlier submission',
};

const extensions: Partial<Record<ClockName, string>> = {
  K4: 'The partner was given more time to answer',
  K5: 'The customer was given more time',
  K9: 'The holder was given more time',
};

const refusedTarget = 'The customer refused this company, in another of its claims or with a block. A refusal cannot be disputed.';

export const english: TimelineTexts = {
  team: {
    ClaimDrafted: () => ['Draft created'],
    ClaimEdited: () => ['Claim changed'],
    EvidenceAdded: ({ evidence }) => [
      'Evidence added',
      evidence.quarantine === 'waiting' ? 'It can be opened once it is scanned for malware.' : null,
    ],
    EvidenceScanned: ({ result }) =>
      result === 'clean'
        ? ['Evidence scanned: no malware found']
        : ['Malware found in the evidence', 'The file stays in quarantine. A clean copy is needed.'],
    CommentAdded: ({ visibility }) => [visibility === 'internal' ? 'Internal comment' : 'Comment'],
    SignatureRequested: ({ clocks }, words) => [
      'The customer was asked to sign the statement of work',
      dueBy(clocks, 'K15', words, (instant) => `The request ends on ${instant}.`),
    ],
    SignatureCodeRequested: () => ['A code was sent to the signatory'],
    SignatureForwarded: () => ['The signatory passed the request to a colleague'],
    StatementSigned: () => ['The customer signed the statement of work', 'Identified by the link and a code, both sent to the signatory.'],
    SignatureDeclined: () => ['The customer declined to sign the statement of work'],
    SignatureExpired: () => ['The request to sign the statement of work has expired'],
    SignatureRequestCanceled: () => ['The request to sign the statement of work was canceled'],
    DraftDiscarded: () => ['Draft discarded'],
    ClaimSubmitted: ({ submission, clocks, findings }, words) => [
      submission === 1 ? 'Claim submitted' : 'Claim resubmitted',
      dueBy(clocks, 'K1', words, (instant) => `The review starts by ${instant}.`),
      forVendor(holds(findings), words, (labels) => `To be checked before approval: ${labels}.`),
    ],
    ReviewStarted: ({ lines, clocks }, words) => [
      'Review started',
      linesOf(lines),
      dueBy(clocks, 'K2', words, (instant) => `Decision by ${instant}.`),
    ],
    InformationRequested: ({ lines, reasons, suggestedDrops, clocks }, words) => [
      'More information needed from the partner',
      linesOf(lines),
      `Reasons: ${list(reasons, words)}.`,
      suggestedDrops.length === 0 ? null : `The reviewer suggests dropping line ${suggestedDrops.join(', ')}.`,
      dueBy(clocks, 'K4', words, (instant) => `Answer by ${instant}; without an answer, the claim is rejected.`),
    ],
    LinesApproved: ({ lines, clearedHolds }, words) => [
      'Approved by the vendor; the customer decides last',
      linesOf(lines),
      forVendor(clearedHolds, words, (labels) => `Checked and cleared: ${labels}.`),
    ],
    LinesRejected: ({ lines, reason, isFinal, clocks }, words) => [
      isFinal ? 'Rejected (final)' : 'Rejected',
      linesOf(lines),
      reason === 'customer_refused_target' ? refusedTarget : `Reason: ${words.label(reason)}.`,
      dueBy(clocks, 'K7', words, (instant) => `It can be disputed until ${instant}.`),
    ],
    DeadlineBreached: ({ clock, lines, dueAt }, words) => [
      overdue[clock] ?? 'A deadline was missed',
      linesOf(lines),
      `It was due by ${words.instant(dueAt)}.`,
    ],
    NoticeRequested: ({ lines }) => ['Sending the notice to the customer', linesOf(lines)],
    NoticeRecipientAdded: () => ['Sending the notice to the corrected contact', 'The deadline does not change.'],
    NoticeAccepted: ({ clocks }, words) => [
      'Notice delivered to the customer',
      dueBy(clocks, 'K5', words, (instant) => `The customer can decline until ${instant}.`),
    ],
    NoticeFailed: () => [
      "A notice could not be delivered to one of the customer's addresses",
      'If it reached nobody, correct the customer contact.',
    ],
    NoticeBounced: ({ clocks }, words) => [
      'A notice to the customer bounced',
      dueBy(clocks, 'K5', words, (instant) => `The customer can decline until ${instant}.`),
    ],
    CustomerDeclined: ({ lines }) => ['The customer declined', linesOf(lines)],
    ConsentWindowPassed: ({ lines }) => ['The customer did not decline in time', linesOf(lines), 'The vendor has not decided yet.'],
    LinesMadeOfficial: ({ lines }) => ['The association is official', linesOf(lines.map(({ line }) => line))],
    LinesHeld: ({ lines, findings }, words) => [
      'On hold: a final check failed, and a reviewer is looking into it',
      linesOf(lines),
      forVendor(codes(findings), words, (labels) => `Found: ${labels}.`),
    ],
    AssociationEnded: ({ lines, reason, isContinued }) =>
      isContinued
        ? ['Continues under another claim, with a different activity', linesOf(lines)]
        : [endReasons[reason], linesOf(lines), 'Access to usage data has stopped.'],
    AssociationTransferred: ({ lines, partnerId }) => [
      'Moved to another location of the partner',
      linesOf(lines.map(({ line }) => line)),
      `PartnerID ${partnerId}.`,
    ],
    AssociationChecked: ({ lines, isEligible, endsOn, fault }) => [
      fault === undefined ? 'Checked against the directory' : 'The directory could not be read; the check is repeated tomorrow',
      linesOf(lines),
      fault ?? null,
      isEligible ? null : 'The location is not enrolled, or the subscription is suspended: incentives may not be paid.',
      endsOn === null ? null : `Ends on ${endsOn}.`,
    ],
    ExpiryNoticeDue: ({ line, endsOn, daysLeft }) => [`The association ends on ${endsOn}`, linesOf([line]), `Days left: ${daysLeft}.`],
    LineCarriedOver: ({ line, from }) => [
      'The subscription was renewed: the association follows it',
      `Line ${from} continues as line ${line}.`,
    ],
    HolderWarned: ({ lines, clocks }, words) => [
      'Another claim competes for this association',
      linesOf(lines),
      dueBy(clocks, 'K9', words, (instant) => `New evidence counts until ${instant}.`),
    ],
    HearingClosed: ({ lines }) => [
      'The period for answering the competing claim has ended',
      linesOf(lines),
      'The vendor decides on the evidence it has.',
    ],
    ChoiceRequested: ({ line }) => ['The customer was asked to choose between the partners', linesOf([line])],
    CustomerChose: () => ['The customer has chosen between the partners'],
    RivalsDecided: ({ line, isWinner, record }) => [
      isWinner ? 'Competing claims decided: this claim prevails' : 'Competing claims decided: another claim prevails',
      linesOf([line]),
      `Decided by ${rivalrySteps[record.step]}.`,
    ],
    CustomerAccepted: ({ lines, isTenantAdmin }) => [
      'The customer accepted',
      linesOf(lines),
      isTenantAdmin ? null : "A contact's acceptance does not close the window early.",
    ],
    PartnerBlocked: () => ['The customer blocked further claims by this partner'],
    PartnerUnblocked: () => ['The customer allows claims by this partner again'],
    DeadlineExtended: ({ clock, lines, deadline }, words) => [
      extensions[clock] ?? 'A deadline was extended',
      linesOf(lines),
      `It is now due by ${words.instant(deadline.dueAt)}.`,
    ],
    ClaimWithdrawn: ({ lines }) => ['Withdrawn by the partner', linesOf(lines)],
    DisputeOpened: ({ lines, clocks }, words) => [
      'Rejection disputed by the partner',
      linesOf(lines),
      dueBy(clocks, 'K8', words, (instant) => `Answer by ${instant}.`),
    ],
    DisputeDecided: ({ lines, outcome }) => [disputeOutcomes[outcome], linesOf(lines)],
    DisputeWindowClosed: ({ lines }) => [
      'The period for disputing the rejection has ended',
      linesOf(lines),
      'A new claim can be made with updated evidence.',
    ],
  },
  customer: {
    LinesRejected: ({ lines }) => [
      'Closed because your organisation has refused this partner',
      linesOf(lines),
      'You do not need to do anything.',
    ],
    NoticeRequested: ({ lines }) => ['A partner says that it works with you; we are writing to you about it', linesOf(lines)],
    NoticeAccepted: ({ clocks }, words) => [
      'Our notice was delivered to you',
      dueBy(
        clocks,
        'K5',
        words,
        (instant) => `You can decline before anything takes effect until ${instant}, and end it at any time after.`,
      ),
    ],
    CustomerDeclined: ({ lines }) => ['Your organisation declined', linesOf(lines)],
    LinesMadeOfficial: ({ lines }) => [
      'The partner is now your partner of record',
      linesOf(lines.map(({ line }) => line)),
      'You can end this at any time.',
    ],
    AssociationEnded: ({ lines, reason, isContinued }) =>
      isContinued
        ? ['Continues under another claim of the same partner, with a different activity', linesOf(lines)]
        : [
            reason === 'customer_revoked' ? 'Your organisation ended the association' : endReasons[reason],
            linesOf(lines),
            "The partner's access has stopped.",
          ],
    AssociationTransferred: ({ lines, partnerId }) => [
      'Another office of your partner now works with you',
      linesOf(lines.map(({ line }) => line)),
      `PartnerID ${partnerId}. You can end this at any time.`,
    ],
    LineCarriedOver: ({ line }) => ['You renewed a subscription; the partner asks to remain your partner for it', linesOf([line])],
    ChoiceRequested: ({ line }) => ['More than one partner says that it works with you; we asked you to choose', linesOf([line])],
    CustomerChose: () => ['Your organisation has chosen between the partners'],
    CustomerAccepted: ({ lines }) => [
      'Your organisation accepted',
      linesOf(lines),
      'You can still decline, and you can end it at any time.',
    ],
    PartnerBlocked: () => ['Your organisation blocked further claims by this partner'],
    StatementSigned: () => ['Your organisation signed the partner’s statement of work'],
    PartnerUnblocked: () => ['Your organisation allows claims by this partner again'],
    DeadlineExtended: ({ lines, deadline }, words) => [
      'You have more time to decline',
      linesOf(lines),
      `Until ${words.instant(deadline.dueAt)}.`,
    ],
    ClaimWithdrawn: ({ lines }) => ['The partner withdrew its claim', linesOf(lines), 'You do not need to do anything.'],
  },
};
