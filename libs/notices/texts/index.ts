import type { Language } from '../notice-view.js';
import { en, type NoticeTexts } from './notices.en.js';
import { lettersEn, type LetterTexts } from './letters.en.js';
import { lettersRu } from './letters.ru.js';
import { ru } from './notices.ru.js';

/** Raised with every change of a text, and kept with each notice, so that it can be said later what a customer was told. */
export const textVersion = 4;

export const texts: Record<Language, NoticeTexts> = { en, ru };

export const letterTexts: Record<Language, LetterTexts> = { en: lettersEn, ru: lettersRu };
