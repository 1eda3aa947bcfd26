import { TextDecoder } from 'node:util';

/** A table as a stream of decoded text, with the delimiter of its cells. */
export interface Table {
  delimiter: string;
  text: AsyncGenerator<string>;
}

/** The bytes are not valid in the detected encoding. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
}

const delimiters = [',', ';', '\t'];
/** No header row is longer, so longer text is not a table. */
const maximumHead = 64 * 1024;

/**
 * Opens a table as spreadsheets write it: UTF-8 or UTF-16, with or without a byte order mark; an optional first line `sep=;`, which is
 * emptied so that line numbers stay right; and the delimiter (comma, semicolon or tab) that is most frequent in the header.
 */
export async function openTable(bytes: AsyncIterable<Uint8Array>): Promise<Table> {
  const text = decoded(bytes);
  let head = '';
  while (!hasHeading(head) && head.length < maximumHead) {
    const next = await text.next();
    if (next.done === true) break;
    head += next.value;
  }
  const [separator, named] = /^sep=([,;\t|])(?=\r?\n|$)/i.exec(head) ?? [];
  const rest = separator === undefined ? head : head.slice(separator.length);
  return { delimiter: named ?? mostFrequentDelimiter(rest), text: prepend(rest, text) };
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let first = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield decode(decoder, chunk);
      continue;
    }
    first = Buffer.concat([first, chunk]);
    if (first.length < sniffedBytes) continue;
    decoder = decoderOf(first);
    yield decode(decoder, first);
  }
  decoder ??= decoderOf(first);
  yield first.length < sniffedBytes ? decode(decoder, first) + decode(decoder) : decode(decoder);
}

const sniffedBytes = 4;

/** Detects the encoding by the byte order mark, or by a zero byte next to the first character, because headings are Latin. */
function decoderOf(first: Buffer): TextDecoder {
  const [a, b] = first;
  const isLittle = (a === 0xff && b === 0xfe) || (first.length >= 2 && a !== 0 && b === 0);
  const isBig = (a === 0xfe && b === 0xff) || (first.length >= 2 && a === 0 && b !== 0);
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true });
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new UnreadableText(`The body is not ${decoder.encoding.toUpperCase()}.`);
  }
}

/** Returns whether the text contains a complete non-empty line, after an optional `sep=` line. */
const hasHeading = (head: string): boolean => /^(?:sep=.\r?\n)?\s*\S[^\n]*\n/i.test(head);

/** Returns the delimiter that is most frequent outside quotes in the first non-empty line. */
function mostFrequentDelimiter(head: string): string {
  const line = head.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

async function* prepend(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}
