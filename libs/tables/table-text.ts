import { TextDecoder } from 'node:util';

/** The text of a table, decoded as it comes in, and the delimiter of its cells. */
export interface Table {
  delimiter: string;
  text: AsyncGenerator<string>;
}

/** The bytes are no text in an encoding that can be told. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
}

const delimiters = [',', ';', '\t'];
/** No heading is longer; what goes on is no table. */
const longestHead = 64 * 1024;

/**
 * Opens a table as spreadsheets write them: UTF-8 or UTF-16, with a byte order mark or without; a first line `sep=;`, which is left empty
 * so that lines keep their numbers; cells with commas, semicolons or tabs between them, as the heading tells.
 */
export async function openTable(bytes: AsyncIterable<Uint8Array>): Promise<Table> {
  const text = decoded(bytes);
  let head = '';
  while (!hasHeading(head) && head.length < longestHead) {
    const next = await text.next();
    if (next.done === true) break;
    head += next.value;
  }
  const [separator, named] = /^sep=([,;\t|])(?=\r?\n|$)/i.exec(head) ?? [];
  const rest = separator === undefined ? head : head.slice(separator.length);
  return { delimiter: named ?? mostFrequent(rest), text: followed(rest, text) };
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
    if (first.length < enoughToTell) continue;
    decoder = decoderOf(first);
    yield decode(decoder, first);
  }
  decoder ??= decoderOf(first);
  yield first.length < enoughToTell ? decode(decoder, first) + decode(decoder) : decode(decoder);
}

const enoughToTell = 4;

/** The mark at the beginning tells, or a first character of one byte beside an empty one: headings are Latin. */
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

/** A line that says something, after one that may name the delimiter. */
const hasHeading = (head: string): boolean => /^(?:sep=.\r?\n)?\s*\S[^\n]*\n/i.test(head);

/** The one that stands most often outside of quotes in the first line that says something. */
function mostFrequent(head: string): string {
  const line = head.split('\n').find((one) => one.trim() !== '') ?? '';
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

async function* followed(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}
