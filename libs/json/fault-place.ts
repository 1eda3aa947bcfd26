import { type Place, placeOf } from './place.js';

/**
 * Where a text stops being JSON, or null where it merely ends too early. The parser's own words do not always say, and repeat what was sent; so
 * the longest part is sought that something could still be added to.
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

/** Whether a text is JSON, or its beginning: a parser that wants more complains of the place behind its last character. */
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
