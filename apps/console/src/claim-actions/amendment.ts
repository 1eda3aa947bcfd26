import type { Claim, ClaimChanges, ClaimLine, Phase } from '../client/index.js';
import { type Contacts, contactsOf, contactsSent } from './contact-fields.js';

export interface AmendedLine {
  /** Null for a new line, which gets its number from the API. */
  line: number | null;
  product: string;
  subscriptionId: string;
  activities: string[];
  /** False if the partner drops the line. */
  isKept: boolean;
  /** A line whose phase does not let it change; it is sent as it is. */
  isLocked: boolean;
}

/** What a form may change of a claim that was submitted (domain.md 7). */
export interface Amendment {
  partnerId: string;
  lines: AmendedLine[];
  contacts: Contacts;
}

const amendable: Phase[] = ['submitted', 'action_required'];
const lockingHeader: Phase[] = ['consent_pending', 'official', 'under_review', 'disputed'];

/** Whether the location may change: the most locked line decides about what all lines share. */
export const isLocationOpen = ({ lines }: Pick<Claim, 'lines'>): boolean => lines.every(({ phase }) => !lockingHeader.includes(phase));

const amendedLine = ({ line, product, subscriptionId, activities, phase }: ClaimLine): AmendedLine => ({
  line,
  product,
  subscriptionId: subscriptionId ?? '',
  activities,
  isKept: true,
  isLocked: !amendable.includes(phase),
});

/** The claim's present values. Canceled lines are over and left out. */
export const amendmentOf = (claim: Claim): Amendment => ({
  partnerId: claim.partnerId,
  lines: claim.lines.filter(({ phase }) => phase !== 'canceled').map(amendedLine),
  contacts: contactsOf(claim),
});

/** What a PATCH has to send: only the groups that differ from what the form began with, so that others' changes to the rest stay. */
export function changesOf(begun: Amendment, now: Amendment): ClaimChanges {
  return {
    ...(now.partnerId !== begun.partnerId && { partnerId: now.partnerId }),
    ...(differ(now.lines, begun.lines) && { lines: keptLines(now).map(sentLine) }),
    ...(differ(now.contacts, begun.contacts) && { contacts: contactsSent(now.contacts) }),
  };
}

/** The lines in the order in which they are sent, to which the pointers of refusals refer. */
export const keptLines = ({ lines }: Amendment): AmendedLine[] => lines.filter(({ isKept }) => isKept);

const sentLine = ({ line, product, subscriptionId, activities }: AmendedLine) => ({
  ...(line !== null && { line }),
  product,
  subscriptionId: subscriptionId.trim() === '' ? null : subscriptionId.trim(),
  activities,
});

const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
