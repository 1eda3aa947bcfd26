import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { Button, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Asks before a document that was not published is left. */
export function LeaveGuard({ isDirty }: { isDirty: () => boolean }) {
  const t = useTexts(texts);
  const blocker = useBlocker(
    ({ currentLocation: from, nextLocation: to }) => isDirty() && (from.pathname !== to.pathname || from.search !== to.search),
  );
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
