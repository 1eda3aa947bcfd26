import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Language, preferredLanguage, rememberLanguage } from './language.js';

/** Texts of one feature in every language: ICU messages, such as `{count, plural, one {# claim} other {# claims}}`. */
export type Texts<Key extends string> = Record<Language, Record<Key, string>>;

/** Checks that every language has the same keys. */
export const defineTexts = <Key extends string>(texts: { en: Record<Key, string>; ru: Record<NoInfer<Key>, string> }): Texts<Key> => texts;

type Values = Record<string, string | number | boolean | Date | null | undefined>;

interface LanguageChoice {
  language: Language;
  setLanguage(language: Language): void;
}

const LanguageContext = createContext<LanguageChoice | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(preferredLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      setLanguage(next: Language) {
        rememberLanguage(next);
        choose(next);
      },
    }),
    [language],
  );
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext);
  if (choice === null) throw new Error('LanguageProvider is missing.');
  return choice;
}

const compiled = new Map<string, IntlMessageFormat>();

/** Formats one ICU message. */
export function formatMessage(message: string, language: Language, values: Values = {}): string {
  const key = `${language} ${message}`;
  let format = compiled.get(key);
  if (format === undefined) {
    format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    compiled.set(key, format);
  }
  return String(format.format(values));
}

/** Returns a function that gives a feature's texts in the chosen language. */
export function useTexts<Key extends string>(texts: Texts<Key>): (key: Key, values?: Values) => string {
  const { language } = useLanguage();
  return useMemo(() => (key, values) => formatMessage(texts[language][key], language, values), [texts, language]);
}
