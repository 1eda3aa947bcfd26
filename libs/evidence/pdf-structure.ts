import { type PdfDictionary, PdfName, PdfReference, readDictionary } from './pdf-parser.js';

const headerWithinBytes = 1024;
const endWithinBytes = 1024;
const maximumTries = 64;
const digit = /\d/;
const isBlank = (byte: number | undefined): boolean => byte === 0 || byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12;

/** Returns the offset of the PDF header, which readers accept within the first 1,024 bytes, or -1. */
export const pdfStart = (bytes: Buffer): number => bytes.subarray(0, headerWithinBytes).indexOf('%PDF-');

/**
 * Returns whether a PDF is complete: it ends with `%%EOF` or, as readers tolerate, with `startxref` or a trailer that no object follows.
 * Trailing whitespace is ignored.
 */
export function hasPdfEnd(bytes: Buffer): boolean {
  let length = bytes.length;
  while (length > 0 && isBlank(bytes[length - 1])) length -= 1;
  const tail = bytes.toString('latin1', Math.max(0, length - endWithinBytes), length);
  if (tail.includes('%%EOF')) return true;
  const rest = tail.slice(tail.lastIndexOf('endobj') + 1);
  if (/\d\s+obj\b/.test(rest)) return false;
  if (/startxref\s+\d+/.test(rest)) return true;
  const trailer = rest.lastIndexOf('trailer');
  return trailer !== -1 && isTrailer(readDictionary(bytes, length - rest.length + trailer + 'trailer'.length));
}

/** Returns the current trailer: the one that the end of the file points to or, if that is damaged, the last one in the file. */
export function findTrailer(bytes: Buffer): PdfDictionary | null {
  return pointedTrailer(bytes) ?? lastTrailer(bytes);
}

function pointedTrailer(bytes: Buffer): PdfDictionary | null {
  const at = bytes.lastIndexOf('startxref');
  const [, digits] = at === -1 ? [] : (/^startxref\s+(\d{1,10})/.exec(bytes.toString('latin1', at, at + 40)) ?? []);
  if (digits === undefined) return null;
  // Bytes before the header shift every offset, unless the writer counted them in.
  for (const offset of [Number(digits), Number(digits) + Math.max(0, pdfStart(bytes))]) {
    const trailer = trailerAt(bytes, offset);
    if (isTrailer(trailer)) return trailer;
  }
  return null;
}

function trailerAt(bytes: Buffer, offset: number): PdfDictionary | null {
  const [, table, object] = /^\s*(?:(xref)\b|(\d+\s+\d+\s+obj\b))/.exec(bytes.toString('latin1', offset, offset + 64)) ?? [];
  if (table !== undefined) {
    const trailer = bytes.indexOf('trailer', offset);
    return trailer === -1 ? null : readDictionary(bytes, trailer + 'trailer'.length);
  }
  return object === undefined ? null : readDictionary(bytes, bytes.indexOf('obj', offset) + 'obj'.length);
}

/** Searches backwards through trailers and cross-reference streams, whose dictionaries also serve as trailers. */
function lastTrailer(bytes: Buffer): PdfDictionary | null {
  for (const { at, word } of backwards(bytes, ['trailer', '/XRef'])) {
    const start = word === 'trailer' ? at + word.length : bytes.lastIndexOf('obj', at) + 'obj'.length;
    const dictionary = readDictionary(bytes, start);
    if (isTrailer(dictionary)) return dictionary;
  }
  return null;
}

function* backwards(bytes: Buffer, words: string[]): Generator<{ at: number; word: string }> {
  const next = words.map((word) => ({ at: bytes.lastIndexOf(word), word }));
  for (let tries = 0; tries < maximumTries; tries += 1) {
    const last = next.reduce((one, other) => (other.at > one.at ? other : one));
    if (last.at === -1) return;
    yield { ...last };
    // Continue where the last search for this word ended, so that each word scans the file only once.
    last.at = last.at === 0 ? -1 : bytes.lastIndexOf(last.word, last.at - 1);
  }
}

const isTrailer = (dictionary: PdfDictionary | null): dictionary is PdfDictionary => dictionary?.get('Root') instanceof PdfReference;

/** Returns a dictionary given directly or by reference. Of several objects with one number the last counts, because edits are appended. */
export function resolveDictionary(bytes: Buffer, value: unknown): PdfDictionary | null {
  if (value instanceof Map) return value as PdfDictionary;
  if (!(value instanceof PdfReference)) return null;
  const header = `${value.object} ${value.generation} obj`;
  for (const { at } of backwards(bytes, [header])) {
    const isWhole = at === 0 || !digit.test(String.fromCharCode(bytes[at - 1] ?? 0));
    const dictionary = isWhole ? readDictionary(bytes, at + header.length) : null;
    if (dictionary !== null) return dictionary;
  }
  return null;
}

export const nameIn = (dictionary: PdfDictionary | null, key: string): string | null => {
  const value = dictionary?.get(key);
  return value instanceof PdfName ? value.name : null;
};
