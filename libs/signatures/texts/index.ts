import type { Language } from '#libs/notices/index.js';
import { en, type SignatureTexts } from './en.js';
import { ru } from './ru.js';

export const signatureTexts: Record<Language, SignatureTexts> = { en, ru };
