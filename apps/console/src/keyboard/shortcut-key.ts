/** What a key press is, as far as shortcuts care. */
export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * The shortcut that a key press stands for: a lower-case Latin letter, `?` or a named key. A letter of another layout, such as a Cyrillic one,
 * stands for the Latin letter on the same key. Null with a modifier: those combinations are the browser's.
 */
export function shortcutOf({ key, code, ctrlKey, metaKey, altKey }: Press): string | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (key.length > 1 || key === '?') return key;
  const isForeignLetter = /\p{L}/u.test(key) && !/[a-z]/i.test(key);
  return (isForeignLetter ? code.replace(/^Key/, '') : key).toLowerCase();
}
