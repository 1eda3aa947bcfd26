import { Button, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { SignInLink } from './sign-in-link.js';
import { texts } from './texts.js';

interface Props {
  isOpen: boolean;
  /** Who is signed in now. */
  name: string;
  /** Whose page this is. */
  own: string;
}

/** Stops a page whose person is no longer the one who is signed in. */
export function SomebodyElse({ isOpen, name, own }: Props) {
  const t = useTexts(texts);
  return (
    <Dialog title={t('otherTitle')} isOpen={isOpen} isDismissable={false} role="alertdialog" onClose={() => undefined}>
      <p>{t('otherWhat', { name, own })}</p>
      <div className="row">
        <SignInLink kind="primary" asksWho>
          {t('signInAs', { own })}
        </SignInLink>
        <Button onClick={() => window.location.assign('/console/')}>{t('goOnAsOther', { name })}</Button>
      </div>
    </Dialog>
  );
}
