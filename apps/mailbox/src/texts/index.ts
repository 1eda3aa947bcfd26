import type { Language } from '#libs/notices/index.js';
import { en, type Texts } from './en.js';
import { ru } from './ru.js';

export type { Texts } from './en.js';

export const texts: Record<Language, Texts> = { en, ru };
