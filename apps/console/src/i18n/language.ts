export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'cpor.language';

const isLanguage = (value: string | null | undefined): value is Language => languages.some((language) => language === value);

/** Returns what the person chose here before, else the browser's first language that we have. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
}
