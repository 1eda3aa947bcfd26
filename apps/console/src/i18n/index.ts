export { type Formatters, formatters, placeOf, useFormat } from './format.js';
export { type Language, languages } from './language.js';
export { defineTexts, formatMessage, LanguageProvider, type Texts, useLanguage, useTexts } from './texts.js';
