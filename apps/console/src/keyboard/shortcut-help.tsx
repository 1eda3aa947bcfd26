import { useState } from 'react';
import { Button, Checkbox, Dialog } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { enableShortcuts, useShortcutsEnabled } from './enabled.js';
import './keyboard.css';
import { texts } from './texts.js';
import { type Shortcuts, useShortcuts } from './use-shortcuts.js';

/** One line of the list of keys. */
export interface ShortcutHint {
  /** The keys as people see them; any of them does it. */
  keys: string[];
  what: string;
}

/**
 * The keys of a page: makes them act, and offers their list by a button and by `?`. The button works also when the keys are switched off, because
 * the switch is in the list.
 */
export function ShortcutHelp({ shortcuts, hints }: { shortcuts: Shortcuts; hints: ShortcutHint[] }) {
  const t = useTexts(texts);
  const isEnabled = useShortcutsEnabled();
  const [isOpen, setOpen] = useState(false);
  useShortcuts({ ...shortcuts, '?': () => setOpen(true) });
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        {t('keys')}
      </Button>
      <Dialog title={t('keys')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <dl className="shortcuts">
          {[...hints, { keys: ['?'], what: t('list') }].map(({ keys, what }) => (
            <div key={what} className="shortcut">
              <dt>
                {keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 && ` ${t('or')} `}
                    <kbd>{key}</kbd>
                  </span>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <Checkbox
          name="shortcuts"
          label={t('switch')}
          hint={t('switchHint')}
          checked={isEnabled}
          onChange={(event) => enableShortcuts(event.target.checked)}
        />
        <div>
          <Button onClick={() => setOpen(false)}>{t('close')}</Button>
        </div>
      </Dialog>
    </>
  );
}
