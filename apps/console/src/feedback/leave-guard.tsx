import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { Button, Dialog } from '../design/index.js';

interface Props {
  isDirty: () => boolean;
  words: { title: string; what: string; stay: string; leave: string };
  /** Whether another query string of the same page leaves the input too; by default it keeps it, as between the steps of a form. */
  isLostByQuery?: boolean;
}

/** Asks before input is lost: on a link out of the form, and before the tab closes. */
export function LeaveGuard({ isDirty, words, isLostByQuery = false }: Props) {
  const blocker = useBlocker(
    ({ currentLocation: from, nextLocation: to }) =>
      isDirty() && (from.pathname !== to.pathname || (isLostByQuery && from.search !== to.search)),
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => isDirty() && event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  return (
    <Dialog role="alertdialog" title={words.title} isOpen={blocker.state === 'blocked'} onClose={() => blocker.reset?.()}>
      <p>{words.what}</p>
      <div className="row">
        <Button kind="primary" onClick={() => blocker.reset?.()}>
          {words.stay}
        </Button>
        <Button kind="danger" onClick={() => blocker.proceed?.()}>
          {words.leave}
        </Button>
      </div>
    </Dialog>
  );
}
