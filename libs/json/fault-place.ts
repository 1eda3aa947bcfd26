import { type Place, placeOf } from './place.js';

/**
 * Finds where a text stops being JSON; null if it is merely cut off. The parser's messages do not always say, and repeat the input, so
 * this searches for the longest prefix that could still become JSON.
 */
export function findFault(text: string): Place | null {
  let [sound, broken] = [0, text.length + 1];
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (couldGoOn(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return broken > text.length ? null : placeOf(text, broken - 1);
}

/** Returns whether a text is JSON or a prefix of it: a parser that expects more reports the position after the last character. */
function couldGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    return message.startsWith('Unexpected end') || Number(position) >= text.length;
  }
}
