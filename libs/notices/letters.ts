import {
  type ClaimEvent,
  type ClaimState,
  type ClockName,
  type Deadline,
  type EventOf,
  compareInstants,
  isUnreached,
  type LineState,
  linesIn,
  type NoticeState,
  undecidedPhases,
} from '#libs/claims/index.js';

/** The kinds of letters. A letter informs and asks nothing; a mail that opens a window or asks a question is a notice. */
export const letterKinds = [
  'acceptance_receipt',
  'refusal_receipt',
  'end_receipt',
  'transfer_receipt',
  'withdrawal_receipt',
  'expiry_notice',
  'holder_warning',
  'partner_ended',
  'information_request',
  'rejection',
  'refused_target',
  'evidence_infected',
  'notice_failure',
  'escalation',
  'signature_request',
  'signature_code',
  'signature_receipt',
  'signature_canceled',
  'statement_signed',
  'signature_declined',
  'signature_expired',
  'signature_forwarded',
] as const;
export type LetterKind = (typeof letterKinds)[number];

/** A letter as the rules order it: to whom, and what it is about in codes and instants. `renderLetter` puts it into words. */
export interface Letter {
  kind: LetterKind;
  /** Null for the vendor, whose address is in the programme. */
  personId: string | null;
  about: {
    lines: number[];
    at: string;
    reason?: string;
    reasons?: string[];
    clock?: ClockName;
    dueAt?: string;
    /** Set when `dueAt` was counted without knowing every public holiday (R31). */
    isBeyondCoverage?: true;
    endsOn?: string;
    daysLeft?: number;
    /** The request to sign that the letter is about; a letter to its addressee carries the link. */
    signatureId?: string;
    /** The code that the letter carries. */
    codeId?: string;
  };
}

/**
 * Returns the letters that an event calls for.
 *
 * - The customer gets a receipt for its acceptance, its refusal, every end and every change of scope (domain.md 8, rule 6), and learns that
 *   a claim it was notified of was withdrawn.
 * - The partner learns what a reviewer asks for and by when, since silence rejects the claim (K4); why a claim was rejected and until when it
 *   can dispute that (domain.md 11); what a refusal of another of its claims has settled (R29); that its association has a competitor
 *   (domain.md 10), ends soon (domain.md 4.2) or has ended; that a notice reached nobody (domain.md 8, rule 4), and that
 *   malware was found in a file of its evidence.
 * - The signatory of a statement of work gets the link, each code, and a receipt. Partner and vendor learn that it was signed, the partner also
 *   that it was declined, passed on or has expired.
 * - The vendor learns of a missed deadline (K1, K2, K3, K8) and of a notice that reached nobody.
 *
 * `state` is the claim right after the event.
 */
export function lettersOf(event: ClaimEvent, state: ClaimState): Letter[] {
  const { at } = event;
  switch (event.type) {
    case 'CustomerAccepted':
      return toCustomer(state, 'acceptance_receipt', { lines: event.data.lines, at });
    case 'CustomerDeclined':
      return toCustomer(state, 'refusal_receipt', { lines: event.data.lines, at });
    case 'ClaimWithdrawn':
      // A recipient whose notice never arrived does not know of the claim.
      return toCustomer(state, 'withdrawal_receipt', { lines: event.data.lines, at }, ['accepted']);
    case 'InformationRequested': {
      const { lines, reasons, clocks } = event.data;
      return toPartner(state, 'information_request', { lines, at, reasons, ...dueBy(clocks.find(({ clock }) => clock === 'K4')) });
    }
    case 'LinesRejected': {
      const { lines, reason, clocks } = event.data;
      if (reason === 'customer_refused_target') return toPartner(state, 'refused_target', { lines, at });
      return toPartner(state, 'rejection', { lines, at, reason, ...dueBy(clocks[0]) });
    }
    case 'EvidenceScanned':
      return event.data.result === 'infected'
        ? toPartner(state, 'evidence_infected', { lines: state.lines.map(({ line }) => line), at })
        : [];
    case 'NoticeFailed':
    case 'NoticeBounced': {
      const lines = unreachedBy(event, state);
      if (lines.length === 0) return [];
      const about = { lines, at };
      return [...toPartner(state, 'notice_failure', about), { kind: 'notice_failure', personId: null, about }];
    }
    case 'AssociationEnded': {
      // The partner's next claim takes over; nothing ends for anyone.
      if (event.data.isContinued) return [];
      const about = { lines: event.data.lines, at, reason: event.data.reason };
      return [...toCustomer(state, 'end_receipt', about), ...toPartner(state, 'partner_ended', about)];
    }
    case 'AssociationTransferred':
      return toCustomer(state, 'transfer_receipt', { lines: event.data.lines.map(({ line }) => line), at });
    case 'ExpiryNoticeDue': {
      const { line, endsOn, daysLeft } = event.data;
      return toPartner(state, 'expiry_notice', { lines: [line], at, endsOn, daysLeft });
    }
    case 'HolderWarned': {
      const { lines } = event.data;
      const hearing = state.clocks.find((one) => one.clock === 'K9' && one.lines.some((line) => lines.includes(line)));
      return toPartner(state, 'holder_warning', { lines, at, ...dueBy(hearing) });
    }
    case 'SignatureRequested':
    case 'SignatureCodeRequested':
    case 'SignatureForwarded':
    case 'StatementSigned':
    case 'SignatureDeclined':
    case 'SignatureExpired':
    case 'SignatureRequestCanceled':
      return signatureLetters(event, state);
    case 'DeadlineBreached': {
      const { lines, clock, dueAt } = event.data;
      return [{ kind: 'escalation', personId: null, about: { lines, at, clock, dueAt } }];
    }
    default:
      return [];
  }
}

type SignatureEvent = Extract<ClaimEvent, { data: { signatureId: string } }>;

function signatureLetters(event: SignatureEvent, state: ClaimState): Letter[] {
  const { signatureId } = event.data;
  const request = state.signatures?.find((signature) => signature.signatureId === signatureId);
  if (request === undefined) return [];
  const about = { lines: state.lines.map(({ line }) => line), at: event.at, signatureId };
  const toSignatory = (kind: LetterKind, more: Partial<Letter['about']> = {}): Letter => ({
    kind,
    personId: request.personId,
    about: { ...about, ...more },
  });
  switch (event.type) {
    case 'SignatureRequested':
      return [toSignatory('signature_request', dueBy(event.data.clocks[0]))];
    case 'SignatureForwarded':
      return [
        toSignatory('signature_request', dueBy(state.clocks.find(({ clock }) => clock === 'K15'))),
        ...toPartner(state, 'signature_forwarded', about),
      ];
    case 'SignatureCodeRequested':
      return [toSignatory('signature_code', { codeId: event.data.codeId, dueAt: event.data.validUntil })];
    case 'StatementSigned':
      return [
        toSignatory('signature_receipt'),
        ...toPartner(state, 'statement_signed', about),
        { kind: 'statement_signed', personId: null, about },
      ];
    case 'SignatureDeclined':
      return toPartner(state, 'signature_declined', about);
    case 'SignatureExpired':
      return toPartner(state, 'signature_expired', about);
    case 'SignatureRequestCanceled':
      return [toSignatory('signature_canceled')];
  }
}

/** The deadline of a started clock, if there is one. */
function dueBy(started: { deadline: Deadline } | undefined): Pick<Letter['about'], 'dueAt' | 'isBeyondCoverage'> {
  if (started === undefined) return {};
  const { dueAt, isBeyondCoverage } = started.deadline;
  return { dueAt, ...(isBeyondCoverage && { isBeyondCoverage: true as const }) };
}

/** The lines that no recipient knows of, if this mail was the last that could have reached one; otherwise none. */
function unreachedBy({ data: { noticeId, recipientId } }: EventOf<'NoticeFailed'> | EventOf<'NoticeBounced'>, state: ClaimState): number[] {
  const lines = linesIn(state, undecidedPhases).filter((line) => line.noticeId === noticeId && isUnreached(state, line));
  const recipients = state.notices.find((notice) => notice.noticeId === noticeId)?.recipients ?? [];
  const own = recipients.find((recipient) => recipient.recipientId === recipientId)?.at ?? null;
  // Answers of one round have the same instant, in any order.
  const isLast = own !== null && recipients.every(({ at }) => at === null || compareInstants(at, own) <= 0);
  return isLast ? lines.map(({ line }) => line) : [];
}

/**
 * Addresses every recipient of the notices about these lines: those who were notified of the claim also learn how it goes on. That includes
 * recipients whose notice is still to be sent: once its lines are settled it no longer is, and the receipt is the first they read of the claim.
 */
function toCustomer(
  state: ClaimState,
  kind: LetterKind,
  about: Letter['about'],
  reached: NoticeState['recipients'][number]['state'][] = ['accepted', 'pending'],
): Letter[] {
  const isAbout = ({ line }: LineState) => about.lines.includes(line);
  const noticeIds = new Set(state.lines.filter(isAbout).map(({ noticeId }) => noticeId));
  const recipients = state.notices
    .filter(({ noticeId }) => noticeIds.has(noticeId))
    .flatMap((notice) => notice.recipients.filter(({ state: delivery }) => reached.includes(delivery)));
  return [...new Set(recipients.map(({ personId }) => personId))].map((personId) => ({ kind, personId, about }));
}

function toPartner(state: ClaimState, kind: LetterKind, about: Letter['about']): Letter[] {
  const contact = state.details.contacts.partner;
  return contact === null ? [] : [{ kind, personId: contact.personId, about }];
}
