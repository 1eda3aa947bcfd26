import { type Place, placeOf } from './place.js';

/** A key that an object has twice, and where it stands for the second time. */
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
 * The first key that an object of a JSON text has twice. Parsers keep the last one and say nothing, so that a sender is answered for a value
 * that somebody else never saw. The text has been parsed before: of what is not JSON nothing is said here.
 */
export function findRepeatedKey(text: string): RepeatedKey | null {
  // One set for each object that is open, null for an array.
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

/** Behind the closing quote; texts may be long, so that they are leapt over. */
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
