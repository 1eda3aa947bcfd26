import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { Button, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Asks before input is lost: on a link out of the form, and before the tab closes. Going from step to step keeps the input. */
export function LeaveGuard({ isDirty }: { isDirty: () => boolean }) {
  const t = useTexts(texts);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isDirty() && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => isDirty() && event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  return (
    <Dialog role="alertdialog" title={t('leaveTitle')} isOpen={blocker.state === 'blocked'} onClose={() => blocker.reset?.()}>
      <p>{t('leaveWhat')}</p>
      <div className="row">
        <Button kind="primary" onClick={() => blocker.reset?.()}>
          {t('stay')}
        </Button>
        <Button kind="danger" onClick={() => blocker.proceed?.()}>
          {t('leave')}
        </Button>
      </div>
    </Dialog>
  );
}
