import { useState } from 'react';
import { Button, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { SignInLink } from './sign-in-link.js';
import { texts } from './texts.js';

interface Props {
  isOpen: boolean;
  /** Whose page this is. */
  name: string;
  /** Asks again who is signed in. */
  onCheck(): Promise<void>;
}

/** Asks to sign in again in another window, so that the page below keeps what was typed. */
export function SessionEnded({ isOpen, name, onCheck }: Props) {
  const t = useTexts(texts);
  const [hasChecked, setChecked] = useState(false);
  return (
    <Dialog title={t('endedTitle')} isOpen={isOpen} isDismissable={false} role="alertdialog" onClose={() => undefined}>
      <p>{t('endedWhat', { name })}</p>
      {hasChecked && <p role="alert">{t('notYet')}</p>}
      <div className="row">
        <SignInLink kind="primary">{t('signInAgain')}</SignInLink>
        <Button onClick={() => void onCheck().then(() => setChecked(true))}>{t('signedInNow')}</Button>
      </div>
    </Dialog>
  );
}
