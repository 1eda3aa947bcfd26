import { useSyncExternalStore } from 'react';

const storageKey = 'cpor.shortcuts';
const listeners = new Set<() => void>();

const areEnabled = (): boolean => localStorage.getItem(storageKey) !== 'off';

/** Switches single-key shortcuts on or off in this browser. */
export function enableShortcuts(isOn: boolean): void {
  if (isOn) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, 'off');
  for (const listener of listeners) listener();
}

/**
 * Whether single-key shortcuts act. People who speak to their computer, or press keys by accident, need to switch them off (WCAG 2.1.4).
 */
export const useShortcutsEnabled = (): boolean =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, areEnabled);
