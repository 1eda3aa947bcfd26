import { useEffect } from 'react';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Tells the tab that waits for a session that there is one. */
export const signedInChannel = 'cpor.signed-in';

/** Where the window ends in which a person signs in again. */
export function SignedInPage() {
  const t = useTexts(texts);
  useEffect(() => {
    const channel = new BroadcastChannel(signedInChannel);
    channel.postMessage('signed in');
    channel.close();
    window.close();
  }, []);
  return (
    <main className="page-narrow stack">
      <h1>{t('signedInTitle')}</h1>
      <p>{t('signedInWhat')}</p>
    </main>
  );
}
