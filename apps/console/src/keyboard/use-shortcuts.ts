import { useEffect, useRef } from 'react';
import { useShortcutsEnabled } from './enabled.js';
import { shortcutOf } from './shortcut-key.js';

/** What each key does, by the name that `shortcutOf` gives it. */
export type Shortcuts = Record<string, () => void>;

/** Listens for single keys on the page. Never while somebody types, while a dialog is open, or when the person has switched shortcuts off. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const isEnabled = useShortcutsEnabled();
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    if (!isEnabled) return;
    const press = (event: KeyboardEvent) => {
      const name = shortcutOf(event);
      if (event.defaultPrevented || event.repeat || name === null || isTaken(event.target)) return;
      const act = Object.hasOwn(current.current, name) ? current.current[name] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [isEnabled]);
}

const typing = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], [role="menu"], [role="listbox"]';

/** Whether keys belong to what has focus: a field, a menu, or an open dialog. */
const isTaken = (target: EventTarget | null): boolean =>
  (target instanceof Element && target.closest(typing) !== null) ||
  document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
