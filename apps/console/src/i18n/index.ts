export { type Formatters, useFormat } from './format.js';
export type { Language } from './language.js';
export { defineTexts, formatMessage, LanguageProvider, type Texts, useLanguage, useTexts } from './texts.js';
