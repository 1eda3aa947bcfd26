import { useState } from 'react';
import { useLanguage, useTexts } from '../i18n/index.js';
import { languages } from '../i18n/language.js';
import { texts } from './texts.js';
import { applyTheme, chosenTheme, type Theme, themes } from './theme.js';

/** Names of languages in themselves, so that everyone finds their own. */
const languageNames = { en: 'English', ru: 'Русский' };
const themeTexts = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;

/** Language and theme; both are kept in this browser. */
export function Preferences() {
  const t = useTexts(texts);
  const { language, setLanguage } = useLanguage();
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <>
      <select
        className="input preference"
        aria-label={t('language')}
        value={language}
        onChange={(event) => setLanguage(event.target.value as typeof language)}
      >
        {languages.map((code) => (
          <option key={code} value={code}>
            {languageNames[code]}
          </option>
        ))}
      </select>
      <select
        className="input preference"
        aria-label={t('theme')}
        value={theme}
        onChange={(event) => {
          const next = event.target.value as Theme;
          applyTheme(next);
          setTheme(next);
        }}
      >
        {themes.map((name) => (
          <option key={name} value={name}>
            {t(themeTexts[name])}
          </option>
        ))}
      </select>
    </>
  );
}
