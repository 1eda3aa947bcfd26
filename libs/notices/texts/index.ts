import type { Language } from '../notice-view.js';
import { en, type NoticeTexts } from './notices.en.js';
import { lettersEn, type LetterTexts } from './letters.en.js';
import { lettersRu } from './letters.ru.js';
import { ru } from './notices.ru.js';
import { pagesEn, type PageTexts } from './pages.en.js';
import { pagesRu } from './pages.ru.js';

/** Raised whenever a text changes, and stored with each mail, so that it stays known what its reader was told. */
export const textVersion = 7;

export const texts: Record<Language, NoticeTexts> = { en, ru };

export const pageTexts: Record<Language, PageTexts> = { en: pagesEn, ru: pagesRu };

export const letterTexts: Record<Language, LetterTexts> = { en: lettersEn, ru: lettersRu };
