const delimiters = [',', ';', '\t', '|'];
// eslint-disable-next-line no-control-regex -- it must find control characters
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const otherText = /^\s*<|^#!|<\s*\/?(?:!doctype|html|head|body|script|svg|iframe|\?xml)\b/i;
const headCharacters = 4096;

/**
 * Returns whether the bytes are a CSV table (RFC 4180, any of four delimiters, `sep=;` and empty lines as spreadsheets write them): UTF-8, or
 * UTF-16 with a byte order mark; no control characters; no markup or script at the start; at least two rows and two columns, all rows of the
 * same length. CSV has no signature, so no stricter check is possible.
 */
export function isDelimitedText(bytes: Buffer): boolean {
  const text = decode(bytes);
  if (text === null || control.test(text) || hasMarkup(text)) return false;
  const table = text.replace(/^sep=[,;\t|]\r?\n/i, '');
  return delimiters.some((delimiter) => hasEvenRows(table, delimiter));
}

/** Returns whether a text starts like markup or a script, which a program might render or run. */
export const hasMarkup = (text: string): boolean => otherText.test(text.slice(0, headCharacters));

function decode(bytes: Buffer): string | null {
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function hasEvenRows(text: string, delimiter: string): boolean {
  let columns = 0;
  let rows = 0;
  let fields = 0;
  for (let at = 0; at < text.length; ) {
    if (fields === 0 && isLineEnd(text, at)) {
      at += text[at] === '\r' ? 2 : 1;
      continue;
    }
    const end = fieldEnd(text, at, delimiter);
    if (end === null) return false;
    fields += 1;
    if (text[end] === delimiter) {
      at = end + 1;
      if (at < text.length) continue;
      fields += 1;
    } else {
      at = end + (text[end] === '\r' ? 2 : 1);
    }
    rows += 1;
    if (rows === 1) columns = fields;
    if (fields !== columns || columns < 2) return false;
    fields = 0;
  }
  return rows >= 2;
}

/** Returns the end of the field that starts here (a delimiter, a line end or the end of the text), or null if it is malformed. */
function fieldEnd(text: string, start: number, delimiter: string): number | null {
  let at = start;
  if (text[at] === '"') {
    do {
      at = text.indexOf('"', at + 1) + 1;
      if (at === 0) return null;
    } while (text[at] === '"');
    return at >= text.length || text[at] === delimiter || isLineEnd(text, at) ? at : null;
  }
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n') {
    if (text[at] === '"') return null;
    if (text[at] === '\r') return isLineEnd(text, at) ? at : null;
    at += 1;
  }
  return at;
}

const isLineEnd = (text: string, at: number): boolean => text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
