import {
  type ClaimEvent,
  type ClaimState,
  type ClockName,
  type Deadline,
  type EventOf,
  isBefore,
  isUnreached,
  type LineState,
  linesIn,
  type NoticeState,
  undecidedPhases,
} from '#libs/claims/index.js';

/** Letters that tell of something and ask for nothing; a notice, which starts a window or asks a question, is none. */
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
  'notice_failure',
  'escalation',
] as const;
export type LetterKind = (typeof letterKinds)[number];

export interface Letter {
  kind: LetterKind;
  /** Null for the vendor, whose address the policy has. */
  personId: string | null;
  /** What the words are about, in codes and instants. */
  about: {
    lines: number[];
    at: string;
    reason?: string;
    reasons?: string[];
    clock?: ClockName;
    dueAt?: string;
    /** Set when `dueAt` was counted without knowing all holidays. */
    isBeyondCoverage?: true;
    endsOn?: string;
    daysLeft?: number;
  };
}

/**
 * Whom an event is told to by mail: the customer gets a receipt for its acceptance, its refusal, every end and every change of scope
 * (domain.md 8, rule 6), and learns that a claim of which it was told is off the table; a holder is warned of a competing claim, and the
 * partner of an end that is near (domain.md 10, 4.2). The vendor is told of a review that is late: K1, K2, K3 and K8 escalate. The partner
 * reads what it is asked for and until when, for silence has its claim rejected (K4); why it was rejected and until when it may dispute
 * that (domain.md 11); what a refusal of another of its claims has settled (R29); and, as the vendor does, that a notice has reached
 * nobody (domain.md 8, rule 4).
 */
export function lettersOf(event: ClaimEvent, state: ClaimState): Letter[] {
  const { at } = event;
  switch (event.type) {
    case 'CustomerAccepted':
      return toCustomer(state, 'acceptance_receipt', { lines: event.data.lines, at });
    case 'CustomerDeclined':
      return toCustomer(state, 'refusal_receipt', { lines: event.data.lines, at });
    case 'ClaimWithdrawn':
      // Who was never told of the claim need not hear that it is gone.
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
    case 'NoticeFailed':
    case 'NoticeBounced': {
      const lines = unreachedBy(event, state);
      if (lines.length === 0) return [];
      const about = { lines, at };
      return [...toPartner(state, 'notice_failure', about), { kind: 'notice_failure', personId: null, about }];
    }
    case 'AssociationEnded': {
      // It goes on in the partner's own next one; nobody has lost anything.
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
    case 'DeadlineBreached': {
      const { lines, clock, dueAt } = event.data;
      return [{ kind: 'escalation', personId: null, about: { lines, at, clock, dueAt } }];
    }
    default:
      return [];
  }
}

/** Until when, by a clock that was started. */
function dueBy(started: { deadline: Deadline } | undefined): Pick<Letter['about'], 'dueAt' | 'isBeyondCoverage'> {
  if (started === undefined) return {};
  const { dueAt, isBeyondCoverage } = started.deadline;
  return { dueAt, ...(isBeyondCoverage && { isBeyondCoverage: true as const }) };
}

/** The lines of which nobody is told by now, if this was the last mail that could have reached somebody. */
function unreachedBy({ data: { noticeId, recipientId } }: EventOf<'NoticeFailed'> | EventOf<'NoticeBounced'>, state: ClaimState): number[] {
  const lines = linesIn(state, undecidedPhases).filter((line) => line.noticeId === noticeId && isUnreached(state, line));
  const lost = state.notices.find((notice) => notice.noticeId === noticeId)?.recipients.filter(({ at }) => at !== null) ?? [];
  const isLater = (one: (typeof lost)[number], than: (typeof lost)[number] | undefined) =>
    than === undefined || !isBefore(one.at!, than.at!);
  const last = lost.reduce<(typeof lost)[number] | undefined>((latest, one) => (isLater(one, latest) ? one : latest), undefined);
  return last?.recipientId === recipientId ? lines.map(({ line }) => line) : [];
}

/**
 * Everyone to whom the notices of these lines went: who was told of the beginning is told of the end. That goes for a mail that is still on
 * its way too: once its lines are settled it is not sent any more, and the receipt is the first that its reader hears.
 */
function toCustomer(
  state: ClaimState,
  kind: LetterKind,
  about: Letter['about'],
  reached: NoticeState['recipients'][number]['state'][] = ['accepted', 'pending'],
): Letter[] {
  const isAbout = ({ line }: LineState) => about.lines.includes(line);
  const told = new Set(state.lines.filter(isAbout).map(({ noticeId }) => noticeId));
  const written = state.notices
    .filter(({ noticeId }) => told.has(noticeId))
    .flatMap(({ recipients }) => recipients.filter(({ state: delivery }) => reached.includes(delivery)));
  return [...new Set(written.map(({ personId }) => personId))].map((personId) => ({ kind, personId, about }));
}

function toPartner(state: ClaimState, kind: LetterKind, about: Letter['about']): Letter[] {
  const contact = state.details.contacts.partner;
  return contact === null ? [] : [{ kind, personId: contact.personId, about }];
}
