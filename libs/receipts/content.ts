/** What a receipt says. Its texts are in its language; the words around them are added. */
export interface ReceiptContent {
  language: 'en' | 'ru';
  title: string;
  facts: { label: string; value: string }[];
  sections: { heading?: string; paragraphs: string[] }[];
  /** What happened, in the order in which it is printed. */
  trail: TrailEntry[];
  /** The address of the page where anyone can check a receipt. */
  checkAt: string;
}

export interface TrailEntry {
  /** An ISO instant. */
  at: string;
  text: string;
}
