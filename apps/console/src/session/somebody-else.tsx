import { Button, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Stops a page whose person is no longer the one who is signed in. */
export function SomebodyElse({ isOpen, name }: { isOpen: boolean; name: string }) {
  const t = useTexts(texts);
  return (
    <Dialog title={t('otherTitle')} isOpen={isOpen} isDismissable={false} role="alertdialog" onClose={() => undefined}>
      <p>{t('otherWhat', { name })}</p>
      <div>
        <Button kind="primary" onClick={() => window.location.assign('/console/')}>
          {t('goOnAsOther', { name })}
        </Button>
      </div>
    </Dialog>
  );
}
