import type { Language } from '../notice-view.js';

/** A noun in the forms that a language has for numbers: `other` stands for those that are left out. */
export type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

const rules: Record<Language, Intl.PluralRules> = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') };

/** A number with its noun: "1 business day", "21 рабочий день". */
export const counted = (language: Language, count: number, forms: Forms): string =>
  `${count} ${forms[rules[language].select(count)] ?? forms.other}`;
