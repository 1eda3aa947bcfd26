import type { Language } from '#libs/notices/index.js';
import { en, type SnapshotTexts } from './en.js';
import { ru } from './ru.js';

export const snapshotTexts: Record<Language, SnapshotTexts> = { en, ru };
