export type Language = 'en' | 'ru';

export type LineState = 'open' | 'declined' | 'official' | 'ended' | 'canceled' | 'other';

export interface NoticeLine {
  line: number;
  /** The product's label, followed by the subscription's ID where the target is a subscription. */
  target: string;
  /** Activity codes of the programme, such as `usage`. */
  activities: string[];
  state: LineState;
  /** Whether the customer has accepted it already; it can still be refused. */
  isAccepted?: boolean;
  /** The target that this one follows, when the customer has renewed a subscription. */
  renews?: string;
}

/** How long the customer may answer, counted from the delivery of the notice. */
export interface AnswerWindow {
  days: number;
  /** `second` in sandboxes only. */
  unit: 'business_day' | 'calendar_day' | 'second';
}

/** A period in which the customer may answer, and the lines that it covers. */
export interface AnswerPeriod {
  lines: number[];
  /**
   * Its end, RFC 3339. In the mail, the instant expected if the mail is delivered today, since its delivery starts the period. On the page,
   * the recorded deadline, or null while the period has not begun.
   */
  closesAt: string | null;
  /** Whether the end was counted without knowing every public holiday (R31). */
  isBeyondCoverage?: boolean;
  /** Whether the end has passed. */
  isOver?: boolean;
  /** When to remind the customer, RFC 3339: in the morning of the last business day before the end. Null when that has passed. */
  remindAt?: string | null;
  /** Whether silence accepts (`opt_out`) or only an answer (`opt_in`). */
  consent: 'opt_out' | 'opt_in';
}

/** What a notice, its receipts and the customer's page show. The caller has looked everything up; every value is plain text, never markup. */
export interface NoticeView {
  language: Language;
  /** `CLM-000123`. */
  claimNumber: string;
  partner: { legalName: string; partnerId: string };
  tenant: { name: string; tenantId: string; domain: string };
  lines: NoticeLine[];
  /** The period of the notice; on the page, one for each deadline of an open line, soonest first. Never empty. */
  periods: AnswerPeriod[];
  /** Whether the customer has blocked further claims by this partner. */
  isPartnerBlocked: boolean;
  /** IANA zone of the programme's calendar, in which instants are shown. */
  zone: string;
  window: AnswerWindow;
  /** A file's name is null once erased; `url` is set where the programme shows the customer the content. */
  evidence: { fileName: string | null; signedOn: string | null; url?: string | null | undefined }[];
  vendor: { name: string; contactEmail: string; explanationUrl: string };
  /** The page that explains the programme, made by us. */
  explanationPage: string;
  /** The recipient's own link, token included; on the copy for reading, the address of the copy. */
  url: string;
  /** The address of the copy for reading; left out in mails and on the copy itself. */
  copyUrl?: string;
  /** Whether an open line was notified again by a notice that went to other people. */
  isReplaced?: boolean;
  sentAt: string;
}

/**
 * What the customer's answer did to one line: `ended` for an answer after the period, `recorded` while its effect is still to come. An
 * `accepted` line can still be refused or ended.
 */
export type ReceiptOutcome = 'declined' | 'ended' | 'accepted' | 'recorded';

/** The customer's proof: when its answer was received and what it did. */
export interface Receipt {
  /** RFC 3339. The instant that decides whether the answer was in time. */
  receivedAt: string;
  lines: { line: number; outcome: ReceiptOutcome }[];
  /** What to quote when writing to the vendor. */
  reference: string;
}

// Control characters and line separators could forge lines or headers; directional marks could disguise a file name.
const disguises = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Returns a copy of the value whose texts are on one line each and free of directional marks. */
export function plain<T>(value: T): T {
  if (typeof value === 'string') return value.replace(disguises, ' ').trim() as T;
  if (Array.isArray(value)) return value.map(plain) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)])) as T;
}
