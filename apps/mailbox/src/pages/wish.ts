import { acceptedLanguage } from './languages.js';
import type { Language } from '#libs/notices/index.js';

export const partNames = ['html', 'text', 'headers'] as const;
export type PartName = (typeof partNames)[number];

/** What the address of a page asks for. */
export interface Wish {
  language: Language;
  /** The language was chosen by hand, so every link carries it on. */
  isLanguageChosen: boolean;
  /** Empty for everyone's mails. */
  to: string;
  /** Empty for no search. */
  words: string;
  /** From 1. Null for the page that shows the selected mail, or the first. */
  page: number | null;
  /** Null for the first one that the mail has. */
  part: PartName | null;
}

/** Reads the query of an address. What cannot be read counts as left out. */
export function wishOf(query: URLSearchParams, acceptLanguage: string | undefined): Wish {
  const lang = query.get('lang');
  const isLanguageChosen = lang === 'en' || lang === 'ru';
  const page = Number(query.get('page'));
  return {
    language: isLanguageChosen ? lang : acceptedLanguage(acceptLanguage),
    isLanguageChosen,
    to: query.get('to') ?? '',
    words: (query.get('q') ?? '').trim(),
    page: Number.isSafeInteger(page) && page > 0 ? page : null,
    part: partNames.find((name) => name === query.get('part')) ?? null,
  };
}

/** Returns the address that asks for `wish`, changed. */
export function addressOf(path: string, wish: Wish, change: Partial<Wish> = {}): string {
  const { language, isLanguageChosen, to, words, page, part } = { ...wish, ...change };
  const query = new URLSearchParams({
    ...(words && { q: words }),
    ...(to && { to }),
    ...(page !== null && { page: String(page) }),
    ...(part !== null && { part }),
    ...(isLanguageChosen && { lang: language }),
  }).toString();
  return query === '' ? path : `${path}?${query}`;
}
