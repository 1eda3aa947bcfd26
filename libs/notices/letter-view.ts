import type { LetterKind, Letter } from './letters.js';
import type { Language, NoticeView } from './notice-view.js';

/** What a letter shows. The caller has looked everything up; every value is plain text, never markup. */
export interface LetterView extends Omit<Letter['about'], 'lines' | 'signatureId' | 'codeId'> {
  kind: LetterKind;
  language: Language;
  claimNumber: string;
  partner: { legalName: string; partnerId: string };
  tenant: { name: string };
  /** Labels of the products that it is about, with the subscription's ID where that is the target. */
  targets: string[];
  /** Whether the products are subscriptions, which can be renewed. */
  isSubscription: boolean;
  /** The renewal of the subscription that it is about; null while none is known. */
  renewal: Renewal | null;
  /** IANA zone of the programme's calendar, in which instants are shown. */
  zone: string;
  vendor: Pick<NoticeView['vendor'], 'name' | 'contactEmail'>;
  /** The customer's own link; null for partners and the vendor. */
  url: string | null;
  /** The code to sign with; null in all letters but the one that brings it. */
  code: string | null;
  /** What to quote when writing to the vendor. */
  reference: string;
}

/** The subscription that follows, and whether the association continues for it: yes, no, or as the customer decides by an answer or by silence. */
export interface Renewal {
  target: string;
  isCarriedOver: 'yes' | 'no' | 'unless_refused' | 'if_accepted';
}

/** What the texts of a letter may name, dates already written out in the reader's language. */
export interface LetterFacts {
  partner: string;
  customer: string;
  vendor: string;
  contactEmail: string;
  at: string;
  dueAt: string | null;
  endsOn: string | null;
  /** Whole days from the local date of `at` to the end; 0 on the day of the end. */
  daysLeft: number;
  reason: string | null;
  reasons: string[];
  clock: string | null;
  code: string | null;
  isSubscription: boolean;
  renewal: Renewal | null;
}

/** The words of a letter. */
export interface LetterWords {
  title: string;
  paragraphs: string[];
}
