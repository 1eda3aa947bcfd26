import type { Language, NoticeView } from './notice-view.js';

/** A partner among which the customer chooses. */
export interface ChoiceCandidate {
  claimId: string;
  legalName: string;
  partnerId: string;
  /** Whether it is the partner of record today. */
  isHolder: boolean;
}

/** What the mail and the page show that ask the customer which partner it wants. Nothing here is trusted as markup. */
export interface ChoiceView {
  language: Language;
  /** The product's label, with the subscription's id where that is the target. */
  target: string;
  tenant: NoticeView['tenant'];
  /** By name: the order favours nobody. */
  candidates: ChoiceCandidate[];
  /** False once the rivals are decided. */
  isOpen: boolean;
  /** The customer's latest choice as it was received. */
  chosen: { claimId: string; receivedAt: string; reference: string } | null;
  zone: string;
  vendor: NoticeView['vendor'];
  /** The recipient's own link, token included. */
  url: string;
}
