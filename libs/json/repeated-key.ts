import { type Place, placeOf } from './place.js';

/** A key that an object repeats, and the place of its second occurrence. */
export interface RepeatedKey extends Place {
  key: string;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;

/**
 * Finds the first repeated key in a JSON text. Parsers silently keep the last value, so a sender could get an answer for a value
 * that another system never saw. The text must be valid JSON.
 */
export function findRepeatedKey(text: string): RepeatedKey | null {
  // One set per open object, null per open array.
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case openBrace:
        open.push(new Set());
        break;
      case openBracket:
        open.push(null);
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        break;
      case quote: {
        const end = endOfText(text, at);
        if (end === -1) return null;
        const keys = open.at(-1);
        if (keys && isKey(text, end)) {
          const key = keyOf(text.slice(at, end));
          if (keys.has(key)) return { key, ...placeOf(text, at) };
          keys.add(key);
        }
        at = end - 1;
      }
    }
  }
  return null;
}

/** Returns the position after the closing quote, skipping long texts quickly. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return -1;
}

function isKey(text: string, end: number): boolean {
  let next = end;
  while (text.charCodeAt(next) <= 0x20) next++;
  return text.charCodeAt(next) === colon;
}

/** `"a"` and `"\u0061"` are the same key. */
const keyOf = (quoted: string): string => (quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1));
