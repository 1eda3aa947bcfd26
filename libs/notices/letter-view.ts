import type { LetterKind, Letter } from './letters.js';
import type { Language, NoticeView } from './notice-view.js';

/** What a letter shows that tells of something and asks for nothing. Everything is looked up by the caller; nothing here is markup. */
export interface LetterView extends Omit<Letter['about'], 'lines'> {
  kind: LetterKind;
  language: Language;
  claimNumber: string;
  partner: { legalName: string; partnerId: string };
  tenant: { name: string };
  /** The products it is about, with the subscription's id where that is the target. */
  targets: string[];
  /** Whether the products are subscriptions, which can be renewed. */
  isSubscription: boolean;
  /** What became of the renewal of the subscription it is about; null while none is known. */
  renewal: Renewal | null;
  /** IANA zone of the policy's calendar, in which instants are shown. */
  zone: string;
  vendor: NoticeView['vendor'];
  /** The customer's own link, or null where the reader has none. */
  url: string | null;
  /** What to quote when writing to the vendor. */
  reference: string;
}

/** The subscription that follows, and whether the association goes on with it: yes, no, or as the customer will say by its word or silence. */
export interface Renewal {
  target: string;
  isCarriedOver: 'yes' | 'no' | 'unless_refused' | 'if_accepted';
}

/** What the texts of a letter may name, dates in the reader's words. */
export interface LetterFacts {
  partner: string;
  customer: string;
  vendor: string;
  contactEmail: string;
  at: string;
  dueAt: string | null;
  endsOn: string | null;
  /** Whole days from the local date of `at` to the end; 0 on its own day. */
  daysLeft: number;
  reason: string | null;
  reasons: string[];
  clock: string | null;
  isSubscription: boolean;
  renewal: Renewal | null;
}

/** A letter in words: its title, and what it says, a paragraph each. */
export interface LetterWords {
  title: string;
  says: string[];
}
