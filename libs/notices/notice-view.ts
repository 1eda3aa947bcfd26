export type Language = 'en' | 'ru';

export type LineState = 'open' | 'declined' | 'official' | 'ended' | 'canceled' | 'other';

export interface NoticeLine {
  line: number;
  /** The product's label, followed by the subscription's id where the target is a subscription. */
  target: string;
  /** Activity codes of the programme, such as `usage`. */
  activities: string[];
  state: LineState;
  /** Whether somebody of the customer has accepted it already; it may be refused all the same. */
  isAccepted?: boolean;
  /** The target that it follows when the customer has renewed a subscription. */
  renews?: string;
}

/** How long the customer may answer, counted from the delivery of its notice. */
export interface AnswerWindow {
  days: number;
  /** What is counted; `second` in sandboxes alone. */
  unit: 'business_day' | 'calendar_day' | 'second';
}

/** A time in which the customer may answer, and for which lines. */
export interface AnswerPeriod {
  lines: number[];
  /**
   * Its end, RFC 3339. In the mail it is the instant expected if the mail is delivered today, since its delivery starts the period; on the
   * page it is the recorded deadline, or null while the period has not begun.
   */
  closesAt: string | null;
  /** Whether that was counted without knowing all public holidays. */
  isBeyondCoverage?: boolean;
  /** Whether silence accepts, or only the customer's word. */
  consent: 'opt_out' | 'opt_in';
}

/** What a notice, its receipts and the customer's page show. Everything is looked up by the caller; nothing here is trusted as markup. */
export interface NoticeView {
  language: Language;
  /** `CLM-000123`. */
  claimNumber: string;
  partner: { legalName: string; partnerId: string };
  tenant: { name: string; tenantId: string; domain: string };
  lines: NoticeLine[];
  /** The period of a notice; on the page one for each end that open lines have, the next to end first. Never empty. */
  periods: AnswerPeriod[];
  /** Whether the customer takes no further claims of this partner. */
  isPartnerBlocked: boolean;
  /** IANA zone of the policy's calendar, in which instants are shown. */
  zone: string;
  window: AnswerWindow;
  /** A file's name is null once it was erased; it has an address of its own where the programme shows the customer its content. */
  evidence: { fileName: string | null; signedOn: string | null; url?: string | null | undefined }[];
  vendor: { name: string; contactEmail: string; explanationUrl: string };
  /** The recipient's own link, token included. */
  url: string;
  sentAt: string;
}

/**
 * What became of one line by the customer's answer: `ended` is an answer after the period, `recorded` one whose effect is still to come.
 * An acceptance bars nothing: the line can still be refused, or ended.
 */
export type ReceiptOutcome = 'declined' | 'ended' | 'accepted' | 'recorded';

/** What the customer can hold against us: when its answer was received and what it did. */
export interface Receipt {
  /** RFC 3339; the instant that decides. */
  receivedAt: string;
  lines: { line: number; outcome: ReceiptOutcome }[];
  /** What to quote when writing to the vendor. */
  reference: string;
}

// Controls and line separators could forge lines or headers, directional marks could disguise a file name.
const disguises = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Returns the value with every text in it on one line and free of directional marks. */
export function plain<T>(value: T): T {
  if (typeof value === 'string') return value.replace(disguises, ' ').trim() as T;
  if (Array.isArray(value)) return value.map(plain) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)])) as T;
}
