import { extent } from './extent.js';

export interface Look {
  language: 'en' | 'ru';
  theme: 'light' | 'dark';
}

const every: Look[] = (['en', 'ru'] as const).flatMap((language) => (['light', 'dark'] as const).map((theme) => ({ language, theme })));

/** Use it for tests of every look of a page: each language and each colour scheme once, or all four with `npm run test:thorough`. */
export const looks: Look[] = extent(
  every.filter(({ language, theme }) => (language === 'en') === (theme === 'light')),
  every,
);
