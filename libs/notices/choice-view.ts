import type { Language, NoticeView } from './notice-view.js';

/** A partner that the customer can choose. */
export interface ChoiceCandidate {
  claimId: string;
  legalName: string;
  partnerId: string;
  /** Whether it is the partner of record today. */
  isHolder: boolean;
}

/** What the mail and the page show when the customer is asked to choose a partner. Every value is plain text, never markup. */
export interface ChoiceView {
  language: Language;
  /** The product's label, with the subscription's ID where that is the target. */
  target: string;
  tenant: NoticeView['tenant'];
  /** Sorted by name, so that the order favours nobody. */
  candidates: ChoiceCandidate[];
  /** False once the rivals are decided. */
  isOpen: boolean;
  /** The customer's latest stored choice. */
  chosen: { claimId: string; receivedAt: string; reference: string } | null;
  zone: string;
  vendor: NoticeView['vendor'];
  explanationPage: NoticeView['explanationPage'];
  /** The recipient's own link, token included; on the copy for reading, the address of the copy. */
  url: string;
  /** The address of the copy for reading; left out in mails and on the copy itself. */
  copyUrl?: string;
}
