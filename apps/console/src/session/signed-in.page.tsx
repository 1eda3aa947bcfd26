import { useEffect } from 'react';
import { useTexts } from '../i18n/index.js';
import { announceSession } from './other-tabs.js';
import { texts } from './texts.js';

/** Where the window ends in which a person signs in again. It closes itself where the browser allows it. */
export function SignedInPage() {
  const t = useTexts(texts);
  useEffect(() => {
    announceSession();
    window.close();
  }, []);
  return (
    <main className="page-narrow stack">
      <h1>{t('signedInTitle')}</h1>
      <p>{t('signedInWhat')}</p>
    </main>
  );
}
