import { useEffect } from 'react';
import { Button, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { signInAddress } from './sign-in-address.js';
import { signedInChannel } from './signed-in.page.js';
import { texts } from './texts.js';

/** Asks to sign in again in another window, so that the page below keeps what was typed. */
export function SessionEnded({ isOpen, onSignedIn }: { isOpen: boolean; onSignedIn(): Promise<void> }) {
  const t = useTexts(texts);
  useEffect(() => {
    if (!isOpen) return;
    const channel = new BroadcastChannel(signedInChannel);
    channel.onmessage = () => void onSignedIn();
    return () => channel.close();
  });
  return (
    <Dialog title={t('endedTitle')} isOpen={isOpen} isDismissable={false} role="alertdialog" onClose={() => undefined}>
      <p>{t('endedWhat')}</p>
      <div className="row">
        <a className="button" data-kind="primary" href={signInAddress('/console/signed-in')} target="_blank" rel="opener">
          {t('signInAgain')}
        </a>
        <Button onClick={() => void onSignedIn()}>{t('signedInNow')}</Button>
      </div>
    </Dialog>
  );
}
