import type { Language } from '#libs/notices/index.js';

/** Returns the language that a mail's text begins in, by its script; `otherwise` for a text without letters. */
export function languageOfText(text: string, otherwise: Language): Language {
  const [letter] = /\p{L}/u.exec(text) ?? [];
  if (letter === undefined) return otherwise;
  return /\p{Script=Cyrillic}/u.test(letter) ? 'ru' : 'en';
}

/** Returns the first language of an Accept-Language header that the mailbox speaks, by the header's weights; English when there is none. */
export function acceptedLanguage(header: string | undefined): Language {
  const wanted = (header ?? '').split(',').map((entry) => {
    const [tag = '', ...parameters] = entry.trim().split(';');
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    return { language: tag.trim().toLowerCase().split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
  });
  const [best] = wanted
    .filter(({ language, weight }) => (language === 'en' || language === 'ru') && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return best?.language === 'ru' ? 'ru' : 'en';
}
